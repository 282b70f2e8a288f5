#include "training/recipes/rollout_sampler.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/engine/byte_stream.h"
#include "training/recipes/prompt_history.h"

namespace retort {
namespace {

/// Numbers of the first prompt and random stream of a batch. Further batches of a step lie far beyond those
/// of all steps, so that they never meet.
std::uint64_t firstNumber(const RolloutSettings& settings, std::int64_t step, std::int64_t batch) {
    return (std::uint64_t(batch) << 40) + std::uint64_t((step - 1) * settings.prompts_per_step);
}

bool rewardsDiffer(const Rollouts& rollouts, std::size_t problem) {
    const auto first = rollouts.rewards.begin() + std::ptrdiff_t(problem * std::size_t(rollouts.samples));
    return std::any_of(
        first, first + std::ptrdiff_t(rollouts.samples),
        [&](const RewardComposer::Reward& reward) { return std::abs(reward.total - first->total) > 1e-9; });
}

/// A model's numbers differ in their last bits between ranks of other threads or processors. What is decided
/// by them (which groups are kept, and so what is sampled next) must be the same everywhere, or the ranks
/// would wait for each other in vain.
void takeFromFirst(ProcessGroup& group, std::vector<std::vector<double>>& numbers) {
    if (group.isAlone()) return;
    ByteWriter own;
    for (const std::vector<double>& each : numbers) own.add(each);
    const std::string bytes = group.fromFirst(group.isFirst() ? own.take() : std::string());
    ByteReader reader(bytes);
    for (std::vector<double>& each : numbers) each = reader.array<double>();
}

/// A list of them is made once and kept in the run's folder.
std::vector<std::uint64_t> fixedPrompts(const TrainerParts& parts, RunSession& session,
                                        const RolloutSettings& settings, const DataMixture& mixture) {
    std::vector<std::uint64_t> numbers;
    parts.group->firstThenOthers([&] { numbers = fixedPromptNumbers(parts, session, settings, mixture); });
    return numbers;
}

}  // namespace

RolloutSampler::RolloutSampler(TrainerParts& parts, RunSession& session, const RolloutSettings& settings,
                               const RewardComposer& composer)
    : m_parts(parts),
      m_session(session),
      m_settings(settings),
      m_composer(composer),
      m_judges(composer, *parts.tokenizer),
      m_mixture(parts.sources, std::uint64_t(parts.config.seed)),
      m_fixedPrompts(fixedPrompts(parts, session, settings, m_mixture)) {}

Rollouts RolloutSampler::draw(std::uint64_t first) const {
    Rollouts rollouts;
    rollouts.samples = m_settings.num_generations;
    for (std::int64_t i = 0; i < m_settings.prompts_per_step; ++i) {
        const std::uint64_t number = m_fixedPrompts.empty()
                                         ? first + std::uint64_t(i)
                                         : m_fixedPrompts[std::size_t(i) % m_fixedPrompts.size()];
        rollouts.problems.push_back(m_mixture.draw(number));
        rollouts.prompts.push_back(m_parts.tokenizer->encode(rollouts.problems.back().problem.prompt));
        if (rollouts.prompts.back().empty())
            throw Error("an example without a prompt cannot be asked", "data.files",
                        "reinforcement learning needs prompts");
    }
    return rollouts;
}

void RolloutSampler::judgeAndReward(Rollouts& rollouts, std::vector<Completion> completions,
                                    std::int64_t step) const {
    std::vector<const Problem*> problems;
    std::vector<const Task*> tasks;
    for (const DrawnProblem& drawn : rollouts.problems) {
        problems.push_back(&drawn.problem);
        tasks.push_back(m_parts.sources[drawn.source].task.get());
    }
    rollouts.completions =
        judge(*m_parts.tokenizer, problems, tasks, std::move(completions), rollouts.samples);
    std::vector<std::vector<double>> modelValues;
    if (!m_judges.empty()) {
        modelValues = m_judges.values(rollouts, &rollouts.stepRewards);
        takeFromFirst(*m_parts.group, modelValues);
        takeFromFirst(*m_parts.group, rollouts.stepRewards);
    }
    std::vector<RewardInput> inputs;
    for (std::size_t i = 0; i < rollouts.completions.size(); ++i) {
        const JudgedCompletion& judged = rollouts.completions[i];
        inputs.push_back({&judged.verdict, judged.completion.ids, judged.text, judged.completion.finished,
                          m_judges.empty() ? std::vector<double>() : std::move(modelValues[i]),
                          rollouts.problems[rollouts.problemOf(i)].problem.prompt});
    }
    const auto samples = std::size_t(rollouts.samples);
    for (std::size_t first = 0; first < inputs.size(); first += samples) {
        auto rewards = m_composer(std::span(inputs).subspan(first, samples), step);
        std::move(rewards.begin(), rewards.end(), std::back_inserter(rollouts.rewards));
    }
}

std::optional<Rollouts> RolloutSampler::sample(std::int64_t step, std::int64_t batch, std::int64_t maxLength,
                                               SamplingCost& cost) {
    Stopwatch watch;
    const std::uint64_t first = firstNumber(m_settings, step, batch);
    Rollouts rollouts = draw(first);
    SamplingSettings sampling;
    sampling.maxNewTokens = maxLength;
    sampling.temperature = m_settings.temperature;
    sampling.topP = m_settings.top_p;
    sampling.topK = m_settings.top_k;
    sampling.seed = stableHash("rollouts", std::uint64_t(m_parts.config.seed));
    auto completions = m_parts.generator->generate(rollouts.prompts, m_settings.num_generations, sampling,
                                                   first, m_session.stopToken());
    if (m_session.isStopped()) return std::nullopt;
    cost.generationSeconds += watch.lap();
    judgeAndReward(rollouts, std::move(completions), step);
    cost.rewardSeconds += watch.lap();
    cost.accuracy =
        (cost.accuracy * double(cost.groups) + rollouts.accuracy() * double(rollouts.problems.size())) /
        double(cost.groups + std::int64_t(rollouts.problems.size()));
    cost.batches += 1;
    cost.groups += std::int64_t(rollouts.problems.size());
    cost.generatedTokens += rollouts.completionTokens();
    return rollouts;
}

std::optional<Rollouts> RolloutSampler::sampleFiltered(const GrpoSettings& filter, std::int64_t step,
                                                       std::int64_t maxLength, SamplingCost& cost) {
    const auto wanted = std::size_t(m_settings.prompts_per_step);
    Rollouts kept;
    for (std::int64_t batch = 0; batch < filter.max_num_gen_batches && kept.problems.size() < wanted;
         ++batch) {
        auto rollouts = sample(step, batch, maxLength, cost);
        if (!rollouts) return std::nullopt;
        kept.take(*rollouts, informativeGroups(*rollouts, filter));
    }
    if (kept.problems.empty())
        throw Error("none of " + std::to_string(cost.groups) + " groups of step " + std::to_string(step) +
                        " has anything to teach",
                    "grpo.filter_groups",
                    cost.accuracy > 0.5
                        ? "the policy solves them all: end here, or make the problems harder"
                        : "the policy solves none: make the problems easier, or train it longer first");
    kept.keepFirst(wanted);
    return kept;
}

std::vector<bool> informativeGroups(const Rollouts& rollouts, const GrpoSettings& filter) {
    std::vector<bool> kept;
    for (std::size_t problem = 0; problem < rollouts.problems.size(); ++problem) {
        if (filter.filter_groups_metric == "reward") {
            kept.push_back(rewardsDiffer(rollouts, problem));
            continue;
        }
        const double accuracy = rollouts.groupAccuracy(problem);
        kept.push_back(accuracy > 0 && accuracy < 1 && accuracy >= filter.filter_accuracy_min &&
                       accuracy <= filter.filter_accuracy_max);
    }
    return kept;
}

void checkStartPolicy(RunSession& session, double accuracy, double minimum, const std::string& section) {
    if (accuracy >= minimum) return;
    char text[256];
    std::snprintf(text, sizeof text,
                  "the start policy answers %.1f %% of the rollouts right, less than the %.1f %% that "
                  "min_start_accuracy asks for: reinforcement learning would collapse, not learn",
                  100 * accuracy, 100 * minimum);
    session.log().write(AlarmEvent{1, "weak_start_policy", "error", text});
    throw Error(text, section + ".min_start_accuracy",
                "train it longer with sft first, make the problems easier, or lower the bound");
}

std::int64_t completionLengthAt(const GrpoSettings& settings, std::int64_t step, std::int64_t maxSteps) {
    const auto stages = std::int64_t(settings.completion_length_stages.size());
    if (stages == 0) return settings.max_completion_length;
    const std::int64_t stage =
        std::clamp<std::int64_t>((step - 1) * stages / std::max<std::int64_t>(maxSteps, 1), 0, stages - 1);
    return settings.completion_length_stages[std::size_t(stage)];
}

}  // namespace retort
