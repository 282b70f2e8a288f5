#include "core/adoption/file_kinds.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "core/trackers/table_log.h"
#include "core/trackers/tolerant_json.h"
#include "core/trackers/tracker_database.h"
#include "core/util/error.h"
#include "core/util/text.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t peekBytes = std::size_t(256) << 10;
constexpr std::size_t mostRuns = 10'000;

FoundSource curves(TrackerKind kind, const fs::path& file, std::string select = {}) {
    return {FoundSource::Type::Curves, kind, file, std::move(select)};
}

bool isDigits(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// The first whole line, of at most 1 MB.
std::optional<std::string> firstLine(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(std::size_t(1) << 20, '\0');
    stream.read(text.data(), std::streamsize(text.size()));
    text.resize(std::size_t(stream.gcount()));
    const std::size_t end = text.find('\n');
    if (end == std::string::npos) return std::nullopt;
    text.resize(end);
    if (text.ends_with('\r')) text.pop_back();
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    return text;
}

/// Takes nothing: for reading a log's facts.
class NoSink final : public TrackerSink {
  public:
    void row(const TrackedRow&, const TrackerCursor&) override {}
    void restart(std::optional<std::int64_t>) override {}
    void problem(std::string) override {}
};

std::string nameTold(TrackerKind kind, const fs::path& file) {
    NoSink sink;
    const auto reader = openTracker(kind, file);
    reader->read(sink, peekBytes);
    return reader->facts().name;
}

/// "run-abc.wandb": abc, which is the same in each folder of a resumed run.
std::string wandbId(const fs::path& file) {
    const std::string stem = file.stem().string();
    return stem.starts_with("run-") ? stem.substr(4) : stem;
}

void addMembers(const Json& object, const std::string& before, std::vector<std::string>& names, int depth) {
    for (const auto& [key, value] : object.items())
        if (value.is_object() && depth < 8)
            addMembers(value, before + key + "/", names, depth + 1);
        else
            names.push_back(before + key);
}

/// The runs that a column of a file tells of, in order.
std::vector<std::string> runsIn(const fs::path& file, bool isTable, const std::string& column) {
    std::vector<std::string> runs;
    std::set<std::string> known;
    const auto add = [&](std::string run) {
        if (known.size() < mostRuns && known.insert(run).second) runs.push_back(std::move(run));
    };
    std::ifstream stream(file, std::ios::binary);
    std::vector<std::string> names, cells;
    std::string line;
    char separator = ',';
    std::size_t index = 0;
    for (bool first = true; std::getline(stream, line); first = false) {
        if (stream.eof()) break;  // without its end
        if (line.ends_with('\r')) line.pop_back();
        if (!isTable) {
            const auto json = tolerantJson(line);
            if (json && json->is_object() && json->contains(column))
                add((*json)[column].is_string() ? (*json)[column].get<std::string>()
                                                : (*json)[column].dump());
        } else if (first) {
            separator = separatorOf(line);
            splitRow(line, separator, names);
            for (std::string& name : names) name = std::string(trimmed(name));
            index = std::size_t(std::find(names.begin(), names.end(), column) - names.begin());
        } else if (splitRow(line, separator, cells) && index < cells.size()) {
            add(cells[index]);
        }
    }
    return runs;
}

std::vector<FileKind> withRuns(TrackerKind kind, const fs::path& file, const ColumnMapping& mapping) {
    if (mapping.run.empty()) return {{curves(kind, file), {}, {}}};
    std::vector<FileKind> kinds;
    for (const std::string& run : runsIn(file, kind == TrackerKind::Table, mapping.run))
        kinds.push_back({curves(kind, file, run), run, run});
    return kinds;
}

bool isTable(const fs::path& file) {
    return file.extension() == ".csv" || file.extension() == ".tsv";
}

bool isLines(const fs::path& file) {
    return file.extension() == ".jsonl" || file.extension() == ".ndjson";
}

std::vector<std::string> headerOf(const fs::path& table) {
    const auto header = firstLine(table);
    std::vector<std::string> names;
    if (!header || !splitRow(*header, separatorOf(*header), names)) return {};
    for (std::string& name : names) name = std::string(trimmed(name));
    return names;
}

/// A table with a step column and something beside it; with a mapping, any that has its columns.
std::vector<FileKind> tableKinds(const fs::path& file, const ColumnMapping& mapping) {
    const std::vector<std::string> names = headerOf(file);
    if (names.size() < 2) return {};
    const ColumnMapping whole = completed(mapping, names, file.string() + ":1");
    if (mapping.isEmpty() && whole.step.empty()) return {};
    return withRuns(TrackerKind::Table, file, mapping);
}

std::vector<FileKind> lineKinds(const fs::path& file, const ColumnMapping& mapping) {
    const auto line = firstLine(file);
    const auto json = line ? tolerantJson(*line) : std::nullopt;
    if (!json || !json->is_object()) return {};
    if (json->contains("step") && json->contains("data") && (*json)["data"].is_object())
        return {{curves(TrackerKind::VerlMetrics, file), {}, {}}};
    if (json->contains("input") && json->contains("output") && isDigits(file.stem().string()))
        return {{{FoundSource::Type::VerlRollouts, {}, file, {}}, {}, {}}};
    std::vector<std::string> names;
    addMembers(*json, "", names, 1);
    ColumnMapping whole;
    try {
        whole = completed(mapping, names, file.string() + ":1");
    } catch (const Error&) {
        if (!mapping.isEmpty()) throw;
        return {};
    }
    if (mapping.isEmpty() && whole.step.empty()) return {};
    return withRuns(TrackerKind::JsonLines, file, mapping);
}

std::vector<FileKind> kindsOf(const fs::path& file, const ColumnMapping& mapping) {
    const std::string name = file.filename().string(), extension = file.extension().string();
    if (name.find("tfevents") != std::string::npos) return {{curves(TrackerKind::TensorBoard, file), {}, {}}};
    if (extension == ".wandb")
        return {{curves(TrackerKind::Wandb, file), wandbId(file), nameTold(TrackerKind::Wandb, file)}};
    if (extension == ".swanlab")
        return {{curves(TrackerKind::SwanLab, file), {}, nameTold(TrackerKind::SwanLab, file)}};
    if (extension == ".db" || extension == ".sqlite" || extension == ".sqlite3") {
        std::vector<FileKind> kinds;
        if (const auto kind = databaseKind(file))
            for (const DatabaseRun& run : databaseRuns(*kind, file))
                kinds.push_back({curves(*kind, file, run.id), run.id, run.name});
        return kinds;
    }
    if (extension == ".parquet" && name.starts_with("completions_"))
        return {{{FoundSource::Type::TrlCompletions, {}, file, {}}, {}, {}}};
    if (isTable(file)) return tableKinds(file, mapping);
    if (isLines(file)) return lineKinds(file, mapping);
    return {};
}

}  // namespace

