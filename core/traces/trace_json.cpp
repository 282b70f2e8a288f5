#include "core/traces/trace_json.h"

#include <array>
#include <limits>
#include <string_view>

#include "core/util/error.h"
#include "core/util/json_fields.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

constexpr std::array<std::string_view, 3> verdictNames = {"unchecked", "correct", "wrong"};

void appendStep(std::string& out, const TraceStep& step) {
    out += '{';
    JsonMembers members(out);
    members.add("begin", step.begin).add("end", step.end);
    members.add("verdict", verdictNames[std::size_t(step.verdict)]);
    if (!step.reason.empty()) members.add("reason", step.reason);
    out += '}';
}

void appendArray(JsonMembers& members, std::string_view name, const std::vector<std::int32_t>& values) {
    if (values.empty()) return;
    appendJsonArray(members.key(name), values,
                    [](std::string& out, std::int32_t value) { appendJsonNumber(out, std::int64_t(value)); });
}

void appendArray(JsonMembers& members, std::string_view name, const std::vector<float>& values) {
    if (values.empty()) return;
    appendJsonArray(members.key(name), values,
                    [](std::string& out, float value) { appendJsonNumber(out, value); });
}

void appendTokens(std::string& out, const TokenArrays& tokens) {
    out += '{';
    JsonMembers members(out);
    appendArray(members, "ids", tokens.ids);
    appendArray(members, "ends", tokens.ends);
    appendArray(members, "logprobs", tokens.logprobs);
    appendArray(members, "entropies", tokens.entropies);
    appendArray(members, "ref_logprobs", tokens.refLogprobs);
    appendArray(members, "ratios", tokens.ratios);
    appendArray(members, "advantages", tokens.advantages);
    appendArray(members, "clipped", tokens.clipped);
    out += '}';
}

StepVerdict readVerdict(const std::string& name) {
    for (std::size_t i = 0; i < verdictNames.size(); ++i)
        if (name == verdictNames[i]) return StepVerdict(i);
    throw Error("\"verdict\" must be \"unchecked\", \"correct\" or \"wrong\"");
}

TraceStep readStep(const JsonFields& fields) {
    TraceStep step;
    step.begin = fields.integer("begin");
    step.end = fields.integer("end");
    if (step.begin < 0 || step.end < step.begin) throw Error("\"steps\": begin and end are no range");
    step.verdict = readVerdict(fields.text("verdict", "unchecked"));
    step.reason = fields.text("reason", "");
    return step;
}

void readArray(const JsonFields& fields, std::string_view name, std::vector<std::int32_t>& values) {
    const auto found = fields.find(name);
    if (!found) return;
    const auto array = jsonArray(*found, name);
    values.reserve(array.size());
    for (const auto& item : array) {
        const std::int64_t value = jsonInteger(item, name);
        if (value != std::int32_t(value))
            throw Error("\"" + std::string(name) + "\" holds more than 32 bits");
        values.push_back(std::int32_t(value));
    }
}

void readArray(const JsonFields& fields, std::string_view name, std::vector<float>& values) {
    const auto found = fields.find(name);
    if (!found) return;
    const auto array = jsonArray(*found, name);
    values.reserve(array.size());
    for (const auto& item : array) values.push_back(float(jsonNumber(item, name)));
}

TokenArrays readTokens(const JsonFields& fields) {
    TokenArrays tokens;
    readArray(fields, "ids", tokens.ids);
    readArray(fields, "ends", tokens.ends);
    readArray(fields, "logprobs", tokens.logprobs);
    readArray(fields, "entropies", tokens.entropies);
    readArray(fields, "ref_logprobs", tokens.refLogprobs);
    readArray(fields, "ratios", tokens.ratios);
    readArray(fields, "advantages", tokens.advantages);
    readArray(fields, "clipped", tokens.clipped);
    return tokens;
}

}  // namespace

void appendTraceMembers(const Trace& trace, std::string& out, bool first) {
    JsonMembers members(out, first);
    members.add("step", trace.step).add("phase", trace.phase).add("task", trace.task);
    members.add("problem", trace.problemId).add("group", trace.group).add("sample", trace.sample);
    members.add("prompt", trace.prompt).add("completion", trace.completion);
    members.add("gold", trace.gold).add("extracted", trace.extracted);
    members.add("correct", trace.correct).add("worked", trace.worked);
    if (trace.reward) members.add("reward", *trace.reward);
    if (trace.advantage) members.add("advantage", *trace.advantage);
    if (!trace.rewards.empty()) appendJsonNumberMap(members.key("rewards"), trace.rewards);
    members.add("num_tokens", trace.numTokens).add("finish", trace.finish);
    if (trace.stepAccuracy) members.add("step_accuracy", *trace.stepAccuracy);
    if (!trace.steps.empty()) appendJsonArray(members.key("steps"), trace.steps, appendStep);
    if (trace.tokens != TokenArrays{}) appendTokens(members.key("per_token"), trace.tokens);
}

Trace readTrace(const JsonFields& fields) {
    Trace trace;
    trace.step = fields.integer("step");
    trace.phase = fields.text("phase", "train");
    trace.task = fields.text("task", "");
    trace.problemId = fields.text("problem", "");
    trace.group = fields.integer("group", 0);
    trace.sample = fields.integer32("sample", 0);
    trace.prompt = fields.text("prompt");
    trace.completion = fields.text("completion");
    trace.gold = fields.text("gold", "");
    trace.extracted = fields.text("extracted", "");
    trace.correct = fields.flag("correct", false);
    trace.worked = fields.flag("worked", false);
    trace.reward = fields.optionalNumber("reward");
    trace.advantage = fields.optionalNumber("advantage");
    if (const auto rewards = fields.find("rewards"))
        for (const auto [name, value] : jsonObject(*rewards, "rewards"))
            trace.rewards.emplace_back(std::string(name), jsonNumber(value, name));
    trace.numTokens = fields.integer32("num_tokens", 0);
    trace.finish = fields.text("finish", "stop");
    trace.stepAccuracy = fields.optionalNumber("step_accuracy");
    if (const auto steps = fields.find("steps"))
        for (const auto step : jsonArray(*steps, "steps"))
            trace.steps.push_back(readStep(JsonFields(jsonObject(step, "steps"))));
    if (const auto tokens = fields.find("per_token"))
        trace.tokens = readTokens(JsonFields(jsonObject(*tokens, "per_token")));
    return trace;
}

}  // namespace retort
