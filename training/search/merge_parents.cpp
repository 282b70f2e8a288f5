#include "training/search/merge_parents.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "training/model/checkpoint_reader.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::int64_t block = 4096;  // floats: one of each parent stays in the first-level cache
constexpr double leastWeightSum = 1e-8;

torch::Tensor flatOf(const CheckpointReader& reader) {
    torch::Tensor flat = torch::empty({reader.layout().size}, torch::kFloat32);
    reader.read(0, flat.numel(), flat.data_ptr<float>());
    return flat;
}

/// Two vocabularies of one size are not yet one vocabulary.
std::string vocabularyOf(const fs::path& folder) {
    return fs::exists(folder / "tokenizer.json") ? loadTokenizer(folder)->hash() : std::string();
}

/// Factors of the base and of each model in one group.
struct Factors {
    float base = 0;
    std::vector<float> models;
};

Factors factorsOf(const MergeSpace& space, std::span<const double> coefficients, std::size_t group) {
    double sum = 0, scale = space.lambda;
    for (std::size_t m = 0; m < space.models.size(); ++m) sum += space.weightAt(coefficients, group, m);
    if (space.normalize) {
        if (std::abs(sum) < leastWeightSum)
            throw Error("the weights sum to zero", "weights of " + space.groups[group].name,
                        "other weights, or normalize: false");
        scale /= sum;
    }
    Factors factors;
    double moved = 0;
    for (std::size_t m = 0; m < space.models.size(); ++m) {
        const double factor = scale * space.weightAt(coefficients, group, m);
        factors.models.push_back(float(factor));
        moved += factor;
    }
    // θ0 + Σ c·(θ − θ0): exact where all c are 0, and where one is 1.
    factors.base = space.method == "task_arithmetic" ? float(1 - moved) : 0;
    return factors;
}

std::vector<float> turned(std::span<const float> values, std::int64_t rows, std::int64_t columns) {
    std::vector<float> result(values.size());
    transposeMatrix(values.data(), rows, columns, result.data());
    return result;
}

/// One weight of all parents as a formula sees it: in the file's orientation.
class SliceMerge {
  public:
    SliceMerge(const MergeParents& parents, const MergeSpace& space, std::span<const double> coefficients,
               std::size_t slice, std::size_t group, const std::vector<std::uint64_t>& keys,
               std::uint64_t seed)
        : m_slice(parents.layout.slices[slice]) {
        tensor.name = m_slice.name;
        tensor.shape = m_slice.fileShape();
        tensor.seed = seed;
        if (parents.base.defined()) tensor.base = view(parents.base);
        tensor.parameters.set("normalize", space.normalize);
        tensor.parameters.set("lambda", space.lambda);
        for (std::size_t m = 0; m < parents.models.size(); ++m) {
            ModelTensor& model = tensor.models.emplace_back();
            model.values = view(parents.models[m]);
            model.key = keys.at(m);
            model.parameters.set("weight", space.weightAt(coefficients, group, m));
            model.parameters.set("density", space.densityAt(coefficients, group, m));
        }
    }

    void merge(const MergeMethod& method, const MergeSurvey* survey, const torch::Tensor& out) const {
        float* to = out.data_ptr<float>() + m_slice.offset;
        if (!m_slice.transposedInFile) return method.merge(tensor, survey, {to, std::size_t(m_slice.size)});
        std::vector<float> merged(std::size_t(m_slice.size));
        method.merge(tensor, survey, merged);
        transposeMatrix(merged.data(), m_slice.shape[0], m_slice.shape[1], to);
    }

    TensorMerge tensor;

  private:
    std::span<const float> view(const torch::Tensor& flat) {
        const std::span<const float> values(flat.data_ptr<float>() + m_slice.offset,
                                            std::size_t(m_slice.size));
        if (!m_slice.transposedInFile) return values;
        m_turned.push_back(turned(values, m_slice.shape[1], m_slice.shape[0]));
        return m_turned.back();
    }

    const WeightSlice& m_slice;
    std::vector<std::vector<float>> m_turned;  // moving a vector leaves its elements where they are
};

}  // namespace

void MergeParents::add(torch::Tensor flat, const std::string& name, bool isBase) {
    if (!torch::isfinite(flat).all().item<bool>())
        throw Error("the checkpoint has weights that are not finite numbers", name,
                    "merging would spread them over the whole tensor");
    if (isBase)
        base = std::move(flat);
    else
        models.push_back(std::move(flat));
}

