// What a step's rollouts look like, as metrics.
#include <algorithm>
#include <cmath>

#include "training/recipes/rollouts.h"

namespace retort {
namespace {

/// Running mean, Bessel-corrected deviation, minimum and maximum.
class Summary {
  public:
    void add(double value) {
        m_count += 1;
        const double delta = value - m_mean;
        m_mean += delta / m_count;
        m_squares += delta * (value - m_mean);
        m_min = m_count == 1 ? value : std::min(m_min, value);
        m_max = m_count == 1 ? value : std::max(m_max, value);
    }
    double mean() const { return m_mean; }
    double std() const { return m_count > 1 ? std::sqrt(m_squares / (m_count - 1)) : 0; }
    double min() const { return m_min; }
    double max() const { return m_max; }
    double count() const { return m_count; }

  private:
    double m_count = 0, m_mean = 0, m_squares = 0, m_min = 0, m_max = 0;
};

void addLengths(const std::string& prefix, const std::string& suffix, const Summary& lengths,
                Metrics& metrics) {
    metrics.emplace_back(prefix + "mean_" + suffix, lengths.mean());
    metrics.emplace_back(prefix + "min_" + suffix, lengths.min());
    metrics.emplace_back(prefix + "max_" + suffix, lengths.max());
}

void addTermMetrics(const Rollouts& rollouts, const RewardComposer& composer, Metrics& metrics) {
    for (std::size_t term = 0; term < composer.names().size(); ++term) {
        Summary values;
        for (const auto& reward : rollouts.rewards) values.add(reward.terms[term]);
        metrics.emplace_back("rewards/" + composer.names()[term] + "/mean", values.mean());
        metrics.emplace_back("rewards/" + composer.names()[term] + "/std", values.std());
    }
}

void addTaskAccuracies(const Rollouts& rollouts, const std::vector<DataSource>& sources, Metrics& metrics) {
    for (std::size_t source = 0; source < sources.size(); ++source) {
        Summary correct;
        for (std::size_t i = 0; i < rollouts.completions.size(); ++i)
            if (rollouts.problems[rollouts.problemOf(i)].source == source)
                correct.add(rollouts.completions[i].verdict.correct);
        if (correct.count() > 0)
            metrics.emplace_back("train/" + sources[source].name + "/accuracy", correct.mean());
    }
}

}  // namespace

void addRolloutMetrics(const Rollouts& rollouts, const std::vector<DataSource>& sources,
                       const RewardComposer& composer, Metrics& metrics) {
    Summary lengths, terminated, worked;
    for (const JudgedCompletion& judged : rollouts.completions) {
        lengths.add(double(judged.tokens()));
        if (judged.completion.finished) terminated.add(double(judged.tokens()));
        worked.add(judged.verdict.worked);
    }
    metrics.emplace_back("reward", rollouts.advantages.rewardMean);
    metrics.emplace_back("reward_std", rollouts.advantages.rewardStd);
    metrics.emplace_back("frac_reward_zero_std", rollouts.advantages.zeroStdShare);
    addTermMetrics(rollouts, composer, metrics);
    addLengths("completions/", "length", lengths, metrics);
    addLengths("completions/", "terminated_length", terminated, metrics);
    metrics.emplace_back("completions/clipped_ratio",
                         1 - terminated.count() / std::max(lengths.count(), 1.0));
    metrics.emplace_back("completions/worked_share", worked.mean());
    addTaskAccuracies(rollouts, sources, metrics);
}

}  // namespace retort
