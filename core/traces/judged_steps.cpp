#include "core/traces/judged_steps.h"

#include <algorithm>

#include "core/tasks/completion.h"
#include "core/util/text.h"

namespace retort {
namespace {

constexpr std::size_t maxSteps = ParsedCompletion::maxSteps;

bool isInOrder(const Trace& trace) {
    std::int64_t end = 0;
    for (const TraceStep& step : trace.steps) {
        if (step.begin < end || step.end <= step.begin) return false;
        end = step.end;
    }
    return end <= std::int64_t(trace.completion.size());
}

/// The steps of our own format; nothing for other text that begins with '<', such as "<think>".
std::vector<TraceStep> markedSteps(std::string_view text) {
    std::vector<TraceStep> steps;
    if (!text.starts_with('<')) return steps;
    const ParsedCompletion written = parseCompletion(text);
    if (written.steps.empty() || !written.steps.front().closed) return steps;
    for (const CompletionStep& step : written.steps)
        steps.push_back({std::int64_t(step.begin), std::int64_t(step.end), StepVerdict::Unchecked, {}});
    return steps;
}

void addPiece(std::vector<TraceStep>& steps, std::string_view text, std::size_t begin, std::size_t end) {
    const std::string_view piece = trimmed(text.substr(begin, end - begin));
    if (piece.empty() || steps.size() == maxSteps) return;
    const auto first = std::int64_t(piece.data() - text.data());
    steps.push_back({first, first + std::int64_t(piece.size()), StepVerdict::Unchecked, {}});
}

/// Pieces between lines; with `blankOnly`, between blank lines.
std::vector<TraceStep> piecesBetweenLines(std::string_view text, bool blankOnly) {
    std::vector<TraceStep> steps;
    std::size_t begin = 0;
    for (std::size_t line = 0; line < text.size();) {
        const std::size_t end = std::min(text.find('\n', line), text.size());
        const bool isBlank = trimmed(text.substr(line, end - line)).empty();
        if (isBlank || !blankOnly) {
            addPiece(steps, text, begin, isBlank ? line : end);
            begin = std::min(end + 1, text.size());
        }
        line = end + 1;
    }
    addPiece(steps, text, begin, text.size());
    return steps;
}

}  // namespace

CutCompletion cutText(std::string_view completion) {
    if (auto steps = markedSteps(completion); !steps.empty()) return {std::move(steps), "markers"};
    if (auto steps = piecesBetweenLines(completion, true); steps.size() > 1)
        return {std::move(steps), "paragraphs"};
    auto lines = piecesBetweenLines(completion, false);
    if (lines.empty()) return {};
    const bool isOne = lines.size() == 1;
    return {std::move(lines), isOne ? "whole" : "lines"};
}

CutCompletion cutCompletion(const Trace& trace) {
    if (!trace.steps.empty() && isInOrder(trace)) return {trace.steps, "trace"};
    return cutText(trace.completion);
}

std::int64_t stepAt(const std::vector<TraceStep>& steps, std::int64_t byte) {
    const auto next =
        std::upper_bound(steps.begin(), steps.end(), byte,
                         [](std::int64_t at, const TraceStep& step) { return at < step.begin; });
    if (next == steps.begin() || std::prev(next)->end <= byte) return -1;
    return std::prev(next) - steps.begin();
}

}  // namespace retort
