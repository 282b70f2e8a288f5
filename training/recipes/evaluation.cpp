#include "training/recipes/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/estimators.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/recipes/beam_search.h"
#include "training/recipes/judge_model.h"
#include "training/recipes/sampled_trace.h"

namespace retort {
namespace {

/// Problems generated together: enough for wide batches, little enough memory at 4096 problems of 64 samples.
constexpr std::size_t rowsAtOnce = 512;

struct Sums {
    double samples = 0, correct = 0, worked = 0, tokens = 0, finished = 0;
    double stepAccuracy = 0, withSteps = 0;
    double beamCorrect = 0, beamTokens = 0;

    void add(const JudgedCompletion& judged) {
        samples += 1;
        correct += judged.verdict.correct;
        worked += judged.verdict.worked;
        tokens += double(judged.tokens());
        finished += judged.completion.finished;
        if (!hasCheckedSteps(judged.verdict)) return;
        stepAccuracy += judged.verdict.stepAccuracy;
        withSteps += 1;
    }
};

std::int64_t samplesOf(const EvaluationSettings& settings) {
    return settings.temperature == 0 ? 1 : settings.num_samples;  // greedy samples are all the same
}

/// The samples of one problem, as far as choosing among them needs it.
struct ProblemSamples {
    std::vector<std::string> answers;
    std::vector<bool> correct;
    std::vector<double> scores;  ///< the verifier's; empty without one
};

/// Mean over the problems.
template <class Item, class Value>
double meanOver(const std::vector<Item>& items, Value value) {
    double sum = 0;
    for (std::size_t i = 0; i < items.size(); ++i) sum += value(items[i], i);
    return sum / double(std::max<std::size_t>(items.size(), 1));
}

/// 95 % interval of the accuracy: Wilson's for one sample a problem; samples of one problem are alike, so for
/// several the problems are resampled.
Interval accuracyInterval(const std::vector<EvaluationItem>& items, const EvaluationSettings& settings,
                          std::uint64_t seed) {
    if (samplesOf(settings) > 1) {
        std::vector<double> shares;
        for (const EvaluationItem& item : items)
            shares.push_back(double(item.correct) / double(item.samples));
        return bootstrapInterval(shares, settings.bootstrap_samples, seed);
    }
    std::int64_t correct = 0;
    for (const EvaluationItem& item : items) correct += item.correct;
    return wilsonInterval(correct, std::int64_t(items.size()));
}

/// pass@k, maj@k, best-of-N, as far as there are enough samples.
void addSelections(const std::vector<EvaluationItem>& items, const std::vector<ProblemSamples>& problems,
                   const EvaluationSettings& settings, std::uint64_t seed,
                   std::vector<std::pair<std::string, double>>& metrics) {
    const std::int64_t samples = samplesOf(settings);
    for (std::int64_t k : settings.pass_at)
        if (k <= samples)
            metrics.emplace_back("pass@" + std::to_string(k),
                                 meanOver(items, [&](const EvaluationItem& item, std::size_t) {
                                     return passAtK(item.samples, item.correct, k);
                                 }));
    for (std::int64_t k : settings.maj_at)
        if (k <= samples)
            metrics.emplace_back(
                "maj@" + std::to_string(k), meanOver(problems, [&](const ProblemSamples& one, std::size_t i) {
                    return majorityAtK(one.answers, one.correct, k, stableHash("majority", seed + i));
                }));
    for (std::int64_t k : settings.best_at)
        if (k <= samples && !settings.verifier.empty())
            metrics.emplace_back("best_of@" + std::to_string(k),
                                 meanOver(problems, [&](const ProblemSamples& one, std::size_t) {
                                     return bestOfK(one.scores, one.correct, k);
                                 }));
}

std::vector<std::pair<std::string, double>> metricsOf(const Sums& sums,
                                                      const std::vector<EvaluationItem>& items,
                                                      const std::vector<ProblemSamples>& problems,
                                                      const EvaluationSettings& settings,
                                                      std::uint64_t seed) {
    const double samples = std::max(sums.samples, 1.0);
    const Interval interval = accuracyInterval(items, settings, seed);
    std::vector<std::pair<std::string, double>> metrics = {{"accuracy", sums.correct / samples},
                                                           {"accuracy_low", interval.low},
                                                           {"accuracy_high", interval.high}};
    if (sums.withSteps > 0) metrics.emplace_back("step_accuracy", sums.stepAccuracy / sums.withSteps);
    addSelections(items, problems, settings, seed, metrics);
    if (settings.beam_size > 0) {
        const double searched = double(std::max<std::size_t>(items.size(), 1));
        metrics.emplace_back("beam_accuracy", sums.beamCorrect / searched);
        metrics.emplace_back("beam_tokens", sums.beamTokens / searched);
    }
    metrics.emplace_back("mean_length", sums.tokens / samples);
    metrics.emplace_back("worked_share", sums.worked / samples);
    metrics.emplace_back("clipped_ratio", 1 - sums.finished / samples);
    return metrics;
}

EvaluationItem itemOf(const Problem& problem, const JudgedCompletion* samples, std::int64_t count) {
    EvaluationItem item{problem.id, std::int32_t(count), 0, 0};
    for (std::int64_t i = 0; i < count; ++i) {
        item.correct += samples[i].verdict.correct;
        item.meanTokens += double(samples[i].tokens()) / double(count);
    }
    return item;
}

/// Evaluates one set in portions.
class SetEvaluation {
  public:
    SetEvaluation(const EvaluationSet& set, Generator& generator, const Tokenizer& tokenizer,
                  const EvaluationSettings& settings)
        : m_set(set), m_generator(generator), m_tokenizer(tokenizer), m_settings(settings) {}

