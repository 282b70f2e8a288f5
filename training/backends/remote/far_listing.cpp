#include "training/backends/remote/far_listing.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "core/util/error.h"
#include "training/backends/remote/shell_quote.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t mostLogs = 200'000;

// GNU's stat takes many files at once; others' are asked file by file, and where there is none ls tells inode
// and size. Names begin with "./", so that none is an option.
constexpr const char* stampScript =
    "one='for f; do { s=$(stat -c \"%i %s %Y\" \"$f\" 2>/dev/null) || "
    "s=$(stat -f \"%i %z %m\" \"$f\" 2>/dev/null) || "
    "s=$(ls -lind \"$f\" 2>/dev/null | { read -r i m l u g s r; [ -n \"$s\" ] && echo \"$i $s 0\"; }); } && "
    "[ -n \"$s\" ] && printf \"%s %s\\\\0\" \"$s\" \"$f\"; done'\n"
    "if stat --printf= / >/dev/null 2>&1; then gnu=1; else gnu=; fi\n"
    "stamps() { if [ $gnu ]; then stat --printf='%i %s %.9Y %n\\0' \"$@\" 2>/dev/null; "
    "else sh -c \"$one\" sh \"$@\"; fi; }\n";

bool endsWith(const std::string& name, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return name.ends_with(end); });
}

bool isDatabaseName(const std::string& name) {
    return endsWith(name, {".db", ".sqlite", ".sqlite3"});
}

bool isSafe(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.size() > 4000) return false;
    if (fs::path(name).lexically_normal().string() != name) return false;
    for (const fs::path& part : fs::path(name))
        if (part.empty() || part == "." || part == "..") return false;
    return true;
}

/// MLflow's run folder that one of its small files lies in: "…/<run>" of "…/<run>/metrics/train/loss".
std::string mlflowRunOf(const std::string& name) {
    for (const char* part : {"/metrics/", "/params/", "/tags/"})
        if (const std::size_t at = name.find(part); at != std::string::npos) return name.substr(0, at);
    return {};
}

FarLog::Kind kindOf(const std::string& name) {
    if (isDatabaseName(name)) return FarLog::Kind::Database;
    const std::string file = fs::path(name).filename().string();
    if (file == "trainer_state.json" || file == "meta.yaml" || name.ends_with(".parquet") ||
        name.find("/params/") != std::string::npos || name.find("/tags/") != std::string::npos)
        return FarLog::Kind::Whole;
    return FarLog::Kind::Growing;
}

std::vector<std::string> fields(const std::string& output) {
    std::vector<std::string> found;
    std::size_t begin = 0;
    for (std::size_t end; (end = output.find('\0', begin)) != std::string::npos; begin = end + 1)
        found.push_back(output.substr(begin, end - begin));
    return found;
}

}  // namespace

std::string enterScript(const FarFolder& folder) {
    return "unset CDPATH\ncd -- " + shellQuote(folder.path) + " || exit 3\n" + stampScript;
}

bool parseStamp(const std::string& text, FarLog& log) {
    std::size_t at = 0;
    for (int blanks = 0; blanks < 3; ++blanks, ++at)
        if ((at = text.find(' ', at)) == std::string::npos) return false;
    log.stamp = text.substr(0, at - 1);
    log.name = text.substr(at);
    if (log.name.starts_with("./")) log.name.erase(0, 2);
    char* end = nullptr;
    std::strtoull(log.stamp.c_str(), &end, 10);
    log.size = std::strtoull(end, &end, 10);
    log.modified = std::strtod(end, nullptr);
    return true;
}

std::string folderScript(const std::string& path) {
    const std::string there = shellPath(path);
    const fs::path parent = fs::path(path).parent_path();
    return "unset CDPATH\nif [ -d " + there + " ]; then cd -- " + there + " && k=d\nelif [ -f " + there +
           " ]; then cd -- " + shellPath(parent.empty() ? "~" : parent.string()) +
           " && k=f\nelse exit 4\nfi && printf '%s' \"$k\" && pwd -P";
}

FarFolder parseFolder(const std::string& machine, const std::string& path, int exitCode,
                      const std::string& output) {
    if (exitCode == 4) throw Error("there is no such folder", machine + ":" + path);
    if (exitCode != 0 || output.size() < 3 || output[1] != '/' || output.back() != '\n')
        throw Error("the folder cannot be entered", machine + ":" + path);
    FarFolder folder;
    folder.machine = machine;
    folder.path = output.substr(1, output.size() - 2);
    if (output[0] == 'f') folder.only = fs::path(path).filename().string();
    return folder;
}

