#include "training/search/ada_merging.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

void check(const MergeSpace& space, const AdaMergingSettings& settings) {
    if (space.method != "task_arithmetic" || space.searchesDensity || space.normalize || space.lambda != 1)
        throw Error("AdaMerging learns the weights of plain task arithmetic", "merge_method: " + space.method,
                    "task_arithmetic without densities, normalize: false, lambda: 1");
    if (settings.objective != "cross_entropy" && settings.objective != "entropy")
        throw Error("unknown objective '" + settings.objective + "'", "AdaMerging",
                    "cross_entropy or entropy");
    if (!(settings.lower < settings.upper) || !(settings.learningRate > 0) || settings.batchSize < 1 ||
        settings.examples < 1 || settings.refreshSteps < 1)
        throw Error("there is no room between the bounds, or nothing to learn from", "AdaMerging");
}

/// ⟨gradient, model − base⟩ of one weight.
double product(const float* gradient, const float* model, const float* base, std::int64_t size) {
    double sum = 0;
    for (std::int64_t i = 0; i < size; ++i) sum += double(gradient[i]) * double(model[i] - base[i]);
    return sum;
}

/// Adam over a few numbers that stay between bounds.
class BoundedAdam {
  public:
    explicit BoundedAdam(const AdaMergingSettings& settings) : m_s(settings) {}

    void step(std::vector<double>& values, const std::vector<double>& gradient) {
        m_average.resize(values.size());
        m_square.resize(values.size());
        ++m_steps;
        const double first = 1 - std::pow(m_s.beta1, double(m_steps)),
                     second = 1 - std::pow(m_s.beta2, double(m_steps));
        for (std::size_t i = 0; i < values.size(); ++i) {
            m_average[i] = m_s.beta1 * m_average[i] + (1 - m_s.beta1) * gradient[i];
            m_square[i] = m_s.beta2 * m_square[i] + (1 - m_s.beta2) * gradient[i] * gradient[i];
            const double change =
                m_s.learningRate * (m_average[i] / first) / (std::sqrt(m_square[i] / second) + m_s.epsilon);
            // The authors clamp in the forward pass, where a coefficient beyond a bound has no gradient and
            // stays.
            values[i] = std::clamp(values[i] - change, m_s.lower, m_s.upper);
        }
    }

  private:
    const AdaMergingSettings& m_s;
    std::vector<double> m_average, m_square;
    std::int64_t m_steps = 0;
};

/// Draws the steps' batches.
class Batches {
  public:
    Batches(MergeEvaluator& evaluator, const AdaMergingSettings& settings)
        : m_evaluator(evaluator),
          m_s(settings),
          m_tasks(makeCalibration(evaluator.sources(), *evaluator.tokenizer(), settings.examples,
                                  settings.seed)) {
        if (settings.objective == "entropy")
            m_generator = std::make_unique<Generator>(evaluator.model(), evaluator.tokenizer());
    }

    /// The sequences of each task; empty when a stop came. The model holds the current merge.
    std::vector<std::vector<TokenSequence>> take(std::int64_t step, const std::stop_token& stop) {
        if (stop.stop_requested()) return {};
        if (m_generator && (step - 1) % m_s.refreshSteps == 0 && !answer(stop)) return {};
        std::vector<std::vector<TokenSequence>> batch;
        for (std::size_t t = 0; t < m_tasks.size(); ++t) {
            const auto& sequences = m_generator ? m_answers[t] : m_tasks[t].sequences;
            Random random(stableHash("adamerging", m_s.seed), std::uint64_t(step) << 8 | t);
            batch.emplace_back();
            for (std::int64_t i = 0; i < m_s.batchSize; ++i)
                batch.back().push_back(
                    sequences[std::size_t(random.integer(0, std::int64_t(sequences.size()) - 1))]);
        }
        return batch;
    }

  private:
    bool answer(const std::stop_token& stop) {
        m_generator->refresh();
        m_answers.clear();
        for (const CalibrationTask& task : m_tasks) {
            std::vector<const Problem*> problems;
            for (const Problem& problem : task.problems) problems.push_back(&problem);
            m_answers.push_back(answeredSequences(problems, *m_generator, *m_evaluator.tokenizer(),
                                                  m_s.maxCompletionLength, stop));
            if (m_answers.back().empty()) return false;
        }
        return true;
    }

