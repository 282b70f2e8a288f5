#include "core/adoption/folder_walk.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr int deepest = 8;

bool isPassedOver(const fs::path& folder) {
    constexpr std::array<std::string_view, 8> names = {
        ".git",          "__pycache__", "node_modules", "artifacts", ".ipynb_checkpoints",
        "site-packages", ".venv",       ".dvc"};
    const std::string name = folder.filename().string();
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    std::error_code code;
    // What training writes here is adopted nowhere else: it is in the store already.
    return fs::exists(folder / "run.json", code) && fs::exists(folder / "events.jsonl", code);
}

void walk(const fs::path& folder, int depth, std::size_t most, const std::function<bool(std::size_t)>& walkOn,
          FolderWalk& found) {
    if (walkOn && !walkOn(found.files.size())) throw Error("cancelled", folder.string());
    found.folders.push_back(folder);
    std::error_code code;
    std::vector<fs::path> inside;
    for (fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, code), end;
         !code && entry != end; entry.increment(code)) {
        if (found.files.size() + found.folders.size() + inside.size() >= most) {
            found.isWhole = false;
            break;
        }
        std::error_code ignored;
        if (entry->is_symlink(ignored)) continue;
        if (entry->is_directory(ignored))
            inside.push_back(entry->path());
        else if (entry->is_regular_file(ignored))
            found.files.push_back(entry->path());
    }
    for (const fs::path& each : inside) {
        std::error_code ignored;
        if (checkpointStep(each)) {
            found.folders.push_back(each);
            if (fs::is_regular_file(each / "trainer_state.json", ignored))
                found.files.push_back(each / "trainer_state.json");
        } else if (depth < deepest && !isPassedOver(each)) {
            walk(each, depth + 1, most, walkOn, found);
        }
    }
}

}  // namespace

std::optional<std::int64_t> checkpointStep(const fs::path& folder) {
    const std::string name = folder.filename().string();
    constexpr std::string_view prefix = "checkpoint-";
    if (!name.starts_with(prefix)) return std::nullopt;
    std::int64_t step = 0;
    const auto [end, code] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), step);
    if (code != std::errc() || end != name.data() + name.size() || step < 0) return std::nullopt;
    return step;
}

FolderWalk walkFolder(const fs::path& folder, const std::function<bool(std::size_t)>& walkOn,
                      std::size_t most) {
    FolderWalk found;
    walk(folder, 0, most, walkOn, found);
    std::sort(found.files.begin(), found.files.end());
    std::sort(found.folders.begin(), found.folders.end());
    return found;
}

}  // namespace retort
