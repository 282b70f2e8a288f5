// The queue as a table.
#pragma once

#include "training/backends/queue/queue_snapshot.h"
#include "views/models/value_table_model.h"

namespace retort {

class Lab;

ValueTable queueTable(const QueueSnapshot& snapshot, const Lab& lab);
/// What the queue as a whole is doing, a sentence or two.
QString queueSummary(const QueueSnapshot& snapshot);

}  // namespace retort
