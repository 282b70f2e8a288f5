#include "training/merging/methods/global_ties.h"

#include "training/merging/methods/chunks.h"
#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/magnitude.h"

namespace retort {

namespace {

/// Rank of the smallest kept entry as the authors count: ⌊d·n⌋ entries above the k-th smallest, and that one
/// too.
std::size_t smallestKept(std::size_t total, double density) {
    const auto kept = std::size_t(density * double(total));
    return total - std::min(kept + 1, total);
}

float trimmed(float delta, float threshold) {
    return std::fabs(delta) < threshold ? 0.0f : delta;  // NaN stays
}

class GlobalTies final : public DescribedMethod {
  public:
    GlobalTies()
        : DescribedMethod(
              {"ties_paper",
               "TIES with the largest entries of the whole model kept, as its authors run it "
               "(arXiv:2306.01708)",
               {modelNumber("density", 0.2, "share of the whole task vector's entries that is kept"),
                mergeNumber("lambda", 1, "factor of the merged task vector"),
                mergeFlag("sums", false, "sum the entries of the elected sign instead of averaging them")},
               {.needsBase = true, .isElementwise = true}}) {}

    std::unique_ptr<MergeSurvey> survey() const override {
        return std::make_unique<GlobalThresholds>(GlobalThresholds::Options{});
    }

    void merge(const TensorMerge& tensor, const MergeSurvey* survey, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const auto models = otherModels(tensor);
        const GlobalThresholds& thresholds = globalThresholds(tensor, survey);
        const auto lambda = float(numberOf(tensor, tensor.parameters, "lambda", 1));
        const bool sums = tensor.parameters.flag("sums", false);
        forChunks(out.size(), [&](std::size_t first, std::size_t count) {
            float merged[mergeChunk];
            mergeTies(tensor, models, thresholds, sums, first, count, merged);
            for (std::size_t i = 0; i < count; ++i) out[first + i] = base[first + i] + lambda * merged[i];
        });
    }
};

}  // namespace

GlobalThresholds::Model& GlobalThresholds::modelOf(const TensorMerge& tensor, const ModelTensor& model) {
    const double density = numberOf(tensor, model.parameters, "density", m_options.density, {0, 1});
    const auto wanted = [density](std::size_t total) {
        return std::vector<std::size_t>{smallestKept(total, density)};
    };
    auto found = m_models.find(model.key);
    if (found == m_models.end()) found = m_models.emplace(model.key, Model{density, KeyRanks(wanted)}).first;
    if (found->second.density != density)
        refuseMerge(tensor, "density differs between tensors, but one share of the whole model is kept",
                    "give one number, without filters or gradients");
    return found->second;
}

void GlobalThresholds::observe(const TensorMerge& tensor) {
    if (m_options.matricesOnly && tensor.shape.size() != 2) return;
    if (!m_options.flag.empty() && !tensor.parameters.flag(m_options.flag, false)) return;
    m_pass < 2 ? observeMagnitudes(tensor) : observeSigns(tensor);
}

void GlobalThresholds::observeMagnitudes(const TensorMerge& tensor) {
    const std::span<const float> base = baseValues(tensor);
    for (const ModelTensor* model : otherModels(tensor)) {
        std::unique_lock lock(m_mutex);
        KeyRanks& ranks = modelOf(tensor, *model).ranks;
        KeyRanks::Counts counts(ranks);
        lock.unlock();
        for (std::size_t i = 0; i < base.size(); ++i)
            counts.add(std::uint32_t(magnitudeBits(model->values[i] - base[i])));
        lock.lock();
        ranks.addCounts(counts);
    }
}

void GlobalThresholds::observeSigns(const TensorMerge& tensor) {
    const std::span<const float> base = baseValues(tensor);
    const auto models = otherModels(tensor);
    std::vector<float> limits;
    for (const ModelTensor* model : models) limits.push_back(threshold(*model));
    std::int64_t signs = 0;
    for (std::size_t i = 0; i < base.size(); ++i) {
        float sum = 0;
        for (std::size_t m = 0; m < models.size(); ++m)
            sum += trimmed(models[m]->values[i] - base[i], limits[m]);
        signs += (sum > 0) - (sum < 0);
    }
    const std::lock_guard lock(m_mutex);
    m_signs += signs;
}

bool GlobalThresholds::wantsAnotherPass() {
    if (m_models.empty()) return false;
    if (m_pass < 2)
        for (auto& [key, model] : m_models) model.ranks.endPass();
    ++m_pass;
    return m_pass < (m_options.majority ? 3 : 2);
}

float GlobalThresholds::threshold(const ModelTensor& model) const {
    const auto found = m_models.find(model.key);
    if (found == m_models.end() || found->second.density >= 1) return 0;
    if (found->second.density <= 0) return std::numeric_limits<float>::infinity();
    return std::bit_cast<float>(found->second.ranks.key(0));
}

const GlobalThresholds& globalThresholds(const TensorMerge& tensor, const MergeSurvey* survey) {
    const auto* thresholds = dynamic_cast<const GlobalThresholds*>(survey);
    if (!thresholds) refuseMerge(tensor, "this method needs its survey of the whole model");
    return *thresholds;
}

void mergeTies(const TensorMerge& tensor, const std::vector<const ModelTensor*>& models,
               const GlobalThresholds& thresholds, bool sums, std::size_t first, std::size_t count,
               float* out) {
    std::vector<float> limits;
    for (const ModelTensor* model : models) limits.push_back(thresholds.threshold(*model));
    std::vector<float> kept(models.size());
    for (std::size_t i = 0; i < count; ++i) {
        float sign = 0;
        for (std::size_t m = 0; m < models.size(); ++m) {
            kept[m] = trimmed(models[m]->values[first + i] - tensor.base[first + i], limits[m]);
            sign += kept[m];
        }
        if (sign == 0) sign = thresholds.majority();
        float sum = 0;
        int agreeing = 0;
        for (const float x : kept) {
            if (!(sign > 0 ? x > 0 : x < 0) && !std::isnan(x)) continue;
            sum += x;
            ++agreeing;
        }
        out[i] = sums || agreeing == 0 ? sum : sum / float(agreeing);
    }
}

std::unique_ptr<MergeMethod> globalTiesMethod() {
    return std::make_unique<GlobalTies>();
}

}  // namespace retort
