// What the Compare page reads and computes off the GUI thread, in two goes: first what its table opens with,
// then what costs more than all of that.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "views/compare/comparison_tables.h"

namespace retort {

struct ComparisonRequest {
    std::vector<CheckpointRef> checkpoints;
    std::size_t baseline = 0;
    std::string evaluation;  ///< empty: all that they have in common
    std::optional<std::vector<CheckpointRef>>
        parents;  ///< marked by hand; nothing: lineage says whose they are
};

/// Throws Error.
std::shared_ptr<const ComparisonResult> openComparison(StoreReader& reader, const ComparisonRequest& request,
                                                       const std::stop_token& stop);
/// The same with intervals of the differences, merges and curves.
std::shared_ptr<const ComparisonResult> completeComparison(StoreReader& reader,
                                                           const ComparisonResult& opened,
                                                           const ComparisonRequest& request,
                                                           const std::stop_token& stop);

}  // namespace retort
