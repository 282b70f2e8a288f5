// Choosing among a problem's completions: by vote, by a verifier, by both.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/config/settings/evaluation_settings.h"
#include "core/runlog/event.h"
#include "core/tasks/task.h"
#include "training/recipes/sampled_trace.h"

namespace retort {

/// The samples of one problem, as far as choosing among them needs it.
struct ProblemSamples {
    std::vector<std::string> answers;
    std::vector<bool> correct;
    std::vector<double> scores;   ///< the verifier's; -inf of what it cannot judge; empty without a verifier
    std::vector<double> weights;  ///< of these, as votes; empty without a verifier
};

/// Completions a problem: greedy ones are all the same.
std::int64_t samplesOf(const EvaluationSettings& settings);
/// Whether a verifier has whole completions to choose among.
bool choosesByScore(const EvaluationSettings& settings);

/// pass@k, maj@k, best_of@N, weighted_vote@N, as far as there are enough samples; tokens@N, what N samples of
/// a problem cost, for the budgets (`meanTokens`: of one sample).
void addSampleChoices(const std::vector<EvaluationItem>& items, const std::vector<ProblemSamples>& problems,
                      const EvaluationSettings& settings, double meanTokens, std::uint64_t seed,
                      std::vector<std::pair<std::string, double>>& metrics);

/// The choices of all samples as trees of one round, a node a sample: "best_of_n" and "weighted_vote", as far
/// as the settings ask for them. `judged` has as many completions as `samples` knows of.
std::vector<SearchTree> treesOfSamples(const Problem& problem, const JudgedCompletion* judged,
                                       const ProblemSamples& samples, const EvaluationSettings& settings);

}  // namespace retort
