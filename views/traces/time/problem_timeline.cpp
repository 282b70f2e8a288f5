#include "views/traces/time/problem_timeline.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/store/store.h"
#include "views/models/format.h"

namespace retort {

std::vector<RunTimeline> splitByRun(std::vector<ProblemMoment> moments) {
    std::map<RowId, RunTimeline> byRun;
    for (ProblemMoment& moment : moments) {
        RunTimeline& timeline = byRun[moment.run];
        timeline.run = moment.run;
        timeline.moments.push_back(std::move(moment));
    }
    std::vector<RunTimeline> all;
    for (auto& [run, timeline] : byRun) {
        std::stable_sort(timeline.moments.begin(), timeline.moments.end(),
                         [](const ProblemMoment& a, const ProblemMoment& b) {
                             return std::pair(a.step, a.phase != "train") <
                                    std::pair(b.step, b.phase != "train");
                         });
        all.push_back(std::move(timeline));
    }
    return all;
}

std::vector<RunTimeline> readTimelines(StoreReader& reader, const std::string& problemId) {
    if (problemId.empty()) return {};
    std::vector<RunTimeline> all = splitByRun(reader.problemHistory(problemId, 0));
    for (RunTimeline& timeline : all)
        if (const auto row = reader.run(timeline.run)) timeline.name = toQString(row->name);
    return all;
}

int momentAt(const std::vector<ProblemMoment>& moments, std::int64_t step, const std::string& phase) {
    int best = -1;
    const auto distance = [&](const ProblemMoment& moment) {
        return std::pair(std::abs(moment.step - step), moment.phase != phase);
    };
    for (std::size_t i = 0; i < moments.size(); ++i)
        if (best < 0 || distance(moments[i]) < distance(moments[static_cast<std::size_t>(best)]))
            best = static_cast<int>(i);
    return best;
}

}  // namespace retort
