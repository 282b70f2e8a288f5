#include <simdjson.h>

#include <cmath>

#include "core/runlog/codec.h"
#include "core/traces/search_tree_json.h"
#include "core/traces/trace_json.h"
#include "core/util/error.h"
#include "core/util/json_fields.h"

namespace retort {
namespace {

using simdjson::dom::element;

std::vector<std::pair<std::string, double>> readNumberMap(const JsonFields& fields, std::string_view name) {
    std::vector<std::pair<std::string, double>> pairs;
    const auto object = jsonObject(fields.need(name), name);
    pairs.reserve(object.size());
    for (const auto [key, value] : object) pairs.emplace_back(std::string(key), jsonNumber(value, key));
    return pairs;
}

StartEvent readStart(const JsonFields& fields) {
    return {fields.integer32("attempt", 1), fields.integer("from_step", 0), fields.integer("total_steps", 0),
            fields.integer("pid", 0),       fields.text("host", ""),        fields.text("program", "")};
}

ScalarsEvent readScalars(const JsonFields& fields) {
    return {fields.integer("step"), fields.integer("tokens", 0), readNumberMap(fields, "values")};
}

EvaluationItem readItem(const JsonFields& fields) {
    return {fields.text("problem"), fields.integer32("samples", 1), fields.integer32("correct", 0),
            fields.optionalNumber("mean_tokens").value_or(0)};
}

EvaluationEvent readEvaluation(const JsonFields& fields) {
    EvaluationEvent event{fields.integer("step"),
                          fields.text("name"),
                          fields.text("set", ""),
                          readNumberMap(fields, "metrics"),
                          {}};
    if (const auto items = fields.find("items"))
        for (const auto item : jsonArray(*items, "items"))
            event.items.push_back(readItem(JsonFields(jsonObject(item, "items"))));
    return event;
}

EventPayload readPayload(std::string_view kind, const JsonFields& fields) {
    if (kind == "scalars") return readScalars(fields);
    if (kind == "trace") return TraceEvent{readTrace(fields)};
    if (kind == "tree") return TreeEvent{readSearchTree(fields)};
    if (kind == "status")
        return StatusEvent{fields.text("state"), fields.integer("step", 0), fields.integer("total_steps", 0),
                           fields.optionalNumber("seconds_left")};
    if (kind == "message") return MessageEvent{fields.text("level", "info"), fields.text("text")};
    if (kind == "evaluation") return readEvaluation(fields);
    if (kind == "checkpoint") return CheckpointEvent{fields.integer("step"), fields.text("path")};
    if (kind == "alarm")
        return AlarmEvent{fields.integer("step", 0), fields.text("rule"), fields.text("severity", "warning"),
                          fields.text("text", "")};
    if (kind == "start") return readStart(fields);
    if (kind == "rewind") return RewindEvent{fields.integer("to_step")};
    if (kind == "end") return EndEvent{fields.text("outcome"), fields.text("error", "")};
    throw Error("unknown kind \"" + std::string(kind.substr(0, 40)) + "\"", {},
                "written by a newer version? the line is skipped");
}

// Python's json module writes NaN and Infinity bare, which is not JSON. Quotes every such word outside of
// strings; only called for a line that did not parse, so that good lines don't pay for it.
std::string quoteBareNonFinite(std::string_view line) {
    std::string quoted;
    bool inString = false;
    for (std::size_t i = 0; i < line.size();) {
        const char c = line[i];
        if (inString) {
            const std::size_t length = c == '\\' && i + 1 < line.size() ? 2 : 1;
            inString = c != '"';
            quoted += line.substr(i, length);
            i += length;
            continue;
        }
        std::size_t length = 0;
        for (const std::string_view word : {"NaN", "Infinity", "-Infinity"})
            if (line.substr(i, word.size()) == word) length = word.size();
        if (length > 0) {
            quoted += '"';
            quoted += line.substr(i, length);
            quoted += '"';
            i += length;
        } else {
            inString = c == '"';
            quoted += c;
            ++i;
        }
    }
    return quoted;
}

}  // namespace

struct EventDecoder::Impl {
    simdjson::dom::parser parser;

    element parse(std::string_view line) {
        element document;
        auto error = parser.parse(line.data(), line.size()).get(document);
        if (error && error != simdjson::UTF8_ERROR) {
            const std::string quoted = quoteBareNonFinite(line);
            if (quoted.size() != line.size())
                error = parser.parse(quoted.data(), quoted.size()).get(document);
        }
        if (error) throw Error(std::string("not JSON: ") + simdjson::error_message(error));
        return document;
    }
};

EventDecoder::EventDecoder() : m_impl(new Impl) {}
EventDecoder::~EventDecoder() {
    delete m_impl;
}

Event EventDecoder::decode(std::string_view line) {
    const element document = m_impl->parse(line);
    simdjson::dom::object object;
    if (document.get(object) != simdjson::SUCCESS) throw Error("not an object");
    const JsonFields fields(object);
    Event event;
    event.seq = fields.integer("seq");
    if (event.seq < 1) throw Error("\"seq\" must be 1 or more");
    event.t = fields.number("t");
    if (!std::isfinite(event.t)) throw Error("\"t\" must be a finite number");
    event.payload = readPayload(jsonString(fields.need("kind"), "kind"), fields);
    return event;
}

}  // namespace retort
