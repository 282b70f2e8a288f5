#include "training/recipes/merge_run.h"

#include <optional>

#include "training/merging/merge_executor.h"
#include "training/recipes/merge_search_run.h"
#include "training/recipes/merge_statistics_run.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// What was found, in the types that the user's recipe asks for: the record beside the checkpoint must make
/// it again.
std::string withDtypesOf(const MergeRecipe& recipe, std::string found) {
    static const std::string searched = "dtype: float32\n";
    if (found.ends_with(searched)) found.resize(found.size() - searched.size());
    if (recipe.dtype) found += std::string("dtype: ") + floatDtypeName(*recipe.dtype) + "\n";
    if (recipe.outDtype) found += std::string("out_dtype: ") + floatDtypeName(*recipe.outDtype) + "\n";
    return found;
}

/// As it stands, or with the weights that a search found; absent when a stop came.
std::optional<MergeRecipe> recipeOf(const RunConfig& config, RunSession& session) {
    const fs::path folder = session.run().path();
    MergeRecipe recipe =
        parseMergeRecipe(config.merge.recipe, session.run().configFile().string() + ": merge.recipe", folder);
    if (config.merge.search == "none") {
        if (wantsStatistics(recipe) && !addStatistics(config, session, recipe)) return std::nullopt;
        return recipe;
    }
    const std::optional<std::string> found = searchMergeRecipe(config, recipe, session);
    if (!found) return std::nullopt;
    MergeRecipe best = parseMergeRecipe(withDtypesOf(recipe, *found), "what merge.search found", folder);
    best.tokenizer = recipe.tokenizer;
    best.chatTemplate = recipe.chatTemplate;
    return best;
}

bool merge(const RunConfig& config, const TrainerState& state, RunSession& session, const fs::path& folder) {
    const std::optional<MergeRecipe> recipe = recipeOf(config, session);
    if (!recipe) return false;
    session.status("merging", 0, true);
    MergeModels models;
    MergePlanOptions planning;
    planning.seed = std::uint64_t(config.seed);
    const MergePlan plan = planMerge(*recipe, models, planning);
    for (const std::string& warning : plan.warnings) session.message("warning", warning);
    MergeOutputOptions options;
    options.threads = state.threads;
    options.out = folder;
    options.overwrite = true;  // a folder without trainer.json: of an attempt that was killed
    options.program = session.run().identity().program;
    const MergeReport report = executeMerge(plan, options, session.stopToken());
    if (report.isStopped) return false;
    writeTrainerState(folder / "trainer.json", state);
    return true;
}

}  // namespace

bool mergeIntoRun(const RunConfig& config, const TrainerState& state, RunSession& session) {
    const fs::path folder = session.run().checkpointFolder(0);
    if (session.run().checkpointSteps().empty() && !merge(config, state, session, folder)) return false;
    session.log().write(CheckpointEvent{0, "checkpoints/" + folder.filename().string()});
    return true;
}

}  // namespace retort
