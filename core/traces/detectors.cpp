#include "core/traces/detectors.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "core/tasks/completion.h"
#include "core/traces/derived_values.h"
#include "core/traces/judged_steps.h"

namespace retort {
namespace {

StepLane laneOf(std::string name) {
    return {LaneKind::Detector, std::move(name), {}};
}

StepJudgement fault(std::int64_t begin, std::int64_t end, std::string text) {
    StepJudgement judgement;
    judgement.begin = begin;
    judgement.end = end;
    judgement.rating = -1;
    judgement.text = std::move(text);
    return judgement;
}

std::string_view textOf(const Trace& trace, const TraceStep& step) {
    return std::string_view(trace.completion)
        .substr(std::size_t(step.begin), std::size_t(step.end - step.begin));
}

std::string withoutBlanks(std::string_view text) {
    std::string packed;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != ';') packed += c;
    return packed;
}

/// The checker's words for a step that says nothing wrong itself (core/tasks/generated_task.cpp).
bool isOnlyOutOfPlace(const TraceStep& step) {
    return step.reason.starts_with("right in itself") || step.reason == "a step too many";
}

/// A wrong sub-result: where it stands, and what it says.
struct Flaw {
    std::int64_t begin = 0, end = 0;
    std::string key;
};

std::vector<Flaw> flawsOf(const Trace& trace) {
    std::vector<Flaw> flaws;
    for (const TraceStep& step : cutCompletion(trace).steps) {
        const std::string_view text = textOf(trace, step);
        if (step.verdict == StepVerdict::Wrong && !isOnlyOutOfPlace(step))
            flaws.push_back({step.begin, step.end, withoutBlanks(text)});
        if (step.verdict != StepVerdict::Unchecked) continue;
        for (const NumberEquation& equation : equationsIn(text))
            if (!equation.holds)
                flaws.push_back({step.begin + std::int64_t(equation.begin),
                                 step.begin + std::int64_t(equation.end),
                                 withoutBlanks(text.substr(equation.begin, equation.end - equation.begin))});
    }
    return flaws;
}

/// The answer is a value that the last step derives, as far as its kind tells.
bool answerIsLastValue(const Trace& trace) {
    const std::string_view kind = std::string_view(trace.problemId).substr(0, trace.problemId.find(':'));
    return kind != "addition" && kind != "multiplication" && kind != "countdown" && kind != "sorting";
}

/// Where the answer stands, as a range of the completion; empty: there is none.
struct FinalAnswer {
    std::size_t begin = 0;
    std::string_view text;
};

FinalAnswer finalAnswer(const Trace& trace) {
    const std::string_view completion = trace.completion;
    const CutCompletion cut = cutText(completion);
    if (cut.how == "markers") {
        const ParsedCompletion written = parseCompletion(completion);
        if (written.answer.empty()) return {};
        return {std::size_t(written.answer.data() - completion.data()), written.answer};
    }
    if (trace.extracted.empty()) return {};
    const std::size_t at = completion.rfind(trace.extracted);
    if (at == std::string_view::npos) return {};
    return {at, completion.substr(at, trace.extracted.size())};
}

/// The last value that stands before the answer; none where the answer is derived right there.
std::optional<std::string> lastDerived(const Trace& trace, std::size_t answer) {
    const std::size_t before = trace.completion.find_last_not_of(" $*", answer == 0 ? 0 : answer - 1);
    if (answer == 0 || (before < answer && trace.completion[before] == '=')) return std::nullopt;
    const CutCompletion cut = cutCompletion(trace);
    for (auto step = cut.steps.rbegin(); step != cut.steps.rend(); ++step) {
        if (step->begin >= std::int64_t(answer)) continue;
        const auto end = std::min(step->end, std::int64_t(answer));
        const auto value =
            derivedValue(std::string_view(trace.completion)
                             .substr(std::size_t(step->begin), std::size_t(end - step->begin)));
        if (value) return value;
    }
    return std::nullopt;
}

}  // namespace

StepLane detectFlawRepetition(const Trace& trace) {
    StepLane lane = laneOf("flaw_repetition");
    std::map<std::string, std::int64_t> seen;
    for (const Flaw& flaw : flawsOf(trace)) {
        const std::int64_t before = seen[flaw.key]++;
        if (before == 0) continue;
        lane.steps.push_back(fault(flaw.begin, flaw.end,
                                   "the same wrong result for the " + std::to_string(before + 1) + ". time"));
    }
    return lane;
}

StepLane detectAnswerMismatch(const Trace& trace) {
    StepLane lane = laneOf("answer_mismatch");
    const FinalAnswer answer = finalAnswer(trace);
    if (answer.text.empty()) return lane;
    const auto add = [&](std::string text) {
        lane.steps.push_back(fault(std::int64_t(answer.begin),
                                   std::int64_t(answer.begin + answer.text.size()), std::move(text)));
    };
    if (answerIsLastValue(trace)) {
        if (const auto derived = lastDerived(trace, answer.begin);
            derived && !isSameValue(*derived, answer.text))
            add("the last derived value is " + *derived);
        return lane;
    }
    const auto isRight = [](const TraceStep& step) { return step.verdict == StepVerdict::Correct; };
    const auto isFlawed = [](const TraceStep& step) {
        return step.verdict == StepVerdict::Wrong && !isOnlyOutOfPlace(step);
    };
    if (trace.correct && std::any_of(trace.steps.begin(), trace.steps.end(), isFlawed))
        add("the answer is right, and the steps are not");
    if (!trace.correct && !trace.steps.empty() &&
        std::all_of(trace.steps.begin(), trace.steps.end(), isRight))
        add("the steps are right, and the answer is not");
    return lane;
}

std::vector<StepLane> detectAll(const Trace& trace) {
    return {detectFlawRepetition(trace), detectAnswerMismatch(trace), detectRepetition(trace),
            detectReflection(trace), detectBacktracking(trace)};
}

}  // namespace retort
