#include "training/merging/tensor_planner.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text = "[";
    for (const std::int64_t size : shape)
        text.append(text.size() > 1 ? ", " : "").append(std::to_string(size));
    return text + "]";
}

bool isFloat(Dtype dtype) {
    return *floatDtypeName(dtype) != '\0';
}

// As torch.promote_types: the wider; of the two 16-bit types neither holds the other.
Dtype promoted(Dtype a, Dtype b) {
    if (a == b) return a;
    if (a == Dtype::Float64 || b == Dtype::Float64) return Dtype::Float64;
    return Dtype::Float32;
}

std::vector<const MergeSettingMap*> levelsOf(const MergePlan& plan, const PlannedSlice& slice,
                                             const MergeInput* input) {
    std::vector<const MergeSettingMap*> levels;
    if (input != nullptr) levels.push_back(&input->parameters);
    levels.push_back(&slice.slice->parameters);
    levels.push_back(&plan.recipe.moduleParameters);
    levels.push_back(&plan.recipe.parameters);
    return levels;
}

}  // namespace

void TensorPlanner::planAll(const std::vector<PlannedSlice>& slices) {
    planLoose(slices.front(), true);
    int outLayer = 0;
    for (const PlannedSlice& slice : slices)
        for (int offset = 0; offset < slice.layers; ++offset) planLayer(slice, offset, outLayer++);
    planLoose(slices.back(), false);
}

void TensorPlanner::finish() {
    warnOfUnusedFilters();
    if (!m_left.empty())
        m_plan.warnings.push_back(std::to_string(m_left.size()) + " tensors are not in " +
                                  "every model's architecture and are left out, first " + *m_left.begin());
    if (m_problems.empty()) return;
    std::string all;
    for (const std::string& problem : m_problems) all.append(all.empty() ? "" : "\n").append(problem);
    if (m_moreProblems > 0) all += "\n… and " + std::to_string(m_moreProblems) + " more of this kind";
    throw Error(all);
}

void TensorPlanner::planLoose(const PlannedSlice& slice, bool before) {
    // The first source says which tensors there are; output embeddings of any model count, as others may have
    // tied them.
    std::vector<std::string> names;
    for (const PlannedSource& source : slice.sources)
        for (const std::string& name : source.model->names()) {
            if (splitTensorName(name).layer || comesBeforeLayers(name) != before ||
                std::find(names.begin(), names.end(), name) != names.end())
                continue;
            if (&source == &slice.sources.front() || isOutputEmbedding(name))
                names.push_back(name);
            else
                m_left.insert(name);
        }
    for (const std::string& name : names)
        planTensor(slice, name, std::vector<std::string>(slice.sources.size(), name), 0);
}

void TensorPlanner::planLayer(const PlannedSlice& slice, int offset, int outLayer) {
    const double t = slice.layers > 1 ? double(offset) / (slice.layers - 1) : 1;
    const PlannedSource& first = slice.sources.front();
    for (const std::string& name : first.model->names()) {
        const TensorName split = splitTensorName(name);
        if (split.layer != first.firstLayer + offset) continue;
        std::vector<std::string> names;
        for (const PlannedSource& source : slice.sources)
            names.push_back(split.withLayer(source.firstLayer + offset));
        planTensor(slice, split.withLayer(outLayer), names, t);
    }
    for (const PlannedSource& source : slice.sources)
        for (const std::string& name : source.model->names())
            if (const TensorName split = splitTensorName(name);
                split.layer == source.firstLayer + offset &&
                first.model->find(split.withLayer(first.firstLayer + offset)) == nullptr)
                m_left.insert(name);
}

void TensorPlanner::planTensor(const PlannedSlice& slice, const std::string& outName,
                               const std::vector<std::string>& names, double t) {
    PlannedTensor tensor;
    tensor.name = outName;
    if (!gatherInputs(slice, names, tensor)) return;
    settleShape(tensor);
    settleDtype(tensor);
    resolveParameters(slice, names, t, tensor);
    settleCopy(tensor);
    if (m_problems.empty()) tryParameters(tensor);
    m_plan.tensors.push_back(std::move(tensor));
}

