#include "training/recipes/rollouts.h"

#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "core/util/random.h"

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

Rollouts drawPrompts(const DataMixture& mixture, const Tokenizer& tokenizer, const GrpoSettings& settings,
                     std::int64_t step) {
    Rollouts rollouts;
    rollouts.samples = settings.num_generations;
    for (std::int64_t i = 0; i < settings.prompts_per_step; ++i) {
        rollouts.problems.push_back(mixture.draw(std::uint64_t((step - 1) * settings.prompts_per_step + i)));
        rollouts.prompts.push_back(tokenizer.encode(rollouts.problems.back().problem.prompt));
        if (rollouts.prompts.back().empty())
            throw Error("an example without a prompt cannot be asked", "data.files",
                        "reinforcement learning needs prompts");
    }
    return rollouts;
}

std::vector<Completion> sampleCompletions(const Rollouts& rollouts, Generator& generator,
                                          const GrpoSettings& settings, std::uint64_t seed, std::int64_t step,
                                          std::stop_token stop) {
    SamplingSettings sampling;
    sampling.maxNewTokens = settings.max_completion_length;
    sampling.temperature = settings.temperature;
    sampling.topP = settings.top_p;
    sampling.topK = settings.top_k;
    sampling.seed = stableHash("rollouts", seed);
    return generator.generate(rollouts.prompts, settings.num_generations, sampling,
                              std::uint64_t((step - 1) * settings.prompts_per_step), std::move(stop));
}

void scoreRollouts(Rollouts& rollouts, std::vector<Completion> completions,
                   const std::vector<DataSource>& sources, const Tokenizer& tokenizer,
                   const RewardComposer& composer, const GrpoSettings& settings) {
    std::vector<const Problem*> problems;
    std::vector<const Task*> tasks;
    for (const DrawnProblem& drawn : rollouts.problems) {
        problems.push_back(&drawn.problem);
        tasks.push_back(sources[drawn.source].task.get());
    }
    rollouts.completions = judge(tokenizer, problems, tasks, std::move(completions), rollouts.samples);
    std::vector<double> totals;
    for (const JudgedCompletion& judged : rollouts.completions) {
        rollouts.rewards.push_back(composer(judged.verdict, judged.tokens()));
        totals.push_back(rollouts.rewards.back().total);
    }
    rollouts.advantages = groupAdvantages(totals, rollouts.samples, settings.scale_rewards);
}

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
        traces.push_back(std::move(trace));
    }
    return traces;
}

}  // namespace retort
