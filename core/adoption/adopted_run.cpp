#include "core/adoption/adopted_run.h"

#include <algorithm>
#include <unordered_map>

#include "core/adoption/adopted_directory.h"
#include "core/adoption/curve_translator.h"
#include "core/adoption/folder_walk.h"
#include "core/adoption/run_log_source.h"
#include "core/adoption/trace_files.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;
using Type = FoundSource::Type;

constexpr std::size_t sliceBytes = std::size_t(1) << 20;
constexpr auto saveInterval = std::chrono::seconds(2);
constexpr auto syncInterval = std::chrono::milliseconds(900);
constexpr std::size_t mostProblems = 50;

std::string keyOf(const FoundSource& source) {
    return std::string(nameOf(source)) + '\n' + source.path.string() + '\n' + source.select;
}

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

}  // namespace

struct AdoptedRun::Impl {
    struct Source {
        int file = 0;
        std::unique_ptr<TrackerReader> reader;
        std::string told;  ///< the error that it had last: told once
    };

    Impl(const FoundRun& found, const AdoptSettings& adoptSettings)
        : settings(adoptSettings),
          run(openAdopted(found, settings.runsFolder, settings.name, isNew)),
          recordFolder(run.path()),
          lock(recordFolder),
          record(loadRecord(found)),
          log(run.eventsFile()),
          translator(log, record, recordFolder) {
        takeIndex();
        takeIn(found);
    }

    Impl(const RunDirectory& ours, fs::path folder, const FoundRun& found, const AdoptSettings& adoptSettings)
        : settings(adoptSettings),
          isOwn(true),
          run(ours),
          recordFolder(std::move(folder)),
          lock(recordFolder),
          record(loadRecord(found)),
          log(run.eventsFile()),
          translator(log, record, recordFolder, false) {
        takeIndex();
        takeIn(found);
    }

    void takeIndex() {
        for (std::size_t i = 0; i < record.files.size(); ++i)
            index.emplace(keyOf(record.files[i].source), int(i));
    }

    AdoptionRecord loadRecord(const FoundRun& found) const {
        std::error_code code;
        // Between run.json and adopted.json a process may have been killed: nothing was told then.
        if (fs::exists(recordFolder / "adopted.json", code)) return AdoptionRecord::load(recordFolder);
        AdoptionRecord made;
        made.root = found.root;
        made.key = found.key;
        made.mapping = settings.mapping;
        return made;
    }

    void takeIn(const FoundRun& found) {
        bool grown = false;
        hasTrainer = false;
        order.clear();
        for (const FoundSource& each : found.sources) {
            hasTrainer = hasTrainer || (each.type == Type::Curves && each.kind == TrackerKind::TrainerState);
            const auto [entry, isFirst] = index.try_emplace(keyOf(each), int(record.files.size()));
            if (isFirst) {
                record.files.push_back({each, {}, 0, {}, 0, 0});
                grown = true;
            }
            order.push_back(entry->second);
        }
        if (grown || isNew) record.save(recordFolder);
    }

    /// Where reading a file goes on: by its last line in the log, or beyond that by what was passed over
    /// since.
    TrackerOptions optionsOf(int file) {
        const AdoptedFile& known = record.files[std::size_t(file)];
        TrackerOptions options;
        options.select = known.source.select;
        options.mapping = record.mapping;
        // What is remembered of a log that has less now (a disk that lost it) is of no use.
        if (known.seq <= log.state().seq) {
            options.head = known.head;
            options.from = known.read;
        }
        const auto line = log.state().files.find(file);
        if (line != log.state().files.end() && line->second.seq > known.seq) {
            options.from = line->second.cursor;
            // Begun anew since it was remembered: by what it began with then it is not known.
            if (options.from.at < known.read.at) options.head = {};
        }
        options.earlier = [this, file] { return log.cursorsOf(file); };
        return options;
    }

    TrackerReader& readerOf(int file) {
        auto& source = sources[file];
        if (!source.reader) {
            source.file = file;
            const FoundSource& found = record.files[std::size_t(file)].source;
            source.reader = openTracker(found.kind, found.path, optionsOf(file));
        }
        return *source.reader;
    }

    void tell(const std::string& problem) { translator.problem(problem); }

    void tellOnce(int file, const std::string& problem) {
        if (std::exchange(sources[file].told, problem) != problem) tell(problem);
    }

    bool readCurves(int file, Clock::time_point until) {
        TrackerReader& reader = readerOf(file);
        translator.begin(file, reader.facts(), hasTrainer);
        bool atEnd = false;
        try {
            do atEnd = reader.read(translator, sliceBytes);
            while (!atEnd && Clock::now() < until);
            sources[file].told.clear();
        } catch (const Error& error) {
            tellOnce(file, error.what());
            atEnd = true;
        }
        translator.flush();
        takeFacts(reader.facts());
        return atEnd;
    }

