// TRL's log of completions (traces.md b.5): completions_<step>.parquet, with a column a reward function.
#include <algorithm>
#include <cmath>

#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"

namespace retort {
namespace {

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A reward function that looks at the answer alone.
bool saysCorrect(std::string_view name) {
    return name.find("accuracy") != std::string_view::npos || name.find("correct") != std::string_view::npos;
}

/// The group is not in the file: rows with the same prompt behind one another, `groupSize` at a time.
std::string groupOf(const Trace& trace, RowContext& context) {
    RowContext::Run& run = context.run;
    const bool sameRun = run.number >= 0 && run.step == trace.step && run.prompt == trace.prompt &&
                         (context.groupSize <= 0 || run.rows < context.groupSize);
    if (!sameRun) {
        if (context.groupSize > 0 && run.number >= 0 && run.rows != context.groupSize)
            note(context, "there are groups of other than " + std::to_string(context.groupSize) +
                              " rows: the first has " + std::to_string(run.rows));
        run = {trace.prompt, trace.step, 0, run.number + 1};
    }
    ++run.rows;
    return "run " + std::to_string(run.number);
}

}  // namespace

// The weights of the rewards are not in the file; the sum is that of TRL's default, in which all are 1. NaN:
// the function has nothing to say of this row.
ImportedRow readTrlCompletionRow(const simdjson::dom::object& row, RowContext& context) {
    const JsonFields fields(row);
    ImportedRow result;
    Trace& trace = result.traces.emplace_back();
    trace.task = "trl";
    trace.prompt = fields.text("prompt");
    trace.completion = fields.text("completion");
    trace.step = fields.integer("step", context.step.value_or(0));
    trace.problemId = problemIdOf("trl", trace.prompt);
    trace.worked = hasThinking(trace.completion);
    const std::optional<double> advantage = fields.optionalNumber("advantage");
    if (advantage && std::isfinite(*advantage)) trace.advantage = advantage;
    std::optional<double> sum, accuracy;
    for (const auto [key, value] : row) {
        if (value.is_null() || isOneOf(key, {"step", "prompt", "completion", "advantage"})) continue;
        if (value.is_string()) {
            const std::string_view text = value.get_string().value();
            if (isOneOf(key, {"solution", "answer", "gold", "ground_truth"}))
                trace.gold = text;
            else if (isOneOf(key, {"answer_parsed", "pred", "extracted"}))
                trace.extracted = text;
            continue;
        }
        const auto number = numberOf(value);
        if (!number || !std::isfinite(*number)) continue;
        trace.rewards.emplace_back(std::string(key), *number);
        sum = sum.value_or(0) + *number;
        if (saysCorrect(key)) accuracy = number;
    }
    trace.reward = sum;
    trace.correct = accuracy.value_or(sum.value_or(0)) > 0;
    result.group = groupOf(trace, context);
    return result;
}

}  // namespace retort
