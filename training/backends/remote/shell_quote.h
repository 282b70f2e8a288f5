// Words for a POSIX shell that mean themselves, whatever they hold.
#pragma once

#include <string>

namespace retort {

/// One word of a POSIX shell's command line that is exactly `text`. Throws Error for a text with a NUL in it,
/// which no argument can hold.
std::string shellQuote(const std::string& text);

/// The shell expression for a path on a machine: "~/x" and "x" are below "$HOME", "/x" stands as it is.
std::string shellPath(const std::string& path);

}  // namespace retort
