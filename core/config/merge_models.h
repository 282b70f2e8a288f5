// The models that a mergekit recipe (YAML) names, and the recipe with other names for them. What the rest of
// it means is training/merging's affair.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace retort {

/// Every name under `model`, `base_model` and, where it is a model's, `tokenizer_source` and the tokenizer's
/// `source`; in the text's order, repeated as there. Throws Error with the line for what is no YAML.
std::vector<std::string> mergeModels(const std::string& recipe);

/// The recipe with `rename(name)` in each of these places, and else as it was, comments included. Throws
/// Error as mergeModels() does, and what `rename` throws.
std::string withMergeModels(const std::string& recipe,
                            const std::function<std::string(const std::string&)>& rename);

}  // namespace retort
