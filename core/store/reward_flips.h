// Problems that were solved at one training step and not at the next.
#pragma once

#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// The share of right answers of a problem at one step of a run and at the next one that sampled it: where it
/// fell from more than a half to less, the wrong answers of the later step, by how far it fell.
std::vector<RowId> tracesOfRewardFlips(Database& database, const TraceFilter& filter, std::int64_t most);

}  // namespace retort
