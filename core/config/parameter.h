// One declaration per parameter: from it come validation, the form, `retort-cli schema` and the reference.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

enum class ParameterType {
    Bool,
    Integer,
    Real,
    Text,
    Choice,       ///< one of `choices`
    IntegerList,  ///< [1, 4, 8]
    RealList,     ///< [0.5, 1]
    TextList,     ///< where there are `choices`, each item is one of them
    ObjectList,   ///< a list of maps: `variants` says which keys each may have
};

struct Parameter;

/// What a text names outside of the configuration; found and made absolute when a run is prepared.
enum class Reference {
    None,
    Checkpoint,  ///< a folder, "run:<name or id>[@step]", or "@stage" in a study
    File,
    MergeRecipe,  ///< mergekit's YAML, whose models are named like Checkpoint
};

/// One kind of map in an ObjectList: `{task: addition, min_digits: 1 …}` is the variant "addition" of
/// `data.tasks`, told apart by the value of the list's `discriminator` key.
struct ParameterVariant {
    std::string name;
    std::string help;
    std::vector<Parameter> parameters;
};

struct Parameter {
    std::string path;  ///< dotted, as in the YAML file and in --set: "training.learning_rate"
    ParameterType type = ParameterType::Text;
    Json defaultValue;
    std::string help;                        ///< one line
    std::string group;                       ///< heading in the form: "Model", "Optimisation" …
    std::string unit;                        ///< "tokens", "steps", "s" …; empty: none
    std::optional<double> minimum, maximum;  ///< both included
    bool exclusiveMinimum = false;           ///< `minimum` itself is not allowed
    std::vector<std::string> choices;
    Reference reference = Reference::None;
    bool advanced = false;                   ///< folded away in the form
    std::string discriminator;               ///< of an ObjectList: "task", "reward"
    std::vector<ParameterVariant> variants;  ///< of an ObjectList
};

struct RecipeSchema {
    std::string name;  ///< "sft"
    std::string help;
    std::vector<Parameter> parameters;

    /// nullptr when there is none of this path.
    const Parameter* find(const std::string& path) const;
};

/// All recipes, in the order in which the window offers them.
const std::vector<RecipeSchema>& recipeSchemas();
/// Throws Error naming the nearest recipe.
const RecipeSchema& recipeSchema(const std::string& recipe);

}  // namespace retort