bool hasColumns(const fs::path& file) {
    return isTable(file) || isLines(file);
}

std::vector<std::string> columnsOf(const fs::path& file) {
    if (isTable(file)) return headerOf(file);
    const auto line = firstLine(file);
    const auto json = line ? tolerantJson(*line) : std::nullopt;
    std::vector<std::string> names;
    if (json && json->is_object()) addMembers(*json, "", names, 1);
    return names;
}

std::string trainerOutput(const fs::path& eventFile) {
    NoSink sink;
    try {
        const auto reader = openTracker(TrackerKind::TensorBoard, eventFile);
        reader->read(sink, peekBytes);
        const Json& config = reader->facts().config;
        if (!config.contains("args") || !config["args"].contains("output_dir")) return {};
        const Json& output = config["args"]["output_dir"];
        std::string text = output.is_string() ? output.get<std::string>() : "";
        while (text.size() > 1 && text.ends_with('/')) text.pop_back();
        return text;
    } catch (const Error&) {
        return {};
    }
}

std::vector<FileKind> fileKinds(const fs::path& file, const ColumnMapping& mapping,
                                std::vector<std::string>& notes) {
    try {
        return kindsOf(file, mapping);
    } catch (const Error& error) {
        if (!mapping.isEmpty() && error.where().ends_with(":1")) throw;
        notes.emplace_back(error.what());
        return {};
    }
}

}  // namespace retort
