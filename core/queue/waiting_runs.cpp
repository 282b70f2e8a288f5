#include "core/queue/waiting_runs.h"

#include <algorithm>
#include <map>

#include "core/config/launch.h"
#include "core/config/names.h"
#include "core/config/parallel_recipes.h"
#include "core/config/references.h"
#include "core/runlog/placement.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr char runPrefix[] = "run:";

FindRun finderIn(StoreReader& reader) {
    return [&reader](const std::string& name) -> std::optional<fs::path> {
        const auto run = reader.findRun(name);
        return run ? std::optional<fs::path>(run->directory) : std::nullopt;
    };
}

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
                          prepared.config.training.device != "cpu"});
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
            entry.usesGpu = each.usesGpu;
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
        bool usesGpu;
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
        if (!isQueued && hasEnded(named->run)) return std::nullopt;
        needs.runs.push_back(named->run.id);
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

std::vector<RowId> queueRuns(StoreWriter& store, StoreReader& reader, const QueueRequest& request,
                             const fs::path& runsFolder) {
    Making making(reader, request, runsFolder);
    for (const StudyStage& stage : request.stages) making.make(stage);
    return making.enter(store);
}

void resolveWaitingRun(StoreWriter& store, StoreReader& reader, const RunRow& run) {
    const RunDirectory directory = RunDirectory::open(run.directory);
    const std::string yaml = readFile(directory.configFile(), 16u << 20);
    const PreparedRun prepared =
        prepareRun(parseConfig(yaml, directory.configFile().string()), directory.path(), finderIn(reader));
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

std::vector<RowId> runsNamedBy(StoreReader& reader, const std::string& configYaml) {
    std::vector<RowId> runs;
    ParsedConfig parsed = parseConfig(configYaml, "config.yaml");
    if (!parsed.problems.empty()) return runs;
    mapReferences(parsed.values, recipeSchema(parsed.config.recipe),
                  {[](const std::string& name, const std::string&) { return name; },
                   [&](const std::string& name) {
                       if (const auto named = runNamed(reader, name)) runs.push_back(named->run.id);
                       return name;
                   }});
    return runs;
}

}  // namespace retort
