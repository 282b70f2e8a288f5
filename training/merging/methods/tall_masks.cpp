#include "training/merging/methods/tall_masks.h"

#include "training/merging/methods/chunks.h"
#include "training/merging/methods/described_method.h"
#include "training/merging/methods/global_ties.h"
#include "training/merging/methods/inputs.h"

namespace retort {

namespace {

constexpr double defaultLambda = 0.4;  // the middle of the authors' grid, 0.2 to 0.6

std::vector<MergeParameterInfo> sharedParameters() {
    return {
        modelNumber("weight", 1, "factor of the model's task vector in the multi-task vector"),
        modelNumber("tall_mask_lambda", defaultLambda,
                    "strictness of the task's mask; the authors choose from 0.2 to 0.6 on validation data"),
        modelNumber("density", 0.2, "with use_ties: share of each whole task vector that is kept"),
        mergeFlag("use_ties", false, "sum the task vectors by TIES instead of plainly"),
        mergeNumber("lambda", 1, "factor of the masked multi-task vector")};
}

/// What both methods start from, a chunk at a time.
class TaskVectors {
  public:
    TaskVectors(const TensorMerge& tensor, const MergeSurvey* survey)
        : m_tensor(tensor), m_base(baseValues(tensor)), m_models(otherModels(tensor)) {
        if (tensor.parameters.flag("use_ties", false)) m_thresholds = &globalThresholds(tensor, survey);
        for (const ModelTensor* model : m_models) {
            m_weights.push_back(float(numberOf(tensor, model->parameters, "weight", 1)));
            m_lambdas.push_back(
                float(numberOf(tensor, model->parameters, "tall_mask_lambda", defaultLambda, {0})));
        }
    }

    std::size_t tasks() const { return m_models.size(); }

    void readMultiTask(std::size_t first, std::size_t count, float* out) const {
        if (m_thresholds) {
            mergeTies(m_tensor, m_models, *m_thresholds, true, first, count, out);
            return;
        }
        float delta[mergeChunk];
        std::fill_n(out, count, 0.0f);
        for (std::size_t m = 0; m < m_models.size(); ++m) {
            readDelta(deltaOf(m), first, count, delta);
            addScaled(out, delta, m_weights[m], count);
        }
    }

    /// 1 where the task uses the entry.
    void readMask(std::size_t task, const float* multiTask, std::size_t first, std::size_t count,
                  float* out) const {
        readDelta(deltaOf(task), first, count, out);
        const float lambda = m_lambdas[task];
        for (std::size_t i = 0; i < count; ++i)
            out[i] = std::fabs(out[i]) > std::fabs(multiTask[i] - out[i]) * lambda ? 1.0f : 0.0f;
    }

  private:
    Delta deltaOf(std::size_t task) const {
        return {m_models[task]->values.data(), m_base.data(), m_base.size()};
    }

    const TensorMerge& m_tensor;
    std::span<const float> m_base;
    std::vector<const ModelTensor*> m_models;
    const GlobalThresholds* m_thresholds = nullptr;
    std::vector<float> m_weights, m_lambdas;
};

/// Entries that fewer than k tasks use are dropped: selfish (one task) and catastrophic (none) ones at k = 2.
class Masked final : public DescribedMethod {
  public:
    explicit Masked(bool isConsensus) : DescribedMethod(facts(isConsensus)), m_isConsensus(isConsensus) {}

    std::unique_ptr<MergeSurvey> survey() const override {
        return std::make_unique<GlobalThresholds>(GlobalThresholds::Options{.flag = "use_ties"});
    }

    void merge(const TensorMerge& tensor, const MergeSurvey* survey, std::span<float> out) const override {
        checkSizes(tensor, out);
        const TaskVectors vectors(tensor, survey);
        const auto lambda = float(numberOf(tensor, tensor.parameters, "lambda", 1));
        const double count = double(vectors.tasks());
        float needed = 0;
        std::size_t task = 0;
        if (m_isConsensus)
            needed = float(numberOf(tensor, tensor.parameters, "prun_thre_k", 2, {0}));
        else
            task = std::size_t(requiredNumber(tensor, tensor.parameters, "task", {0, count - 1}));
        forChunks(out.size(), [&](std::size_t first, std::size_t size) {
            float multi[mergeChunk], mask[mergeChunk], uses[mergeChunk] = {};
            vectors.readMultiTask(first, size, multi);
            for (std::size_t m = m_isConsensus ? 0 : task; m < (m_isConsensus ? vectors.tasks() : task + 1);
                 ++m) {
                vectors.readMask(m, multi, first, size, mask);
                add(uses, mask, size);
            }
            const float limit = m_isConsensus ? needed : 1;
            for (std::size_t i = 0; i < size; ++i)
                out[first + i] = tensor.base[first + i] + (uses[i] >= limit ? lambda * multi[i] : 0);
        });
    }

  private:
    static MethodFacts facts(bool isConsensus) {
        std::vector<MergeParameterInfo> parameters = sharedParameters();
        if (isConsensus) {
            parameters.push_back(mergeNumber("prun_thre_k", 2, "entries that fewer tasks use are dropped"));
            return {"consensus",
                    "drops entries of the summed task vectors that few tasks use (arXiv:2405.07813)",
                    parameters,
                    {.needsBase = true, .isElementwise = true}};
        }
        parameters.push_back(
            mergeNumber("task", std::nullopt, "whose model: 0 is the first one besides the base"));
        return {"tall_mask",
                "one task's model, got back out of the summed task vectors by its mask "
                "(arXiv:2405.07813)",
                parameters,
                {.needsBase = true, .isElementwise = true}};
    }

    bool m_isConsensus;
};

}  // namespace

std::vector<std::unique_ptr<MergeMethod>> tallMaskMethods() {
    std::vector<std::unique_ptr<MergeMethod>> methods;
    methods.push_back(std::make_unique<Masked>(true));
    methods.push_back(std::make_unique<Masked>(false));
    return methods;
}

}  // namespace retort
