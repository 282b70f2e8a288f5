#include "training/recipes/sampled_pairs.h"

#include <algorithm>
#include <sstream>

#include "core/tasks/rejected_traces.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "training/recipes/step_values.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// A right answer must be this much longer than the shortest one to be rejected for it (Kimi k1.5).
constexpr double longerBy = 1.5;

using Samples = std::vector<const JudgedCompletion*>;

Samples samplesThat(const SampledGroup& group, bool areCorrect) {
    Samples found;
    for (const JudgedCompletion& sample : group.samples)
        if (sample.verdict.correct == areCorrect) found.push_back(&sample);
    return found;
}

const JudgedCompletion* anyOf(const Samples& samples, Random& random) {
    if (samples.empty()) return nullptr;
    return samples[std::size_t(random.integer(0, std::int64_t(samples.size()) - 1))];
}

std::optional<PreferencePair> pairOf(const SampledGroup& group, const JudgedCompletion* chosen,
                                     const JudgedCompletion* rejected) {
    if (!chosen || !rejected || chosen->text == rejected->text) return std::nullopt;
    return PreferencePair{group.drawn.problem.prompt, chosen->text, rejected->text,
                          chosen->completion.finished, rejected->completion.finished};
}

std::optional<PreferencePair> stepPairFrom(const SampledGroup& group, const Task& task, Random& random) {
    std::vector<std::string> others;
    for (const JudgedCompletion& sample : group.samples) others.push_back(sample.text);
    std::vector<PreferencePair> found;
    for (const JudgedCompletion* wrong : samplesThat(group, false))
        if (const auto pair = firstBadStep(task, group.drawn.problem, wrong->text, others))
            found.push_back(
                {group.drawn.problem.prompt + pair->prefix, pair->chosen, pair->rejected, false, false});
    if (found.empty()) return std::nullopt;
    return found[std::size_t(random.integer(0, std::int64_t(found.size()) - 1))];
}

std::optional<PreferencePair> shortestPairFrom(const SampledGroup& group, Random& random) {
    const Samples right = samplesThat(group, true);
    if (right.empty()) return std::nullopt;
    const JudgedCompletion* shortest = *std::min_element(
        right.begin(), right.end(), [](const auto* a, const auto* b) { return a->tokens() < b->tokens(); });
    Samples worse;
    for (const JudgedCompletion& sample : group.samples) {
        const double enough = sample.verdict.correct ? longerBy : 1;
        if (double(sample.tokens()) >= enough * double(shortest->tokens())) worse.push_back(&sample);
    }
    std::erase(worse, shortest);
    return pairOf(group, shortest, anyOf(worse, random));
}

std::vector<SampledGroup> drawGroups(const TrainerParts& parts, std::int64_t round) {
    const DataMixture mixture(parts.sources, std::uint64_t(parts.config.seed));
    std::vector<SampledGroup> groups;
    const std::int64_t count = parts.config.pairs.prompts_per_round;
    for (std::int64_t i = 0; i < count; ++i)
        groups.push_back({mixture.draw(std::uint64_t(round * count + i)), {}});
    return groups;
}

std::vector<Completion> sampleGroups(TrainerParts& parts, const std::vector<SampledGroup>& groups,
                                     std::int64_t round, std::stop_token stop) {
    const PairSettings& settings = parts.config.pairs;
    std::vector<std::vector<std::int32_t>> prompts;
    for (const SampledGroup& group : groups) {
        prompts.push_back(parts.tokenizer->encode(group.drawn.problem.prompt));
        if (prompts.back().empty())
            throw Error("an example without a prompt cannot be asked", "data.files",
                        "sampling needs prompts");
    }
    SamplingSettings sampling;
    sampling.maxNewTokens = settings.max_completion_length;
    sampling.temperature = settings.temperature;
    sampling.topP = settings.top_p;
    sampling.seed = stableHash("pairs", std::uint64_t(parts.config.seed));
    parts.generator->refresh();
    return parts.generator->generate(prompts, settings.num_generations, sampling,
                                     std::uint64_t(round * settings.prompts_per_round), std::move(stop));
}

