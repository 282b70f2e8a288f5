// A method whose facts are a table: formulas then only write merge().
#pragma once

#include <utility>

#include "training/merging/merge_method.h"

namespace retort {

struct MethodLimits {
    bool needsBase = false;
    std::size_t minModels = 1, maxModels = SIZE_MAX;  ///< besides the base
    bool isElementwise = false;
};

struct MethodFacts {
    std::string_view name, help;
    std::vector<MergeParameterInfo> parameters;
    MethodLimits limits = {};
};

class DescribedMethod : public MergeMethod {
  public:
    explicit DescribedMethod(MethodFacts facts) : m_facts(std::move(facts)) {}

    std::string_view name() const override { return m_facts.name; }
    std::string_view help() const override { return m_facts.help; }
    const std::vector<MergeParameterInfo>& parameters() const override { return m_facts.parameters; }
    bool needsBase() const override { return m_facts.limits.needsBase; }
    std::size_t minModels() const override { return m_facts.limits.minModels; }
    std::size_t maxModels() const override { return m_facts.limits.maxModels; }
    bool isElementwise() const override { return m_facts.limits.isElementwise; }

  private:
    MethodFacts m_facts;
};

inline MergeParameterInfo modelNumber(std::string name, std::optional<double> fallback, std::string help) {
    return {std::move(name), MergeParameterInfo::Scope::Model, fallback, false, std::move(help)};
}
inline MergeParameterInfo mergeNumber(std::string name, std::optional<double> fallback, std::string help) {
    return {std::move(name), MergeParameterInfo::Scope::Merge, fallback, false, std::move(help)};
}
inline MergeParameterInfo mergeFlag(std::string name, bool fallback, std::string help) {
    return {std::move(name), MergeParameterInfo::Scope::Merge, fallback ? 1.0 : 0.0, true, std::move(help)};
}

}  // namespace retort
