// What a process reward model learns from: token sequences with a label on the tokens at which a step ends.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/tasks/stepwise_file.h"
#include "training/recipes/recipe.h"
#include "training/recipes/sampled_trace.h"

namespace retort {

struct StepExample {
    std::vector<std::int32_t> ids;
    std::vector<std::int32_t> labels;  ///< 1 right, 0 wrong, -100 none; one a token
};

/// TRL's stepwise format: after each step the separator, whose last token bears the step's label; without a
/// separator the step's own last token does.
StepExample exampleOf(const StepwiseSolution& solution, const Tokenizer& tokenizer,
                      const PrmSettings& settings);
/// A judged completion: each checked step's last token bears the step's verdict, the completion's last token
/// that of the answer. With labels "outcome" every token of the completion bears the answer's.
StepExample exampleOf(const std::vector<std::int32_t>& prompt, const JudgedCompletion& judged,
                      const Tokenizer& tokenizer, const PrmSettings& settings);

/// Examples to learn from, and some, of other problems, to be measured on.
struct StepExamples {
    std::vector<StepExample> train, heldOut;
};
/// By prm.source; longer ones than training.max_length are left out. Absent when a stop came first. Sampled
/// ones are those of the start policy, a function of (seed, start policy).
std::optional<StepExamples> makeStepExamples(TrainerParts& parts, RunSession& session);

}  // namespace retort