void judgeGroups(const TrainerParts& parts, std::vector<SampledGroup>& groups,
                 std::vector<Completion> completions) {
    std::vector<const Problem*> problems;
    std::vector<const Task*> tasks;
    for (const SampledGroup& group : groups) {
        problems.push_back(&group.drawn.problem);
        tasks.push_back(parts.sources[group.drawn.source].task.get());
    }
    const auto samples = std::size_t(parts.config.pairs.num_generations);
    auto judged = judge(*parts.tokenizer, problems, tasks, std::move(completions), std::int64_t(samples));
    for (std::size_t i = 0; i < judged.size(); ++i)
        groups[i / samples].samples.push_back(std::move(judged[i]));
}

Metrics metricsOf(const std::vector<SampledGroup>& groups, std::size_t pairs) {
    double samples = 0, right = 0, tokens = 0;
    for (const SampledGroup& group : groups)
        for (const JudgedCompletion& sample : group.samples) {
            samples += 1;
            right += sample.verdict.correct;
            tokens += double(sample.tokens());
        }
    return {{"pairs/yield", double(pairs) / double(groups.size())},
            {"pairs/accuracy", right / std::max(samples, 1.0)},
            {"completions/mean_length", tokens / std::max(samples, 1.0)}};
}

std::vector<PreferencePair> judgedPairs(const TrainerParts& parts, const std::vector<SampledGroup>& groups,
                                        std::int64_t round) {
    std::vector<PreferencePair> pairs;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        Random random(stableHash("pair", std::uint64_t(parts.config.seed)), std::uint64_t(round), i << 20);
        const Task& task = *parts.sources[groups[i].drawn.source].task;
        if (auto pair = pairFrom(parts.config.pairs.source, groups[i], task, random))
            pairs.push_back(std::move(*pair));
    }
    return pairs;
}

std::optional<StepValuePairs> rolledOutPairs(TrainerParts& parts, const std::vector<SampledGroup>& groups,
                                             std::int64_t round, const std::stop_token& stop) {
    std::vector<const Task*> tasks;
    for (const SampledGroup& group : groups) tasks.push_back(parts.sources[group.drawn.source].task.get());
    StepValueSettings settings;
    settings.pairs = &parts.config.pairs;
    const ModelShape& shape = parts.generator->shape();
    if (shape.positionEmbedding == "learned") settings.maxPositions = shape.maxPositions;
    settings.seed = stableHash("step values", std::uint64_t(parts.config.seed));
    settings.streamBase = std::uint64_t(round) << 32;
    return stepValuePairs(groups, tasks, *parts.tokenizer, settings,
                          [&](const auto& prompts, std::int64_t samples, const SamplingSettings& sampling,
                              std::uint64_t stream) {
                              return parts.generator->generate(prompts, samples, sampling, stream, stop);
                          });
}

[[noreturn]] void failWithoutPairs(const PairSettings& settings, std::size_t prompts, double accuracy) {
    const bool isMixed = settings.source == "error_injection";
    throw Error("none of " + std::to_string(prompts) + " prompts gave a pair: the policy answers " +
                    (accuracy > 0.5 ? "(nearly) all right" : "(nearly) all wrong"),
                isMixed ? "pairs.sampled_share" : "pairs.source: " + settings.source,
                std::string("raise pairs.num_generations or pairs.prompts_per_round, ") +
                    (settings.step_values == "monte_carlo" ? "lower pairs.step_drop, " : "") +
                    "or choose problems of another difficulty");
}