    void takeFacts(const TrackerFacts& facts) {
        if (!facts.config.empty() && !isOwn) {
            Json merged = record.config;
            merged.update(facts.config);
            if (merged != record.config) {
                record.config = std::move(merged);
                writeFileAtomically(run.configFile(), adoptedConfig(record.root, record.config));
                recordChanged = true;
            }
        }
        if (facts.totalSteps > 0 && facts.totalSteps != log.state().totalSteps && log.state().attempts > 0 &&
            !log.state().ended)
            log.append(log.state().t, StatusEvent{"training", log.state().step, facts.totalSteps, {}});
    }

    void addCheckpoint(int file) {
        const FoundSource& found = record.files[std::size_t(file)].source;
        const auto step = checkpointStep(found.path);
        const double t = changeOf(found.path / "trainer_state.json");
        if (!step || t <= 0) return;
        const auto milliseconds = std::uint64_t(t * 1e3);
        // Told once; again when a resumed trainer wrote it anew.
        const auto known = log.state().files.find(file);
        if (known != log.state().files.end() &&
            !(known->second.cursor.at != milliseconds && log.state().isSuperseded(file, *step)))
            return;
        translator.begin(file, noFacts, hasTrainer);
        translator.start(t);
        const fs::path below = found.path.lexically_relative(run.path());
        const bool isInside = isOwn && !below.empty() && *below.begin() != "..";
        log.append(t, CheckpointEvent{*step, (isInside ? below : found.path).string()}, file,
                   {milliseconds, 0});
        ++checkpoints;
    }

    void readTraces(int file) {
        AdoptedFile& known = record.files[std::size_t(file)];
        const auto before = std::pair(known.size, known.modified);
        if (log.state().attempts == 0) {
            translator.begin(file, noFacts, hasTrainer);
            translator.start(std::max(changeOf(known.source.path), 1.0));
        }
        const TraceFileResult result = readTraceFile(log, known, file, !settings.isFollowed);
        traces += result.traces;
        for (const std::string& each : result.problems) tell(each);
        recordChanged = recordChanged || before != std::pair(known.size, known.modified);
    }

    bool readRunLog(int file, Clock::time_point until) {
        auto& source = runLogs[file];
        if (!source) {
            const auto known = log.state().files.find(file);
            source = std::make_unique<RunLogSource>(
                record.files[std::size_t(file)].source.path, run.path(),
                known == log.state().files.end() ? TrackerCursor{} : known->second.cursor);
        }
        bool atEnd = false;
        do atEnd = source->read(log, file, sliceBytes);
        while (!atEnd && Clock::now() < until);
        for (const std::string& each : source->takeProblems()) tell(each);
        return atEnd;
    }

    /// Says how the run ended, once all that the files hold is told and they say so.
    void noteEnd() {
        if (isOwn) return;
        const TrackerFacts* told = nullptr;
        std::optional<TrackerKind> kind;
        for (const int file : order) {
            const auto source = sources.find(file);
            if (source == sources.end() || !source->second.reader) continue;
            const FoundSource& found = record.files[std::size_t(file)].source;
            const TrackerFacts& facts = source->second.reader->facts();
            // Of several logs of one kind (a resumed run's) the last one's word counts, also when it has
            // none.
            if (found.type != Type::Curves || (told && kind != found.kind)) continue;
            if (facts.outcome.empty() && kind != found.kind) continue;
            told = &facts;
            kind = found.kind;
        }
        if (!told || told->outcome.empty() || log.state().ended || log.state().attempts == 0) return;
        // Said of an earlier attempt: a state that the resumed trainer has not written anew yet.
        if (told->ended && *told->ended < log.state().started) return;
        const std::string error = told->outcome == "finished" ? "" : told->error;
        log.append(std::max(told->ended.value_or(0), log.state().t), EndEvent{told->outcome, error});
    }

    /// What was read beyond the log's lines; only after these are on the disk.
    void remember(bool now) {
        if (!now && Clock::now() - saved < saveInterval) return;
        for (const auto& [file, source] : sources) {
            if (!source.reader) continue;
            AdoptedFile& known = record.files[std::size_t(file)];
            const TrackerCursor cursor = source.reader->cursor();
            const FileHead head = source.reader->head();
            if (cursor == known.read && head == known.head) continue;
            known.read = cursor;
            known.head = head;
            known.seq = log.state().seq;
            recordChanged = true;
        }
        saved = Clock::now();
        if (!recordChanged) return;
        log.sync();
        record.save(recordFolder);
        recordChanged = false;
    }