bool TensorPlanner::gatherInputs(const PlannedSlice& slice, const std::vector<std::string>& names,
                                 PlannedTensor& tensor) {
    for (std::size_t i = 0; i < slice.sources.size(); ++i) {
        const PlannedSource& source = slice.sources[i];
        const TensorInfo* found = source.model->findOrTied(names[i]);
        if (found == nullptr) {
            complain(source.model->reference() + " has no tensor '" + names[i] + "', which " +
                     slice.sources.front().model->reference() + " has");
            return false;
        }
        PlannedInput input;
        input.model = source.model;
        input.tensor = found;
        input.isBase = source.isBase;
        if (source.statistics) {
            input.statisticsFile = source.statistics.get();
            input.statistics = source.statistics->find(names[i]);
        }
        tensor.inputs.push_back(std::move(input));
    }
    return true;
}

void TensorPlanner::settleShape(PlannedTensor& tensor) {
    const std::vector<std::int64_t>& first = tensor.inputs.front().tensor->shape;
    tensor.shape = first;
    const bool isVocabulary = isIndexedByTokens(tensor.name) && !first.empty();
    tensor.hasRowPlan = m_plan.vocabulary && isVocabulary && isFloat(tensor.inputs.front().tensor->dtype);
    for (const PlannedInput& input : tensor.inputs) {
        std::vector<std::int64_t> shape = input.tensor->shape;
        if (isVocabulary && !shape.empty() && (tensor.hasRowPlan || m_options.truncateEmbeddings)) {
            m_truncated = m_truncated || (!tensor.hasRowPlan && shape.front() != first.front());
            tensor.shape.front() = std::min(tensor.shape.front(), shape.front());
            shape.front() = first.front();
        }
        if (shape == first) continue;
        std::string what = "tensor '" + tensor.name + "' has the shape " + shapeText(input.tensor->shape) +
                           " in " + input.model->reference() + " and " + shapeText(first) + " in " +
                           tensor.inputs.front().model->reference();
        if (isVocabulary)
            what +=
                ": the vocabularies differ; say how to bring them together (tokenizer: {source: base} or "
                "{source: union})";
        complain(what);
        return;
    }
    if (tensor.hasRowPlan) tensor.shape.front() = m_plan.vocabulary->rows;
}

void TensorPlanner::settleDtype(PlannedTensor& tensor) {
    tensor.dtype = tensor.inputs.front().tensor->dtype;
    for (const PlannedInput& input : tensor.inputs) {
        const Dtype dtype = input.tensor->dtype;
        if (dtype == tensor.dtype) continue;
        if (!isFloat(dtype) || !isFloat(tensor.dtype))
            return complain("tensor '" + tensor.name + "' holds " + dtypeName(dtype) + " in " +
                            input.model->reference() + " and " + dtypeName(tensor.dtype) + " in others");
        tensor.dtype = promoted(tensor.dtype, dtype);
    }
    if (!isFloat(tensor.dtype)) return;
    const auto& wanted = m_plan.recipe.outDtype ? m_plan.recipe.outDtype : m_plan.recipe.dtype;
    if (wanted) tensor.dtype = *wanted;
}

void TensorPlanner::settleCopy(PlannedTensor& tensor) {
    const PlannedInput& first = tensor.inputs.front();
    if (!isFloat(first.tensor->dtype)) {
        // Buffers of whole numbers, which nothing can be computed with: the merge checks that all are the
        // same.
        tensor.isCopy = true;
        return;
    }
    tensor.isCopy = m_plan.method->name() == "passthrough" && tensor.inputs.size() == 1 &&
                    !tensor.hasRowPlan && tensor.dtype == first.tensor->dtype &&
                    first.parameters.number("scale", 1) == 1;
}

