// Math-Shepherd (Wang et al. 2024, peiyi9979/Math-Shepherd): `input` is problem and solution with the tag ки
// behind each step, `label` the same text with + or - in the tag's place: whether at least one rollout from
// there reached the answer.
#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"
#include "core/util/text.h"

namespace retort {
namespace {

constexpr std::string_view tag = "\xd0\xba\xd0\xb8", answerMark = "The answer is:";

/// Where the solution begins: at "Step 1:", which the published set writes in every row.
std::size_t solutionBegin(std::string_view input) {
    const std::size_t begin = input.find("Step 1:");
    if (begin == std::string_view::npos) throw Error("has no \"Step 1:\"", "input");
    return begin;
}

}  // namespace

ImportedRow readMathShepherdRow(const simdjson::dom::object& row, RowContext&) {
    const JsonFields fields(row);
    const std::string_view input = jsonString(fields.need("input"), "input"),
                           label = jsonString(fields.need("label"), "label");
    const std::size_t begin = solutionBegin(input);
    if (input.substr(0, begin).find(tag) != std::string_view::npos)
        throw Error("has a step's tag before the problem ends", "input");
    if (label.substr(0, begin) != input.substr(0, begin)) throw Error("is not of this input", "label");
    Trace trace;
    trace.task = fields.text("task", "math-shepherd");
    trace.phase = "eval";
    trace.prompt = std::string(trimmed(input.substr(0, begin)));
    trace.problemId = problemIdOf("math-shepherd", trace.prompt);
    StepLane lane{LaneKind::MonteCarlo, "math-shepherd", {}};
    std::size_t at = begin, labelAt = begin;
    for (;;) {
        const std::size_t end = input.find(tag, at);
        const std::string_view text = input.substr(at, end == std::string_view::npos ? end : end - at);
        if (label.substr(labelAt, text.size()) != text)
            throw Error("differs from the input at byte " + std::to_string(labelAt), "label");
        labelAt += text.size();
        if (end == std::string_view::npos) {
            if (!trimmed(text).empty()) appendStep(trace, trimmed(text), "\n");
            break;
        }
        const char sign = labelAt < label.size() ? label[labelAt] : 0;
        if (sign != '+' && sign != '-')
            throw Error("has neither + nor - for step " + std::to_string(trace.steps.size()), "label");
        appendStep(trace, trimmed(text), "\n");
        // How many rollouts there were is not in the file: a hard label, no rate.
        judgeLastStep(trace, lane, sign == '+' ? 1 : -1,
                      sign == '+' ? "" : "no rollout from here reached the answer");
        ++labelAt;
        at = end + tag.size();
    }
    if (labelAt != label.size()) throw Error("is longer than the input", "label");
    if (lane.steps.empty()) throw Error("has no step's tag", "input");
    if (const std::size_t mark = trace.completion.rfind(answerMark); mark != std::string::npos)
        trace.extracted =
            std::string(trimmed(std::string_view(trace.completion).substr(mark + answerMark.size())));
    // From behind the last step there is nothing to roll out: its label is the answer's.
    if (lane.steps.back().end == trace.steps.back().end) {
        trace.correct = lane.steps.back().rating == 1;
        trace.reward = trace.correct ? 1 : 0;
    }
    finishSteps(trace, std::move(lane));
    return {"", {std::move(trace)}, false};
}

}  // namespace retort