std::string listingScript(const FarFolder& folder, const std::vector<std::string>& names) {
    const std::string start = enterScript(folder) + "printf '%s\\0' \"$(date +%s)\"\n";
    if (!names.empty()) {
        std::string script = start + "look() { for f do [ -f \"$f\" ] && stamps \"$f\"; done; }\n";
        for (const std::string& each : names) {
            const std::string name = shellQuote("./" + each);
            script +=
                "look " + name + (isDatabaseName(each) ? " " + name + "-wal " + name + "-journal\n" : "\n");
        }
        return script + "true";
    }
    constexpr const char* find =
        "find . -path './*/*/*/*/*/*/*/*/*/*/*' -prune -o -type d \\( -name .git -o -name __pycache__ -o "
        "-name node_modules -o -name artifacts -o -name .ipynb_checkpoints -o -name site-packages -o "
        "-name .venv -o -name .dvc \\) -prune -o -type f \\( -name '*tfevents*' -o -name '*.wandb' -o "
        "-name '*.swanlab' -o -name '*.db' -o -name '*.sqlite' -o -name '*.sqlite3' -o -name '*.db-wal' -o "
        "-name '*.sqlite-wal' -o -name '*.sqlite3-wal' -o -name '*.db-journal' -o -name '*.sqlite-journal' "
        "-o -name '*.sqlite3-journal' -o -name 'completions_*.parquet' -o -name '*.csv' -o -name '*.tsv' -o "
        "-name '*.jsonl' -o -name '*.ndjson' -o -name trainer_state.json -o -name meta.yaml -o "
        "-name run.json -o -path '*/metrics/*' -o -path '*/params/*' -o -path '*/tags/*' \\) -exec ";
    return start + "if [ $gnu ]; then\n" + find +
           "stat --printf='%i %s %.9Y %n\\0' {} + 2>/dev/null\nelse\n" + find +
           "sh -c \"$one\" sh {} + 2>/dev/null\nfi\ntrue";
}

FarListing parseListing(const std::string& output) {
    FarListing listing;
    const std::vector<std::string> all = fields(output);
    if (all.empty()) throw Error("the machine's answer is no list of files");
    listing.time = std::strtod(all.front().c_str(), nullptr);
    std::set<std::string> names;
    std::vector<FarLog> found;
    listing.isWhole = all.size() <= mostLogs;
    for (std::size_t i = 1; i < all.size() && found.size() < mostLogs; ++i) {
        FarLog log;
        if (!parseStamp(all[i], log) || !isSafe(log.name) || !names.insert(log.name).second) continue;
        found.push_back(std::move(log));
    }
    const auto inFolder = [](const fs::path& folder, const char* name) { return (folder / name).string(); };
    for (FarLog& log : found) {
        bool isTaken = true;
        for (fs::path folder = fs::path(log.name).parent_path(); isTaken; folder = folder.parent_path()) {
            isTaken = !(names.contains(inFolder(folder, "run.json")) &&
                        names.contains(inFolder(folder, "events.jsonl")));
            // Of a checkpoint only the trainer's state is looked at.
            if (folder.filename().string().starts_with("checkpoint-") &&
                fs::path(log.name).filename() != "trainer_state.json")
                isTaken = false;
            if (folder.empty()) break;
        }
        if (!isTaken || fs::path(log.name).filename() == "run.json") continue;
        if (endsWith(log.name, {"-wal", "-journal"})) {
            const std::string base = log.name.substr(0, log.name.rfind('-'));
            if (isDatabaseName(base) && names.contains(base)) listing.beside.push_back(std::move(log));
            continue;
        }
        const std::string run = mlflowRunOf(log.name);
        const std::string file = fs::path(log.name).filename().string();
        const bool isNamed =
            isDatabaseName(file) || file.find("tfevents") != std::string::npos || file == "meta.yaml" ||
            file == "trainer_state.json" ||
            endsWith(file, {".wandb", ".swanlab", ".parquet", ".csv", ".tsv", ".jsonl", ".ndjson"});
        if (!isNamed && (run.empty() || !names.contains(run + "/meta.yaml"))) continue;
        log.kind = kindOf(log.name);
        listing.logs.push_back(std::move(log));
    }
    return listing;
}

}  // namespace retort
