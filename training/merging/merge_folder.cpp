#include "training/merging/merge_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* temporaryMark = ".merging-";

bool isWithin(const fs::path& inner, const fs::path& outer) {
    const auto [end, rest] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    return end == outer.end();
}

fs::path resolved(const fs::path& path) {
    fs::path result = fs::weakly_canonical(fs::absolute(path));
    if (!result.has_filename()) result = result.parent_path();  // "out/"
    return result;
}

std::string readable(std::uint64_t bytes) {
    char text[32];
    std::snprintf(text, sizeof text, bytes < 1'000'000'000 ? "%.1f MB" : "%.2f GB",
                  double(bytes) / (bytes < 1'000'000'000 ? 1e6 : 1e9));
    return text;
}

void requireReplaceable(const fs::path& target, bool overwrite) {
    std::error_code code;
    if (!fs::exists(fs::symlink_status(target, code))) return;
    if (!fs::is_directory(target)) throw Error("there is a file of this name", target.string());
    if (fs::is_empty(target)) return;
    if (!overwrite)
        throw Error("this folder exists and is not empty", target.string(),
                    "--overwrite replaces it, when all is done");
    if (!fs::exists(target / "config.json", code))
        throw Error("is no checkpoint, and is therefore not overwritten", target.string(),
                    "name another folder");
}

// A merge that was killed leaves its folder; one that runs is told by its process.
void removeLeftOvers(const fs::path& target) {
    const std::string start = "." + target.filename().string() + temporaryMark;
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(target.parent_path(), code)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(start)) continue;
        int process = 0;
        const auto [end, wrong] =
            std::from_chars(name.data() + start.size(), name.data() + name.size(), process);
        if (wrong != std::errc() || process <= 0 || process == ::getpid()) continue;
        const bool isReplaced = end != name.data() + name.size();  // the checkpoint that was there
        if (isReplaced && !fs::exists(target, code)) continue;
        if (::kill(process, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), code);
    }
}

}  // namespace

void checkMergeTarget(const MergePlan& plan, const fs::path& out, bool overwrite) {
    const fs::path target = resolved(out);
    for (const auto& model : plan.models) {
        const fs::path input = resolved(model->folder());
        if (target == input)
            throw Error("the output folder is an input of this merge", target.string(),
                        "name another folder");
        if (isWithin(target, input))
            throw Error("the output folder lies inside an input of this merge", target.string(),
                        "name a folder outside of " + input.string());
        if (isWithin(input, target) && overwrite)
            throw Error("the output folder holds an input of this merge", target.string(),
                        "name a folder that does not hold " + input.string());
    }
    requireReplaceable(target, overwrite);

    fs::path existing = target;
    std::error_code code;
    while (!fs::exists(existing, code) && existing.has_relative_path()) existing = existing.parent_path();
    if (::access(existing.c_str(), W_OK) != 0)
        throw Error(std::string("cannot write here: ") + std::strerror(errno), existing.string());
    struct statvfs space {};
    if (::statvfs(existing.c_str(), &space) != 0) return;
    constexpr std::uint64_t besideWeights = 64u << 20;  // tokenizer, config
    const std::uint64_t free = std::uint64_t(space.f_bavail) * space.f_frsize;
    const std::uint64_t needed = plan.totalBytes();
    if (free < needed + std::min(needed / 10, besideWeights))
        throw Error("the merged model takes " + readable(needed) + ", and only " + readable(free) +
                        " are free on this disk",
                    target.string(), "free some space, or name a folder on another disk");
}

MergeFolder::MergeFolder(fs::path target, bool overwrite)
    : m_target(resolved(target)), m_overwrite(overwrite) {
    std::error_code code;
    fs::create_directories(m_target.parent_path(), code);
    removeLeftOvers(m_target);
    m_path = m_target.parent_path() /
             ("." + m_target.filename().string() + temporaryMark + std::to_string(::getpid()));
    fs::remove_all(m_path, code);
    if (!fs::create_directory(m_path, code))
        throw Error("cannot make a folder here: " + code.message(), m_target.parent_path().string());
}

MergeFolder::~MergeFolder() {
    std::error_code code;
    if (!m_isCommitted) fs::remove_all(m_path, code);
}

void MergeFolder::commit() {
    syncPath(m_path);
    const auto fail = [this](int code) {
        throw Error(std::string("cannot rename into place: ") + std::strerror(code), m_target.string());
    };
    if (::rename(m_path.c_str(), m_target.c_str()) != 0) {  // an empty folder there is replaced
        if (!m_overwrite || (errno != ENOTEMPTY && errno != EEXIST)) fail(errno);
        if (::renameat2(AT_FDCWD, m_path.c_str(), AT_FDCWD, m_target.c_str(), RENAME_EXCHANGE) != 0) {
            // A file system that cannot exchange: for a moment there is neither.
            const fs::path old = m_path.string() + "-old";
            if (::rename(m_target.c_str(), old.c_str()) != 0) fail(errno);
            if (::rename(m_path.c_str(), m_target.c_str()) != 0) {
                const int code = errno;
                ::rename(old.c_str(), m_target.c_str());
                fail(code);
            }
            m_path = old;
        }
        std::error_code code;
        fs::remove_all(m_path, code);  // what was there before
    }
    m_isCommitted = true;
    syncPath(m_target.parent_path());
}

}  // namespace retort
