// A merge recipe as the sliders see it: what of mergekit's YAML is one number a model or one for the whole.
// The text holds the truth; everything else in it (slices, gradients, filters, comments) stays as it is.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "views/merge/bench_services.h"

namespace retort {

/// Numbers by parameter; flags are 0 and 1.
struct RecipeValues {
    std::map<std::string, double> numbers;
    /// Written as a gradient or by filters: the text rules.
    std::set<std::string> inText;
    bool operator==(const RecipeValues&) const = default;
};

struct RecipeModel {
    std::string name;  ///< as written: a folder, "run:…"
    RecipeValues values;
    bool operator==(const RecipeModel&) const = default;
};

struct RecipeView {
    std::string method, base;  ///< empty: none
    std::vector<RecipeModel> models;
    RecipeValues values;   ///< of the whole merge
    bool isFlat = true;    ///< false: written as slices or modules, which sliders cannot show
    bool readable = true;  ///< false: no YAML map; the rest is empty
    int line = 0;          ///< of what makes it unreadable
    std::string problem;

    /// Of the model, or else the merge's, or else the method's fallback.
    std::optional<double> valueOf(const BenchParameter& parameter, std::size_t model) const;
    /// Whether the text rules this parameter.
    bool isInText(const BenchParameter& parameter, std::size_t model) const;
    /// The base and the models, each once.
    std::vector<std::string> names() const;
    /// Models besides the base.
    std::size_t mergedModels() const;
};

/// Never throws: text that is no recipe yet is being written.
RecipeView readRecipe(const std::string& text);

/// A whole text; `line` and `problem` of the view are not written, nor what the text rules.
std::string writeRecipe(const RecipeView& recipe);

}  // namespace retort
