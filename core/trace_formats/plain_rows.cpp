// JSON objects whose members the caller names.
#include <map>

#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"

namespace retort {

ImportedRow readPlainRow(const simdjson::dom::object& row, RowContext& context) {
    const JsonFields fields(row);
    const FieldNames& names = context.options->fields;
    const auto find = [&](const std::string& name) {
        return name.empty() ? std::nullopt : findPath(fields, name);
    };
    const auto need = [&](const std::string& name) {
        const auto found = find(name);
        if (!found) throw Error("is missing", name);
        return *found;
    };
    ImportedRow result;
    Trace& trace = result.traces.emplace_back();
    trace.task = "imported";
    trace.prompt = plainText(need(names.prompt), names.prompt);
    trace.completion = plainText(need(names.completion), names.completion);
    trace.worked = hasThinking(trace.completion);
    if (const auto id = find(names.id)) result.id = plainText(*id, names.id);
    trace.problemId = problemIdOf("imported", trace.prompt);
    if (const auto step = find(names.step)) trace.step = jsonInteger(*step, names.step);
    if (const auto tokens = find(names.tokens)) {
        const std::int64_t count = jsonInteger(*tokens, names.tokens);
        if (count < 0 || count != std::int32_t(count)) throw Error("is no number of tokens", names.tokens);
        trace.numTokens = std::int32_t(count);
    }
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

FieldNames fieldNamesOf(const std::vector<std::string>& pairs) {
    FieldNames names;
    const std::map<std::string, std::string*> known = {
        {"prompt", &names.prompt}, {"completion", &names.completion}, {"answer", &names.answer},
        {"id", &names.id},         {"reward", &names.reward},         {"correct", &names.correct},
        {"step", &names.step},     {"tokens", &names.tokens}};
    for (const std::string& each : pairs) {
        const std::size_t equals = each.find('=');
        const auto found = known.find(each.substr(0, equals));
        if (equals == std::string::npos || found == known.end())
            throw Error(
                "'" + each + "' names no field", "",
                "NAME=MEMBER, with prompt, completion, answer, id, reward, correct, step or tokens as NAME");
        *found->second = each.substr(equals + 1);
    }
    return names;
}

}  // namespace retort