void TensorPlanner::resolveParameters(const PlannedSlice& slice, const std::vector<std::string>& names,
                                      double t, PlannedTensor& tensor) {
    using Scope = MergeParameterInfo::Scope;
    for (const MergeParameterInfo& info : m_plan.method->parameters()) {
        if (info.scope == Scope::Merge) {
            if (const auto value = resolve(info, levelsOf(m_plan, slice, nullptr), tensor.name, t))
                tensor.parameters.set(info.name, *value);
            else
                complain("parameter '" + info.name + "' of " + m_plan.recipe.method + " is missing for '" +
                         tensor.name + "'");
            continue;
        }
        for (std::size_t i = 0; i < tensor.inputs.size(); ++i) {
            PlannedInput& input = tensor.inputs[i];
            const auto value = resolve(info, levelsOf(m_plan, slice, slice.sources[i].input), names[i], t);
            if (value)
                input.parameters.set(info.name, *value);
            else if (!input.isBase)  // the base needs none in most methods; where it does, the method says so
                complain("parameter '" + info.name + "' of " + input.model->reference() +
                         " is missing for '" + names[i] + "'");
        }
    }
}

// Formulas judge their parameters before they compute; without elements that is all they do.
void TensorPlanner::tryParameters(const PlannedTensor& tensor) {
    if (tensor.isCopy || m_plan.method->survey() != nullptr) return;
    TensorMerge nothing;
    nothing.name = tensor.name;
    nothing.shape = {0};
    nothing.parameters = tensor.parameters;
    for (const PlannedInput& input : tensor.inputs)
        nothing.models.push_back({{}, input.parameters, input.isBase, input.model->key(), {}});
    try {
        m_plan.method->merge(nothing, nullptr, {});
    } catch (const Error& error) {
        complain("'" + tensor.name + "': " + error.what_happened() +
                 (error.hint().empty() ? "" : " (" + error.hint() + ")"));
    }
}

std::optional<double> TensorPlanner::resolve(const MergeParameterInfo& info,
                                             const std::vector<const MergeSettingMap*>& levels,
                                             const std::string& name, double t) {
    std::optional<double> result;
    for (const MergeSettingMap* level : levels) {
        const auto found = level->find(info.name);
        if (found == level->end()) continue;
        // A filter counts as used where it fits, also under one that hides it.
        for (const MergeSetting::Case& each : found->second.cases)
            if (each.filter && each.fits(name)) m_usedFilters.emplace(each.place.line, *each.filter);
        if (!result) result = found->second.at(name, t, info.isFlag);
    }
    return result ? result : info.fallback;
}

void TensorPlanner::warnOfUnusedFilters() {
    std::set<std::pair<int, std::string>> unused;
    const auto look = [&](const MergeSettingMap& settings) {
        for (const auto& [name, setting] : settings)
            for (const MergeSetting::Case& each : setting.cases)
                if (each.filter && !m_usedFilters.contains({each.place.line, *each.filter}))
                    unused.emplace(each.place.line, *each.filter);
    };
    look(m_plan.recipe.parameters);
    look(m_plan.recipe.moduleParameters);
    for (const MergeSlice& slice : m_plan.recipe.slices) {
        look(slice.parameters);
        for (const MergeInput& source : slice.sources) look(source.parameters);
    }
    for (const auto& [line, filter] : unused)
        m_plan.warnings.push_back(m_plan.recipe.at({line, 0}) + ": no tensor's name contains the filter '" +
                                  filter + "'");
    if (m_truncated)
        m_plan.warnings.push_back("the vocabularies differ in size; the last rows of the larger are dropped");
}

void TensorPlanner::complain(const std::string& what) {
    constexpr std::size_t shown = 10;
    if (m_problems.size() < shown)
        m_problems.push_back(what);
    else
        ++m_moreProblems;
}

}  // namespace retort
