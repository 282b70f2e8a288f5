// Samples of evaluations: lm-evaluation-harness's samples_*.jsonl and Inspect's .json and .eval logs.
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"

namespace retort {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

/// "arguments": {"gen_args_0": {"arg_0": prompt …}}, or [[prompt, …]] of older harnesses.
std::string lmEvalPrompt(const JsonFields& fields) {
    const auto arguments = fields.find("arguments");
    if (!arguments) throw Error("is missing", "arguments");
    object named;
    if (arguments->get(named) == simdjson::SUCCESS) {
        element first;
        if (named.at_key("gen_args_0").get(first) != simdjson::SUCCESS)
            throw Error("has no \"gen_args_0\"", "arguments");
        return plainText(JsonFields(jsonObject(first, "gen_args_0")).need("arg_0"),
                         "arguments.gen_args_0.arg_0");
    }
    return plainText(*arguments, "arguments");
}

/// The first of "metrics" that the record has a number for.
std::optional<double> lmEvalScore(const JsonFields& fields) {
    const auto metrics = fields.find("metrics");
    array names;
    if (!metrics || metrics->get(names) != simdjson::SUCCESS) return std::nullopt;
    for (const element each : names) {
        std::string_view metric;
        if (each.get(metric) != simdjson::SUCCESS) continue;
        const auto value = fields.find(metric);
        if (!value) continue;
        if (value->is_bool()) return value->get_bool().value() ? 1 : 0;
        double number = 0;
        if (value->get(number) == simdjson::SUCCESS) return number;
    }
    return std::nullopt;
}

/// Long texts stand in "attachments" and are named "attachment://<hash>" where they belong.
std::string resolved(std::string text, const JsonFields& sample) {
    constexpr std::string_view scheme = "attachment://";
    if (!text.starts_with(scheme)) return text;
    const auto attachments = sample.find("attachments");
    object table;
    std::string_view content;
    if (!attachments || attachments->get(table) != simdjson::SUCCESS ||
        table.at_key(std::string_view(text).substr(scheme.size())).get(content) != simdjson::SUCCESS)
        throw Error("names the attachment " + text.substr(scheme.size()) + ", which is missing",
                    "attachments");
    return std::string(content);
}

/// Content of an Inspect message: a text, or parts, of which reasoning becomes a think region.
std::string inspectContent(const element& content, const JsonFields& sample) {
    if (content.is_string()) return resolved(std::string(std::string_view(content)), sample);
    std::string reasoning, text;
    for (const element part : jsonArray(content, "content")) {
        const JsonFields fields(jsonObject(part, "content"));
        const std::string type = fields.text("type", "");
        if (type == "reasoning") reasoning += resolved(fields.text("reasoning", ""), sample);
        if (type == "text") text += resolved(fields.text("text", ""), sample);
    }
    return reasoning.empty() ? text : "<think>\n" + reasoning + "\n</think>\n\n" + text;
}

/// A text, or messages with a line end between them.
std::string inspectInput(const element& input, const JsonFields& sample) {
    if (input.is_string()) return resolved(std::string(std::string_view(input)), sample);
    std::string text;
    for (const element message : jsonArray(input, "input")) {
        const JsonFields fields(jsonObject(message, "input"));
        if (fields.text("role", "") == "assistant") continue;
        text.append(text.empty() ? "" : "\n").append(inspectContent(fields.need("content"), sample));
    }
    return text;
}

/// C(orrect), P(artial), I(ncorrect), N(o answer), a number or a truth value; NaN: not scored.
std::optional<double> inspectValue(const element& value) {
    if (value.is_bool()) return value.get_bool().value() ? 1 : 0;
    std::string_view grade;
    if (value.get(grade) == simdjson::SUCCESS) {
        if (grade == "C") return 1;
        if (grade == "P") return 0.5;
        if (grade == "I" || grade == "N") return 0;
        return std::nullopt;
    }
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS && std::isfinite(number)) return number;
    return std::nullopt;
}

void readScores(const JsonFields& sample, Trace& trace) {
    const auto scores = sample.find("scores");
    if (!scores) return;
    bool first = true;
    for (const auto [name, each] : jsonObject(*scores, "scores")) {
        const JsonFields score(jsonObject(each, "scores"));
        if (first)
            if (const auto answer = score.find("answer")) trace.extracted = plainText(*answer, "answer");
        const auto value = score.find("value");
        const std::optional<double> number = value ? inspectValue(*value) : std::nullopt;
        if (number) trace.rewards.emplace_back(std::string(name), *number);
        if (first && number) {
            trace.reward = number;
            trace.correct = *number == 1;
        }
        first = false;
    }
}

/// The bytes of a token: its text may be half a character.
std::string tokenBytes(const JsonFields& token) {
    array list;
    const auto bytes = token.find("bytes");
    if (!bytes || bytes->get(list) != simdjson::SUCCESS) return token.text("token", "");
    std::string text;
    for (const element each : list) {
        const std::int64_t byte = jsonInteger(each, "bytes");
        if (byte < 0 || byte > 255) throw Error("is no list of bytes", "logprobs.content.bytes");
        text += char(byte);
    }
    return text;
}

/// The most probable tokens. Inspect has no ids: a text's place among those that were seen stands for one.
class TopTokens {
  public:
    void add(const JsonFields& token) {
        std::vector<std::pair<std::int32_t, float>> row;
        array list;
        const auto top = token.find("top_logprobs");
        if (top && top->get(list) == simdjson::SUCCESS)
            for (const element each : list) {
                const JsonFields fields(jsonObject(each, "top_logprobs"));
                row.emplace_back(idOf(tokenBytes(fields)), float(fields.number("logprob")));
            }
        std::stable_sort(row.begin(), row.end(), [](auto& a, auto& b) { return a.second > b.second; });
        m_count = std::max(m_count, row.size());
        m_rows.push_back(std::move(row));
    }

