#include "core/trace_formats/process_bench.h"

#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"
#include "core/util/json_text.h"

namespace retort {
namespace {
constexpr std::string_view separator = "\n\n";  // a step is a paragraph
}

ProcessBenchRecord readProcessBench(const JsonFields& fields) {
    ProcessBenchRecord record;
    record.id = fields.text("id", "");
    record.generator = fields.text("generator", "");
    record.problem = fields.text("problem");
    for (const auto step : jsonArray(fields.need("steps"), "steps"))
        record.steps.emplace_back(jsonString(step, "steps[" + std::to_string(record.steps.size()) + "]"));
    record.finalAnswerCorrect = fields.flag("final_answer_correct", false);
    record.label = fields.integer("label");
    if (record.steps.empty()) throw Error("is empty", "steps");
    if (record.label < -1 || record.label >= std::int64_t(record.steps.size()))
        throw Error("is " + std::to_string(record.label) + ", but there are " +
                        std::to_string(record.steps.size()) + " steps, counted from 0",
                    "label");
    return record;
}

void appendProcessBench(const ProcessBenchRecord& record, std::string& out) {
    out += '{';
    JsonMembers members(out);
    members.add("id", record.id).add("generator", record.generator).add("problem", record.problem);
    appendJsonArray(members.key("steps"), record.steps,
                    [](std::string& text, const std::string& step) { appendJsonString(text, step); });
    members.add("final_answer_correct", record.finalAnswerCorrect).add("label", record.label);
    out += '}';
}

Trace traceOf(const ProcessBenchRecord& record) {
    Trace trace;
    trace.task = "processbench";
    trace.phase = "eval";
    trace.prompt = record.problem;
    trace.problemId = record.id.empty() ? problemIdOf("processbench", record.problem) : record.id;
    trace.correct = record.finalAnswerCorrect;
    trace.reward = record.finalAnswerCorrect ? 1 : 0;
    StepLane lane{LaneKind::Human, "ProcessBench", {}};
    for (std::int64_t i = 0; i < std::int64_t(record.steps.size()); ++i) {
        appendStep(trace, record.steps[std::size_t(i)], separator);
        if (record.label < 0 || i <= record.label) judgeLastStep(trace, lane, i == record.label ? -1 : 1);
    }
    finishSteps(trace, std::move(lane));
    return trace;
}

ImportedRow readProcessBenchRow(const simdjson::dom::object& row, RowContext&) {
    const ProcessBenchRecord record = readProcessBench(JsonFields(row));
    return {record.id, {traceOf(record)}, false};
}

}  // namespace retort
