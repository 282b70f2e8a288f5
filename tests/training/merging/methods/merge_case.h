// Small merges for the tests of formulas.
#pragma once

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/util/error.h"
#include "training/merging/merge_method.h"

namespace retort {

using Values = std::vector<float>;
using Numbers = std::map<std::string, double>;

inline Values randomValues(std::size_t count, unsigned seed, float spread = 1) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal(0, spread);
    Values values(count);
    for (float& x : values) x = normal(generator);
    return values;
}

inline Values sum(const Values& a, const Values& b, float factor = 1) {
    Values result = a;
    for (std::size_t i = 0; i < a.size(); ++i) result[i] += factor * b[i];
    return result;
}

inline double largestDifference(const Values& a, const Values& b) {
    if (a.size() != b.size()) return INFINITY;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::fabs(double(a[i]) - double(b[i]));
        if (!(difference <= largest)) largest = std::isnan(difference) ? INFINITY : difference;
    }
    return largest;
}

/// One tensor of some models, with what a recipe would say.
struct MergeCase {
    struct Model {
        Values values;
        Numbers parameters;
        Values statistics = {};
    };
    std::vector<Model> models;
    Values base = {};
    Numbers parameters = {};
    std::vector<std::int64_t> shape = {};
    std::string name = "model.layers.0.mlp.up_proj.weight";
    std::uint64_t seed = 0;

    TensorMerge tensor() const {
        TensorMerge merge;
        merge.name = name;
        merge.seed = seed;
        merge.base = base;
        for (const auto& [key, value] : parameters) merge.parameters.set(key, value);
        for (std::size_t i = 0; i < models.size(); ++i) {
            ModelTensor model{models[i].values, {}, false, i + 1, models[i].statistics};
            for (const auto& [key, value] : models[i].parameters) model.parameters.set(key, value);
            merge.models.push_back(std::move(model));
        }
        merge.shape = shape;
        const std::size_t size = base.empty() && !models.empty() ? models[0].values.size() : base.size();
        if (shape.empty()) merge.shape = {std::int64_t(size)};
        return merge;
    }
};

/// The merged tensors of cases that are one model together.
inline std::vector<Values> mergeAll(std::string_view method, const std::vector<MergeCase>& cases) {
    const MergeMethod* found = findMergeMethod(method);
    if (!found) throw Error("no such method", std::string(method));
    const std::unique_ptr<MergeSurvey> survey = found->survey();
    if (survey) do
            for (const MergeCase& each : cases) survey->observe(each.tensor());
        while (survey->wantsAnotherPass());
    std::vector<Values> results;
    for (const MergeCase& each : cases) {
        const TensorMerge tensor = each.tensor();
        Values& out =
            results.emplace_back(each.base.empty() ? each.models[0].values.size() : each.base.size());
        found->merge(tensor, survey.get(), out);
    }
    return results;
}

inline Values merged(std::string_view method, const MergeCase& one) {
    return mergeAll(method, {one}).front();
}

/// What went wrong; empty: nothing did.
inline std::string refusal(std::string_view method, const MergeCase& one) {
    try {
        merged(method, one);
    } catch (const Error& error) {
        return error.where() + ": " + error.what_happened();
    }
    return {};
}

}  // namespace retort
