// Bytes to and from a machine: by content, verified with SHA-256, and continued where an earlier try was cut
// off. What is there already is not sent again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "training/backends/remote/work_place.h"

namespace retort {

struct BroughtFile {
    std::filesystem::path file;  ///< here
    std::string name;            ///< there, relative: "model.safetensors", "lib/libretort_core.so"
    bool isExecutable = false;
};

/// 64 hexadecimal digits. Throws Error for a file that cannot be read.
std::string sha256Of(const std::filesystem::path& file);

/// Brings the files into a folder below `parent` (relative to the work folder) that is named after their
/// content; its absolute path there. The folder is there whole or not at all.
std::string bringFiles(const WorkPlace& place, const std::vector<BroughtFile>& files,
                       const std::string& parent);
/// One file under its own name; its absolute path there.
std::string bringFile(const WorkPlace& place, const std::filesystem::path& file);
/// A folder with all that it holds, under its own name; its absolute path there.
std::string bringFolder(const WorkPlace& place, const std::filesystem::path& folder);
/// A checkpoint or adapter without the optimizer's state; its absolute path there.
std::string bringCheckpoint(const WorkPlace& place, const std::filesystem::path& folder);

/// Fetches a folder from there. It appears whole, by a rename; what an earlier try left beside it is
/// continued.
void fetchFolder(const WorkPlace& place, const std::string& from, const std::filesystem::path& to);

}  // namespace retort
