#include "training/merging/methods/pcb.h"

#include <cmath>
#include <map>
#include <mutex>

#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/key_ranks.h"
#include "training/merging/methods/magnitude.h"

namespace retort {

namespace {

/// Limits of one task vector over the whole model.
struct TaskLimits {
    float low = 0, high = 0;           ///< magnitudes are clipped to these quantiles
    float threshold = 0, largest = 0;  ///< of the scores: the lowest that counts, the highest

    float clipped(float delta) const {
        const float magnitude = std::fabs(delta);
        const float inside = magnitude < low ? low : magnitude > high ? high : magnitude;
        return delta == 0 ? 0 : std::copysign(inside, delta);
    }
    /// exp(N · minmax(|τ|)²) · tanh(τ · Σ τ): competition within the task, and with the others.
    float score(float delta, float sum, float tasks) const {
        const float magnitude = std::fabs(delta);
        const float inside = magnitude < low ? low : magnitude > high ? high : magnitude;
        const float share = high > low ? (inside - low) / (high - low) : 0;
        return std::exp(tasks * (share * share)) * std::tanh(delta * sum);
    }
    /// 0 at the threshold and below, 1 at the highest score.
    float share(float score) const {
        if (std::isnan(score)) return score;
        return largest > threshold ? std::max(0.0f, (score - threshold) / (largest - threshold)) : 0;
    }
};

/// Four passes: quantiles of the magnitudes, then of the scores that rest on them.
class PcbSurvey final : public MergeSurvey {
  public:
    void observe(const TensorMerge& tensor) override {
        const std::span<const float> base = baseValues(tensor);
        const auto models = otherModels(tensor);
        std::vector<KeyRanks*> ranks;
        std::vector<KeyRanks::Counts> counts;
        std::vector<TaskLimits> limits;
        std::unique_lock lock(m_mutex);
        for (const ModelTensor* model : models) {
            Task& task = taskOf(tensor, *model);
            ranks.push_back(m_pass < 2 ? &task.magnitudes : &task.scores);
            counts.emplace_back(*ranks.back());
            limits.push_back(task.limits);
        }
        lock.unlock();
        for (std::size_t i = 0; i < base.size(); ++i) {
            float sum = 0;
            for (const ModelTensor* model : models) sum += model->values[i] - base[i];
            for (std::size_t m = 0; m < models.size(); ++m) {
                const float delta = models[m]->values[i] - base[i];
                counts[m].add(m_pass < 2 ? std::uint32_t(magnitudeBits(delta))
                                         : orderedKey(limits[m].score(delta, sum, float(models.size()))));
            }
        }
        lock.lock();
        for (std::size_t m = 0; m < models.size(); ++m) ranks[m]->addCounts(counts[m]);
    }

    bool wantsAnotherPass() override {
        for (auto& [key, task] : m_tasks) {
            (m_pass < 2 ? task.magnitudes : task.scores).endPass();
            if (m_pass == 1)
                task.limits.low = std::bit_cast<float>(task.magnitudes.key(0)),
                task.limits.high = std::bit_cast<float>(task.magnitudes.key(1));
            if (m_pass == 3)
                task.limits.threshold = keyValue(task.scores.key(0)),
                task.limits.largest = keyValue(task.scores.key(1));
        }
        return ++m_pass < 4;
    }

    const TaskLimits& limits(const ModelTensor& model) const { return m_tasks.at(model.key).limits; }

  private:
    struct Task {
        double ratio, clip;
        KeyRanks magnitudes, scores;
        TaskLimits limits;
    };

    Task& taskOf(const TensorMerge& tensor, const ModelTensor& model) {
        const double ratio = numberOf(tensor, tensor.parameters, "pcb_ratio", 0.1, {0, 1});
        const double clip = numberOf(tensor, tensor.parameters, "clip_ratio", 1e-4, {0, 0.49});
        const auto quantiles = [clip](std::size_t total) {
            const double n = double(total);
            const double last = n * (1 - clip) - 1;
            return std::vector<std::size_t>{std::size_t(n * clip), std::size_t(std::max(0.0, last))};
        };
        const auto limits = [ratio](std::size_t total) {
            return std::vector<std::size_t>{std::size_t(double(total) * (1 - ratio)), total ? total - 1 : 0};
        };
        auto found = m_tasks.find(model.key);
        if (found == m_tasks.end())
            found = m_tasks.emplace(model.key, Task{ratio, clip, KeyRanks(quantiles), KeyRanks(limits), {}})
                        .first;
        if (found->second.ratio != ratio || found->second.clip != clip)
            refuseMerge(tensor,
                        "pcb_ratio and clip_ratio differ between tensors, but they are of the whole model",
                        "give one number, without filters or gradients");
        return found->second;
    }

    int m_pass = 0;
    std::mutex m_mutex;
    std::map<std::uint64_t, Task> m_tasks;
};

class Pcb final : public DescribedMethod {
  public:
    Pcb()
        : DescribedMethod(
              {"pcb",
               "keeps the entries that matter to their task and agree with the others, averaged by "
               "how much (arXiv:2410.02396)",
               {modelNumber("weight", 1, "factor of the model's task vector"),
                mergeNumber("pcb_ratio", 0.1, "share of each whole task vector that is kept"),
                mergeNumber("clip_ratio", 1e-4, "share of the magnitudes that is clipped at each end"),
                mergeNumber("lambda", 1, "factor of the merged task vector")},
               {.needsBase = true, .isElementwise = true}}) {}

    std::unique_ptr<MergeSurvey> survey() const override { return std::make_unique<PcbSurvey>(); }

    void merge(const TensorMerge& tensor, const MergeSurvey* survey, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const auto* surveyed = dynamic_cast<const PcbSurvey*>(survey);
        if (!surveyed) refuseMerge(tensor, "this method needs its survey of the whole model");
        const auto models = otherModels(tensor);
        const auto lambda = float(numberOf(tensor, tensor.parameters, "lambda", 1));
        std::vector<TaskLimits> limits;
        std::vector<float> weights;
        for (const ModelTensor* model : models) {
            limits.push_back(surveyed->limits(*model));
            weights.push_back(float(numberOf(tensor, model->parameters, "weight", 1)));
        }
        for (std::size_t i = 0; i < out.size(); ++i) {
            float sum = 0, merged = 0, shares = 0;
            for (const ModelTensor* model : models) sum += model->values[i] - base[i];
            for (std::size_t m = 0; m < models.size(); ++m) {
                const float delta = models[m]->values[i] - base[i];
                const float share = limits[m].share(limits[m].score(delta, sum, float(models.size())));
                merged += weights[m] * limits[m].clipped(delta) * share;
                shares += share;
            }
            out[i] = base[i] + lambda * (merged / std::max(shares, 1e-12f));
        }
    }
};

}  // namespace

std::unique_ptr<MergeMethod> pcbMethod() {
    return std::make_unique<Pcb>();
}

}  // namespace retort
