// A merge as a run: other checkpoints become one, which is then put to held-out problems like any other.
#include "core/config/merge_models.h"
#include "core/config/recipes/declarations.h"
#include "core/util/error.h"

namespace retort {
namespace {

void checkMerge(const RunConfig& config, const ReportContradiction& report) {
    if (config.merge.recipe.empty())
        return report("merge.recipe", "is missing", "write mergekit's YAML as a block: recipe: |");
    if (config.merge.search != "none" && config.data.tasks.empty() && config.data.files.empty())
        report("merge.search", "there is nothing to try merges on", "add a task or file to data");
    try {
        if (mergeModels(config.merge.recipe).empty()) report("merge.recipe", "names no model", "");
    } catch (const Error& error) {
        report("merge.recipe", error.what(), "");
    }
}

}  // namespace

std::vector<BoundRecipe> mergeRecipes() {
    BoundRecipe recipe = newRecipe("merge", "Merges checkpoints in weight space, and trains nothing.");
    recipe.defaults.training.max_steps = recipe.defaults.training.warmup_steps = 0;
    recipe.check = checkMerge;
    declareRun(recipe);
    SectionDeclarations merge(recipe, "merge.", "Merge", &RunConfig::merge);
    merge("recipe", &MergeSettings::recipe)
        .mergeRecipe()
        .help(
            "What is merged and how, in mergekit's YAML; its models are folders, \"run:<name or "
            "id>[@step]\", "
            "or \"@stage\" in a study.");
    merge("search", &MergeSettings::search)
        .help(
            "How the models' weights are found; none: as the recipe has them. The others want a base model.")
        .choices({"none", "sweep", "bai", "adamerging", "evolutionary", "map"});
    merge("granularity", &MergeSettings::granularity)
        .help("What has a weight of its own: each model, or each layer of each model.")
        .choices({"task", "layer"});
    merge("max_evaluations", &MergeSettings::max_evaluations)
        .help("Merges that the search tries; adamerging: steps of its optimizer.")
        .between(1, 1e6);
    merge("calibration_examples", &MergeSettings::calibration_examples)
        .help("Examples of each task that merges are tried on; held-out problems are never among them.")
        .between(1, 1e5);
    merge("objective", &MergeSettings::objective)
        .help(
            "What adamerging lowers: cross entropy, or the entropy of its own predictions, which needs no "
            "answers.")
        .choices({"cross_entropy", "entropy"})
        .advanced();
    merge("initial_weight", &MergeSettings::initial_weight)
        .help("adamerging: each weight's first value.")
        .between(0, 2)
        .advanced();
    merge("search_learning_rate", &MergeSettings::search_learning_rate)
        .help("adamerging: learning rate of the weights.")
        .above(0)
        .atMost(1)
        .advanced();
    declareData(recipe);
    SectionDeclarations training(recipe, "training.", "Training", &RunConfig::training);
    declareMachine(training);
    declareEnd(recipe, StepInput::Examples);
    return {recipe};
}

}  // namespace retort
