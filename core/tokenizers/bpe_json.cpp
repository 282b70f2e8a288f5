// tokenizer.json with a BPE model -> BpeTokenizer.
#include "core/tokenizers/bpe_tokenizer.h"
#include "core/tokenizers/byte_level.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t maxMerges = 4'000'000;  // the most in use are 0.6 million

using Ids = std::unordered_map<std::string_view, std::int32_t>;

// "a b", or ["a","b"].
std::pair<std::string_view, std::string_view> readPair(const simdjson::dom::element& merge) {
    std::string_view text;
    if (merge.get(text) == simdjson::SUCCESS) {
        const std::size_t blank = text.find(' ');
        if (blank != std::string_view::npos && text.find(' ', blank + 1) == std::string_view::npos)
            return {text.substr(0, blank), text.substr(blank + 1)};
    }
    simdjson::dom::array list;
    std::string_view left, right;
    if (merge.get(list) == simdjson::SUCCESS && list.size() == 2 &&
        list.at(0).get(left) == simdjson::SUCCESS && list.at(1).get(right) == simdjson::SUCCESS)
        return {left, right};
    throw Error("a merge is not a pair of tokens: " + std::string(simdjson::minify(merge)).substr(0, 60));
}

std::vector<BpeMerge> readMerges(const simdjson::dom::array& list, const Ids& ids) {
    std::vector<BpeMerge> merges;
    std::string joined;
    for (const simdjson::dom::element entry : list) {
        std::string_view text;
        if (merges.empty() && entry.get(text) == simdjson::SUCCESS && text.starts_with("#version")) continue;
        const auto [left, right] = readPair(entry);
        joined.assign(left).append(right);
        const auto a = ids.find(left), b = ids.find(right), result = ids.find(joined);
        if (a == ids.end() || b == ids.end() || result == ids.end())
            throw Error("a merge names tokens that are not in the vocabulary: " + joined.substr(0, 60));
        merges.push_back({a->second, b->second, result->second});
        if (merges.size() > maxMerges) throw Error("has more than " + std::to_string(maxMerges) + " merges");
    }
    return merges;
}

void refuseUncomputed(const JsonFields& model) {
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"})
        if (!model.text(key, "").empty())
            throw Error(std::string("its model has a ") + key + ", which is not supported");
    if (model.optionalNumber("dropout").value_or(0) != 0)
        throw Error("its model has dropout, which is not supported");
}

TokenizerPipeline readPipeline(const JsonFields& json, std::int32_t size) {
    TokenizerPipeline pipeline{
        Normalizer(memberOrNull(json, "normalizer")), PreTokenizer(memberOrNull(json, "pre_tokenizer")),
        PostProcessor(memberOrNull(json, "post_processor"), size), Decoder(memberOrNull(json, "decoder"))};
    if (pipeline.preTokenizer.isByteLevel() != pipeline.decoder.isByteLevel())
        throw Error("its pre-tokenizer and its decoder are not of the same kind: one of them is byte-level");
    return pipeline;
}

BpeSymbols readSymbols(const JsonFields& model, bool bytes, const Ids& ids) {
    BpeSymbols symbols;
    symbols.bytes = bytes;
    symbols.byteFallback = !bytes && model.flag("byte_fallback", false);
    symbols.fuseUnknown = model.flag("fuse_unk", false);
    symbols.ignoreMerges = model.flag("ignore_merges", false);
    if (const std::string unknown = model.text("unk_token", ""); !unknown.empty()) {
        const auto found = ids.find(unknown);
        if (found == ids.end()) throw Error("its unk_token is not in the vocabulary");
        symbols.unknown = found->second;
    }
    return symbols;
}

}  // namespace

std::unique_ptr<Tokenizer> BpeTokenizer::fromJson(const JsonFields& json, const JsonFields& model,
                                                  TokenizerFiles files) {
    refuseUncomputed(model);
    SpecialTokens special = readAddedTokens(json);
    std::vector<std::string> names = readVocabulary(model, special);
    TokenizerPipeline pipeline = readPipeline(json, std::int32_t(names.size()));
    const bool bytes = pipeline.preTokenizer.isByteLevel();
    // Added tokens are found before the model is asked, so only the model's own vocabulary counts here.
    Ids ids;
    std::vector<std::string> tokens(names.size());
    for (const auto [text, value] : jsonObject(model.need("vocab"), "vocab")) {
        const auto id = std::int32_t(jsonInteger(value, "vocab"));
        if (!ids.emplace(text, id).second)
            throw Error("the vocabulary names a token twice: " + std::string(text.substr(0, 60)));
        // What stands for no bytes can never come out of a merge of bytes.
        tokens[std::size_t(id)] = bytes ? fromByteLevel(text).value_or("") : std::string(text);
    }
    for (const SpecialToken& token : special.all())
        if (const auto known = ids.find(token.text); known != ids.end() && known->second != token.id)
            throw Error("the added token " + token.text.substr(0, 60) + " has another id in the vocabulary");
    std::vector<BpeMerge> merges = readMerges(jsonArray(model.need("merges"), "merges"), ids);
    const BpeSymbols symbols = readSymbols(model, bytes, ids);
    SpecialRoles roles = specialRoles(special, files.config);
    return std::make_unique<BpeTokenizer>(BpeModel(std::move(tokens), std::move(merges), symbols),
                                          std::move(names), std::move(pipeline), std::move(special),
                                          std::move(roles), std::move(files));
}

}  // namespace retort
