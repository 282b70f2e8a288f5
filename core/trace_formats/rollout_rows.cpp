// Rollouts: our own export, and verl's dumps.
#include <cmath>

#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/traces/trace_json.h"
#include "core/util/error.h"

namespace retort {
namespace {

using simdjson::dom::element;

bool isLength(std::string_view name) {
    return name == "response_length" || name == "completion_length" || name == "num_tokens";
}

}  // namespace

ImportedRow readRetortRow(const simdjson::dom::object& row, RowContext&) {
    ImportedRow result;
    result.traces.push_back(readTrace(JsonFields(row)));
    checkRanges(result.traces.front());
    return result;
}

// traces.md b.6: input, output, gts, score and step, and what the reward function added. The dump has no
// prompt id: samples of one prompt are those with the same input at the same step. One pass over the members,
// because dumps are large.
ImportedRow readVerlRow(const simdjson::dom::object& row, RowContext& context) {
    ImportedRow result;
    Trace& trace = result.traces.emplace_back();
    trace.task = "verl";
    trace.step = context.step.value_or(0);
    std::optional<double> score, accuracy;
    bool hasInput = false, hasOutput = false;
    for (const auto [key, value] : row) {
        if (key == "input") {
            trace.prompt = jsonString(value, key);
            hasInput = true;
        } else if (key == "output") {
            trace.completion = jsonString(value, key);
            hasOutput = true;
        } else if (value.is_null()) {
            continue;
        } else if (key == "gts") {
            trace.gold = plainText(value, key);
        } else if (key == "step") {
            trace.step = jsonInteger(value, key);
        } else if (key == "score") {
            score = jsonNumber(value, key);
        } else if (key == "pred") {
            trace.extracted = plainText(value, key);
        } else if (key == "request_id") {
            result.id = plainText(value, key);
        } else if (const auto number = numberOf(value)) {
            if (key == "acc") accuracy = number;
            if (isLength(key) && *number > 0 && *number < 1e9) trace.numTokens = std::int32_t(*number);
            trace.rewards.emplace_back(std::string(key), *number);
        }
    }
    if (!hasInput) throw Error("is missing", "input");
    if (!hasOutput) throw Error("is missing", "output");
    trace.problemId = problemIdOf("verl", trace.prompt);
    trace.worked = hasThinking(trace.completion);
    if (score && std::isfinite(*score)) trace.reward = score;
    trace.correct = accuracy.value_or(score.value_or(0)) > 0;
    return result;
}

}  // namespace retort
