#include "core/trace_formats/trace_steps.h"

#include <algorithm>
#include <cstdio>

#include "core/trace_formats/trace_import.h"
#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {

void appendStep(Trace& trace, std::string_view text, StepVerdict verdict, std::string reason,
                std::string_view separator) {
    if (!trace.steps.empty() || !trace.completion.empty()) trace.completion += separator;
    const auto begin = std::int64_t(trace.completion.size());
    trace.completion += text;
    trace.steps.push_back({begin, std::int64_t(trace.completion.size()), verdict, std::move(reason)});
}

void finishSteps(Trace& trace) {
    if (trace.steps.empty()) return;
    trace.worked = true;
    const auto count = [&](StepVerdict verdict) {
        return std::count_if(trace.steps.begin(), trace.steps.end(),
                             [verdict](const TraceStep& step) { return step.verdict == verdict; });
    };
    if (count(StepVerdict::Unchecked) == 0)
        trace.stepAccuracy = double(count(StepVerdict::Correct)) / double(trace.steps.size());
}

std::vector<StepText> stepTexts(const Trace& trace) {
    std::vector<StepText> texts;
    const auto size = std::int64_t(trace.completion.size());
    for (const TraceStep& step : trace.steps) {
        if (step.begin < 0 || step.end < step.begin || step.end > size)
            throw Error("step " + std::to_string(texts.size()) + " is not within the completion",
                        trace.problemId);
        texts.push_back({std::string_view(trace.completion)
                             .substr(std::size_t(step.begin), std::size_t(step.end - step.begin)),
                         step.verdict, step.reason == neutralReason});
    }
    return texts;
}

std::int64_t firstWrongStep(const Trace& trace) {
    const auto wrong = std::find_if(trace.steps.begin(), trace.steps.end(),
                                    [](const TraceStep& step) { return step.verdict == StepVerdict::Wrong; });
    return wrong == trace.steps.end() ? -1 : wrong - trace.steps.begin();
}

std::string problemIdOf(std::string_view prefix, std::string_view prompt) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(stableHash(prompt)));
    return std::string(prefix).append(":").append(digits);
}

}  // namespace retort