    bool tokenArrays = true;
    const JudgeModel* verifier = nullptr;
    std::uint64_t seed = 1, streamBase = 0;
    std::int64_t step = 0, firstGroup = 0;

    EvaluationReport run(const std::stop_token& stop) {
        const std::size_t atOnce = std::max<std::size_t>(rowsAtOnce / std::size_t(samplesOf(m_settings)), 1);
        for (std::size_t first = 0; first < m_set.problems.size() && !stop.stop_requested(); first += atOnce)
            portion(first, std::min(first + atOnce, m_set.problems.size()), stop);
        m_report.asked = std::int64_t(m_set.problems.size());
        m_report.event = {step, m_set.source->name, hashOfAnswered(),
                          metricsOf(m_sums, m_items, m_problems, m_settings, seed), m_items};
        return std::move(m_report);
    }

  private:
    // Of a part of the set it is another: the two must not be compared as if they were one.
    std::string hashOfAnswered() const {
        if (m_items.size() == m_set.problems.size()) return m_set.hash;
        return problemSetHash(
            {m_set.problems.begin(), m_set.problems.begin() + std::ptrdiff_t(m_items.size())});
    }

    void portion(std::size_t first, std::size_t last, const std::stop_token& stop) {
        const std::int64_t samples = samplesOf(m_settings);
        std::vector<std::vector<std::int32_t>> prompts;
        std::vector<const Problem*> problems;
        for (std::size_t i = first; i < last; ++i) {
            problems.push_back(&m_set.problems[i]);
            prompts.push_back(m_tokenizer.encode(problems.back()->prompt));
        }
        SamplingSettings sampling;
        sampling.maxNewTokens = m_settings.max_completion_length;
        sampling.temperature = m_settings.temperature;
        sampling.seed = seed;
        sampling.recordEntropies = tokenArrays;
        auto completions = m_generator.generate(prompts, samples, sampling, streamBase + first, stop);
        problems.resize(std::min(problems.size(), answered(completions)));
        const std::vector<BeamResult> beams = searched(problems, prompts, first, stop);
        if (m_settings.beam_size > 0) problems.resize(beams.size());
        completions.resize(problems.size() * std::size_t(samples));
        last = first + problems.size();
        const std::vector<const Task*> tasks(problems.size(), m_set.source->task.get());
        const auto judged = judge(m_tokenizer, problems, tasks, std::move(completions), samples);
        const std::vector<double> scores = scoresOf(prompts, judged, samples);
        for (std::size_t i = first; i < last; ++i) {
            const std::size_t place = (i - first) * std::size_t(samples);
            collect(i, judged.data() + place, scores.empty() ? nullptr : scores.data() + place);
        }
        for (std::size_t i = 0; i < beams.size(); ++i) collectBeam(*problems[i], beams[i]);
    }

