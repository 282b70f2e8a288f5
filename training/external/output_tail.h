// The last words of a program, for people.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace retort {

/// The last lines of a file behind an offset that hold something: UTF-8, without terminal codes and control
/// characters, of a progress bar its last state, no line longer than 400 bytes. Empty: there are none.
std::string outputTail(const std::filesystem::path& file, std::int64_t offset, int lines);

}  // namespace retort
