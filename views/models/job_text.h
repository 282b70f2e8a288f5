// What a scheduler says of a run's job, in words.
#pragma once

#include <QString>

#include "core/store/rows.h"

namespace retort {

/// "Job 77 on cluster: PENDING, it is next, once enough of the cluster is free; begins about 14:05". Empty
/// for a job without a number.
QString jobText(const JobRow& job);

}  // namespace retort
