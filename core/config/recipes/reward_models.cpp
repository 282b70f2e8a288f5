// The recipes of models that judge: "reward_model" and "prm".
#include "core/config/checks.h"
#include "core/config/recipes/declarations.h"

namespace retort {
namespace {

using P = PrmSettings;

void declareStepLabels(SectionDeclarations<PrmSettings>& prm) {
    prm("source", &P::source)
        .help(
            "The start policy's completions, judged by the task's step checker; or a file in TRL's stepwise "
            "format.")
        .choices({"sampled", "file"});
    prm("file", &P::file).help("JSONL with prompt, completions and labels.").file();
    prm("step_separator", &P::step_separator)
        .help(
            "Follows each step of the file; its last token bears the step's label. Empty: the step's own "
            "last token "
            "does, as where steps end with a mark of their own.")
        .advanced();
    prm("labels", &P::labels)
        .help("Verdicts on steps at their ends, or the outcome at every token (an outcome value model).")
        .choices({"step", "outcome"});
    prm("train_on_last_step_only", &P::train_on_last_step_only)
        .help("Only the last label of each solution is learnt.")
        .advanced();
}

void declareSampledSteps(SectionDeclarations<PrmSettings>& prm) {
    prm("num_prompts", &P::num_prompts).help("Prompts to sample from.").unit("prompts").between(2, 1 << 20);
    prm("num_generations", &P::num_generations).help("Completions a prompt.").between(1, 4096);
    prm("max_completion_length", &P::max_completion_length)
        .help("Longest completion.")
        .unit("tokens")
        .between(1, 1 << 20);
    prm("temperature", &P::temperature).help("Sampling temperature.").above(0).atMost(100);
}

void checkPrm(const RunConfig& config, const ReportContradiction& report) {
    const PrmSettings& prm = config.prm;
    checkLength(config, "training.max_length", config.training.max_length, report);
    if (prm.source == "file" && prm.file.empty()) report("prm.file", "is missing", "name a JSONL file");
    if (prm.source == "file" && prm.labels == "outcome")
        report("prm.labels", "a file's labels are those of its steps", "set prm.source: sampled");
    if (prm.source == "sampled" && config.model.from.empty())
        report("model.from", "there is no policy to sample steps from", "name a checkpoint");
}

void checkRewardModel(const RunConfig& config, const ReportContradiction& report) {
    checkLength(config, "training.max_length", config.training.max_length, report);
    const PairSettings& pairs = config.pairs;
    if (pairs.source == "file" && pairs.file.empty()) report("pairs.file", "is missing", "name a JSONL file");
    const bool samples = pairs.source == "error_injection" ? pairs.sampled_share > 0 : pairs.source != "file";
    if (samples && config.model.from.empty())
        report("model.from", "there is no policy to sample pairs from", "name a checkpoint");
}

BoundRecipe rewardModelRecipe() {
    BoundRecipe recipe =
        newRecipe("reward_model",
                  "A reward model (Bradley-Terry), trained on pairs of a better and a worse completion.");
    recipe.defaults.training.learning_rate = 1e-4;
    recipe.defaults.training.max_steps = 200;
    recipe.defaults.training.batch_size = 32;
    recipe.defaults.pairs.round_steps = 1'000'000'000;
    recipe.check = checkRewardModel;
    declareBeginning(recipe, StepInput::Pairs);
    declarePairs(recipe);
    SectionDeclarations section(recipe, "reward_model.", "Reward model", &RunConfig::reward_model);
    section("center_rewards_coefficient", &RewardModelSettings::center_rewards_coefficient)
        .help("Weight of the squared sum of a pair's rewards, which centres them at 0; 0: none.")
        .between(0, 100);
    declareEnd(recipe, StepInput::Pairs);
    return recipe;
}

BoundRecipe prmRecipe() {
    BoundRecipe recipe =
        newRecipe("prm", "A process reward model: how likely each step of a solution is right.");
    recipe.defaults.training.learning_rate = 1e-4;
    recipe.defaults.training.max_steps = 200;
    recipe.defaults.training.batch_size = 32;
    recipe.check = checkPrm;
    declareBeginning(recipe, StepInput::Examples);
    SectionDeclarations prm(recipe, "prm.", "Process reward model", &RunConfig::prm);
    declareStepLabels(prm);
    declareSampledSteps(prm);
    declareEnd(recipe, StepInput::Examples);
    return recipe;
}

}  // namespace

std::vector<BoundRecipe> judgeRecipes() {
    return {rewardModelRecipe(), prmRecipe()};
}

}  // namespace retort
