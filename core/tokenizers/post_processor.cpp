#include "core/tokenizers/post_processor.h"

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t maxIds = 1000;

// special_tokens[name].ids
std::vector<std::int32_t> idsOf(const JsonFields& fields, const std::string& name, std::int32_t size) {
    const JsonFields tokens(jsonObject(fields.need("special_tokens"), "special_tokens"));
    const JsonFields token(jsonObject(tokens.need(name), name));
    std::vector<std::int32_t> ids;
    for (const simdjson::dom::element id : jsonArray(token.need("ids"), "ids")) {
        const std::int64_t value = jsonInteger(id, "ids");
        if (value < 0 || value >= size)
            throw Error("the post-processor's token '" + name.substr(0, 60) + "' is not in the vocabulary");
        ids.push_back(std::int32_t(value));
        if (ids.size() > maxIds) throw Error("the post-processor adds too many tokens");
    }
    return ids;
}

void readTemplate(const JsonFields& fields, std::int32_t size, PostProcessor& result) {
    std::vector<std::int32_t> before, after;
    bool passed = false;
    for (const simdjson::dom::element element : jsonArray(fields.need("single"), "single")) {
        const JsonFields piece(jsonObject(element, "single"));
        if (const auto sequence = piece.find("Sequence")) {
            if (passed || JsonFields(jsonObject(*sequence, "Sequence")).text("id") != "A")
                throw Error("the post-processor's template for one text does not hold it once");
            passed = true;
            continue;
        }
        const JsonFields token(jsonObject(piece.need("SpecialToken"), "SpecialToken"));
        const std::vector<std::int32_t> ids = idsOf(fields, token.text("id"), size);
        std::vector<std::int32_t>& side = passed ? after : before;
        side.insert(side.end(), ids.begin(), ids.end());
        if (side.size() > maxIds) throw Error("the post-processor adds too many tokens");
    }
    if (!passed) throw Error("the post-processor's template for one text does not hold it once");
    // A later step of a sequence stands around what the ones before made.
    result.before.insert(result.before.begin(), before.begin(), before.end());
    result.after.insert(result.after.end(), after.begin(), after.end());
}

}  // namespace

PostProcessor::PostProcessor(const simdjson::dom::element& json, std::int32_t size) {
    for (const JsonConstruct& construct : jsonSequence(json, "processors", "post_processor")) {
        if (construct.type == "TemplateProcessing")
            readTemplate(construct.fields, size, *this);
        else if (construct.type != "ByteLevel")
            refuseConstruct("post-processor", construct.type);
    }
}

}  // namespace retort
