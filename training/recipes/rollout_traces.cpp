// Rollouts as the traces that are logged and shown.
#include <algorithm>

#include "training/recipes/rollouts.h"

namespace retort {
namespace {

void addNumbers(const TokenNumbers& numbers, TokenArrays& tokens) {
    tokens.refLogprobs = numbers.referenceLogprobs;
    tokens.advantages = numbers.advantages;
    tokens.ratios = numbers.ratios;
    tokens.clipped = numbers.clipped;
}

}  // namespace

std::vector<Trace> rolloutTraces(const Rollouts& rollouts, const std::vector<DataSource>& sources,
                                 const Tokenizer& tokenizer, const RewardComposer& composer,
                                 std::int64_t groups, bool tokenArrays, std::int64_t step) {
    std::vector<Trace> traces;
    const std::size_t count =
        std::min(rollouts.completions.size(), std::size_t(groups) * std::size_t(rollouts.samples));
    for (std::size_t i = 0; i < count; ++i) {
        const DrawnProblem& drawn = rollouts.problems[rollouts.problemOf(i)];
        Trace trace = makeTrace(tokenizer, sources[drawn.source].name, drawn.problem, rollouts.completions[i],
                                tokenArrays);
        trace.step = step;
        trace.group = std::int64_t(rollouts.problemOf(i));
        trace.sample = std::int32_t(i % std::size_t(rollouts.samples));
        trace.reward = rollouts.rewards[i].total;
        trace.advantage = rollouts.advantages.values[i];
        for (std::size_t term = 0; term < composer.names().size(); ++term)
            trace.rewards.emplace_back(composer.names()[term], rollouts.rewards[i].terms[term]);
        if (tokenArrays && i < rollouts.tokenNumbers.size())
            addNumbers(rollouts.tokenNumbers[i], trace.tokens);
        traces.push_back(std::move(trace));
    }
    return traces;
}

}  // namespace retort
