#include "core/trackers/trainer_state.h"

#include <simdjson.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/trace_formats/record_reader.h"
#include "core/trackers/tolerant_json.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t mostBytes = std::size_t(256) << 20;
// Younger than this, a file that is no JSON is taken for half written.
constexpr double settled = 10;

std::optional<std::int64_t> checkpointStep(const fs::path& folder) {
    const std::string name = folder.filename().string();
    constexpr std::string_view prefix = "checkpoint-";
    if (!name.starts_with(prefix)) return std::nullopt;
    std::int64_t step = 0;
    const auto [end, code] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), step);
    if (code != std::errc() || end != name.data() + name.size()) return std::nullopt;
    return step;
}

std::optional<double> numberOf(const simdjson::dom::element& value) {
    if (double number; value.get(number) == simdjson::SUCCESS) return number;
    if (bool flag; value.get(flag) == simdjson::SUCCESS) return flag ? 1 : 0;
    if (std::string_view text; value.get(text) == simdjson::SUCCESS)
        if (text == "NaN" || text == "Infinity" || text == "-Infinity") return tolerantNumber(text);
    return std::nullopt;
}

}  // namespace

TrainerStateReader::TrainerStateReader(fs::path folder, const TrackerOptions& options)
    : m_folder(std::move(folder)), m_cursor(options.from), m_earlier(options.earlier) {}

std::vector<TrainerStateReader::Seen> TrainerStateReader::files() const {
    std::vector<Seen> found;
    const auto add = [&](const fs::path& folder, std::int64_t step) {
        const fs::path file = folder / "trainer_state.json";
        struct stat info;
        if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return;
        found.push_back({file, std::int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec,
                         std::uint64_t(info.st_size), step});
    };
    add(m_folder, std::numeric_limits<std::int64_t>::max());
    std::error_code code;
    for (fs::directory_iterator entry(m_folder, code), end; !code && entry != end; entry.increment(code))
        if (const auto step = checkpointStep(entry->path())) add(entry->path(), *step);
    std::sort(found.begin(), found.end(), [](const Seen& a, const Seen& b) { return a.file < b.file; });
    return found;
}

std::optional<TrainerStateReader::History> TrainerStateReader::load(const Seen& seen, TrackerSink& sink) {
    const auto refuse = [&](const std::string& why) -> std::optional<History> {
        const bool young = unixTime() - double(seen.modified) * 1e-9 < settled;
        m_retry = m_retry || young;
        if (young || std::find(m_damaged.begin(), m_damaged.end(), seen) != m_damaged.end())
            return std::nullopt;
        m_damaged.push_back(seen);
        sink.problem(seen.file.string() + ": " + why);
        return std::nullopt;
    };
    std::string text;
    try {
        text = readFile(seen.file, mostBytes);
    } catch (const Error& error) {
        return refuse(error.what_happened());
    }
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    auto code = parser.parse(text).get(root);
    if (code) {
        text = withQuotedNonFinite(text);
        code = parser.parse(text).get(root);
    }
    if (code) return refuse(std::string("is no JSON: ") + simdjson::error_message(code));
    History history;
    history.file = seen.file;
    history.modified = double(seen.modified) * 1e-9;
    simdjson::dom::array log;
    if (root["log_history"].get(log) != simdjson::SUCCESS) return refuse("has no \"log_history\"");
    if (root["global_step"].get(history.globalStep) != simdjson::SUCCESS) history.globalStep = 0;
    if (root["max_steps"].get(history.maxSteps) != simdjson::SUCCESS) history.maxSteps = 0;
    std::uint64_t hash = 0;
    for (const simdjson::dom::element element : log) {
        History::Entry& entry = history.entries.emplace_back();
        const std::string written = simdjson::minify(element);
        hash = XXH3_64bits_withSeed(written.data(), written.size(), hash);
        entry.hash = hash;
        simdjson::dom::object object;
        if (element.get(object) != simdjson::SUCCESS) continue;
        if (object["step"].get(entry.step) != simdjson::SUCCESS) continue;
        for (const auto [key, value] : object)
            if (key != "step")
                if (const auto number = numberOf(value)) entry.values.emplace_back(std::string(key), *number);
    }
    return history;
}

// The one that was written last; but copying a folder gives all the time of the copy, so one that goes on
// from it is newer still.
std::optional<TrainerStateReader::History> TrainerStateReader::newest(const std::vector<Seen>& all,
                                                                      TrackerSink& sink) {
    std::vector<Seen> order = all;
    std::sort(order.begin(), order.end(), [](const Seen& a, const Seen& b) {
        return std::pair(a.modified, a.step) > std::pair(b.modified, b.step);
    });
    std::optional<History> best;
    std::size_t used = 0;
    for (; used < order.size() && !best; ++used) best = load(order[used], sink);
    if (!best) return std::nullopt;
    const auto longest = std::max_element(order.begin() + std::ptrdiff_t(used) - 1, order.end(),
                                          [](const Seen& a, const Seen& b) { return a.step < b.step; });
    if (longest->file == best->file) return best;
    auto other = load(*longest, sink);
    const std::size_t shared = best->entries.size();
    const bool goesOn = other && other->entries.size() > shared &&
                        (shared == 0 || other->entries[shared - 1].hash == best->entries.back().hash);
    return goesOn ? other : best;
}

bool TrainerStateReader::read(TrackerSink& sink, std::size_t) {
    const std::vector<Seen> now = files();
    if (now == m_seen) return true;
    m_retry = false;
    const auto history = newest(now, sink);
    if (!m_retry) m_seen = now;
    if (!history) return true;
    m_facts.totalSteps = std::max<std::int64_t>(history->maxSteps, 0);
    const bool done = history->maxSteps > 0 && history->globalStep >= history->maxSteps;
    m_facts.outcome = done ? "finished" : "";
    m_facts.ended = done ? std::optional(history->modified) : std::nullopt;
    tell(*history, sink);
    return true;
}

void TrainerStateReader::tell(const History& history, TrackerSink& sink) {
    const auto& entries = history.entries;
    const auto fits = [&](const TrackerCursor& at) {
        return at.at <= entries.size() && (at.at == 0 || entries[std::size_t(at.at) - 1].hash == at.check);
    };
    if (!fits(m_cursor)) {
        // An older file of the same history (the newest is half written) is no restart.
        TrackerCursor shared;
        for (const TrackerCursor& each : m_earlier ? m_earlier() : std::vector<TrackerCursor>())
            if (fits(each) && each.at > shared.at) shared = each;
        if (shared.at == entries.size()) return;
        m_cursor = shared;
        sink.restart(shared.at > 0 ? std::optional(entries[std::size_t(shared.at) - 1].step) : std::nullopt);
    }
    std::vector<TrackedValue> values;
    while (m_cursor.at < entries.size()) {
        const History::Entry& entry = entries[std::size_t(m_cursor.at)];
        m_cursor = {m_cursor.at + 1, entry.hash};
        values.clear();
        for (const auto& [name, value] : entry.values) values.push_back({name, value});
        if (!values.empty()) sink.row({entry.step, history.modified, values}, m_cursor);
    }
}

}  // namespace retort
