// Step-wise beam search guided by a value model: OVM (#212; Yu, Gao and Wang, "OVM, Outcome-supervised Value
// Models for Planning in Mathematical Reasoning", arXiv 2311.09724). AlphaMath's step-level beam search
// SBS(B1, B2) (#35; Chen et al., arXiv 2405.03553) is the same with size = B1 and expansion = B2.
#pragma once

#include <cstdint>
#include <vector>

#include "training/recipes/step_search.h"

namespace retort {

struct BeamSettings : StepSettings {
    std::int64_t size = 1;       ///< solutions kept after each step
    std::int64_t expansion = 1;  ///< next steps sampled for each of them
};

/// One result a problem, in their order. From the prompt as many first steps are sampled as from a full beam
/// (size · expansion), as in the papers; then `expansion` next steps of each kept solution that is not over.
/// The `size` best different candidates are kept, finished ones among them, equals in the order of sampling;
/// a value that is no number comes last. Many problems are searched side by side. The record has the curve
/// "best_value"; a sample that repeats another one is a node that is not kept.
std::vector<SearchResult> searchBeams(const std::vector<SearchProblem>& problems,
                                      const BeamSettings& settings, const SampleFunction& sample,
                                      const ValueFunction& values);

}  // namespace retort
