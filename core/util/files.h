// Small file operations that never leave a half-written file behind.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace retort {

/// Whole content of a text file; throws Error naming the path, or when it is larger than `maxBytes`.
std::string readFile(const std::filesystem::path& path, std::size_t maxBytes = std::size_t(1) << 30);

/// Writes beside `path`, syncs, and renames into place. Throws Error (disk full, no permission …).
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// fsync of a file or directory that already exists.
void syncPath(const std::filesystem::path& path);

/// The user's data folder for Retort: $RETORT_HOME, else $XDG_DATA_HOME/retort, else ~/.local/share/retort.
std::filesystem::path userDataFolder();

}  // namespace retort
