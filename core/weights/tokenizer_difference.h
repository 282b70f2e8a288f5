// How the tokenizers of two checkpoints, and their configurations, differ. Token ids mean nothing across
// tokenizers: only tokens' texts can be set against each other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace retort {

/// Something that has a name in both checkpoints; empty where one does not have it.
struct FieldDifference {
    std::string field, a, b;
    bool operator==(const FieldDifference&) const = default;
};

struct ReindexedToken {
    std::string token;
    std::int32_t a = 0, b = 0;
    bool operator==(const ReindexedToken&) const = default;
};

struct TokenizerDifference {
    std::int32_t sizeA = 0, sizeB = 0;
    std::vector<std::string> removed, added;  ///< tokens that only a has, only b has
    std::vector<ReindexedToken> reindexed;
    bool sameHash = true;                  ///< vocabulary and merges: texts are cut alike
    std::vector<FieldDifference> special;  ///< ids of the end, begin and padding tokens that differ
    std::vector<std::int64_t> rows;        ///< id in b of the token with each id of a; -1: b has none

    /// Whether each token that both have has one id.
    bool isSameNumbering() const { return reindexed.empty() && removed.empty() && added.empty(); }
};

/// Nothing when either folder has no tokenizer.json. Throws Error for one that cannot be read.
std::optional<TokenizerDifference> compareTokenizers(const std::filesystem::path& a,
                                                     const std::filesystem::path& b);

/// Members of the two config.json that differ, by dotted path, but for what only says who wrote them. Throws
/// Error for a missing or damaged one.
std::vector<FieldDifference> compareConfigs(const std::filesystem::path& a, const std::filesystem::path& b);

/// A hash of the folder's chat template (chat_template.jinja, else the one in tokenizer_config.json); empty:
/// it has none.
std::string chatTemplateHash(const std::filesystem::path& folder);

}  // namespace retort
