// Annotation queues as rows: what is in them, in which order, and what is known of quality-control items.
#pragma once

#include <optional>
#include <vector>

#include "core/annotations/annotation_queue.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

namespace retort {

/// Throws Error for settings that cannot be, a name that is taken, or an unknown trace. A trace that is given
/// twice is in it once.
RowId insertQueue(Database& database, const QueueSettings& settings, QueuePreset preset,
                  const std::vector<RowId>& traces);
void updateQueue(Database& database, RowId queue, const QueueSettings& settings);
void deleteQueue(Database& database, RowId queue);
/// Behind those that are there; what is in it already stays where it is.
void appendToQueue(Database& database, RowId queue, const std::vector<RowId>& traces);
void setControl(Database& database, RowId queue, RowId trace, const std::optional<QualityControl>& control);

/// By name, with everybody's progress.
std::vector<QueueRow> readQueues(Database& database);
std::vector<QueueItem> readQueueItems(Database& database, RowId queue, const std::string& annotator);

/// What tells whether another program changed a queue.
std::int64_t queuesVersion(Database& database);

}  // namespace retort
