// retort-cli serve-runs: the far end of following runs through SSH. It ends when its input does, and with its
// reader.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "app/cli/command.h"
#include "app/cli/context.h"
#include "core/machines/run_server.h"

namespace retort::cli {
namespace {

// How late an event may be said; what comes within it is said at once, which is what makes many runs cheap.
constexpr int intervalMs = 100;
constexpr std::size_t longestRequest = 1 << 20;

struct ReaderIsGone {};

void writeAll(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) throw ReaderIsGone();
        bytes.remove_prefix(std::size_t(wrote));
    }
}

}  // namespace

int runServeRuns(Context&) try {
    std::string gathered, requests;
    RunServer server([&gathered](std::string_view bytes) { gathered += bytes; });
    bool more = false;
    while (true) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        const int ready = ::poll(&input, 1, more ? 0 : intervalMs);
        if (ready > 0) {
            char buffer[16384];
            const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
            if (got < 0 && errno != EINTR) return exitFailed;
            if (got == 0) return exitOk;
            if (got > 0) requests.append(buffer, std::size_t(got));
            if (requests.size() > longestRequest) return exitFailed;
            for (std::size_t end; (end = requests.find('\n')) != std::string::npos;
                 requests.erase(0, end + 1))
                server.handle(requests.substr(0, end));
        }
        more = server.look();
        writeAll(gathered);
        gathered.clear();
    }
} catch (const ReaderIsGone&) {
    return exitOk;
}

}  // namespace retort::cli