std::vector<Trace> tracesOf(const TrainerParts& parts, const std::vector<SampledGroup>& groups,
                            std::int64_t step) {
    std::vector<Trace> traces;
    const TraceSettings& settings = parts.config.traces;
    const std::size_t count = std::min(groups.size(), std::size_t(settings.groups_per_step));
    for (std::size_t g = 0; g < count; ++g)
        for (std::size_t s = 0; s < groups[g].samples.size(); ++s) {
            traces.push_back(makeTrace(*parts.tokenizer, parts.sources[groups[g].drawn.source].name,
                                       groups[g].drawn.problem, groups[g].samples[s], settings.token_arrays));
            traces.back().step = step;
            traces.back().group = std::int64_t(g);
            traces.back().sample = std::int32_t(s);
        }
    return traces;
}

fs::path fileOf(const RunDirectory& run, std::int64_t number) {
    return run.path() / "pairs" / ("round-" + std::to_string(number) + ".jsonl");
}

}  // namespace

std::optional<PreferencePair> pairFrom(const std::string& source, const SampledGroup& group, const Task& task,
                                       Random& random) {
    if (source == "first_bad_step") return stepPairFrom(group, task, random);
    if (source == "shortest_correct") return shortestPairFrom(group, random);
    const JudgedCompletion* chosen = anyOf(samplesThat(group, true), random);
    return pairOf(group, chosen, anyOf(samplesThat(group, false), random));
}

std::optional<PairRound> samplePairs(TrainerParts& parts, RunSession& session, std::int64_t number,
                                     std::int64_t step) {
    session.status("generating", step);
    std::vector<SampledGroup> groups = drawGroups(parts, number);
    auto completions = sampleGroups(parts, groups, number, session.stopToken());
    if (session.isStopped()) return std::nullopt;
    judgeGroups(parts, groups, std::move(completions));
    PairRound round;
    round.number = number;
    std::optional<StepValuePairs> rolledOut;
    if (parts.config.pairs.step_values == "monte_carlo") {
        rolledOut = rolledOutPairs(parts, groups, number, session.stopToken());
        if (!rolledOut) return std::nullopt;
        round.pairs = std::move(rolledOut->pairs);
    } else {
        round.pairs = judgedPairs(parts, groups, number);
    }
    round.metrics = metricsOf(groups, round.pairs.size());
    if (round.pairs.empty()) failWithoutPairs(parts.config.pairs, groups.size(), round.metrics[1].second);
    if (rolledOut) round.metrics.emplace_back("pairs/rollout_tokens", double(rolledOut->rolloutTokens));
    round.traces = tracesOf(parts, groups, step);
    return round;
}

void writeRound(const RunDirectory& run, const PairRound& round) {
    std::string text;
    for (const PreferencePair& pair : round.pairs)
        text += Json{{"prompt", pair.prompt},
                     {"chosen", pair.chosen},
                     {"rejected", pair.rejected},
                     {"chosen_ends", pair.chosenEnds},
                     {"rejected_ends", pair.rejectedEnds}}
                    .dump() +
                "\n";
    const fs::path file = fileOf(run, round.number);
    fs::create_directories(file.parent_path());
    writeFileAtomically(file, text);
}

std::optional<PairRound> readRound(const RunDirectory& run, std::int64_t number) {
    const fs::path file = fileOf(run, number);
    std::error_code code;
    if (!fs::exists(file, code)) return std::nullopt;
    PairRound round;
    round.number = number;
    std::istringstream lines(readFile(file));
    try {
        for (std::string line; std::getline(lines, line);) {
            const Json row = Json::parse(line);
            round.pairs.push_back({row.at("prompt").get<std::string>(), row.at("chosen").get<std::string>(),
                                   row.at("rejected").get<std::string>(), row.at("chosen_ends").get<bool>(),
                                   row.at("rejected_ends").get<bool>()});
        }
    } catch (const Json::exception& error) {
        throw Error(std::string("malformed round of pairs: ") + error.what(), file.string());
    }
    if (round.pairs.empty()) throw Error("holds no pairs", file.string());
    return round;
}

}  // namespace retort
