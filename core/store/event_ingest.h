// Turns the events of a run into rows.
#pragma once

#include "core/runlog/follower.h"
#include "core/store/series_ingest.h"
#include "core/store/store.h"

namespace retort {

/// Adds `id` unless it is there.
void noteRow(std::vector<RowId>& ids, RowId id);

/// Applies a batch and moves the run's log position, all in the caller's transaction; notes what changed.
void applyEvents(Database& database, SeriesIngest& series, RowId run, const FollowerBatch& batch,
                 StoreChange& change);

}  // namespace retort
