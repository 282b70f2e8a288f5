#include "core/queue/waiting_runs.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/config/launch.h"
#include "core/config/names.h"
#include "core/config/parallel_recipes.h"
#include "core/config/references.h"
#include "core/machines/remote_run.h"
#include "core/runlog/placement.h"
#include "core/store/run_finder.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr char runPrefix[] = "run:";

bool hasEnded(const RunRow& run) {
    return run.state == "finished" || run.state == "stopped" || run.state == "failed" || run.state == "lost";
}

struct Named {
    RunRow run;
    std::string step;  ///< with its '@'; empty: the last one
};

/// The run of "run:<name or id>[@step]".
std::optional<Named> runNamed(StoreReader& reader, const std::string& reference) {
    if (reference.rfind(runPrefix, 0) != 0) return std::nullopt;
    const std::string name = reference.substr(sizeof runPrefix - 1);
    if (const auto run = reader.findRun(name)) return Named{*run, {}};
    const std::size_t at = name.rfind('@');
    if (at == std::string::npos) return std::nullopt;
    if (const auto run = reader.findRun(name.substr(0, at))) return Named{*run, name.substr(at)};
    return std::nullopt;
}

std::optional<std::int64_t> stepOf(const Named& named) {
    if (named.step.empty()) return std::nullopt;
    std::int64_t step = 0;
    const char *const begin = named.step.data() + 1, *const end = named.step.data() + named.step.size();
    const auto [last, code] = std::from_chars(begin, end, step);
    return code == std::errc() && last == end ? std::optional(step) : std::nullopt;
}

/// Run directories that are made one after the other, and go again unless all of them come to be. One that
/// the store knows stays.
class Making {
  public:
    Making(StoreReader& reader, const QueueRequest& request, const fs::path& root)
        : m_reader(reader), m_request(request), m_root(root) {
        const std::vector<QueuedRun> queue = reader.queuedRuns();
        for (const QueuedRun& each : queue) m_queued.push_back(each.run);
    }
    ~Making() {
        std::error_code ignored;
        for (std::size_t i = m_known; i < m_made.size(); ++i)
            fs::remove_all(m_made[i].directory.path(), ignored);
    }
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;

    void make(const StudyStage& stage) {
        Needs needs;
        const auto later = [&](const std::string& name) { return keptForLater(name, stage, needs); };
        const PreparedRun prepared = prepareRun(parseConfig(stage.yaml, stage.file, m_request.overrides),
                                                m_request.base, finderIn(m_reader), later);
        const Placement placement{processesOf(prepared.config)};
        m_made.push_back({stage.name, createRun(prepared, m_root, m_request.program), needs,
                          gpusOf(prepared.config, placement.processes)});
        if (placement != Placement{}) writePlacement(m_made.back().directory.path(), placement);
    }

    std::vector<RowId> enter(StoreWriter& store) {
        std::map<std::string, RowId> ids;
        std::vector<RowId> runs;
        std::vector<QueuedRun> entries;
        for (const Made& each : m_made) {
            QueuedRun entry;
            entry.run = store.addRun(each.directory, m_request.backend).get();
            ++m_known;
            entry.backend = m_request.backend;
            entry.isHeld = m_request.isHeld;
            entry.retries = m_request.retries;
            entry.gpus = each.gpus;
            entry.after = m_request.after;
            for (const RowId run : each.needs.runs) entry.after.push_back(run);
            for (const std::string& stage : each.needs.stages) entry.after.push_back(ids.at(stage));
            ids[each.stage] = entry.run;
            runs.push_back(entry.run);
            entries.push_back(std::move(entry));
        }
        store.queueRuns(entries).get();
        return runs;
    }

  private:
    struct Needs {
        std::vector<RowId> runs;
        std::vector<std::string> stages;
    };
    struct Made {
        std::string stage;
        RunDirectory directory;
        Needs needs;
        int gpus;
    };

    int processesOf(const RunConfig& config) const try {
        requireParallelRecipe(config, m_request.processes);
        return m_request.processes;
    } catch (const Error&) {
        if (m_request.stages.size() == 1) throw;
        return 1;
    }

