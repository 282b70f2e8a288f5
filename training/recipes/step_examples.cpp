#include "training/recipes/step_examples.h"

#include <algorithm>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/recipes/frozen_policy.h"
#include "training/recipes/judge_model.h"

namespace retort {
namespace {

constexpr std::int32_t noLabel = -100;
constexpr std::size_t heldOutEvery = 8;  // of the problems

void append(StepExample& example, const std::vector<std::int32_t>& ids) {
    example.ids.insert(example.ids.end(), ids.begin(), ids.end());
    example.labels.resize(example.ids.size(), noLabel);
}

void keepLastLabel(StepExample& example) {
    const auto last = std::find_if(example.labels.rbegin(), example.labels.rend(),
                                   [](std::int32_t label) { return label != noLabel; });
    for (auto label = example.labels.begin(); label != example.labels.end(); ++label)
        if (last == example.labels.rend() || &*label != &*last) *label = noLabel;
}

class Collector {
  public:
    explicit Collector(std::int64_t maxLength) : m_maxLength(maxLength) {}

    void add(StepExample example, std::size_t problem) {
        const bool labelled = std::any_of(example.labels.begin(), example.labels.end(),
                                          [](std::int32_t label) { return label != noLabel; });
        if (std::int64_t(example.ids.size()) > m_maxLength || !labelled) return;
        (problem % heldOutEvery == heldOutEvery - 1 ? m_examples.heldOut : m_examples.train)
            .push_back(std::move(example));
    }
    StepExamples take(const std::string& where) {
        if (m_examples.train.empty())
            throw Error("no example with a labelled step fits into training.max_length", where,
                        "raise training.max_length, or take problems with checked steps");
        return std::move(m_examples);
    }

  private:
    std::int64_t m_maxLength;
    StepExamples m_examples;
};

std::optional<StepExamples> sampled(TrainerParts& parts, RunSession& session) {
    const PrmSettings& settings = parts.config.prm;
    session.status("generating", 0, true);
    const DataMixture mixture(parts.sources, std::uint64_t(parts.config.seed));
    std::shared_ptr<CausalLM> reference;
    parts.group->firstThenOthers([&] { reference = openReference(parts, session); });
    Generator generator(std::move(reference), parts.tokenizer);
    if (parts.generator) generator.shareLike(*parts.generator);
    generator.refresh();
    std::vector<DrawnProblem> drawn;
    std::vector<std::vector<std::int32_t>> prompts;
    std::vector<const Problem*> problems;
    std::vector<const Task*> tasks;
    for (std::int64_t i = 0; i < settings.num_prompts; ++i) drawn.push_back(mixture.draw(std::uint64_t(i)));
    for (const DrawnProblem& one : drawn) {
        problems.push_back(&one.problem);
        tasks.push_back(parts.sources[one.source].task.get());
        prompts.push_back(parts.tokenizer->encode(one.problem.prompt));
    }
    SamplingSettings sampling;
    sampling.maxNewTokens = settings.max_completion_length;
    sampling.temperature = settings.temperature;
    sampling.seed = stableHash("prm", std::uint64_t(parts.config.seed));
    sampling.recordEntropies = false;
    auto completions =
        generator.generate(prompts, settings.num_generations, sampling, 0, session.stopToken());
    if (session.isStopped()) return std::nullopt;
    const auto judged =
        judge(*parts.tokenizer, problems, tasks, std::move(completions), settings.num_generations);
    Collector collector(parts.config.training.max_length);
    for (std::size_t i = 0; i < judged.size(); ++i) {
        const std::size_t problem = i / std::size_t(settings.num_generations);
        collector.add(exampleOf(prompts[problem], judged[i], *parts.tokenizer, settings), problem);
    }
    return collector.take("prm.source: sampled");
}

}  // namespace

StepExample exampleOf(const StepwiseSolution& solution, const Tokenizer& tokenizer,
                      const PrmSettings& settings) {
    const std::vector<std::int32_t> separator = tokenizer.encode(settings.step_separator);
    if (separator.empty() && !settings.step_separator.empty())
        throw Error("the separator has no tokens", "prm.step_separator",
                    "set step_separator: \"\" where steps end with a mark of their own, as those of our tasks");
    StepExample example;
    append(example, tokenizer.encode(solution.prompt));
    for (std::size_t i = 0; i < solution.steps.size(); ++i) {
        append(example, tokenizer.encode(solution.steps[i]));
        append(example, separator);
        if (!example.labels.empty()) example.labels.back() = solution.labels[i];
    }
    if (settings.train_on_last_step_only) keepLastLabel(example);
    return example;
}

StepExample exampleOf(const std::vector<std::int32_t>& prompt, const JudgedCompletion& judged,
                      const Tokenizer& tokenizer, const PrmSettings& settings) {
    StepExample example;
    append(example, prompt);
    append(example, judged.completion.ids);
    const auto completion = example.labels.begin() + std::ptrdiff_t(prompt.size());
    if (completion == example.labels.end()) return example;
    if (settings.labels == "outcome") {
        std::fill(completion, example.labels.end(), std::int32_t(judged.verdict.correct));
        return example;
    }
    const std::vector<std::size_t> ends = stepEndTokens(tokenizer, judged);
    for (std::size_t i = 0; i < ends.size(); ++i)
        if (judged.verdict.steps[i].verdict != StepVerdict::Unchecked)
            completion[std::ptrdiff_t(ends[i])] = judged.verdict.steps[i].verdict == StepVerdict::Correct;
    example.labels.back() = judged.verdict.correct;
    if (settings.train_on_last_step_only) keepLastLabel(example);
    return example;
}

std::optional<StepExamples> makeStepExamples(TrainerParts& parts, RunSession& session) {
    const PrmSettings& settings = parts.config.prm;
    if (settings.source == "sampled") return sampled(parts, session);
    Collector collector(parts.config.training.max_length);
    // By the prompt: solutions of one problem are never on both sides.
    for (const StepwiseSolution& solution : readStepwiseSolutions(settings.file))
        collector.add(exampleOf(solution, *parts.tokenizer, settings),
                      std::size_t(stableHash(solution.prompt, 0)));
    return collector.take(settings.file);
}

}  // namespace retort
