// Advisory locks of whole files (flock): whoever dies frees them.
#pragma once

#include <filesystem>

namespace retort {

/// Makes the file where it is missing, and locks it for as long as the descriptor, or a copy of it that a
/// child process inherits, is open. -1: somebody else holds it. Throws Error when the file cannot be opened.
int takeFileLock(const std::filesystem::path& file);

/// Whether somebody holds it.
bool isFileLocked(const std::filesystem::path& file);

}  // namespace retort
