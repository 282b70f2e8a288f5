// Reading the parts of tokenizer.json that all kinds share. Everything throws Error at the first thing that
// is wrong: the file may come from anywhere.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/tokenizers/special_tokens.h"

namespace retort {

/// Not the ordered Json: that one searches its keys one by one, and a vocabulary has 150 000.
using KeyedJson = nlohmann::json;

/// A folder's files as they are; what is not there is empty.
struct TokenizerFiles {
    std::string tokenizer, config, specialTokensMap;
};

/// json[key]; throws Error when `json` is no object or has no such key.
const KeyedJson& member(const KeyedJson& json, const char* key, const std::string& where);

SpecialTokens readAddedTokens(const KeyedJson& json, const std::string& where);

/// Tokens in the order of their ids, which with those of `special` must be 0, 1, 2 … without gap or double.
std::vector<std::string> readVocabulary(const KeyedJson& vocabulary, const SpecialTokens& special,
                                        const std::string& where);

/// The special tokens with a meaning: as tokenizer_config.json (its text; may be empty) names them, else by
/// the usual names, <pad>, <eos>, <unk> and those of well-known models.
SpecialRoles specialRoles(const SpecialTokens& special, const std::string& tokenizerConfig);

}  // namespace retort
