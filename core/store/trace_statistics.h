// Numbers over many traces: one problem through training, and histograms of what a filter lets through.
#pragma once

#include <string>
#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// In order of run and step; `run` 0: of all runs.
std::vector<ProblemMoment> readProblemHistory(Database& database, const std::string& problemId, RowId run);

/// Throws Error for fewer than one bin.
TraceHistogram readRewardHistogram(Database& database, const TraceFilter& filter, int bins);
TraceHistogram readLengthHistogram(Database& database, const TraceFilter& filter, int bins);

}  // namespace retort
