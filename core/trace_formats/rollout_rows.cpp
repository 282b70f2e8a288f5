// Rollouts: our own export, verl's dumps, and JSONL whose members the caller names.
#include <cmath>

#include "core/answers/answer_checker.h"
#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/traces/trace_json.h"
#include "core/util/error.h"

namespace retort {
namespace {

using simdjson::dom::element;

std::optional<double> numberOf(const element& value) {
    bool flag = false;
    if (value.get(flag) == simdjson::SUCCESS) return flag ? 1 : 0;
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS) return number;
    return std::nullopt;
}

bool hasThinking(const std::string& completion) {
    return completion.find("</think>") != std::string::npos;
}

}  // namespace

std::string plainText(const element& value, std::string_view name) {
    if (value.is_string()) return std::string(std::string_view(value));
    if (value.is_null()) return "";
    simdjson::dom::array list;
    if (value.get(list) == simdjson::SUCCESS) return list.size() == 0 ? "" : plainText(list.at(0), name);
    if (value.is_object()) throw Error("is not a text", std::string(name));
    return simdjson::minify(value);
}

void judgeAnswer(Trace& trace) {
    if (trace.gold.empty()) return;
    const AnswerCheck check =
        checkAnswer(trace.extracted.empty() ? trace.completion : trace.extracted, trace.gold);
    if (trace.extracted.empty()) trace.extracted = check.extracted;
    trace.correct = check.correct;
    trace.reward = check.correct ? 1 : 0;
}

ImportedRow readRetortRow(const simdjson::dom::object& row, RowContext&) {
    ImportedRow result;
    result.traces.push_back(readTrace(JsonFields(row)));
    stepTexts(result.traces.front());  // refuses ranges beyond the completion
    return result;
}

// traces.md b.6: input, output, gts, score and step, and what the reward function added. The dump has no
// prompt id: samples of one prompt are those with the same input at the same step.
ImportedRow readVerlRow(const simdjson::dom::object& row, RowContext& context) {
    const JsonFields fields(row);
    Trace trace;
    trace.task = "verl";
    trace.prompt = fields.text("input");
    trace.completion = fields.text("output");
    trace.problemId = problemIdOf("verl", trace.prompt);
    if (const auto gold = fields.find("gts")) trace.gold = plainText(*gold, "gts");
    trace.step = fields.integer("step", context.step.value_or(0));
    trace.worked = hasThinking(trace.completion);
    const std::optional<double> score = fields.optionalNumber("score");
    if (score && std::isfinite(*score)) trace.reward = score;
    trace.correct = score.value_or(0) > 0;
    for (const auto [key, value] : row) {
        if (key == "acc") trace.correct = numberOf(value).value_or(0) > 0;
        if (key == "pred") trace.extracted = plainText(value, "pred");
        if (key == "input" || key == "output" || key == "gts" || key == "score" || key == "step" ||
            key == "pred")
            continue;
        if (const auto number = numberOf(value)) trace.rewards.emplace_back(std::string(key), *number);
    }
    return {fields.text("request_id", ""), {std::move(trace)}, false};
}

ImportedRow readPlainRow(const simdjson::dom::object& row, RowContext& context) {
    const JsonFields fields(row);
    const FieldNames& names = context.options->fields;
    const auto find = [&](const std::string& name) {
        return name.empty() ? std::nullopt : fields.find(name);
    };
    ImportedRow result;
    Trace& trace = result.traces.emplace_back();
    trace.task = "imported";
    trace.prompt = plainText(fields.need(names.prompt), names.prompt);
    trace.completion = plainText(fields.need(names.completion), names.completion);
    trace.worked = hasThinking(trace.completion);
    if (const auto id = find(names.id)) result.id = plainText(*id, names.id);
    trace.problemId = problemIdOf("imported", trace.prompt);
    if (const auto step = find(names.step)) trace.step = jsonInteger(*step, names.step);
    if (const auto answer = find(names.answer)) trace.gold = plainText(*answer, names.answer);
    judgeAnswer(trace);
    if (const auto reward = find(names.reward)) {
        const auto number = numberOf(*reward);
        if (!number) throw Error("is not a number", names.reward);
        trace.reward = number;
    }
    if (const auto correct = find(names.correct)) {
        const auto number = numberOf(*correct);
        if (!number) throw Error("is not true or false", names.correct);
        trace.correct = *number > 0;
        if (!trace.reward) trace.reward = trace.correct ? 1 : 0;
    }
    return result;
}

}  // namespace retort
