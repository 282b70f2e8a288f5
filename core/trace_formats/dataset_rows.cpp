// Training sets as traces: TRL's stepwise and preference types, OpenR1, OpenThoughts, through the dataset
// reader.
#include <limits>

#include "core/datasets/row.h"
#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"

namespace retort {
namespace {

/// One text: messages of several roles with a line end between them, as they are shown.
Trace headOf(const DatasetExample& example, std::string_view task) {
    Trace trace;
    trace.task = task;
    trace.prompt = example.promptText();
    trace.problemId = problemIdOf(task, trace.prompt);
    trace.gold = example.answer;
    return trace;
}

void setVerified(Trace& trace, const std::optional<bool>& verified) {
    if (!verified) return;
    trace.correct = *verified;
    trace.reward = *verified ? 1 : 0;
}

/// Lists beside `generations` are parallel to it; a missing or short one says nothing.
std::string finishOf(const JsonFields& fields, std::size_t index) {
    const auto list = fields.find("finish_reasons");
    simdjson::dom::array reasons;
    std::string_view reason;
    if (list && list->get(reasons) == simdjson::SUCCESS && reasons.at(index).get(reason) == simdjson::SUCCESS)
        return reason == "length" ? "length" : "stop";
    return "stop";
}

/// open-r1's generate_reasoning.py: "api_metadata": [{"completion_tokens": 9981} …]
std::int32_t tokensOf(const JsonFields& fields, std::size_t index) {
    const auto list = fields.find("api_metadata");
    simdjson::dom::array entries;
    std::int64_t tokens = 0;
    if (list && list->get(entries) == simdjson::SUCCESS &&
        entries.at(index).at_key("completion_tokens").get(tokens) == simdjson::SUCCESS && tokens > 0 &&
        tokens <= std::numeric_limits<std::int32_t>::max())
        return std::int32_t(tokens);
    return 0;
}

}  // namespace

ImportedRow readDatasetRow(const simdjson::dom::object& row, RowContext& context) {
    const auto finding = shapeOf(row);
    if (!finding) throw Error("no shape of a dataset fits its members");
    const DatasetExample example = readExample(row, finding->shape);
    const JsonFields fields(row);
    ImportedRow result;
    for (const std::string_view id : {"uuid", "unique_id"})
        if (const auto value = fields.find(id); value && value->is_string() && result.id.empty())
            result.id = std::string(std::string_view(*value));
    const Trace head = headOf(example, context.task);
    if (!example.steps.empty()) {
        Trace trace = head;
        // The file does not say who labelled the steps.
        const LaneName judge = context.options->lane.value_or(LaneName{LaneKind::Human, context.task});
        StepLane lane{judge.kind, judge.name, {}};
        for (const LabelledStep& step : example.steps) {
            appendStep(trace, step.text, "\n");
            judgeLastStep(trace, lane, step.correct ? 1 : -1);
        }
        finishSteps(trace, std::move(lane));
        result.traces.push_back(std::move(trace));
    }
    for (std::size_t i = 0; i < example.completions.size(); ++i) {
        Trace trace = head;
        trace.completion = example.completions[i].text;
        trace.worked = !example.completions[i].thinking.empty();
        trace.finish = finishOf(fields, i);
        trace.numTokens = tokensOf(fields, i);
        setVerified(trace, example.completions[i].verified);
        setVerified(trace, example.label);
        result.traces.push_back(std::move(trace));
    }
    if (!example.chosen.empty() || !example.rejected.empty())
        for (const bool chosen : {true, false}) {
            Trace trace = head;
            trace.completion = chosen ? example.chosen : example.rejected;
            setVerified(trace, chosen);
            result.traces.push_back(std::move(trace));
        }
    result.skipped = result.traces.empty();  // a prompt alone
    return result;
}

}  // namespace retort
