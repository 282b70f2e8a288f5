// The recipe "grpo": how it samples, what it rewards, and its loss.
#include "core/config/checks.h"
#include "core/config/recipes/declarations.h"
#include "core/config/rewards.h"

namespace retort {
namespace {

std::vector<ParameterVariant> weightedRewardVariants() {
    std::vector<ParameterVariant> variants = rewardVariants();
    for (ParameterVariant& variant : variants) {
        Parameter weight = itemShare("weight", 1.0, "Factor of this term; negative punishes.", 1e6);
        weight.minimum = -1e6;
        variant.parameters.insert(variant.parameters.begin(), std::move(weight));
    }
    return variants;
}

void declareRollouts(SectionDeclarations<GrpoSettings>& grpo) {
    using G = GrpoSettings;
    grpo("prompts_per_step", &G::prompts_per_step).help("Prompts a step.").unit("prompts").between(1, 16384);
    grpo("num_generations", &G::num_generations)
        .help("Completions a prompt: the group in which rewards are compared.")
        .between(2, 4096);
    grpo("num_iterations", &G::num_iterations)
        .help("Optimizer passes over each step's completions.")
        .between(1, 64);
    grpo("max_completion_length", &G::max_completion_length)
        .help("Longest completion.")
        .unit("tokens")
        .between(1, 1 << 20);
    grpo("temperature", &G::temperature).help("Sampling temperature.").above(0).atMost(100);
    grpo("top_p", &G::top_p).help("Nucleus sampling; 1: off.").above(0).atMost(1).advanced();
    grpo("top_k", &G::top_k)
        .help("Samples from the k likeliest tokens; 0: from all.")
        .between(0, 1e6)
        .advanced();
}

void declareGrpo(BoundRecipe& recipe) {
    using G = GrpoSettings;
    SectionDeclarations grpo(recipe, "grpo.", "GRPO", &RunConfig::grpo);
    declareRollouts(grpo);
    grpo("rewards", &G::rewards)
        .help("Terms of the reward, summed by weight; empty: correctness alone.")
        .variants("reward", weightedRewardVariants());
    grpo("loss_type", &G::loss_type)
        .help("How token losses are averaged: by sequence, by the fixed length, or over all tokens.")
        .choices({"grpo", "dr_grpo", "dapo", "bnpo"});
    grpo("scale_rewards", &G::scale_rewards)
        .help("Advantages are divided by the standard deviation of the group, of the batch, or not.")
        .choices({"group", "batch", "none"});
    grpo("epsilon", &G::epsilon).help("Lower clip range of the probability ratio.").above(0).atMost(1);
    grpo("epsilon_high", &G::epsilon_high)
        .help("Upper clip range; above epsilon: clip-higher (DAPO).")
        .above(0)
        .atMost(10);
    grpo("beta", &G::beta)
        .help("Weight of the KL to the start policy; 0: no reference is kept.")
        .between(0, 100);
    grpo("kl_estimator", &G::kl_estimator)
        .help("Estimator of the KL.")
        .choices({"k1", "k2", "k3"})
        .advanced();
    grpo("mask_truncated_completions", &G::mask_truncated_completions)
        .help("Completions that were cut off bear no loss.")
        .advanced();
    grpo("min_start_accuracy", &G::min_start_accuracy)
        .help("Refuses a start policy that succeeds less often than this: it would collapse, not learn.")
        .between(0, 1)
        .advanced();
}

void checkGrpo(const RunConfig& config, const ReportContradiction& report) {
    const GrpoSettings& grpo = config.grpo;
    checkLength(config, "grpo.max_completion_length", grpo.max_completion_length, report);
    if (grpo.prompts_per_step * grpo.num_generations > 1 << 18)
        report("grpo.prompts_per_step", "a step would have more than 262144 completions",
               "lower it, or grpo.num_generations");
    for (std::size_t i = 0; i < grpo.rewards.size(); ++i) {
        const Json& parameters = grpo.rewards[i].parameters;
        if (grpo.rewards[i].reward == "length" &&
            parameters.value("cache", std::int64_t(0)) > parameters.value("max_length", std::int64_t(0)))
            report("grpo.rewards." + std::to_string(i) + ".cache", "is longer than max_length", "");
    }
}

RunConfig grpoDefaults(RunConfig config) {
    config.training.max_steps = 100;
    config.training.learning_rate = 1e-4;
    config.training.weight_decay = 0;
    config.training.lr_scheduler_type = "constant";
    config.training.warmup_steps = 5;
    config.training.save_steps = 50;
    config.evaluation.eval_steps = 20;
    config.grpo.rewards = {{"correctness", 1.0, Json::object()}};
    return config;
}

}  // namespace

std::vector<BoundRecipe> grpoRecipes() {
    BoundRecipe recipe = newRecipe(
        "grpo",
        "Reinforcement learning with verifiable rewards: groups of completions, judged and compared.");
    recipe.defaults = grpoDefaults(recipe.defaults);
    recipe.check = checkGrpo;
    declareBeginning(recipe, StepInput::Rollouts);
    declareGrpo(recipe);
    declareEnd(recipe, StepInput::Rollouts);
    return {recipe};
}

}  // namespace retort
