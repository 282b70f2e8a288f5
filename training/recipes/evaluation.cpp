#include "training/recipes/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/analysis/estimators.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/recipes/judge_model.h"
#include "training/recipes/sample_choices.h"
#include "training/recipes/search_evaluation.h"

namespace retort {
namespace {

/// Problems generated together: enough for wide batches, little enough memory at 4096 problems of 64 samples.
constexpr std::size_t rowsAtOnce = 512;

struct Sums {
    double samples = 0, correct = 0, worked = 0, tokens = 0, finished = 0;
    double stepAccuracy = 0, withSteps = 0;

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

std::vector<std::pair<std::string, double>> metricsOf(
    const Sums& sums, const std::vector<EvaluationItem>& items, const std::vector<ProblemSamples>& problems,
    const SearchEvaluation& search, const EvaluationSettings& settings, std::uint64_t seed) {
    const double samples = std::max(sums.samples, 1.0);
    const Interval interval = accuracyInterval(items, settings, seed);
    std::vector<std::pair<std::string, double>> metrics = {{"accuracy", sums.correct / samples},
                                                           {"accuracy_low", interval.low},
                                                           {"accuracy_high", interval.high}};
    if (sums.withSteps > 0) metrics.emplace_back("step_accuracy", sums.stepAccuracy / sums.withSteps);
    addSampleChoices(items, problems, settings, sums.tokens / samples, seed, metrics);
    search.addMetrics(metrics);
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

/// What chooses among completions and steps; without a model nothing does.
struct Verifier {
    std::optional<JudgeModel> model;
    bool isProcess = false;
};

/// Evaluates one set in portions.
class SetEvaluation {
  public:
    SetEvaluation(const EvaluationSet& set, Generator& generator, const Tokenizer& tokenizer,
                  const EvaluationSettings& settings, const Verifier& verifier, std::uint64_t seed)
        : m_set(set),
          m_generator(generator),
          m_tokenizer(tokenizer),
          m_settings(settings),
          m_verifier(verifier),
          m_seed(seed),
          m_search(
              *set.source->task, generator, tokenizer, settings, verifier.isProcess,
              [&verifier, &generator](const auto& texts) {
                  std::vector<double> values = verifier.model->valuesAtEnd(texts);
                  generator.agreeOn(values);
                  return values;
              },
              seed) {}

    bool tokenArrays = true;
    std::uint64_t streamBase = 0;
    std::int64_t step = 0, firstGroup = 0;

    EvaluationReport run(const std::stop_token& stop) {
        const std::size_t atOnce = std::max<std::size_t>(rowsAtOnce / std::size_t(samplesOf(m_settings)), 1);
        for (std::size_t first = 0; first < m_set.problems.size() && !stop.stop_requested(); first += atOnce)
            portion(first, std::min(first + atOnce, m_set.problems.size()), stop);
        m_report.asked = std::int64_t(m_set.problems.size());
        m_report.event = {step, m_set.source->name, hashOfAnswered(),
                          metricsOf(m_sums, m_items, m_problems, m_search, m_settings, m_seed), m_items};
        for (SearchTree& tree : m_search.takeTrees()) m_report.trees.push_back(std::move(tree));
        for (SearchTree& tree : m_report.trees) {
            tree.step = step;
            tree.task = m_set.source->name;
        }
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
        sampling.seed = m_seed;
        sampling.recordEntropies = tokenArrays;
        auto completions = m_generator.generate(prompts, samples, sampling, streamBase + first, stop);
        problems.resize(std::min(problems.size(), answered(completions)));
        if (!m_search.isEmpty())
            problems.resize(m_search.search(problems, prompts, streamBase + first, stop));
        completions.resize(problems.size() * std::size_t(samples));
        last = first + problems.size();
        const std::vector<const Task*> tasks(problems.size(), m_set.source->task.get());
        const auto judged = judge(m_tokenizer, problems, tasks, std::move(completions), samples);
        const std::vector<double> scores = scoresOf(prompts, judged, samples);
        for (std::size_t i = first; i < last; ++i) {
            const std::size_t place = (i - first) * std::size_t(samples);
            collect(i, judged.data() + place, scores.empty() ? nullptr : scores.data() + place);
        }
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
        if (!m_verifier.model || !choosesByScore(m_settings)) return {};
        std::vector<CompletionView> views;
        for (std::size_t i = 0; i < judged.size(); ++i)
            views.push_back({&prompts[i / std::size_t(samples)], &judged[i]});
        std::vector<double> scores = m_verifier.model->verdicts(views, m_settings.verifier_score);
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
            if (!scores) continue;
            kept.scores.push_back(scores[s]);
            // A reward has no bound, a vote must.
            kept.weights.push_back(m_verifier.isProcess ? std::max(scores[s], 0.0)
                                                        : 1 / (1 + std::exp(-scores[s])));
        }
        if (std::int64_t(index) < m_settings.trees)
            for (SearchTree& tree : treesOfSamples(problem, judged, kept, m_settings))
                m_report.trees.push_back(std::move(tree));
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
    const Verifier& m_verifier;
    std::uint64_t m_seed;
    SearchEvaluation m_search;
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
    if (!asksForSearch(settings)) return;
    const char* path = settings.beam_size > 0 ? "evaluation.beam_size" : "evaluation.num_particles";
    if (settings.verifier.empty())
        throw Error("a search over steps has nothing to choose by", path,
                    "name a process reward model as evaluation.verifier");
    if (!isProcessRewardModel(settings.verifier))
        throw Error(
            "a search over steps rates unfinished solutions, and a reward model only knows whole ones",
            "evaluation.verifier: " + settings.verifier,
            std::string("name a checkpoint of the recipe prm (best with prm.labels: outcome), or set ") +
                path + " to 0");
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
    Verifier verifier;
    if (choosesByScore(settings) || asksForSearch(settings)) {
        verifier.isProcess = isProcessRewardModel(settings.verifier);
        verifier.model.emplace(settings.verifier, tokenizer, verifier.isProcess);
    }
    std::vector<EvaluationReport> reports;
    std::int64_t group = 0;
    for (std::size_t i = 0; i < sets.size() && !stop.stop_requested(); ++i) {
        SetEvaluation evaluation(sets[i], generator, tokenizer, settings, verifier,
                                 stableHash("evaluation", seed));
        evaluation.tokenArrays = tokenArrays;
        evaluation.streamBase = std::uint64_t(i) << 40;
        evaluation.step = step;
        evaluation.firstGroup = group;
        reports.push_back(evaluation.run(stop));
        group += std::int64_t(sets[i].problems.size());
    }
    return reports;
}

}  // namespace retort
