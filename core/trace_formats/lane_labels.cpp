#include "core/trace_formats/lane_labels.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

std::optional<std::int32_t> ratingOf(LaneKind kind, const StepJudgement& judgement, double threshold) {
    if (judgement.rating) return judgement.rating;
    if (kind == LaneKind::MonteCarlo && judgement.rollouts > 0) return judgement.successes > 0 ? 1 : -1;
    if (!judgement.value) return std::nullopt;
    return *judgement.value >= threshold ? 1 : -1;
}

std::optional<std::int32_t> ratingOf(StepVerdict verdict) {
    if (verdict == StepVerdict::Unchecked) return std::nullopt;
    return verdict == StepVerdict::Correct ? 1 : -1;
}

const StepLane* find(const Trace& trace, const LaneName& lane) {
    const auto found = std::find_if(trace.lanes.begin(), trace.lanes.end(), [&](const StepLane& each) {
        return each.kind == lane.kind && (each.name == lane.name || lane.kind == LaneKind::Checker);
    });
    return found == trace.lanes.end() ? nullptr : &*found;
}

StepLabel labelAt(const Trace& trace, std::int64_t begin, std::int64_t end, std::size_t index) {
    if (begin < 0 || end < begin || end > std::int64_t(trace.completion.size()))
        throw Error("step " + std::to_string(index) + " is not within the completion", trace.problemId);
    const auto text = std::string_view(trace.completion).substr(std::size_t(begin), std::size_t(end - begin));
    return {text, begin, end, std::nullopt, {}};
}

void worsen(StepLabel& label, std::optional<std::int32_t> rating, std::string_view note) {
    if (rating && (!label.rating || *rating < *label.rating)) label.rating = rating;
    if (label.note.empty()) label.note = note;
}

}  // namespace

std::string toText(const LaneName& lane) {
    const std::string kind(name(lane.kind));
    return lane.name.empty() ? kind : kind + ":" + lane.name;
}

LaneName laneNamed(std::string_view text) {
    const std::size_t colon = text.find(':');
    const auto kind = laneKindNamed(text.substr(0, colon));
    if (!kind)
        throw Error("there is no lane of the kind '" + std::string(text.substr(0, colon)) + "'", "",
                    "KIND:NAME, with checker, human, monte_carlo, prm or critic as KIND");
    return {*kind, colon == std::string_view::npos ? "" : std::string(text.substr(colon + 1))};
}

std::vector<LaneName> labelLanes(const Trace& trace) {
    std::vector<LaneName> lanes;
    const auto add = [&](LaneName lane) {
        if (std::find(lanes.begin(), lanes.end(), lane) == lanes.end()) lanes.push_back(std::move(lane));
    };
    if (std::any_of(trace.steps.begin(), trace.steps.end(),
                    [](const TraceStep& step) { return step.verdict != StepVerdict::Unchecked; }))
        add({LaneKind::Checker, ""});
    for (const StepLane& lane : trace.lanes)
        if (lane.kind != LaneKind::Detector)
            add({lane.kind, lane.kind == LaneKind::Checker ? "" : lane.name});
    return lanes;
}

std::optional<LaneName> chooseLane(const std::vector<LaneName>& lanes, const std::optional<LaneName>& asked) {
    std::string names;
    for (const LaneName& lane : lanes) names.append(names.empty() ? "" : ", ").append(toText(lane));
    if (asked) {
        if (std::find(lanes.begin(), lanes.end(), *asked) != lanes.end()) return asked;
        throw Error("no step is labelled in the lane " + toText(*asked), "",
                    names.empty() ? "" : "there is " + names);
    }
    if (lanes.size() > 1)
        throw Error("several judges labelled the steps: " + names, "",
                    "--lane " + toText(lanes.front()) + " says whose labels are written");
    return lanes.empty() ? std::nullopt : std::optional(lanes.front());
}

std::vector<StepLabel> stepLabels(const Trace& trace, const LaneName& lane, double threshold) {
    std::vector<StepLabel> labels;
    for (const TraceStep& step : trace.steps)
        labels.push_back(labelAt(trace, step.begin, step.end, labels.size()));
    const StepLane* found = find(trace, lane);
    if (!found) {
        if (lane.kind == LaneKind::Checker)
            for (std::size_t i = 0; i < labels.size(); ++i)
                worsen(labels[i], ratingOf(trace.steps[i].verdict), trace.steps[i].reason);
        return labels;
    }
    const bool cutByLane = labels.empty();
    for (const StepJudgement& judgement : found->steps) {
        if (cutByLane && judgement.end > judgement.begin)
            labels.push_back(labelAt(trace, judgement.begin, judgement.end, labels.size()));
        // Steps and judgements are in order of the text, so the last step that begins before it is the one.
        const auto behind = std::find_if(labels.rbegin(), labels.rend(), [&](const StepLabel& label) {
            return label.begin <= judgement.begin;
        });
        if (behind != labels.rend() && judgement.begin < std::max(behind->end, behind->begin + 1))
            worsen(*behind, ratingOf(lane.kind, judgement, threshold), judgement.text);
    }
    return labels;
}

std::int64_t firstWrong(const std::vector<StepLabel>& labels) {
    const auto wrong =
        std::find_if(labels.begin(), labels.end(), [](const StepLabel& label) { return label.rating == -1; });
    return wrong == labels.end() ? -1 : wrong - labels.begin();
}

}  // namespace retort
