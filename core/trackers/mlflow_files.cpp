#include "core/trackers/mlflow_files.h"

#include <cmath>

#include "core/trackers/time_text.h"
#include "core/trackers/tolerant_json.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/text.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t mostParameters = 5000;

std::string_view word(std::string_view& rest) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return taken;
}

/// "key: value" of a flat YAML file, quotes taken off.
std::string memberOf(std::string_view yaml, std::string_view key) {
    for (std::size_t at = 0; at < yaml.size();) {
        const std::size_t end = std::min(yaml.find('\n', at), yaml.size());
        std::string_view line = yaml.substr(at, end - at);
        at = end + 1;
        if (!line.starts_with(key) || line.substr(key.size(), 1) != ":") continue;
        line = trimmed(line.substr(key.size() + 1));
        const bool quoted =
            line.size() >= 2 && line.front() == line.back() && (line.front() == '\'' || line.front() == '"');
        return std::string(quoted ? line.substr(1, line.size() - 2) : line);
    }
    return {};
}

}  // namespace

std::string mlflowOutcome(std::string_view status) {
    if (status == "3" || status == "FINISHED") return "finished";
    if (status == "4" || status == "FAILED") return "failed";
    if (status == "5" || status == "KILLED") return "stopped";
    return {};
}

MlflowMetricReader::MlflowMetricReader(const fs::path& file, const TrackerOptions& options)
    : m_lines(file, options), m_key(options.select) {
    if (m_key.empty()) m_key = file.filename().string();
}

bool MlflowMetricReader::read(TrackerSink& sink, std::size_t maxBytes) {
    const GrowingFile::Look look = m_lines.look();
    if (look == GrowingFile::Look::Same) return true;
    if (look == GrowingFile::Look::Replaced) sink.restart(std::nullopt);
    const std::uint64_t stopAt = m_lines.at() + maxBytes;
    bool more = true;
    std::string_view line;
    while (m_lines.at() < stopAt && (more = m_lines.next(line, sink))) {
        if (trimmed(line).empty()) continue;
        std::string_view rest = line;
        const auto time = tolerantNumber(word(rest)), value = tolerantNumber(word(rest));
        const std::string_view stepText = word(rest);
        const auto step = stepText.empty() ? std::optional(0.0) : tolerantNumber(stepText);
        if (!time || !value || !step || !(std::abs(*step) < 9e15)) {
            sink.problem(m_lines.placed("is no \"time value step\"; the line was passed over"));
            continue;
        }
        const TrackedValue told{m_key, *value};
        sink.row({std::int64_t(*step), timeOf(*time * 1e-3), std::span(&told, 1)}, cursor());
    }
    m_lines.leave();
    return !more;
}

MlflowRunReader::MlflowRunReader(fs::path folder, const TrackerOptions&) : m_folder(std::move(folder)) {}

bool MlflowRunReader::read(TrackerSink& sink, std::size_t) {
    std::error_code code;
    const auto modified = fs::last_write_time(m_folder / "meta.yaml", code);
    if (code || modified == m_modified) return true;
    m_modified = modified;
    try {
        const std::string meta = readFile(m_folder / "meta.yaml", 1 << 20);
        m_facts.name = memberOf(meta, "run_name");
        m_facts.outcome = mlflowOutcome(memberOf(meta, "status"));
        if (const auto t = timeOf(memberOf(meta, "start_time"))) m_facts.started = t;
        if (const auto t = timeOf(memberOf(meta, "end_time"))) m_facts.ended = t;
        std::size_t count = 0;
        fs::recursive_directory_iterator entry(m_folder / "params", code), end;
        for (; !code && entry != end && ++count < mostParameters; entry.increment(code)) {
            if (!entry->is_regular_file(code) || entry->is_symlink(code)) continue;
            const std::string text = readFile(entry->path(), 1 << 20);
            const auto value = tolerantJson(text);
            m_facts.config[fs::relative(entry->path(), m_folder / "params", code).generic_string()] =
                value && value->is_number() ? *value : Json(text);
        }
    } catch (const Error& error) {
        sink.problem(std::string(error.what()));
    }
    return true;
}

}  // namespace retort
