// Changes to a recipe's text that leave every other line, comments included, as the user wrote it. All return
// nothing where the place is written in a form that they do not edit.
#pragma once

#include <optional>
#include <string>

#include "views/merge/recipe_text.h"

namespace retort {

using EditedRecipe = std::optional<std::string>;

/// One number, `model` < 0: of the whole merge. Flags are written as true and false.
EditedRecipe withNumber(const std::string& text, int model, const std::string& parameter, double value,
                        bool isFlag = false);
EditedRecipe withoutNumber(const std::string& text, int model, const std::string& parameter);

/// Empty: without a base.
EditedRecipe withBase(const std::string& text, const std::string& name);
/// Parameters that the method does not know go, those that it wants and that have no fallback come.
EditedRecipe withMethod(const std::string& text, const BenchMethod& method);

/// At the end of `models`, with what the method wants.
EditedRecipe withModel(const std::string& text, const std::string& name, const BenchMethod* method);
EditedRecipe withoutModel(const std::string& text, std::size_t model);

/// What a parameter starts with when its method has no fallback.
double startValue(const BenchParameter& parameter, std::size_t models);

}  // namespace retort
