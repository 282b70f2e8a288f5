// What the recipes that learn from their own completions share: how they sample, and what they reward.
#include "core/config/recipes/rollouts.h"

#include "core/config/checks.h"
#include "core/config/rewards.h"

namespace retort {

std::vector<ParameterVariant> weightedRewardVariants() {
    std::vector<ParameterVariant> variants = rewardVariants();
    for (ParameterVariant& variant : variants) {
        Parameter weight = itemShare("weight", 1.0, "Factor of this term; negative punishes.", 1e6);
        weight.minimum = -1e6;
        variant.parameters.insert(variant.parameters.begin(), std::move(weight));
    }
    return variants;
}

void checkRollouts(const RolloutSettings& rollouts, const std::string& section,
                   const ReportContradiction& report) {
    if (rollouts.prompts_per_step * rollouts.num_generations > 1 << 18)
        report(section + ".prompts_per_step", "a step would have more than 262144 completions",
               "lower it, or " + section + ".num_generations");
    if (!rollouts.fixed_prompt_history.empty() && rollouts.fixed_prompts == 0)
        report(section + ".fixed_prompt_history", "chooses among fixed prompts, and there are none",
               "set " + section + ".fixed_prompts, for example 1");
    for (std::size_t i = 0; i < rollouts.rewards.size(); ++i) {
        const Json& parameters = rollouts.rewards[i].parameters;
        if (rollouts.rewards[i].reward == "length" &&
            parameters.value("cache", std::int64_t(0)) > parameters.value("max_length", std::int64_t(0)))
            report(section + ".rewards." + std::to_string(i) + ".cache", "is longer than max_length", "");
    }
}

RunConfig rolloutDefaults(RunConfig config) {
    config.training.max_steps = 100;
    config.training.learning_rate = 1e-4;
    config.training.weight_decay = 0;
    config.training.lr_scheduler_type = "constant";
    config.training.warmup_steps = 5;
    config.training.save_steps = 50;
    config.evaluation.eval_steps = 20;
    return config;
}

}  // namespace retort
