#include "core/adoption/adopted_run.h"

#include <algorithm>

#include "core/adoption/adopted_sources.h"
#include "core/adoption/curve_translator.h"
#include "core/adoption/far_folder.h"
#include "core/adoption/folder_walk.h"
#include "core/adoption/run_log_source.h"
#include "core/adoption/trace_files.h"
#include "core/runlog/checkpoint_folder.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;
using Type = FoundSource::Type;

constexpr std::size_t sliceBytes = std::size_t(1) << 20;
constexpr auto syncInterval = std::chrono::milliseconds(900);

}  // namespace

struct AdoptedRun::Impl {
    Impl(const FoundRun& found, const AdoptSettings& adoptSettings)
        : settings(adoptSettings),
          run(openAdopted(found, settings.runsFolder, settings.name, isNew)),
          lock(run.path()),
          log(run.eventsFile()),
          sources(run.path(), log, found, settings.mapping),
          translator(log, sources.record(), run.path()) {
        sources.takeIn(found, isNew);
    }

    Impl(const RunDirectory& ours, const fs::path& recordFolder, const FoundRun& found,
         const AdoptSettings& adoptSettings)
        : settings(adoptSettings),
          isOwn(true),
          run(ours),
          lock(recordFolder),
          log(run.eventsFile()),
          sources(recordFolder, log, found, settings.mapping),
          translator(log, sources.record(), recordFolder, false) {
        sources.takeIn(found, isNew);
    }

    void tell(const std::string& problem) { translator.problem(problem); }

    bool readCurves(int file, Clock::time_point until) {
        TrackerReader& reader = sources.reader(file);
        translator.begin(file, reader.facts(), sources.hasTrainer());
        bool atEnd = false;
        try {
            do atEnd = reader.read(translator, sliceBytes);
            while (!atEnd && Clock::now() < until);
            sources.isNewError(file, {});
        } catch (const Error& error) {
            if (sources.isNewError(file, error.what())) tell(error.what());
            atEnd = true;
        }
        translator.flush();
        takeFacts(reader.facts());
        return atEnd;
    }

    void takeFacts(const TrackerFacts& facts) {
        if (!facts.config.empty() && !isOwn) {
            AdoptionRecord& record = sources.record();
            Json merged = record.config;
            merged.update(facts.config);
            if (merged != record.config) {
                record.config = std::move(merged);
                writeFileAtomically(run.configFile(), adoptedConfig(record.root, record.config));
                sources.noteChange();
            }
        }
        if (facts.totalSteps > 0 && facts.totalSteps != log.state().totalSteps && log.state().attempts > 0 &&
            !log.state().ended)
            log.append(log.state().t, StatusEvent{"training", log.state().step, facts.totalSteps, {}});
    }

    void addCheckpoint(int file) {
        const FoundSource& found = sources.source(file);
        const auto step = checkpointStep(found.path);
        const double t = changeOf(found.path / "trainer_state.json");
        if (!step || t <= 0) return;
        const auto milliseconds = std::uint64_t(t * 1e3);
        // Told once; again when a resumed trainer wrote it anew.
        const auto known = log.state().files.find(file);
        if (known != log.state().files.end() &&
            !(known->second.cursor.at != milliseconds && log.state().isSuperseded(file, *step)))
            return;
        translator.begin(file, noFacts, sources.hasTrainer());
        translator.start(t);
        // In a folder of another machine it stays a name.
        const fs::path there = pathThere(found.path);
        const std::string path =
            there == found.path ? takeInCheckpoint(run.path(), *step, there) : there.string();
        log.append(t, CheckpointEvent{*step, path}, file, {milliseconds, 0});
        ++checkpoints;
    }

    void readTraces(int file) {
        AdoptedFile& known = sources.record().files[std::size_t(file)];
        const auto before = std::pair(known.size, known.modified);
        if (log.state().attempts == 0) {
            translator.begin(file, noFacts, sources.hasTrainer());
            translator.start(std::max(changeOf(known.source.path), 1.0));
        }
        const TraceFileResult result = readTraceFile(log, known, file, !settings.isFollowed);
        traces += result.traces;
        for (const std::string& each : result.problems) tell(each);
        if (before != std::pair(known.size, known.modified)) sources.noteChange();
    }

    bool readRunLog(int file, Clock::time_point until) {
        auto& source = runLogs[file];
        if (!source) {
            const auto known = log.state().files.find(file);
            source = std::make_unique<RunLogSource>(
                sources.source(file).path, run.path(),
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
        const TrackerFacts* told = sources.end();
        if (!told || log.state().ended || log.state().attempts == 0) return;
        // Said of an earlier attempt: a state that the resumed trainer has not written anew yet.
        if (told->ended && *told->ended < log.state().started) return;
        const std::string error = told->outcome == "finished" ? "" : told->error;
        log.append(std::max(told->ended.value_or(0), log.state().t), EndEvent{told->outcome, error});
    }

    AdoptProgress poll(std::chrono::milliseconds budget) {
        const auto until = Clock::now() + budget;
        AdoptProgress progress;
        progress.atEnd = true;
        const std::int64_t before = log.state().seq;
        for (const int file : sources.order()) {
            // Looking at files that have nothing new is not cut short: the last of many has its turn, too.
            if (log.state().seq > before && Clock::now() >= until) progress.atEnd = false;
            if (!progress.atEnd) break;
            const Type type = sources.source(file).type;
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
        sources.remember(progress.atEnd && !settings.isFollowed);
        progress.total = sources.bytes();
        progress.bytes = sources.bytesRead(progress.atEnd);
        progress.points = translator.points();
        progress.traces = traces;
        progress.checkpoints = checkpoints;
        progress.problems = translator.problems();
        return progress;
    }

    AdoptSettings settings;
    bool isNew = false, isOwn = false;
    RunDirectory run;
    FollowLock lock;
    AdoptedLog log;
    AdoptedSources sources;
    CurveTranslator translator;
    std::map<int, std::unique_ptr<RunLogSource>> runLogs;
    TrackerFacts noFacts;
    std::int64_t traces = 0, checkpoints = 0;
    Clock::time_point synced = Clock::now();
};

AdoptedRun::AdoptedRun(const FoundRun& found, const AdoptSettings& settings)
    : m_impl(std::make_unique<Impl>(found, settings)) {}

AdoptedRun::AdoptedRun(const RunDirectory& run, const fs::path& recordFolder, const FoundRun& found,
                       const AdoptSettings& settings)
    : m_impl(std::make_unique<Impl>(run, recordFolder, found, settings)) {}

AdoptedRun::~AdoptedRun() {
    if (!m_impl) return;
    try {
        m_impl->log.flush();
        m_impl->sources.remember(true);
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
    m_impl->sources.takeIn(found, false);
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
void AdoptedRun::settle(bool endedWell) {
    m_impl->settings.isFollowed = false;
    if (endedWell) m_impl->sources.settle();
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
    return m_impl->sources.notTaken();
}
double AdoptedRun::lastChange() const {
    return m_impl->sources.lastChange();
}

}  // namespace retort