    void finish(TokenArrays& arrays) && {
        if (m_count == 0) return;
        arrays.topCount = std::int32_t(m_count);
        for (auto& row : m_rows) {
            row.resize(m_count, {-1, -std::numeric_limits<float>::infinity()});
            for (const auto& [id, logprob] : row) {
                arrays.topIds.push_back(id);
                arrays.topLogprobs.push_back(logprob);
            }
        }
        arrays.topTexts = std::move(m_texts);
    }

  private:
    std::int32_t idOf(std::string text) {
        const auto [found, isNew] = m_ids.try_emplace(text, std::int32_t(m_texts.size()));
        if (isNew) m_texts.emplace_back(found->second, std::move(text));
        return found->second;
    }

    std::vector<std::vector<std::pair<std::int32_t, float>>> m_rows;
    std::unordered_map<std::string, std::int32_t> m_ids;
    std::vector<std::pair<std::int32_t, std::string>> m_texts;
    std::size_t m_count = 0;
};

/// Log-probabilities, with the tokens' ends where their texts make the completion or its end (a think region
/// may stand before it), or begin with it (an end-of-text token may stand behind it).
void readLogprobs(const JsonFields& choice, Trace& trace) {
    const auto logprobs = choice.find("logprobs");
    object table;
    array tokens;
    if (!logprobs || logprobs->get(table) != simdjson::SUCCESS ||
        table.at_key("content").get(tokens) != simdjson::SUCCESS)
        return;
    std::string text;
    TokenArrays arrays;
    TopTokens top;
    for (const element each : tokens) {
        const JsonFields token(jsonObject(each, "logprobs"));
        text += tokenBytes(token);
        arrays.logprobs.push_back(float(token.number("logprob")));
        arrays.ends.push_back(std::int32_t(text.size()));
        top.add(token);
    }
    if (text.empty()) return;
    std::size_t before = 0;
    if (trace.completion.ends_with(text))
        before = trace.completion.size() - text.size();
    else if (!text.starts_with(trace.completion))
        return;
    for (std::int32_t& end : arrays.ends)
        end = std::int32_t(std::min(std::size_t(end) + before, trace.completion.size()));
    std::move(top).finish(arrays);
    trace.tokens = std::move(arrays);
    if (trace.numTokens == 0) trace.numTokens = std::int32_t(trace.tokens.ends.size());
}

}  // namespace

ImportedRow readLmEvalRow(const object& row, RowContext& context) {
    const JsonFields fields(row);
    ImportedRow result;
    const std::string filter = fields.text("filter", "");
    if (context.filter.empty()) context.filter = filter;
    result.skipped = filter != context.filter;
    if (result.skipped) return result;
    const std::string document =
        fields.find("doc_hash") ? fields.text("doc_hash") : plainText(fields.need("doc_id"), "doc_id");
    result.id = fields.find("doc_id") ? plainText(*fields.find("doc_id"), "doc_id") : document;
    Trace trace;
    trace.task = context.task;
    trace.phase = "eval";
    trace.prompt = lmEvalPrompt(fields);
    trace.problemId = context.task + ":" + document;
    if (const auto target = fields.find("target")) trace.gold = plainText(*target, "target");
    if (const auto filtered = fields.find("filtered_resps"))
        if (!filtered->is_object()) trace.extracted = plainText(*filtered, "filtered_resps");
    if (trace.extracted == "[invalid]") trace.extracted.clear();
    trace.reward = lmEvalScore(fields);
    trace.correct = trace.reward == 1.0;
    std::size_t index = 0;
    for (const element request : jsonArray(fields.need("resps"), "resps"))
        for (const element response : jsonArray(request, "resps[" + std::to_string(index) + "]")) {
            if (!response.is_string())
                throw Error("is no text: likelihoods of choices are no traces", "resps");
            trace.completion = std::string(std::string_view(response));
            result.traces.push_back(trace);
            ++index;
        }
    if (result.traces.empty()) throw Error("is empty", "resps");
    return result;
}

ImportedRow readInspectRow(const object& row, RowContext& context) {
    const JsonFields fields(row);
    ImportedRow result;
    if (!fields.find("input")) throw Error("is missing", "input");
    const std::string id = plainText(fields.need("id"), "id");
    result.id = id + "@" + std::to_string(fields.integer("epoch", 1));
    const auto output = fields.find("output");
    array choices;
    if (!output || jsonObject(*output, "output").at_key("choices").get(choices) != simdjson::SUCCESS ||
        choices.size() == 0) {
        result.skipped = true;  // it failed before the model answered
        return result;
    }
    Trace trace;
    trace.task = context.task;
    trace.phase = "eval";
    trace.problemId = context.task + ":" + id;
    trace.prompt = inspectInput(fields.need("input"), fields);
    if (const auto target = fields.find("target")) trace.gold = plainText(*target, "target");
    readScores(fields, trace);
    if (const auto usage = JsonFields(jsonObject(*output, "output")).find("usage"))
        trace.numTokens = JsonFields(jsonObject(*usage, "usage")).integer32("output_tokens", 0);
    for (const element each : choices) {
        const JsonFields choice(jsonObject(each, "output.choices"));
        const JsonFields message(jsonObject(choice.need("message"), "message"));
        Trace sample = trace;
        sample.completion = inspectContent(message.need("content"), fields);
        sample.worked = hasThinking(sample.completion);
        const std::string stop = choice.text("stop_reason", "stop");
        sample.finish = stop == "max_tokens" || stop == "model_length" ? "length" : "stop";
        readLogprobs(choice, sample);
        result.traces.push_back(std::move(sample));
    }
    return result;
}

}  // namespace retort
