// Vocabularies of the models of a merge: one tokenizer from several, and for each model which row of its
// embeddings a token of the result takes (mergekit 0.1.5, tokenizer/build.py and embed.py).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/util/json.h"
#include "training/merging/merge_recipe.h"

namespace retort {

class MergeModel;

/// What tokenizer.json says of tokens.
struct MergeVocabulary {
    Json tokenizer;                                            ///< the whole file
    std::unordered_map<std::string, std::int64_t> idOf;        ///< added tokens too
    std::vector<std::pair<std::int64_t, std::string>> tokens;  ///< by rising id
    std::unordered_map<std::string, Json> added;               ///< the entries of added_tokens, by content

    std::int64_t largestId() const { return tokens.empty() ? -1 : tokens.back().first; }
    void add(const std::string& token, std::int64_t id);
};

/// Throws Error.
MergeVocabulary readMergeVocabulary(const std::filesystem::path& folder);

/// Rows of the output's embeddings, one a token id of its vocabulary and perhaps some more.
struct VocabularyPlan {
    static constexpr std::int32_t noRow = -1;

    struct Place {
        const MergeModel* model;
        std::int64_t row;
        bool operator==(const Place&) const = default;
    };
    std::int64_t rows = 0;
    /// Rows from here on are the mean of those before; `rows`: none are.
    std::int64_t meanFrom = 0;
    /// For each model: which of its rows becomes the output's row; noRow: see `defaults`.
    std::map<const MergeModel*, std::vector<std::int32_t>> own;
    /// The mean of these rows; empty: zeros. The same for every model.
    std::unordered_map<std::int64_t, std::vector<Place>> defaults;

    Json tokenizer;                      ///< the output's tokenizer.json
    std::vector<Json> added;             ///< entries of added_tokens that `source` did not have
    const MergeModel* source = nullptr;  ///< whose other tokenizer files the output takes
};

/// `models`: those that take part, the base first where there is one. `source`: of a tokenizer.source that
/// names a model. `open` gives models that tokens name. What could not be found in any model is told in
/// `warnings`. Throws Error.
VocabularyPlan planVocabulary(const MergeRecipe& recipe, const std::vector<const MergeModel*>& models,
                              const MergeModel* base,
                              const std::function<const MergeModel*(const std::string&)>& open,
                              std::vector<std::string>& warnings);

}  // namespace retort
