// retort-cli quickstart: the study of resources/quickstart, stage by stage, and what it found. A study that
// was stopped or killed goes on where it was.
#include <cstdio>
#include <map>

#include "app/cli/context.h"
#include "app/cli/quickstart_findings.h"
#include "app/cli/training_session.h"
#include "core/config/parameter.h"
#include "core/config/study.h"
#include "core/runlog/control.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

// Steps enough to pass through every part of a stage; each stage takes those that its recipe knows.
std::vector<std::string> fastOverrides(const StudyStage& stage) {
    constexpr std::pair<const char*, const char*> all[] = {{"training.max_steps", "4"},
                                                           {"training.warmup_steps", "1"},
                                                           {"training.batch_size", "4"},
                                                           {"training.precision", "fp32"},
                                                           {"evaluation.eval_steps", "2"},
                                                           {"evaluation.num_problems", "4"},
                                                           {"evaluation.max_completion_length", "16"},
                                                           {"distillation.max_completion_length", "16"},
                                                           {"distillation.selection", "all"},
                                                           {"grpo.prompts_per_step", "2"},
                                                           {"grpo.num_generations", "2"},
                                                           {"grpo.max_completion_length", "16"},
                                                           {"grpo.min_start_accuracy", "0"}};
    const RecipeSchema& schema = recipeSchema(parseConfig(stage.yaml, stage.file).config.recipe);
    std::vector<std::string> overrides;
    for (const auto& [path, value] : all)
        if (schema.find(path)) overrides.push_back(std::string(path) + "=" + value);
    return overrides;
}

// Not moved away, and with the checkpoint that the next stage needs.
bool isThere(const RunRow& run) {
    std::error_code code;
    if (!fs::exists(fs::path(run.directory) / "run.json", code)) return false;
    return run.state != "finished" || !RunDirectory::open(run.directory).checkpointSteps().empty();
}

class Quickstart {
  public:
    Quickstart(const Context& context, StoreWriter& store) : m_context(context), m_store(store) {
        if (!context.arguments().has("--new")) findEarlier();
    }

    SessionResult runStage(std::size_t index) {
        const StudyStage& stage = quickstartStudy().stages[index];
        const std::string title = "stage " + std::to_string(index + 1) + " of " +
                                  std::to_string(quickstartStudy().stages.size()) + ": " + stage.name;
        const bool goesOn = index < m_earlier.size();
        if (goesOn && m_earlier[index].state == "finished") {
            m_context.note(title + " (done before)");
            add(stage, m_earlier[index].directory, m_earlier[index].id);
            return {};
        }
        m_context.note(title + (goesOn ? " (goes on)" : ""));
        const NewRun run = goesOn ? goOn(m_earlier[index])
                                  : beginRun(m_store, prepare(stage), m_context.runsFolder(), "cli");
        add(stage, run.directory.path(), run.id);
        if (m_context.json())
            std::puts(
                Json{{"stage", stage.name}, {"directory", run.directory.path().string()}}.dump().c_str());
        Progress progress(Progress::styleFor(m_context.json(), m_context.quiet()), stage.name);
        return trainIntoStore(m_store, run.id, run.directory, goesOn, progress);
    }

    const std::vector<StageRun>& runs() const { return m_runs; }

  private:
    NewRun goOn(const RunRow& row) {
        RunDirectory run = RunDirectory::open(row.directory);
        withdrawLeftOver(run.path());
        const RowId id = m_store.addRun(run, "cli").get();
        return {std::move(run), id};
    }

    PreparedRun prepare(const StudyStage& stage) const {
        const bool fast = m_context.arguments().has("--fast");
        ParsedConfig parsed =
            resolveStage(stage, m_directories, fast ? fastOverrides(stage) : std::vector<std::string>());
        return prepareRun(std::move(parsed), fs::current_path(), m_context.runFinder());
    }

    void add(const StudyStage& stage, const fs::path& directory, RowId id) {
        m_runs.push_back({stage.name, parseConfig(stage.yaml, stage.file).config.recipe, id, directory});
        m_directories[stage.name] = directory;
    }

    // The stages that an earlier call did, the last of them perhaps in part; none when it did them all. A
    // stage's run is known by its configuration, which also names the checkpoint of the run before it.
    void findEarlier() {
        for (const StudyStage& stage : quickstartStudy().stages) {
            const std::optional<RunRow> run = runOf(prepare(stage));
            if (!run) break;
            m_earlier.push_back(*run);
            if (run->state != "finished") break;
            m_directories[stage.name] = run->directory;
        }
        m_directories.clear();
        if (m_earlier.size() == quickstartStudy().stages.size() && m_earlier.back().state == "finished")
            m_earlier.clear();
    }

    // The newest run of this configuration whose directory is still there.
    std::optional<RunRow> runOf(const PreparedRun& prepared) const {
        StoreReader reader(m_store.file());
        std::optional<RunRow> found;
        for (const RunRow& run : reader.runs())
            if (run.config == prepared.yaml && (!found || run.created > found->created) && isThere(run))
                found = run;
        if (!found) return std::nullopt;
        if (RunDirectory::open(found->directory).isRunning())
            throw Error("the quickstart is running already", found->directory,
                        "wait for it, or begin another one with --new");
        m_store.ingest(found->id).get();  // it may have been killed before the store had all of its log
        return reader.run(found->id);
    }

    const Context& m_context;
    StoreWriter& m_store;
    std::vector<RunRow> m_earlier;
    std::vector<StageRun> m_runs;
    std::map<std::string, fs::path> m_directories;
};

}  // namespace

int runQuickstart(Context& context) {
    if (const std::string out = context.arguments().text("--out"); !out.empty())
        context.useStore(fs::absolute(out) / "lab.db");
    std::error_code code;
    fs::create_directories(context.storeFile().parent_path(), code);
    loadTrainingModule();
    StoreWriter store(context.storeFile());
    Quickstart quickstart(context, store);
    for (std::size_t i = 0; i < quickstartStudy().stages.size(); ++i) {
        const SessionResult result = quickstart.runStage(i);
        if (result.outcome == TrainOutcome::Finished) continue;
        context.note("stopped; the same command goes on from there");
        return result.interrupted ? exitInterrupted : exitOk;
    }
    printFindings(context, quickstart.runs());
    return exitOk;
}

}  // namespace retort::cli
