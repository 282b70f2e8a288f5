#include "training/merging/merge_plan.h"

#include <algorithm>
#include <numeric>

#include "core/config/names.h"
#include "core/util/error.h"
#include "training/merging/tensor_planner.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// The plan while it is made: models, slices, tensors, config.
class Planner {
  public:
    Planner(const MergeRecipe& recipe, MergeModels& models, const MergePlanOptions& options)
        : m_models(models), m_options(options) {
        m_plan.recipe = recipe;
        m_plan.warnings = recipe.warnings;
        m_plan.seed = options.seed;
        m_plan.method = findMergeMethod(recipe.method);
        if (m_plan.method == nullptr)
            throw Error("unknown merge_method '" + recipe.method + "'", recipe.where);
    }

    MergePlan plan() {
        for (const std::string& name : m_plan.recipe.models()) m_plan.models.push_back(open(name));
        m_plan.donor = m_plan.models.front().get();
        compareArchitectures();
        std::vector<PlannedSlice> slices;
        for (const MergeSlice& slice : m_plan.recipe.slices) slices.push_back(planSlice(slice));
        planTokens();
        TensorPlanner tensors(m_plan, m_options);
        tensors.planAll(slices);
        tensors.finish();
        if (m_plan.tensors.empty()) throw Error("no tensors would come of this", m_plan.recipe.where);
        writeConfig(slices);
        return std::move(m_plan);
    }

  private:
    std::shared_ptr<const MergeModel> open(const std::string& name) {
        try {
            return m_models.open(name, m_plan.recipe.folder);
        } catch (const Error& error) {
            const bool looksLikeHub = name.find('/') != std::string::npos && !fs::path(name).is_absolute();
            throw Error(
                error.what_happened(), error.where(),
                error.hint().empty() && looksLikeHub
                    ? "models of the Hugging Face hub must be downloaded first: nothing is fetched here"
                    : error.hint());
        }
    }

    const MergeModel* modelOf(const std::string& name) const {
        const std::vector<std::string> names = m_plan.recipe.models();
        const auto found = std::find(names.begin(), names.end(), name);
        return found == names.end() ? nullptr : m_plan.models[std::size_t(found - names.begin())].get();
    }

    void compareArchitectures() {
        const MergeModel& first = *m_plan.models.front();
        for (const auto& model : m_plan.models) {
            if (model->modelType() == first.modelType()) continue;
            const std::string what = model->reference() + " is of the architecture '" + model->modelType() +
                                     "', " + first.reference() + " of '" + first.modelType() + "'";
            if (!m_options.allowOtherArchitectures)
                throw Error(what, m_plan.recipe.where, "merging works between models of one architecture");
            m_plan.warnings.push_back(what);
        }
    }

    PlannedSlice planSlice(const MergeSlice& slice) {
        PlannedSlice planned;
        planned.slice = &slice;
        const std::string& baseName = slice.baseModel.empty() ? m_plan.recipe.baseModel : slice.baseModel;
        for (const MergeInput& input : slice.sources) planned.sources.push_back(source(input, baseName));
        const bool isListed = std::any_of(planned.sources.begin(), planned.sources.end(),
                                          [](const PlannedSource& each) { return each.isBase; });
        // mergekit adds the base to `models`, but not to slices, where it would not know which layers.
        if (!baseName.empty() && !isListed && !m_plan.recipe.isSliced) {
            PlannedSource base;
            base.model = modelOf(baseName);
            base.isBase = true;
            planned.sources.push_back(base);
        }
        settleLayers(slice, planned);
        requireCounts(slice, planned, !baseName.empty());
        return planned;
    }

    PlannedSource source(const MergeInput& input, const std::string& baseName) {
        PlannedSource planned;
        planned.model = modelOf(input.model);
        planned.input = &input;
        planned.isBase = input.model == baseName;
        planned.firstLayer = input.layerRange ? (*input.layerRange)[0] : 0;
        if (!input.statistics.empty()) {
            planned.statistics = m_models.openStatistics(input.statistics, m_plan.recipe.folder);
            m_plan.statistics.push_back(planned.statistics);
        }
        if (input.layerRange && (*input.layerRange)[1] > planned.model->layers())
            throw Error("layer_range ends at " + std::to_string((*input.layerRange)[1]) + ", but " +
                            input.model + " has " + std::to_string(planned.model->layers()) + " layers",
                        m_plan.recipe.at(input.place));
        return planned;
    }

    void settleLayers(const MergeSlice& slice, PlannedSlice& planned) {
        const auto length = [](const PlannedSource& each) {
            return each.input != nullptr && each.input->layerRange
                       ? (*each.input->layerRange)[1] - (*each.input->layerRange)[0]
                       : each.model->layers();
        };
        planned.layers = length(planned.sources.front());
        for (const PlannedSource& each : planned.sources)
            if (length(each) != planned.layers)
                throw Error(each.model->reference() + " has " + std::to_string(length(each)) + " layers, " +
                                planned.sources.front().model->reference() + " has " +
                                std::to_string(planned.layers),
                            m_plan.recipe.at(slice.place), "slices say which layers go together");
    }

