// A merge's recipe: mergekit's YAML as it is (mergekit 0.1.5, config.py), so that recipes that exist run
// unchanged. What it means for each tensor is merge_plan.h's matter.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/formats/safetensors.h"
#include "training/merging/merge_setting.h"

namespace retort {

/// A model that takes part, or a run of its layers.
struct MergeInput {
    std::string model;                             ///< as written
    std::optional<std::array<int, 2>> layerRange;  ///< first, one past the last; none: all
    MergeSettingMap parameters;
    std::string statistics;  ///< a safetensors file for methods that want more than weights; empty: none
    TextPlace place;
};

/// Consecutive layers of the output, and what they are made from.
struct MergeSlice {
    std::vector<MergeInput> sources;
    std::string baseModel;  ///< empty: the recipe's
    MergeSettingMap parameters;
    TextPlace place;
};

/// Where a token's row in the embeddings comes from.
struct MergeTokenSource {
    enum class Kind { Default, Zero, Model, ModelToken } kind = Kind::Default;
    std::string model;  ///< of Model and ModelToken
    std::string token;  ///< of ModelToken: its text there, or
    std::optional<std::int64_t> tokenId;
    bool force = false;  ///< also for models that have the token
    TextPlace place;
};

struct MergeTokenizer {
    std::string source;  ///< "union", "base" or a model
    std::vector<std::pair<std::string, MergeTokenSource>> tokens;
    std::optional<std::int64_t> padToMultipleOf;
    TextPlace place;
};

struct MergeRecipe {
    std::string method;
    std::string baseModel;  ///< empty: none
    /// What `models`, `slices` or `modules` said. With `models` one slice whose sources have no layer range.
    std::vector<MergeSlice> slices;
    bool isSliced = false;             ///< written as slices: the output's number of layers is theirs
    MergeSettingMap moduleParameters;  ///< stand between those of slices and the recipe's
    MergeSettingMap parameters;
    std::optional<Dtype> dtype, outDtype;
    std::optional<MergeTokenizer> tokenizer;
    std::string chatTemplate;  ///< empty: as it is

    std::string text;                   ///< the YAML, whole
    std::string where;                  ///< file, for messages
    std::filesystem::path folder;       ///< paths in it are relative to this
    std::vector<std::string> warnings;  ///< what mergekit would pass over in silence

    /// Every model named, each once: the base first, then in the order of the text.
    std::vector<std::string> models() const;
    /// "recipe.yml:12"
    std::string at(TextPlace place) const;
};

/// Throws Error with all that is wrong, a line each with file, line and the nearest known name. `where` names
/// the text.
MergeRecipe parseMergeRecipe(const std::string& text, const std::string& where,
                             const std::filesystem::path& folder);
MergeRecipe readMergeRecipe(const std::filesystem::path& file);

/// "float32", "torch.bfloat16" …: the four floating-point types; nothing for other names.
std::optional<Dtype> floatDtypeOf(std::string_view name);
/// "float32" …, as config.json has it. Nothing for types that are not floating-point: "".
const char* floatDtypeName(Dtype dtype);

}  // namespace retort
