#include "core/adoption/adopted_sources.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace retort {
namespace {

using Type = FoundSource::Type;

constexpr auto saveInterval = std::chrono::seconds(2);

std::string keyOf(const FoundSource& source) {
    return std::string(nameOf(source)) + '\n' + source.path.string() + '\n' + source.select;
}

AdoptionRecord loadRecord(const fs::path& run, const FoundRun& found, const ColumnMapping& mapping) {
    std::error_code code;
    // Between run.json and adopted.json a process may have been killed: nothing was told then.
    if (fs::exists(run / "adopted.json", code)) return AdoptionRecord::load(run);
    AdoptionRecord made;
    made.root = found.root;
    made.key = found.key;
    made.mapping = mapping;
    return made;
}

}  // namespace

std::uint64_t bytesOf(const fs::path& path) {
    std::error_code code;
    const auto size = fs::is_regular_file(path, code) ? fs::file_size(path, code) : 0;
    return code ? 0 : size;
}

double changeOf(const fs::path& path) {
    std::error_code code;
    const auto time = fs::last_write_time(path, code);
    if (code) return 0;
    const auto system = std::chrono::file_clock::to_sys(time);
    return std::chrono::duration<double>(system.time_since_epoch()).count();
}

AdoptedSources::AdoptedSources(const fs::path& run, AdoptedLog& log, const FoundRun& found,
                               const ColumnMapping& mapping)
    : m_run(run), m_log(log), m_record(loadRecord(run, found, mapping)) {
    for (std::size_t i = 0; i < m_record.files.size(); ++i)
        m_index.emplace(keyOf(m_record.files[i].source), int(i));
}

void AdoptedSources::takeIn(const FoundRun& found, bool save) {
    bool grown = false;
    m_hasTrainer = false;
    m_order.clear();
    for (const FoundSource& each : found.sources) {
        m_hasTrainer = m_hasTrainer || (each.type == Type::Curves && each.kind == TrackerKind::TrainerState);
        const auto [entry, isFirst] = m_index.try_emplace(keyOf(each), int(m_record.files.size()));
        if (isFirst) {
            m_record.files.push_back({each, {}, 0, {}, 0, 0});
            grown = true;
        }
        m_order.push_back(entry->second);
    }
    if (grown || save) m_record.save(m_run);
}

/// Where reading a file goes on: by its last line in the log, or beyond that by what was passed over since.
TrackerOptions AdoptedSources::optionsOf(int file) {
    const AdoptedFile& known = m_record.files[std::size_t(file)];
    TrackerOptions options;
    options.select = known.source.select;
    options.mapping = m_record.mapping;
    // What is remembered of a log that has less now (a disk that lost it) is of no use.
    if (known.seq <= m_log.state().seq) {
        options.head = known.head;
        options.from = known.read;
    }
    const auto line = m_log.state().files.find(file);
    if (line != m_log.state().files.end() && line->second.seq > known.seq) {
        options.from = line->second.cursor;
        // Begun anew since it was remembered: by what it began with then it is not known.
        if (options.from.at < known.read.at) options.head = {};
    }
    options.earlier = [this, file] { return m_log.cursorsOf(file); };
    return options;
}

TrackerReader& AdoptedSources::reader(int file) {
    Source& made = m_sources[file];
    if (!made.reader) {
        made.reader = openTracker(source(file).kind, source(file).path, optionsOf(file));
        if (m_isSettled) made.reader->settle();
    }
    return *made.reader;
}

void AdoptedSources::settle() {
    m_isSettled = true;
    for (const auto& [file, each] : m_sources)
        if (each.reader) each.reader->settle();
}

bool AdoptedSources::isNewError(int file, const std::string& error) {
    return std::exchange(m_sources[file].told, error) != error;
}

const TrackerFacts* AdoptedSources::end() const {
    const TrackerFacts* told = nullptr;
    std::optional<TrackerKind> kind;
    for (const int file : m_order) {
        const auto found = m_sources.find(file);
        if (found == m_sources.end() || !found->second.reader) continue;
        const FoundSource& from = source(file);
        const TrackerFacts& facts = found->second.reader->facts();
        // Of several logs of one kind (a resumed run's) the last one's word counts, also when it has none.
        if (from.type != Type::Curves || (told && kind != from.kind)) continue;
        if (facts.outcome.empty() && kind != from.kind) continue;
        told = &facts;
        kind = from.kind;
    }
    return told && !told->outcome.empty() ? told : nullptr;
}

void AdoptedSources::remember(bool now) {
    if (!now && Clock::now() - m_saved < saveInterval) return;
    for (const auto& [file, each] : m_sources) {
        if (!each.reader) continue;
        AdoptedFile& known = m_record.files[std::size_t(file)];
        const TrackerCursor cursor = each.reader->cursor();
        const FileHead head = each.reader->head();
        if (cursor == known.read && head == known.head) continue;
        known.read = cursor;
        known.head = head;
        known.seq = m_log.state().seq;
        m_isChanged = true;
    }
    m_saved = Clock::now();
    if (!m_isChanged) return;
    m_log.sync();
    m_record.save(m_run);
    m_isChanged = false;
}

std::uint64_t AdoptedSources::bytes() const {
    std::uint64_t sum = 0;
    for (const int file : m_order) sum += bytesOf(source(file).path);
    return sum;
}

std::uint64_t AdoptedSources::bytesRead(bool isAll) const {
    std::uint64_t sum = 0;
    for (const int file : m_order) {
        const std::uint64_t size = bytesOf(source(file).path);
        const auto found = m_sources.find(file);
        const bool byByte =
            found != m_sources.end() && found->second.reader && found->second.reader->head().bytes > 0;
        sum += byByte ? std::min(size, found->second.reader->cursor().at) : isAll ? size : 0;
    }
    return sum;
}

double AdoptedSources::lastChange() const {
    double last = 0;
    for (const int file : m_order) last = std::max(last, changeOf(source(file).path));
    return last;
}

std::vector<std::string> AdoptedSources::notTaken() const {
    std::vector<std::string> texts;
    for (const auto& [file, each] : m_sources)
        if (const std::string text = each.reader ? each.reader->notTaken() : ""; !text.empty())
            texts.push_back(source(file).path.filename().string() + ": " + text);
    return texts;
}

}  // namespace retort
