// Finds the traces that are worth a person's time.
#pragma once

#include <vector>

#include "core/annotations/annotation_queue.h"
#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// At most `most` of those that the filter lets through, best first.
std::vector<RowId> selectForQueue(Database& database, const TraceFilter& filter, QueuePreset preset,
                                  std::int64_t most);

}  // namespace retort
