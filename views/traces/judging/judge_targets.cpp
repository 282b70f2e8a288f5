#include "views/traces/judging/judge_targets.h"

#include <algorithm>

namespace retort {

RowId runOfTrace(StoreReader& reader, RowId id, const Trace& trace) {
    TraceFilter like;
    like.fromStep = like.toStep = trace.step;
    like.phase = trace.phase;
    like.problemId = trace.problemId;
    like.ofGroup = trace.group;
    constexpr std::int64_t most = 1000;
    for (const TraceRow& row : reader.traces(like, 0, most))
        if (row.id == id) return row.run;
    return 0;
}

std::vector<TargetTrace> readTargets(StoreReader& reader, const TraceTargets& targets, TargetScope scope,
                                     std::int64_t most) {
    std::vector<TargetTrace> wanted;
    if (scope == TargetScope::Trace) {
        if (targets.trace != 0) wanted.push_back({targets.trace, 0, {}});
    } else if (scope == TargetScope::Group || !targets.picked.empty()) {
        for (const RowId id : scope == TargetScope::Group ? targets.group : targets.picked)
            wanted.push_back({id, 0, {}});
    } else {
        for (const TraceRow& row : reader.traces(targets.filter, 0, most))
            wanted.push_back({row.id, row.run, {}});
    }
    if (static_cast<std::int64_t>(wanted.size()) > most) wanted.resize(static_cast<std::size_t>(most));
    std::vector<TargetTrace> read;
    for (TargetTrace& each : wanted) {
        auto trace = reader.trace(each.id);
        if (!trace) continue;
        each.trace = std::move(*trace);
        each.trace.lanes = reader.lanes(each.id);
        std::erase_if(each.trace.lanes, [](const StepLane& lane) { return lane.kind == LaneKind::Checker; });
        if (each.run == 0) each.run = runOfTrace(reader, each.id, each.trace);
        read.push_back(std::move(each));
    }
    return read;
}

}  // namespace retort