    std::optional<std::string> keptForLater(const std::string& name, const StudyStage& stage,
                                            Needs& needs) const {
        if (name.rfind('@', 0) == 0 && m_request.stages.size() > 1) {
            std::vector<std::string> known;
            for (const Made& each : m_made) {
                if (each.stage == name.substr(1)) {
                    needs.stages.push_back(each.stage);
                    return runPrefix + each.directory.identity().id;
                }
                known.push_back(each.stage);
            }
            throw Error("no earlier stage is called '" + name.substr(1) + "'", stage.file,
                        didYouMean(name.substr(1), known));
        }
        const auto named = runNamed(m_reader, name);
        if (!named) return std::nullopt;
        const bool isQueued = std::find(m_queued.begin(), m_queued.end(), named->run.id) != m_queued.end();
        const bool isOver = !isQueued && hasEnded(named->run);
        const bool isWhole = named->step.empty() || stepOf(*named);
        if (isOver && !(isWhole && isOnlyOnItsMachine(m_reader, {named->run.id, stepOf(*named)})))
            return std::nullopt;
        if (!isOver) needs.runs.push_back(named->run.id);
        return runPrefix + named->run.uuid + named->step;
    }

    StoreReader& m_reader;
    const QueueRequest& m_request;
    const fs::path& m_root;
    std::vector<RowId> m_queued;
    std::vector<Made> m_made;
    std::size_t m_known = 0;  ///< so many of them the store knows
};

}  // namespace

bool isOnlyOnItsMachine(StoreReader& reader, const NamedRun& named) {
    const auto run = reader.run(named.run);
    if (!run || !isRemoteRun(run->directory)) return false;
    std::optional<std::int64_t> last;
    for (const CheckpointRow& each : reader.checkpoints(named.run))
        if (!named.step || each.step == *named.step) last = std::max(last.value_or(each.step), each.step);
    const std::vector<std::int64_t> here = RunDirectory::open(run->directory).checkpointSteps();
    return last && std::find(here.begin(), here.end(), *last) == here.end();
}

int gpusOf(const RunConfig& config, int processes) {
    if (config.recipe == externalRecipe) return int(config.external.gpus);
    return config.training.device == "cpu" ? 0 : processes;
}

std::vector<RowId> queueRuns(StoreWriter& store, StoreReader& reader, const QueueRequest& request,
                             const fs::path& runsFolder) {
    Making making(reader, request, runsFolder);
    for (const StudyStage& stage : request.stages) making.make(stage);
    return making.enter(store);
}

void resolveWaitingRun(StoreWriter& store, StoreReader& reader, const RunRow& run) {
    const RunDirectory directory = RunDirectory::open(run.directory);
    const std::string yaml = readFile(directory.configFile(), 16u << 20);
    // What a machine still had was fetched: the last that is here is the last that there is.
    const FindRun find = [known = finderIn(reader)](const std::string& name) {
        std::optional<KnownRun> found = known(name);
        if (found) found->lastStep = -1;
        return found;
    };
    const PreparedRun prepared =
        prepareRun(parseConfig(yaml, directory.configFile().string()), directory.path(), find);
    RunDirectory changed = directory;
    RunIdentity identity = directory.identity();
    // The configuration last: whoever is killed in between resolves all of it again.
    if (prepared.yaml != yaml) {
        identity.parent = prepared.parent;
        changed.rewriteIdentity(identity);
        writeFileAtomically(directory.configFile(), prepared.yaml);
    }
    if (prepared.yaml != run.config) store.addRun(changed, run.backend).get();
}

std::vector<NamedRun> runsNamedBy(StoreReader& reader, const std::string& configYaml) {
    std::vector<NamedRun> runs;
    ParsedConfig parsed = parseConfig(configYaml, "config.yaml");
    if (!parsed.problems.empty()) return runs;
    mapReferences(parsed.values, recipeSchema(parsed.config.recipe),
                  {[](const std::string& name, const std::string&) { return name; },
                   [&](const std::string& name) {
                       if (const auto named = runNamed(reader, name))
                           runs.push_back({named->run.id, stepOf(*named)});
                       return name;
                   }});
    return runs;
}

}  // namespace retort
