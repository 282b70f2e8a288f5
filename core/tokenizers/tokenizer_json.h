// Reading the parts of tokenizer.json that all kinds share. Everything throws Error at the first thing that
// is wrong: the file may come from anywhere. The place is added by loadTokenizer().
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/tokenizers/special_tokens.h"
#include "core/tokenizers/tokenizer.h"
#include "core/util/json_fields.h"

namespace retort {

/// A folder's files as they are; what is not there is empty.
struct TokenizerFiles {
    std::string tokenizer, config, specialTokensMap, chatTemplate;
};

/// The tokenizer that the files describe. Throws Error, without the folder's name.
std::unique_ptr<Tokenizer> tokenizerOf(TokenizerFiles files);

/// A member that is not there is null.
simdjson::dom::element memberOrNull(const JsonFields& json, std::string_view name);

SpecialTokens readAddedTokens(const JsonFields& json);

/// Tokens in the order of their ids, which with those of `special` must be 0, 1, 2 … without gap or double.
std::vector<std::string> readVocabulary(const JsonFields& model, const SpecialTokens& special);

/// The special tokens with a meaning: as tokenizer_config.json (its text; may be empty) names them, else by
/// the usual names, <pad>, <eos>, <unk> and those of well-known models.
SpecialRoles specialRoles(const SpecialTokens& special, const std::string& tokenizerConfig);

}  // namespace retort
