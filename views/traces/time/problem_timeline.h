// One problem through training, run by run: what the time strip walks along.
#pragma once

#include <QString>
#include <vector>

#include "core/store/rows.h"

namespace retort {

class StoreReader;

struct RunTimeline {
    RowId run = 0;
    QString name;
    std::vector<ProblemMoment> moments;  ///< in order of step, an evaluation behind the rollouts of its step
};

/// Of all runs that have the problem; the newest run last.
std::vector<RunTimeline> readTimelines(StoreReader& reader, const std::string& problemId);
/// The moments run by run, in order.
std::vector<RunTimeline> splitByRun(std::vector<ProblemMoment> moments);
/// The moment of (step, phase); without one the nearest by step, the earlier of two; -1: there is none.
int momentAt(const std::vector<ProblemMoment>& moments, std::int64_t step, const std::string& phase);

}  // namespace retort