    /// What beam search finds for the problems (the first of the set has the number `first`), up to the first
    /// that a stop has cut off. Empty without it.
    std::vector<BeamResult> searched(const std::vector<const Problem*>& problems,
                                     const std::vector<std::vector<std::int32_t>>& prompts, std::size_t first,
                                     const std::stop_token& stop) {
        if (m_settings.beam_size == 0) return {};
        BeamSettings beam;
        beam.size = m_settings.beam_size;
        beam.expansion = m_settings.beam_expansion;
        beam.maxTokens = m_settings.max_completion_length;
        const ModelShape& shape = m_generator.shape();
        if (shape.positionEmbedding == "learned") beam.maxPositions = shape.maxPositions;
        if (m_settings.temperature > 0) beam.temperature = m_settings.temperature;
        beam.eosId = m_tokenizer.eosId();
        beam.seed = seed;
        beam.streamBase = streamBase + first * std::uint64_t(beam.size);
        std::vector<BeamProblem> asked;
        for (std::size_t i = 0; i < problems.size(); ++i)
            asked.push_back({prompts[i], stepDelimiter(*m_set.source->task, *problems[i])});
        auto results = searchBeams(
            asked, beam,
            [&](const auto& texts, std::int64_t samples, const SamplingSettings& sampling,
                std::uint64_t stream) {
                return m_generator.generate(texts, samples, sampling, stream, stop);
            },
            [&](const auto& texts) { return verifier->valuesAtEnd(texts); });
        results.erase(std::find_if(results.begin(), results.end(),
                                   [](const BeamResult& result) { return !result.whole; }),
                      results.end());
        return results;
    }

    void collectBeam(const Problem& problem, const BeamResult& result) {
        Completion completion;
        completion.ids = result.best.ids;
        const std::string text = completionText(m_tokenizer, completion, {});
        m_sums.beamCorrect += m_set.source->task->verify(problem, text).correct;
        m_sums.beamTokens += double(result.tokens);
    }

    /// Problems before the first with a completion that a stop has cut off.
    std::size_t answered(const std::vector<Completion>& completions) const {
        const auto cut = std::find_if(completions.begin(), completions.end(),
                                      [](const Completion& completion) { return !completion.whole; });
        return std::size_t(cut - completions.begin()) / std::size_t(samplesOf(m_settings));
    }

    /// The verifier's word on each completion; one that it cannot judge comes last. Empty without a verifier.
    std::vector<double> scoresOf(const std::vector<std::vector<std::int32_t>>& prompts,
                                 const std::vector<JudgedCompletion>& judged, std::int64_t samples) const {
        if (!verifier || m_settings.best_at.empty()) return {};
        std::vector<CompletionView> views;
        for (std::size_t i = 0; i < judged.size(); ++i)
            views.push_back({&prompts[i / std::size_t(samples)], &judged[i]});
        std::vector<double> scores = verifier->verdicts(views, m_settings.verifier_score);
        for (double& score : scores)
            if (std::isnan(score)) score = -std::numeric_limits<double>::infinity();
        return scores;
    }

