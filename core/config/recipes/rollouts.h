// Declarations that the recipes with rollouts share.
#pragma once

#include <string>
#include <vector>

#include "core/config/recipes/declarations.h"

namespace retort {

std::vector<ParameterVariant> weightedRewardVariants();
void checkRollouts(const RolloutSettings& rollouts, const std::string& section,
                   const ReportContradiction& report);
/// Short runs with a small constant learning rate.
RunConfig rolloutDefaults(RunConfig config);

/// The members of RolloutSettings. `fewest`: completions a prompt that the method needs.
template <class Settings>
void declareRollouts(SectionDeclarations<Settings>& section, std::int64_t fewest) {
    using R = RolloutSettings;
    section("prompts_per_step", &R::prompts_per_step)
        .help("Prompts a step.")
        .unit("prompts")
        .between(1, 16384);
    section("num_generations", &R::num_generations)
        .help("Completions a prompt: the group in which rewards are compared.")
        .between(double(fewest), 4096);
    section("max_completion_length", &R::max_completion_length)
        .help("Longest completion.")
        .unit("tokens")
        .between(1, 1 << 20);
    section("temperature", &R::temperature).help("Sampling temperature.").above(0).atMost(100);
    section("top_p", &R::top_p).help("Nucleus sampling; 1: off.").above(0).atMost(1).advanced();
    section("top_k", &R::top_k)
        .help("Samples from the k likeliest tokens; 0: from all.")
        .between(0, 1e6)
        .advanced();
    section("rewards", &R::rewards)
        .help("Terms of the reward, summed by weight; empty: correctness alone.")
        .variants("reward", weightedRewardVariants());
    section("fixed_prompts", &R::fixed_prompts)
        .help("Trains on this many prompts again and again (1: one-shot RLVR); 0: on all.")
        .unit("prompts")
        .between(0, 16384)
        .advanced();
    section("fixed_prompt_offset", &R::fixed_prompt_offset)
        .help("Number of the first of the fixed prompts.")
        .between(0, 1e12)
        .advanced();
    section("fixed_prompt_history", &R::fixed_prompt_history)
        .help(
            "Folder of an earlier run: the fixed prompts are those whose rewards varied most over its steps; "
            "empty: by number.")
        .advanced();
    section("min_start_accuracy", &R::min_start_accuracy)
        .help("Refuses a start policy that succeeds less often than this: it would collapse, not learn.")
        .between(0, 1)
        .advanced();
}

}  // namespace retort
