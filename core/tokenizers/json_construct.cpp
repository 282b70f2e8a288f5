#include "core/tokenizers/json_construct.h"

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t maxSteps = 64;
constexpr int maxNesting = 8;

void appendSequence(const simdjson::dom::element& value, const char* list, const char* role, int depth,
                    std::vector<JsonConstruct>& result) {
    JsonConstruct construct = jsonConstruct(value, role);
    if (construct.type != "Sequence") {
        if (result.size() >= maxSteps) throw Error(std::string(role) + " has more than 64 steps");
        result.push_back(std::move(construct));
        return;
    }
    if (depth >= maxNesting) throw Error(std::string(role) + " is nested too deeply");
    for (const simdjson::dom::element step : jsonArray(construct.fields.need(list), list))
        appendSequence(step, list, role, depth + 1, result);
}

}  // namespace

JsonConstruct jsonConstruct(const simdjson::dom::element& value, const char* role) {
    const JsonFields fields(jsonObject(value, role));
    return {fields.text("type"), fields};
}

std::vector<JsonConstruct> jsonSequence(const simdjson::dom::element& value, const char* list,
                                        const char* role) {
    std::vector<JsonConstruct> result;
    if (!value.is_null()) appendSequence(value, list, role, 0, result);
    return result;
}

void refuseConstruct(const char* role, const std::string& type) {
    throw Error(std::string("the ") + role + " '" + type.substr(0, 60) + "' is not supported", {},
                "byte-level and SentencePiece BPE as in GPT-2, Llama and Qwen are");
}

JsonPattern jsonPattern(const JsonFields& fields) {
    const JsonFields pattern(jsonObject(fields.need("pattern"), "pattern"));
    if (pattern.find("Regex")) return {pattern.text("Regex"), true};
    return {pattern.text("String"), false};
}

}  // namespace retort
