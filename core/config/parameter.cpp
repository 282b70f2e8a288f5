#include "core/config/parameter.h"

#include "core/config/binding.h"
#include "core/config/names.h"
#include "core/util/error.h"

namespace retort {

const Parameter* RecipeSchema::find(const std::string& path) const {
    for (const Parameter& parameter : parameters)
        if (parameter.path == path) return &parameter;
    return nullptr;
}

const std::vector<RecipeSchema>& recipeSchemas() {
    static const std::vector<RecipeSchema> schemas = [] {
        std::vector<RecipeSchema> list;
        for (const BoundRecipe& recipe : boundRecipes()) list.push_back(recipe.schema);
        return list;
    }();
    return schemas;
}

const RecipeSchema& recipeSchema(const std::string& recipe) {
    std::vector<std::string> names;
    for (const RecipeSchema& schema : recipeSchemas()) {
        if (schema.name == recipe) return schema;
        names.push_back(schema.name);
    }
    const std::string nearest = didYouMean(recipe, names);
    throw Error("there is no recipe '" + recipe + "'", "",
                nearest.empty() ? "retort-cli schema lists them" : nearest);
}

}  // namespace retort
