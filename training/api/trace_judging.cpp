#include "training/api/trace_judging.h"

#include <charconv>

#include "core/runlog/run_directory.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// Of a folder "step-00000300".
std::optional<std::int64_t> stepOf(const std::string& folder) {
    constexpr std::string_view mark = "step-";
    if (!folder.starts_with(mark)) return std::nullopt;
    std::int64_t step = 0;
    const char* end = folder.data() + folder.size();
    const auto [read, error] = std::from_chars(folder.data() + mark.size(), end, step);
    return error == std::errc() && read == end ? std::optional(step) : std::nullopt;
}

}  // namespace

std::string shortCheckpointName(const fs::path& checkpoint) {
    const fs::path path = checkpoint.has_filename() ? checkpoint : checkpoint.parent_path();
    const std::string folder = path.filename().string();
    const std::optional<std::int64_t> step = stepOf(folder);
    if (!step || path.parent_path().filename() != "checkpoints") return folder;
    const fs::path run = path.parent_path().parent_path();
    std::string name = run.filename().string();
    try {
        name = RunDirectory::open(run).identity().name;
    } catch (const Error&) {  // a folder that looks like a run's
    }
    return name + "@" + std::to_string(*step);
}

}  // namespace retort