    MergeEvaluator& m_evaluator;
    const AdaMergingSettings& m_s;
    std::vector<CalibrationTask> m_tasks;
    std::unique_ptr<Generator> m_generator;
    std::vector<std::vector<TokenSequence>> m_answers;
};

}  // namespace

std::vector<double> coefficientGradients(const MergeParents& parents, const MergeSpace& space,
                                         const torch::Tensor& flatGradient) {
    const std::vector<std::size_t> groups = parents.sliceGroups(space.groups);
    const std::size_t models = parents.models.size();
    std::vector<double> bySlice(groups.size() * models), gradients(space.groups.size() * models, 0);
    const float *gradient = flatGradient.data_ptr<float>(), *base = parents.base.data_ptr<float>();
    at::parallel_for(0, std::int64_t(bySlice.size()), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const WeightSlice& slice = parents.layout.slices[std::size_t(i) / models];
            const float* model = parents.models[std::size_t(i) % models].data_ptr<float>();
            bySlice[std::size_t(i)] =
                product(gradient + slice.offset, model + slice.offset, base + slice.offset, slice.size);
        }
    });
    for (std::size_t s = 0; s < groups.size(); ++s)
        for (std::size_t m = 0; m < models; ++m) gradients[groups[s] * models + m] += bySlice[s * models + m];
    return gradients;
}

torch::Tensor adaMergingLoss(CausalLM& model, const std::vector<std::vector<TokenSequence>>& sequences,
                             const std::string& objective) {
    std::vector<TokenSequence> all;
    std::vector<float> shares;
    for (const auto& task : sequences) {
        std::int64_t targets = 0;
        for (const TokenSequence& sequence : task) targets += sequence.targetCount();
        shares.insert(shares.end(), std::size_t(targets),
                      1 / (float(std::max<std::int64_t>(targets, 1)) * float(sequences.size())));
        all.insert(all.end(), task.begin(), task.end());
    }
    const bool entropy = objective == "entropy";
    const TokenScores scores = model.score(packSequences(all), 1.0, entropy);
    return ((entropy ? scores.entropies : -scores.logprobs) * torch::tensor(shares)).sum();
}

AdaMergingOutcome adaMerge(MergeEvaluator& evaluator, const MergeSpace& space,
                           const AdaMergingSettings& settings,
                           const std::function<void(const AdaMergingStep&)>& onStep, std::stop_token stop) {
    check(space, settings);
    const torch::AutoGradMode enable(true);  // whatever the caller's thread has set
    AdaMergingOutcome outcome;
    outcome.coefficients.assign(space.dimensions(),
                                std::clamp(settings.start, settings.lower, settings.upper));
    evaluator.merge(space, outcome.coefficients);
    Batches batches(evaluator, settings);
    BoundedAdam adam(settings);
    CausalLM& model = *evaluator.model();
    for (std::int64_t step = 1; step <= settings.steps; ++step) {
        const auto batch =
            stop.stop_requested() ? decltype(batches.take(0, stop))() : batches.take(step, stop);
        if (batch.empty()) {
            outcome.stopped = true;
            break;
        }
        if (model.flatGradients().defined()) model.flatGradients().zero_();
        const torch::Tensor loss = adaMergingLoss(model, batch, settings.objective);
        loss.backward();
        const double objective = loss.item<double>();
        if (!std::isfinite(objective))
            throw Error("the objective of AdaMerging is not finite at step " + std::to_string(step),
                        "AdaMerging", "lower the learning rate or the start");
        adam.step(outcome.coefficients,
                  coefficientGradients(evaluator.parents(), space, model.flatGradients()));
        evaluator.merge(space, outcome.coefficients);
        outcome.objectives.push_back(objective);
        if (onStep) onStep(AdaMergingStep{step, objective, outcome.coefficients});
    }
    return outcome;
}

}  // namespace retort