    AdoptProgress poll(std::chrono::milliseconds budget) {
        const auto until = Clock::now() + budget;
        AdoptProgress progress;
        progress.atEnd = true;
        const std::int64_t before = log.state().seq;
        for (const int file : order) {
            // Looking at files that have nothing new is not cut short: the last of many has its turn, too.
            if (log.state().seq > before && Clock::now() >= until) progress.atEnd = false;
            if (!progress.atEnd) break;
            const Type type = record.files[std::size_t(file)].source.type;
            if (type == Type::Curves)
                progress.atEnd = readCurves(file, until);
            else if (type == Type::RunLog)
                progress.atEnd = readRunLog(file, until);
            else if (type == Type::Checkpoint)
                addCheckpoint(file);
            else
                readTraces(file);
        }
        if (progress.atEnd) noteEnd();
        log.flush();
        if (Clock::now() - synced >= syncInterval) {
            log.sync();
            synced = Clock::now();
        }
        remember(progress.atEnd && !settings.isFollowed);
        for (const int file : order) {
            const FoundSource& found = record.files[std::size_t(file)].source;
            const std::uint64_t size = bytesOf(found.path);
            progress.total += size;
            const auto source = sources.find(file);
            const bool byByte =
                source != sources.end() && source->second.reader && source->second.reader->head().bytes > 0;
            progress.bytes += byByte           ? std::min(size, source->second.reader->cursor().at)
                              : progress.atEnd ? size
                                               : 0;
        }
        progress.points = translator.points();
        progress.traces = traces;
        progress.checkpoints = checkpoints;
        progress.problems = translator.problems();
        return progress;
    }

    AdoptSettings settings;
    bool isNew = false, isOwn = false;
    RunDirectory run;
    fs::path recordFolder;
    FollowLock lock;
    AdoptionRecord record;
    AdoptedLog log;
    CurveTranslator translator;
    std::unordered_map<std::string, int> index;
    std::vector<int> order;
    std::map<int, Source> sources;
    std::map<int, std::unique_ptr<RunLogSource>> runLogs;
    TrackerFacts noFacts;
    bool hasTrainer = false, recordChanged = false;
    std::int64_t traces = 0, checkpoints = 0;
    Clock::time_point saved = Clock::now(), synced = Clock::now();
};

AdoptedRun::AdoptedRun(const FoundRun& found, const AdoptSettings& settings)
    : m_impl(std::make_unique<Impl>(found, settings)) {}

AdoptedRun::AdoptedRun(const RunDirectory& run, fs::path recordFolder, const FoundRun& found,
                       const AdoptSettings& settings)
    : m_impl(std::make_unique<Impl>(run, std::move(recordFolder), found, settings)) {}

AdoptedRun::~AdoptedRun() {
    if (!m_impl) return;
    try {
        m_impl->log.flush();
        m_impl->remember(true);
    } catch (const Error&) {  // told again when it is opened next
    }
}

AdoptedRun::AdoptedRun(AdoptedRun&&) noexcept = default;

const RunDirectory& AdoptedRun::run() const {
    return m_impl->run;
}
bool AdoptedRun::isNew() const {
    return m_impl->isNew;
}
void AdoptedRun::update(const FoundRun& found) {
    m_impl->takeIn(found);
}
AdoptProgress AdoptedRun::poll(std::chrono::milliseconds budget) {
    return m_impl->poll(budget);
}
void AdoptedRun::say(double t, EventPayload payload) {
    m_impl->translator.flush();
    m_impl->log.append(t, std::move(payload));
}
void AdoptedRun::flush() {
    m_impl->log.flush();
}
void AdoptedRun::sync() {
    m_impl->log.sync();
}
void AdoptedRun::settle() {
    m_impl->settings.isFollowed = false;
}
const AdoptedState& AdoptedRun::state() const {
    return m_impl->log.state();
}
std::optional<std::pair<double, EndEvent>> AdoptedRun::commandsEnd() const {
    std::optional<std::pair<double, EndEvent>> last;
    for (const auto& [file, source] : m_impl->runLogs)
        if (source->lastEnd() && (!last || source->lastEnd()->first > last->first)) last = source->lastEnd();
    return last;
}
std::vector<std::string> AdoptedRun::takeProblems() {
    return m_impl->translator.takeProblems();
}
bool AdoptedRun::hasEnded() const {
    return m_impl->log.state().ended;
}

std::vector<std::string> AdoptedRun::notTaken() const {
    std::vector<std::string> texts;
    for (const auto& [file, source] : m_impl->sources)
        if (const std::string text = source.reader ? source.reader->notTaken() : ""; !text.empty())
            texts.push_back(m_impl->record.files[std::size_t(file)].source.path.filename().string() + ": " +
                            text);
    return texts;
}

double AdoptedRun::lastChange() const {
    double last = 0;
    for (const int file : m_impl->order)
        last = std::max(last, changeOf(m_impl->record.files[std::size_t(file)].source.path));
    return last;
}

}  // namespace retort
