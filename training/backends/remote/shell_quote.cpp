#include "training/backends/remote/shell_quote.h"

#include "core/util/error.h"

namespace retort {

std::string shellQuote(const std::string& text) {
    if (text.find('\0') != std::string::npos) throw Error("a NUL cannot be passed to a program", text);
    std::string quoted = "'";
    for (const char c : text)
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    return quoted + "'";
}

std::string shellPath(const std::string& path) {
    if (path.rfind('/', 0) == 0) return shellQuote(path);
    const std::string below = path == "~" ? "" : path.rfind("~/", 0) == 0 ? path.substr(2) : path;
    return below.empty() ? "\"$HOME\"" : "\"$HOME\"/" + shellQuote(below);
}

}  // namespace retort
