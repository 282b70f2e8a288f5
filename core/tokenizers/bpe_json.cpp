// tokenizer.json with a BPE model -> BpeTokenizer.
#include "core/tokenizers/bpe_tokenizer.h"
#include "core/tokenizers/byte_level.h"
#include "core/util/error.h"

namespace retort {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& where) {
    throw Error(what, where, "byte-level BPE as in GPT-2, Qwen and Llama 3 is supported");
}

bool isNullOr(const KeyedJson& object, const char* key, const KeyedJson& value) {
    return !object.contains(key) || object[key].is_null() || object[key] == value;
}

std::string typeOf(const KeyedJson& object) {
    if (!object.is_object() || !object.contains("type") || !object["type"].is_string()) return "";
    return object["type"].get<std::string>();
}

void readByteLevel(const KeyedJson& json, PreTokenization& result) {
    result.addPrefixSpace = isNullOr(json, "add_prefix_space", true);  // the format's default is true
    if (isNullOr(json, "use_regex", true)) result.patterns.emplace_back(gpt2Pattern);
}

void readSplit(const KeyedJson& json, PreTokenization& result, const std::string& where) {
    const KeyedJson& pattern = member(json, "pattern", where);
    if (member(json, "behavior", where) != "Isolated" || !isNullOr(json, "invert", false) ||
        !pattern.is_object() || !pattern.contains("Regex") || !pattern["Regex"].is_string())
        refuse("its pre-tokenizer splits in a way that is not supported", where);
    try {
        result.patterns.emplace_back(pattern["Regex"].get<std::string>());
    } catch (const Error& error) {
        throw Error(error.what_happened(), where);
    }
}

PreTokenization readPreTokenization(const KeyedJson& json, const std::string& where) {
    PreTokenization result;
    const KeyedJson normalizer = json.value("normalizer", KeyedJson());
    result.nfc = typeOf(normalizer) == "NFC";
    if (!normalizer.is_null() && !result.nfc) refuse("its normalizer is not supported", where);
    const KeyedJson& pre = member(json, "pre_tokenizer", where);
    const bool sequence = typeOf(pre) == "Sequence";
    const KeyedJson list = sequence ? member(pre, "pretokenizers", where) : KeyedJson::array({pre});
    if (!list.is_array() || list.empty() || list.size() > 16 || typeOf(list.back()) != "ByteLevel")
        refuse("its pre-tokenizer is not byte-level", where);
    for (std::size_t i = 0; i + 1 < list.size(); ++i) {
        if (typeOf(list[i]) != "Split")
            refuse("its pre-tokenizer '" + typeOf(list[i]) + "' is not supported", where);
        readSplit(list[i], result, where);
    }
    readByteLevel(list.back(), result);
    return result;
}

// "a b", or ["a","b"].
std::pair<std::string, std::string> readPair(const KeyedJson& merge, const std::string& where) {
    if (merge.is_string()) {
        const std::string text = merge.get<std::string>();
        const std::size_t blank = text.find(' ');
        if (blank != std::string::npos && text.find(' ', blank + 1) == std::string::npos)
            return {text.substr(0, blank), text.substr(blank + 1)};
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        return {merge[0].get<std::string>(), merge[1].get<std::string>()};
    }
    throw Error("a merge is not a pair of tokens: " + merge.dump(-1, ' ', true).substr(0, 60), where);
}

std::vector<BpeMerge> readMerges(const KeyedJson& list,
                                 const std::unordered_map<std::string, std::int32_t>& ids,
                                 const std::string& where) {
    if (!list.is_array()) throw Error("the model's merges are not a list", where);
    std::vector<BpeMerge> merges;
    for (const KeyedJson& entry : list) {
        if (entry.is_string() && entry.get<std::string>().starts_with("#version")) continue;
        const auto [left, right] = readPair(entry, where);
        const auto a = ids.find(left), b = ids.find(right), result = ids.find(left + right);
        if (a == ids.end() || b == ids.end() || result == ids.end())
            throw Error("a merge names tokens that are not in the vocabulary: " +
                            KeyedJson(left + " " + right).dump(),
                        where);
        merges.push_back({a->second, b->second, result->second});
    }
    return merges;
}

}  // namespace

std::unique_ptr<Tokenizer> BpeTokenizer::fromJson(const KeyedJson& json, TokenizerFiles files,
                                                  const std::string& where) {
    const KeyedJson& model = member(json, "model", where);
    // The oldest files have no type; merges tell them.
    const bool isBpe =
        typeOf(model) == "BPE" || (model.is_object() && !model.contains("type") && model.contains("merges"));
    if (!isBpe) return nullptr;
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"})
        if (!isNullOr(model, key, "")) refuse(std::string("its model has a ") + key, where);
    if (!isNullOr(model, "byte_fallback", false))
        refuse("its model falls back to bytes (SentencePiece)", where);

    SpecialTokens special = readAddedTokens(json, where);
    std::vector<std::string> names = readVocabulary(member(model, "vocab", where), special, where);
    std::unordered_map<std::string, std::int32_t> ids;
    std::vector<std::string> tokens(names.size());
    std::array<std::int32_t, 256> bytes;
    bytes.fill(-1);
    for (std::size_t id = 0; id < names.size(); ++id) {
        if (special.byId(std::int32_t(id)) != nullptr) continue;
        ids.emplace(names[id], std::int32_t(id));
        // A token that stands for no bytes can never come out of a merge of bytes; it is decoded as it is
        // written.
        tokens[id] = fromByteLevel(names[id]).value_or(names[id]);
        if (tokens[id].size() == 1) bytes[static_cast<unsigned char>(tokens[id][0])] = std::int32_t(id);
    }
    for (int byte = 0; byte < 256; ++byte)
        if (bytes[std::size_t(byte)] < 0)
            refuse("its vocabulary lacks the byte " + std::to_string(byte), where);
    std::vector<BpeMerge> merges = readMerges(member(model, "merges", where), ids, where);
    const bool ignoreMerges = model.contains("ignore_merges") && model["ignore_merges"] == true;
    SpecialRoles roles = specialRoles(special, files.config);
    return std::make_unique<BpeTokenizer>(BpeModel(std::move(tokens), bytes, std::move(merges), ignoreMerges),
                                          readPreTokenization(json, where), std::move(special),
                                          std::move(roles), std::move(files));
}

}  // namespace retort
