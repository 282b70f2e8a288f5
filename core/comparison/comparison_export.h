// A comparison for other programs: what `retort-cli compare --json` prints and the window exports.
#pragma once

#include "core/comparison/comparison.h"
#include "core/comparison/comparison_groups.h"
#include "core/comparison/comparison_scores.h"
#include "core/comparison/merge_families.h"
#include "core/util/json.h"

namespace retort {

/// All numbers with the names of their methods; not-a-number is null.
Json comparisonJson(const Comparison& comparison, const std::vector<CheckpointScore>& scores,
                    const std::vector<MergeScore>& merges = {});

/// One line a problem: set, problem, then correct, samples and tokens of each checkpoint (RFC 4180, or with
/// tabs).
std::string itemsCsv(const Comparison& comparison, char separator = ',');

}  // namespace retort
