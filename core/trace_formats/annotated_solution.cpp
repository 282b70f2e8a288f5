#include "core/trace_formats/annotated_solution.h"

#include <algorithm>

namespace retort {

bool AnnotatedSolution::isUnsure(std::int64_t begin) const {
    return std::find(unsure.begin(), unsure.end(), begin) != unsure.end();
}

const std::string* AnnotatedSolution::correctionOf(std::int64_t begin) const {
    const auto found = corrections.find(begin);
    return found == corrections.end() ? nullptr : &found->second;
}

std::optional<AnnotatedSolution> annotatedSolution(const std::string& annotator,
                                                   const std::vector<Annotation>& annotations,
                                                   const std::vector<AnnotationEvent>& events) {
    AnnotatedSolution said;
    said.annotator = annotator;
    bool any = false;
    for (const Annotation& each : annotations) {
        if (each.annotator != annotator) continue;
        any = true;
        const AnnotationKind kind = each.target.kind;
        if (kind == AnnotationKind::StepUnsure && each.value == true)
            said.unsure.push_back(each.target.begin);
        if (kind == AnnotationKind::Correction && each.value.is_string())
            said.corrections[each.target.begin] = each.value.get<std::string>();
        if (kind == AnnotationKind::FirstError && each.value.is_number_integer())
            said.firstError = each.value.get<std::int64_t>();
        if (kind == AnnotationKind::Outcome && each.value.is_object())
            said.outcome = each.value.value("outcome", "");
    }
    for (const AnnotationEvent& event : events) {
        if (event.annotator != annotator) continue;
        said.seconds += event.seconds;
        said.t = std::max(said.t, event.t);
    }
    if (!any) return std::nullopt;
    return said;
}

void addFirstError(Trace& trace, const AnnotatedSolution& said) {
    if (!said.firstError) return;
    auto lane = std::find_if(trace.lanes.begin(), trace.lanes.end(), [&](const StepLane& each) {
        return each.kind == LaneKind::Human && each.name == said.annotator;
    });
    if (lane == trace.lanes.end())
        lane = trace.lanes.insert(lane, StepLane{LaneKind::Human, said.annotator, {}});
    for (const TraceStep& step : trace.steps) {
        const std::int64_t error = *said.firstError;
        if (error >= 0 && step.begin > error) break;
        const bool rated =
            std::any_of(lane->steps.begin(), lane->steps.end(), [&](const StepJudgement& each) {
                return each.begin >= step.begin && each.begin < std::max(step.end, step.begin + 1);
            });
        if (rated) continue;
        StepJudgement judgement;
        judgement.begin = step.begin;
        judgement.end = step.end;
        judgement.rating = error >= step.begin && error < std::max(step.end, step.begin + 1) ? -1 : 1;
        lane->steps.push_back(std::move(judgement));
    }
    std::sort(lane->steps.begin(), lane->steps.end(),
              [](const StepJudgement& a, const StepJudgement& b) { return a.begin < b.begin; });
}

}  // namespace retort
