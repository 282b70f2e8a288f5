#include "core/trace_formats/trace_steps.h"

#include <algorithm>
#include <cstdio>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {

void appendStep(Trace& trace, std::string_view text, std::string_view separator) {
    if (!trace.steps.empty() || !trace.completion.empty()) trace.completion += separator;
    const auto begin = std::int64_t(trace.completion.size());
    trace.completion += text;
    trace.steps.push_back({begin, std::int64_t(trace.completion.size()), StepVerdict::Unchecked, ""});
}

void judgeLastStep(const Trace& trace, StepLane& lane, std::optional<std::int32_t> rating, std::string text) {
    const TraceStep& step = trace.steps.back();
    lane.steps.push_back({step.begin, step.end, rating, std::nullopt, 0, 0, std::move(text)});
}

void finishSteps(Trace& trace, StepLane lane) {
    if (!trace.steps.empty()) trace.worked = true;
    if (!lane.steps.empty()) trace.lanes.push_back(std::move(lane));
}

void checkRanges(const Trace& trace) {
    const auto size = std::int64_t(trace.completion.size());
    const auto isOutside = [size](const auto& each) {
        return each.begin < 0 || each.end < each.begin || each.end > size;
    };
    if (std::any_of(trace.steps.begin(), trace.steps.end(), isOutside))
        throw Error("has a range that is not within the completion", "steps");
    for (const StepLane& lane : trace.lanes)
        if (std::any_of(lane.steps.begin(), lane.steps.end(), isOutside))
            throw Error("has a range that is not within the completion", "lanes");
}

bool hasThinking(std::string_view completion) {
    return completion.find("</think>") != std::string_view::npos;
}

std::string problemIdOf(std::string_view prefix, std::string_view prompt) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(stableHash(prompt)));
    return std::string(prefix).append(":").append(digits);
}

}  // namespace retort
