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
constexpr std::array<std::string_view, 6> laneNames = {"checker", "human",  "monte_carlo",
                                                       "prm",     "critic", "detector"};

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
    appendArray(members, "values", tokens.values);
    appendArray(members, "scores", tokens.scores);
    if (tokens.topCount > 0) {
        members.add("top_count", tokens.topCount);
        appendArray(members, "top_ids", tokens.topIds);
        appendArray(members, "top_logprobs", tokens.topLogprobs);
        appendJsonArray(members.key("top_texts"), tokens.topTexts, [](std::string& text, const auto& each) {
            text += '[';
            appendJsonNumber(text, std::int64_t(each.first));
            text += ',';
            appendJsonString(text, each.second);
            text += ']';
        });
    }
    out += '}';
}

void appendJudgement(std::string& out, const StepJudgement& judgement) {
    out += '{';
    JsonMembers members(out);
    members.add("begin", judgement.begin).add("end", judgement.end);
    if (judgement.rating) members.add("rating", *judgement.rating);
    if (judgement.value) members.add("value", *judgement.value);
    if (judgement.rollouts > 0)
        members.add("successes", judgement.successes).add("rollouts", judgement.rollouts);
    if (!judgement.text.empty()) members.add("text", judgement.text);
    out += '}';
}

void appendLane(std::string& out, const StepLane& lane) {
    out += '{';
    JsonMembers members(out);
    members.add("kind", laneNames[std::size_t(lane.kind)]).add("name", lane.name);
    appendJsonArray(members.key("steps"), lane.steps, appendJudgement);
    out += '}';
}

void appendBranch(std::string& out, const TraceBranch& branch) {
    out += '{';
    JsonMembers members(out);
    members.add("run", branch.run).add("step", branch.step).add("group", branch.group);
    members.add("sample", branch.sample).add("phase", branch.phase).add("byte", branch.byte);
    members.add("checkpoint", branch.checkpoint);
    if (branch.edited) members.add("edited", true);
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
    readArray(fields, "values", tokens.values);
    readArray(fields, "scores", tokens.scores);
    tokens.topCount = fields.integer32("top_count", 0);
    if (tokens.topCount <= 0) return tokens;
    readArray(fields, "top_ids", tokens.topIds);
    readArray(fields, "top_logprobs", tokens.topLogprobs);
    if (tokens.topIds.size() % std::size_t(tokens.topCount) != 0 ||
        tokens.topLogprobs.size() != tokens.topIds.size())
        throw Error("\"top_ids\" and \"top_logprobs\" must have top_count entries a token");
    if (const auto texts = fields.find("top_texts"))
        for (const auto pair : jsonArray(*texts, "top_texts")) {
            const auto items = jsonArray(pair, "top_texts");
            if (items.size() != 2) throw Error("\"top_texts\" must hold pairs of id and text");
            tokens.topTexts.emplace_back(std::int32_t(jsonInteger(items.at(0), "top_texts")),
                                         std::string(jsonString(items.at(1), "top_texts")));
        }
    return tokens;
}

StepJudgement readJudgement(const JsonFields& fields) {
    StepJudgement judgement;
    judgement.begin = fields.integer("begin");
    judgement.end = fields.integer("end");
    if (judgement.begin < 0 || judgement.end < judgement.begin)
        throw Error("\"lanes\": begin and end are no range");
    if (fields.find("rating")) {
        judgement.rating = fields.integer32("rating", 0);
        if (*judgement.rating < -1 || *judgement.rating > 1) throw Error("\"rating\" must be -1, 0 or 1");
    }
    judgement.value = fields.optionalNumber("value");
    judgement.successes = fields.integer32("successes", 0);
    judgement.rollouts = fields.integer32("rollouts", 0);
    if (judgement.successes < 0 || judgement.successes > judgement.rollouts)
        throw Error("\"successes\" must lie between 0 and \"rollouts\"");
    judgement.text = fields.text("text", "");
    return judgement;
}

StepLane readLane(const JsonFields& fields) {
    StepLane lane;
    const auto kind = laneKindNamed(fields.text("kind"));
    if (!kind) throw Error("unknown \"kind\" of a lane");
    lane.kind = *kind;
    lane.name = fields.text("name", "");
    for (const auto step : jsonArray(fields.need("steps"), "steps"))
        lane.steps.push_back(readJudgement(JsonFields(jsonObject(step, "steps"))));
    return lane;
}

TraceBranch readBranch(const JsonFields& fields) {
    TraceBranch branch;
    branch.run = fields.text("run", "");
    branch.step = fields.integer("step", 0);
    branch.group = fields.integer("group", 0);
    branch.sample = fields.integer32("sample", 0);
    branch.phase = fields.text("phase", "");
    branch.byte = fields.integer("byte", 0);
    branch.checkpoint = fields.text("checkpoint", "");
    branch.edited = fields.flag("edited", false);
    return branch;
}

}  // namespace

std::string_view name(LaneKind kind) {
    return laneNames[std::size_t(kind)];
}

std::optional<LaneKind> laneKindNamed(std::string_view name) {
    for (std::size_t i = 0; i < laneNames.size(); ++i)
        if (laneNames[i] == name) return LaneKind(i);
    return std::nullopt;
}

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
    if (!trace.lanes.empty()) appendJsonArray(members.key("lanes"), trace.lanes, appendLane);
    if (trace.branch) appendBranch(members.key("branch"), *trace.branch);
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
    if (const auto lanes = fields.find("lanes"))
        for (const auto lane : jsonArray(*lanes, "lanes"))
            trace.lanes.push_back(readLane(JsonFields(jsonObject(lane, "lanes"))));
    if (const auto branch = fields.find("branch"))
        trace.branch = readBranch(JsonFields(jsonObject(*branch, "branch")));
    return trace;
}

}  // namespace retort
