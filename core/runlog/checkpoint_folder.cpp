#include "core/runlog/checkpoint_folder.h"

#include <unistd.h>

#include <cstdio>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::string_view mark = "step-";
constexpr const char* ourState = "trainer.json";
constexpr const char* commandsState = "checkpoint.json";

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

bool isFolder(const fs::path& path) {
    std::error_code code;
    return fs::is_directory(path, code);
}

bool isLink(const fs::path& path) {
    std::error_code code;
    return fs::is_symlink(path, code);
}

bool isSame(const fs::path& a, const fs::path& b) {
    std::error_code code;
    return fs::equivalent(a, b, code) && !code;
}

/// As the log names a path: relative to the run directory when it lies there, so that the directory can move.
fs::path relativeInside(const fs::path& path, const fs::path& folder) {
    const fs::path relative = path.lexically_relative(folder);
    return relative.empty() || *relative.begin() == ".." ? fs::path() : relative;
}

std::string asTold(const fs::path& there, const fs::path& run) {
    const fs::path inside = relativeInside(there, run);
    return (inside.empty() ? there : inside).string();
}

bool makeLink(const fs::path& target, const fs::path& link) {
    std::string hidden = ".";
    hidden += link.filename().string();
    hidden.append(".").append(std::to_string(::getpid())).append(".tmp");
    const fs::path beside = link.parent_path() / hidden;
    std::error_code code;
    fs::remove(beside, code);
    fs::create_directory_symlink(target, beside, code);
    if (!code) fs::rename(beside, link, code);
    if (!code) return true;
    fs::remove(beside, code);
    return false;
}

}  // namespace

std::string checkpointFolderName(std::int64_t step) {
    char name[32];
    std::snprintf(name, sizeof name, "step-%08lld", static_cast<long long>(step));
    return name;
}

std::optional<std::int64_t> checkpointStepOf(const std::string& folderName) {
    if (!folderName.starts_with(mark)) return std::nullopt;
    const std::string digits = folderName.substr(mark.size());
    if (digits.empty() || digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    return std::stoll(digits);
}

bool isWholeCheckpoint(const fs::path& folder) {
    return isThere(folder / ourState) || isThere(folder / commandsState) ||
           (isLink(folder) && isFolder(folder));
}

std::string takeInCheckpoint(const fs::path& runDirectory, std::int64_t step, const fs::path& there) {
    const fs::path run = fs::absolute(runDirectory).lexically_normal();
    fs::path target = (run / there).lexically_normal();  // an absolute one stays as it is
    if (target.filename().empty()) target = target.parent_path();
    const std::string told = asTold(target, run);
    if (step < 0 || !isFolder(target)) return told;
    const fs::path folder = run / "checkpoints" / checkpointFolderName(step);
    const std::string name = asTold(folder, run);
    if (isSame(folder, target)) {
        if (isWholeCheckpoint(folder)) return name;
        try {
            writeFileAtomically(folder / commandsState, Json{{"step", step}}.dump() + "\n");
        } catch (const Error&) {  // a folder that takes nothing: it stays one that only the log names
        }
        return name;
    }
    if (isThere(folder) && !isLink(folder)) return told;
    std::error_code code;
    fs::create_directories(folder.parent_path(), code);
    const fs::path inside = relativeInside(target, run);
    return makeLink(inside.empty() ? target : ".." / inside, folder) ? name : told;
}

}  // namespace retort
