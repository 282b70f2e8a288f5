// Merges against those that they were made of: which of the compared checkpoints are a merge's parents and
// its base, as lineage tells or as somebody says, and what the merge is worth beside them (methods.md #180,
// #248).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/paired_tests.h"
#include "core/comparison/comparison.h"

namespace retort {

/// A parent or base that is not among the compared.
struct MissingRelative {
    std::string name;                  ///< "distill @ 60"
    std::optional<CheckpointRef> ref;  ///< as what it can be compared; nothing: it cannot
    bool isBase = false;
    bool isMeasuredElsewhere = false;  ///< it was evaluated, but not on the problems that are compared
    bool operator==(const MissingRelative&) const = default;
};

/// Checkpoints by their place in the comparison.
struct MergeFamily {
    std::size_t checkpoint = 0;
    std::vector<std::size_t> parents;
    std::optional<std::size_t> base;
    std::vector<MissingRelative> missing;
    bool operator==(const MergeFamily&) const = default;
};

/// Of every compared checkpoint that lineage knows as a merge, or that is an evaluation of one.
std::vector<MergeFamily> familiesFromLineage(StoreReader& reader, const Comparison& comparison);

/// As if every checkpoint that is neither baseline nor one of `parents` were a merge of these, from the
/// baseline.
std::vector<MergeFamily> familiesByHand(const Comparison& comparison,
                                        const std::vector<std::size_t>& parents);

struct MergeScore {
    std::size_t checkpoint = 0, bestParent = 0;
    std::vector<std::size_t> parents;
    std::optional<std::size_t> base;
    double normalisedAccuracy = 0;  ///< expert of a task: the parent that is best at it
    double synergy = 0;             ///< against bestParent
    MeanEstimate difference;  ///< the same with interval, over problems; the best was chosen on them, so it
                              ///< is a little too pessimistic
    double forgetting = 0;    ///< against the base; NaN without it
};
/// Of the families that have a parent among the compared.
std::vector<MergeScore> mergeScores(const Comparison& comparison, const std::vector<MergeFamily>& families);

}  // namespace retort
