#include "app/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace retort::cli {

std::optional<std::size_t> terminalWidth(int descriptor) {
    if (!::isatty(descriptor)) return std::nullopt;
    winsize size{};
    // Some terminals (a serial line) do not know; 80 is what they have always had.
    return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

}  // namespace retort::cli