    void collect(std::size_t index, const JudgedCompletion* judged, const double* scores) {
        const std::int64_t samples = samplesOf(m_settings);
        const Problem& problem = m_set.problems[index];
        m_items.push_back(itemOf(problem, judged, samples));
        ProblemSamples& kept = m_problems.emplace_back();
        for (std::int64_t s = 0; s < samples; ++s) {
            kept.answers.push_back(judged[s].verdict.extracted);
            kept.correct.push_back(judged[s].verdict.correct);
            if (scores) kept.scores.push_back(scores[s]);
        }
        for (std::int64_t s = 0; s < samples; ++s) {
            m_sums.add(judged[s]);
            if (std::int64_t(m_report.traces.size()) >= m_settings.traces) continue;
            Trace trace = makeTrace(m_tokenizer, m_set.source->name, problem, judged[s], tokenArrays);
            trace.phase = "eval";
            trace.step = step;
            trace.group = firstGroup + std::int64_t(index);
            trace.sample = std::int32_t(s);
            m_report.traces.push_back(std::move(trace));
        }
    }

    const EvaluationSet& m_set;
    Generator& m_generator;
    const Tokenizer& m_tokenizer;
    const EvaluationSettings& m_settings;
    Sums m_sums;
    std::vector<EvaluationItem> m_items;
    std::vector<ProblemSamples> m_problems;
    EvaluationReport m_report;
};

}  // namespace

std::vector<EvaluationSet> makeEvaluationSets(const std::vector<DataSource>& sources, std::int64_t problems) {
    std::vector<EvaluationSet> sets;
    for (const DataSource& source : sources) {
        if (!source.heldOut) continue;
        EvaluationSet set{&source, heldOutProblems(*source.task, problems), {}};
        // Free text has nothing to ask.
        std::erase_if(set.problems, [](const Problem& problem) { return problem.prompt.empty(); });
        if (set.problems.empty()) continue;
        set.hash = problemSetHash(set.problems);
        sets.push_back(std::move(set));
    }
    return sets;
}

void checkVerifier(const EvaluationSettings& settings) {
    if (settings.beam_size == 0) return;
    if (settings.verifier.empty())
        throw Error("beam search has nothing to choose by", "evaluation.beam_size",
                    "name a process reward model as evaluation.verifier");
    if (!isProcessRewardModel(settings.verifier))
        throw Error("beam search rates unfinished solutions, and a reward model only knows whole ones",
                    "evaluation.verifier: " + settings.verifier,
                    "name a checkpoint of the recipe prm (best with prm.labels: outcome), or set "
                    "evaluation.beam_size to 0");
}

bool isComplete(const std::vector<EvaluationReport>& reports, const std::vector<EvaluationSet>& sets) {
    return reports.size() == sets.size() &&
           std::all_of(reports.begin(), reports.end(),
                       [](const auto& report) { return report.isComplete(); });
}

std::vector<EvaluationReport> evaluateSets(const std::vector<EvaluationSet>& sets, Generator& generator,
                                           const Tokenizer& tokenizer, const EvaluationSettings& settings,
                                           bool tokenArrays, std::uint64_t seed, std::int64_t step,
                                           std::stop_token stop) {
    checkVerifier(settings);
    std::optional<JudgeModel> verifier;
    if (!settings.verifier.empty() && (!settings.best_at.empty() || settings.beam_size > 0))
        verifier.emplace(settings.verifier, tokenizer, isProcessRewardModel(settings.verifier));
    std::vector<EvaluationReport> reports;
    std::int64_t group = 0;
    for (std::size_t i = 0; i < sets.size() && !stop.stop_requested(); ++i) {
        SetEvaluation evaluation(sets[i], generator, tokenizer, settings);
        evaluation.tokenArrays = tokenArrays;
        evaluation.verifier = verifier ? &*verifier : nullptr;
        evaluation.seed = stableHash("evaluation", seed);
        evaluation.streamBase = std::uint64_t(i) << 40;
        evaluation.step = step;
        evaluation.firstGroup = group;
        reports.push_back(evaluation.run(stop));
        group += std::int64_t(sets[i].problems.size());
    }
    return reports;
}

}  // namespace retort
