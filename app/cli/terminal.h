// Whether somebody looks, and at how wide a window.
#pragma once

#include <cstddef>
#include <optional>

namespace retort::cli {

/// Columns of the terminal behind a file descriptor; none: a file or a pipe, where nothing need be cut.
std::optional<std::size_t> terminalWidth(int descriptor);

}  // namespace retort::cli
