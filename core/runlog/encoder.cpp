#include "core/runlog/codec.h"
#include "core/traces/search_tree_json.h"
#include "core/traces/trace_json.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

void appendItem(std::string& out, const EvaluationItem& item) {
    out += '{';
    JsonMembers members(out);
    members.add("problem", item.problemId).add("samples", item.samples).add("correct", item.correct);
    members.add("mean_tokens", item.meanTokens);
    out += '}';
}

// One function a kind; each writes "kind" and the members behind "t".
struct Encoder {
    std::string& out;

    JsonMembers begin(const char* kind) const {
        JsonMembers members(out, false);
        members.add("kind", kind);
        return members;
    }

    void operator()(const StartEvent& e) const {
        begin("start")
            .add("attempt", e.attempt)
            .add("from_step", e.fromStep)
            .add("total_steps", e.totalSteps)
            .add("pid", e.pid)
            .add("host", e.host)
            .add("program", e.program);
    }
    void operator()(const ScalarsEvent& e) const {
        auto members = begin("scalars");
        members.add("step", e.step).add("tokens", e.tokens);
        appendJsonNumberMap(members.key("values"), e.values);
    }
    void operator()(const TraceEvent& e) const {
        begin("trace");
        appendTraceMembers(e.trace, out, false);
    }
    void operator()(const TreeEvent& e) const {
        begin("tree");
        appendTreeMembers(e.tree, out, false);
    }
    void operator()(const CheckpointEvent& e) const {
        begin("checkpoint").add("step", e.step).add("path", e.path);
    }
    void operator()(const EvaluationEvent& e) const {
        auto members = begin("evaluation");
        members.add("step", e.step).add("name", e.name).add("set", e.setHash);
        appendJsonNumberMap(members.key("metrics"), e.metrics);
        appendJsonArray(members.key("items"), e.items, appendItem);
    }
    void operator()(const AlarmEvent& e) const {
        begin("alarm")
            .add("step", e.step)
            .add("rule", e.rule)
            .add("severity", e.severity)
            .add("text", e.text);
    }
    void operator()(const StatusEvent& e) const {
        auto members = begin("status");
        members.add("state", e.state).add("step", e.step).add("total_steps", e.totalSteps);
        if (e.secondsLeft) members.add("seconds_left", *e.secondsLeft);
    }
    void operator()(const MessageEvent& e) const {
        begin("message").add("level", e.level).add("text", e.text);
    }
    void operator()(const RewindEvent& e) const { begin("rewind").add("to_step", e.toStep); }
    void operator()(const EndEvent& e) const {
        auto members = begin("end");
        members.add("outcome", e.outcome);
        if (!e.error.empty()) members.add("error", e.error);
    }
};

}  // namespace

void encodeEvent(const Event& event, std::string& line) {
    line += '{';
    JsonMembers(line).add("seq", event.seq).add("t", event.t);
    std::visit(Encoder{line}, event.payload);
    line += "}\n";
}

}  // namespace retort
