#include "training/merging/methods/inputs.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/util/error.h"

namespace retort {

namespace {

std::string numberText(double value) {
    return std::isfinite(value) ? nlohmann::json(value).dump() : std::to_string(value);
}

}  // namespace

void refuseMerge(const TensorMerge& tensor, const std::string& what, const std::string& hint) {
    throw Error(what, tensor.name, hint);
}

void checkSizes(const TensorMerge& tensor, std::span<const float> out) {
    const auto check = [&](std::span<const float> values, const char* whose) {
        if (values.size() != out.size())
            refuseMerge(tensor, std::string(whose) + " has " + std::to_string(values.size()) +
                                    " elements where the merged tensor has " + std::to_string(out.size()));
    };
    for (const ModelTensor& model : tensor.models) check(model.values, "a model");
    if (!tensor.base.empty()) check(tensor.base, "the base model");
}

std::vector<const ModelTensor*> otherModels(const TensorMerge& tensor) {
    std::vector<const ModelTensor*> found;
    for (const ModelTensor& model : tensor.models)
        if (!model.isBase) found.push_back(&model);
    return found;
}

std::vector<const ModelTensor*> otherModels(const TensorMerge& tensor, std::size_t count) {
    std::vector<const ModelTensor*> found = otherModels(tensor);
    if (found.size() != count)
        refuseMerge(tensor, "this method merges exactly " + std::to_string(count) +
                                (count == 1 ? " model" : " models") + " besides the base, not " +
                                std::to_string(found.size()));
    return found;
}

std::span<const float> baseValues(const TensorMerge& tensor) {
    // Without elements there is nothing to tell a missing base by, and nothing to compute.
    const bool hasElements = !tensor.models.empty() && !tensor.models.front().values.empty();
    if (tensor.base.empty() && hasElements)
        refuseMerge(tensor, "this method needs a base model", "add base_model to the recipe");
    return tensor.base;
}

double numberOf(const TensorMerge& tensor, const MergeParameters& parameters, std::string_view name,
                double fallback, ParameterRange range) {
    const double value = parameters.number(name, fallback);
    if (std::isfinite(value) && value >= range.low && value <= range.high) return value;
    std::string expected = "a number";
    if (std::isfinite(range.low) && std::isfinite(range.high))
        expected += " from " + numberText(range.low) + " to " + numberText(range.high);
    else if (std::isfinite(range.low))
        expected += " of at least " + numberText(range.low);
    refuseMerge(tensor, std::string(name) + " is " + numberText(value) + ", expected " + expected);
}

double requiredNumber(const TensorMerge& tensor, const MergeParameters& parameters, std::string_view name,
                      ParameterRange range) {
    if (!parameters.has(name)) refuseMerge(tensor, "the parameter " + std::string(name) + " is missing");
    return numberOf(tensor, parameters, name, 0, range);
}

RowShape rowShape(const TensorMerge& tensor, std::size_t elements) {
    RowShape shape{1, elements};
    if (tensor.shape.size() < 2 || elements == 0) return shape;
    shape.columns = std::size_t(tensor.shape.back());
    if (shape.columns == 0 || elements % shape.columns != 0)
        refuseMerge(tensor, "the tensor's shape and its number of elements do not agree");
    shape.rows = elements / shape.columns;
    return shape;
}

}  // namespace retort
