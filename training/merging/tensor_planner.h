// The tensors of a merge: for each of the output's, what it is made from. A part of merge_plan.cpp.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "training/merging/merge_plan.h"

namespace retort {

/// A source of a slice, found.
struct PlannedSource {
    const MergeModel* model = nullptr;
    const MergeInput* input = nullptr;  ///< nullptr: the base, which the recipe did not list
    int firstLayer = 0;
    bool isBase = false;
    std::shared_ptr<const SafetensorsFile> statistics;
};

struct PlannedSlice {
    const MergeSlice* slice = nullptr;
    std::vector<PlannedSource> sources;
    int layers = 0;
};

class TensorPlanner {
  public:
    TensorPlanner(MergePlan& plan, const MergePlanOptions& options) : m_plan(plan), m_options(options) {}

    void planAll(const std::vector<PlannedSlice>& slices);
    /// Throws Error with what did not fit; tells of filters that no tensor had.
    void finish();

  private:
    void planLoose(const PlannedSlice& slice, bool before);
    void planLayer(const PlannedSlice& slice, int offset, int outLayer);
    /// `names`: the tensor in each source.
    void planTensor(const PlannedSlice& slice, const std::string& outName,
                    const std::vector<std::string>& names, double t);
    bool gatherInputs(const PlannedSlice& slice, const std::vector<std::string>& names,
                      PlannedTensor& tensor);
    void resolveParameters(const PlannedSlice& slice, const std::vector<std::string>& names, double t,
                           PlannedTensor& tensor);
    std::optional<double> resolve(const MergeParameterInfo& info,
                                  const std::vector<const MergeSettingMap*>& levels, const std::string& name,
                                  double t);
    void tryParameters(const PlannedTensor& tensor);
    void settleShape(PlannedTensor& tensor);
    void settleDtype(PlannedTensor& tensor);
    void settleCopy(PlannedTensor& tensor);
    void warnOfUnusedFilters();
    void complain(const std::string& what);

    MergePlan& m_plan;
    const MergePlanOptions& m_options;
    std::set<std::pair<int, std::string>> m_usedFilters;  // by line
    std::set<std::string> m_left;                         // names that only some models have
    std::vector<std::string> m_problems;
    std::size_t m_moreProblems = 0;
    bool m_truncated = false;
};

}  // namespace retort
