#include "app/cli/lane_reference.h"

#include "core/util/error.h"

namespace retort::cli {

LaneReference laneReferenceOf(const std::string& text) {
    const std::size_t colon = text.find(':');
    const auto kind = laneKindNamed(text.substr(0, colon));
    if (!kind)
        throw Error("'" + text + "' names no lane", "",
                    "KIND:NAME, with checker, human, monte_carlo, prm, critic or detector as KIND");
    return {*kind, colon == std::string::npos ? "" : text.substr(colon + 1)};
}

const StepLane* findLane(const std::vector<StepLane>& lanes, const LaneReference& reference) {
    const StepLane* found = nullptr;
    for (const StepLane& lane : lanes) {
        if (lane.kind != reference.kind || (!reference.name.empty() && lane.name != reference.name)) continue;
        if (found)
            throw Error("there are several lanes of this kind, '" + found->name + "' and '" + lane.name +
                            "' among them",
                        std::string(name(reference.kind)),
                        "name one: " + std::string(name(reference.kind)) + ":NAME");
        found = &lane;
    }
    return found;
}

TraceFilter traceFilterOf(const Arguments& arguments, RowId run) {
    TraceFilter filter;
    filter.run = run;
    filter.order = TraceFilter::Order::Oldest;
    if (arguments.has("--step")) filter.fromStep = filter.toStep = arguments.integer("--step", 0);
    filter.phase = arguments.text("--phase");
    filter.task = arguments.text("--task");
    if (arguments.has("--correct") && arguments.has("--wrong"))
        throw Error("--correct and --wrong leave nothing", "", "take one of them, or none for all");
    if (arguments.has("--correct")) filter.correct = true;
    if (arguments.has("--wrong")) filter.correct = false;
    return filter;
}

}  // namespace retort::cli