    void requireCounts(const MergeSlice& slice, const PlannedSlice& planned, bool hasBase) {
        const MergeMethod& method = *m_plan.method;
        const std::string where = m_plan.recipe.at(slice.place), name(method.name());
        const bool isThere = std::any_of(planned.sources.begin(), planned.sources.end(),
                                         [](const PlannedSource& each) { return each.isBase; });
        if (method.needsBase() && !hasBase) throw Error(name + " needs a base_model", where);
        if (method.needsBase() && !isThere)
            throw Error(
                "the base model is not among the sources of this slice, and " + name + " needs its layers",
                where, "list it with its layer_range");
        if (name == "passthrough" && planned.sources.size() != 1)
            throw Error("passthrough takes one model, not " + std::to_string(planned.sources.size()), where,
                        "give each slice one source; base_model counts unless it is the one");
        const std::size_t count = planned.sources.size() - (isThere ? 1 : 0);
        const auto refuse = [&](const char* limit, std::size_t n) {
            throw Error(name + limit + std::to_string(n) + (n == 1 ? " model" : " models") +
                            " besides the base, not " + std::to_string(count),
                        where);
        };
        if (count < method.minModels()) refuse(" needs at least ", method.minModels());
        if (count > method.maxModels()) refuse(" takes at most ", method.maxModels());
    }

    void planTokens() {
        if (!m_plan.recipe.tokenizer) return;
        std::vector<const MergeModel*> models;
        for (const auto& model : m_plan.models) models.push_back(model.get());
        const auto openForTokens = [this](const std::string& name) {
            if (const MergeModel* model = modelOf(name)) return model;
            m_plan.models.push_back(open(name));
            return m_plan.models.back().get();
        };
        const MergeModel* base =
            m_plan.recipe.baseModel.empty() ? models.front() : modelOf(m_plan.recipe.baseModel);
        m_plan.vocabulary = std::make_shared<VocabularyPlan>(
            planVocabulary(m_plan.recipe, models, base, openForTokens, m_plan.warnings));
    }

    void writeConfig(const std::vector<PlannedSlice>& slices) {
        Json& config = m_plan.config = m_plan.donor->config();
        if (m_plan.recipe.isSliced) writeLayers(slices, config);
        for (const PlannedTensor& tensor : m_plan.tensors)
            if (isInputEmbedding(tensor.name) && config.contains("vocab_size"))
                config["vocab_size"] = tensor.shape.front();
        writeDtype(config);
        const bool hasHead =
            std::any_of(m_plan.tensors.begin(), m_plan.tensors.end(),
                        [](const PlannedTensor& each) { return isOutputEmbedding(each.name); });
        const bool anyUntied = std::any_of(m_plan.models.begin(), m_plan.models.end(),
                                           [](const auto& model) { return !model->hasTiedEmbeddings(); });
        if (hasHead && anyUntied && m_plan.donor->hasTiedEmbeddings()) {
            config["tie_word_embeddings"] = false;
            m_plan.warnings.push_back(
                "input and output embeddings are one tensor in some of the models; in the "
                "output they are two");
        }
    }

    // Also the lists that have one entry a layer (layer_types), which transformers compares with the number.
    void writeLayers(const std::vector<PlannedSlice>& slices, Json& config) {
        const int before = m_plan.donor->layers();
        int layers = 0;
        for (const PlannedSlice& slice : slices) layers += slice.layers;
        for (const char* key : {"num_hidden_layers", "n_layer", "n_layers", "num_layers"})
            if (config.contains(key)) config[key] = layers;
        for (auto& [key, value] : config.items()) {
            if (!value.is_array() || int(value.size()) != before || key.find("layer") == std::string::npos)
                continue;
            Json list = Json::array();
            for (const PlannedSlice& slice : slices)
                for (int offset = 0; offset < slice.layers; ++offset) {
                    const PlannedSource& source = slice.sources.front();
                    const Json& own =
                        source.model->config().contains(key) ? source.model->config()[key] : value;
                    const std::size_t layer = std::size_t(source.firstLayer + offset);
                    list.push_back(layer < own.size() ? own[layer] : value.back());
                }
            value = std::move(list);
        }
    }

    void writeDtype(Json& config) {
        const Dtype first = m_plan.tensors.front().dtype;
        const bool isOne =
            std::all_of(m_plan.tensors.begin(), m_plan.tensors.end(), [&](const PlannedTensor& each) {
                return each.dtype == first || *floatDtypeName(each.dtype) == '\0';
            });
        const char* const name = floatDtypeName(first);
        if (!isOne || *name == '\0') return;
        for (const char* key : {"torch_dtype", "dtype"})
            if (config.contains(key)) config[key] = name;
        if (!config.contains("torch_dtype") && !config.contains("dtype")) config["torch_dtype"] = name;
    }

    MergeModels& m_models;
    const MergePlanOptions& m_options;
    MergePlan m_plan;
};

}  // namespace

std::int64_t PlannedTensor::elements() const {
    return std::accumulate(shape.begin(), shape.end(), std::int64_t(1), std::multiplies<>());
}

std::uint64_t PlannedTensor::bytes() const {
    return std::uint64_t(elements()) * dtypeBytes(dtype);
}

const PlannedInput* PlannedTensor::base() const {
    const auto found =
        std::find_if(inputs.begin(), inputs.end(), [](const PlannedInput& each) { return each.isBase; });
    return found == inputs.end() ? nullptr : &*found;
}

std::uint64_t MergePlan::totalBytes() const {
    std::uint64_t bytes = 0;
    for (const PlannedTensor& tensor : tensors) bytes += tensor.bytes();
    return bytes;
}

std::uint64_t MergePlan::inputBytes() const {
    std::uint64_t bytes = 0;
    for (const PlannedTensor& tensor : tensors)
        for (const PlannedInput& input : tensor.inputs) bytes += input.tensor->size;
    return bytes;
}

MergePlan planMerge(const MergeRecipe& recipe, MergeModels& models, const MergePlanOptions& options) {
    return Planner(recipe, models, options).plan();
}

}  // namespace retort
