#include "training/recipes/rollouts.h"

#include <algorithm>
#include <cmath>

#include "training/objectives/process_advantages.h"

namespace retort {

std::int64_t Rollouts::completionTokens() const {
    std::int64_t tokens = 0;
    for (const JudgedCompletion& completion : completions) tokens += completion.tokens();
    return tokens;
}

std::int64_t Rollouts::allTokens() const {
    std::int64_t tokens = completionTokens();
    for (const auto& prompt : prompts) tokens += std::int64_t(prompt.size()) * samples;
    return tokens;
}

double Rollouts::accuracy() const {
    const auto right = std::count_if(completions.begin(), completions.end(),
                                     [](const JudgedCompletion& judged) { return judged.verdict.correct; });
    return completions.empty() ? 0 : double(right) / double(completions.size());
}

double Rollouts::groupAccuracy(std::size_t problem) const {
    double right = 0;
    for (std::size_t i = 0; i < std::size_t(samples); ++i)
        right += completions[problem * std::size_t(samples) + i].verdict.correct;
    return right / double(samples);
}

void Rollouts::take(Rollouts& other, const std::vector<bool>& kept) {
    samples = other.samples;
    for (std::size_t problem = 0; problem < other.problems.size(); ++problem) {
        if (!kept[problem]) continue;
        problems.push_back(std::move(other.problems[problem]));
        prompts.push_back(std::move(other.prompts[problem]));
        for (std::size_t i = 0; i < std::size_t(samples); ++i) {
            const std::size_t completion = problem * std::size_t(samples) + i;
            completions.push_back(std::move(other.completions[completion]));
            rewards.push_back(std::move(other.rewards[completion]));
            if (!other.stepRewards.empty()) stepRewards.push_back(std::move(other.stepRewards[completion]));
        }
    }
}

void Rollouts::keepFirst(std::size_t count) {
    if (count >= problems.size()) return;
    problems.resize(count);
    prompts.resize(count);
    completions.resize(count * std::size_t(samples));
    rewards.resize(count * std::size_t(samples));
    stepRewards.resize(std::min(stepRewards.size(), count * std::size_t(samples)));
}

void Rollouts::spreadProcessRewards(const std::string& scale) {
    std::vector<double> outcomes;
    bool any = false;
    for (std::size_t i = 0; i < stepRewards.size(); ++i) {
        outcomes.push_back(rewards[i].total);
        for (const double reward : stepRewards[i]) {
            if (std::isnan(reward)) continue;
            outcomes.back() -= reward;
            any = true;
        }
    }
    if (!any) return;
    auto spread = processAdvantages(outcomes, stepRewards, samples, scale);
    tokenNumbers.resize(completions.size());
    for (std::size_t i = 0; i < spread.size(); ++i) tokenNumbers[i].advantages = std::move(spread[i]);
}

GroupAdvantages advantagesOf(const Rollouts& rollouts, const RewardComposer& composer,
                             const GrpoSettings& settings) {
    RewardedBatch batch;
    batch.groupSize = rollouts.samples;
    batch.weights = composer.weights();
    for (const RewardComposer::Reward& reward : rollouts.rewards) {
        batch.rewards.push_back(reward.total);
        batch.terms.push_back(reward.terms);
    }
    for (const JudgedCompletion& judged : rollouts.completions) batch.lengths.push_back(judged.tokens());
    return estimateAdvantages(batch, settings.advantage_estimator, settings.scale_rewards,
                              settings.multi_objective_aggregation);
}

}  // namespace retort