MergeParents MergeParents::load(const fs::path& base, const std::vector<fs::path>& models) {
    std::vector<fs::path> folders = models;
    if (!base.empty()) folders.insert(folders.begin(), base);
    if (models.empty()) throw Error("a merge without models", "merge search");
    const CheckpointReader first(folders.front());
    const std::string vocabulary = vocabularyOf(folders.front());
    MergeParents parents(first.shape());
    for (const fs::path& folder : folders) {
        const CheckpointReader reader(folder);
        ModelShape shape = reader.shape();
        // How long its texts may be, and how it was initialised, is no part of the weights.
        if (parents.shape.positionEmbedding != "learned") shape.maxPositions = parents.shape.maxPositions;
        shape.initializerRange = parents.shape.initializerRange;
        if (!(shape == parents.shape))
            throw Error(
                "the models have different shapes", folder.string(),
                "weights can only be merged where the architecture is that of " + folders.front().string());
        if (vocabularyOf(folder) != vocabulary)
            throw Error("the models have different vocabularies", folder.string(),
                        "a row of the embeddings would belong to two tokens");
        parents.add(flatOf(reader), folder.string(), !base.empty() && !parents.base.defined());
    }
    return parents;
}

MergeParents MergeParents::of(const std::shared_ptr<CausalLM>& base,
                              const std::vector<std::shared_ptr<CausalLM>>& models) {
    if (models.empty()) throw Error("a merge without models", "merge search");
    MergeParents parents(models.front()->shape());
    std::vector<std::shared_ptr<CausalLM>> all = models;
    if (base) all.insert(all.begin(), base);
    for (const auto& model : all) {
        if (!(model->shape() == parents.shape))
            throw Error("the models have different shapes", "merge search");
        parents.add(model->effectiveParameters().to(torch::kCPU).clone(), "merge search",
                    base && !parents.base.defined());
    }
    return parents;
}

std::vector<std::string> MergeParents::weightNames() const {
    std::vector<std::string> names;
    for (const WeightSlice& slice : layout.slices) names.push_back(slice.name);
    return names;
}

std::vector<std::size_t> MergeParents::sliceGroups(const std::vector<WeightGroup>& groups) const {
    std::vector<std::size_t> found;
    for (const WeightSlice& slice : layout.slices) found.push_back(groupOf(groups, slice.name));
    return found;
}

bool isSumMerge(std::string_view method) {
    return method == "linear" || method == "task_arithmetic";
}

void mergeSum(const MergeParents& parents, const MergeSpace& space, std::span<const double> coefficients,
              const torch::Tensor& out) {
    space.check(coefficients);
    if (space.models.size() != parents.models.size())
        throw Error("the coefficients are for another number of models", "merge search");
    const bool needsBase = space.method == "task_arithmetic";
    if (needsBase && !parents.base.defined())
        throw Error("task arithmetic needs a base model", "merge search", "name base_model");
    std::vector<Factors> factors;
    for (std::size_t group = 0; group < space.groups.size(); ++group)
        factors.push_back(factorsOf(space, coefficients, group));
    const std::vector<std::size_t> groups = parents.sliceGroups(space.groups);
    for (std::size_t s = 0; s < groups.size(); ++s) {
        const WeightSlice& slice = parents.layout.slices[s];
        const Factors& f = factors[groups[s]];
        at::parallel_for(0, slice.size, 8 * block, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t at = begin; at < end; at += block) {
                const std::int64_t count = std::min(block, end - at);
                float* to = out.data_ptr<float>() + slice.offset + at;
                if (f.base == 0)
                    std::fill_n(to, count, 0.0f);
                else
                    for (std::int64_t i = 0; i < count; ++i)
                        to[i] = f.base * parents.base.data_ptr<float>()[slice.offset + at + i];
                for (std::size_t m = 0; m < parents.models.size(); ++m) {
                    if (f.models[m] == 0) continue;
                    const float* from = parents.models[m].data_ptr<float>() + slice.offset + at;
                    const float factor = f.models[m];
                    for (std::int64_t i = 0; i < count; ++i) to[i] += factor * from[i];
                }
            }
        });
    }
}

void mergeByFormula(const MergeParents& parents, const MergeSpace& space,
                    std::span<const double> coefficients, const MergeMethod& method,
                    const std::vector<std::uint64_t>& keys, std::uint64_t seed, const torch::Tensor& out) {
    space.check(coefficients);
    if (space.models.size() != parents.models.size())
        throw Error("the coefficients are for another number of models", "merge search");
    if (method.needsBase() && !parents.base.defined())
        throw Error("the method " + std::string(method.name()) + " needs a base model", "merge search",
                    "name base_model");
    const std::vector<std::size_t> groups = parents.sliceGroups(space.groups);
    const auto eachSlice = [&](const auto& action) {
        at::parallel_for(0, std::int64_t(groups.size()), 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t s = begin; s < end; ++s)
                action(SliceMerge(parents, space, coefficients, std::size_t(s), groups[std::size_t(s)], keys,
                                  seed));
        });
    };
    const std::unique_ptr<MergeSurvey> survey = method.survey();
    if (survey) do
            eachSlice([&](const SliceMerge& slice) { survey->observe(slice.tensor); });
        while (survey->wantsAnotherPass());
    eachSlice([&](const SliceMerge& slice) { slice.merge(method, survey.get(), out); });
}

}  // namespace retort
