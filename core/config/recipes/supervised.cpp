// The recipes that learn from examples token by token: pretrain and sft.
#include "core/config/recipes/declarations.h"

namespace retort {
namespace {

BoundRecipe declareSupervised(const char* name, const char* help) {
    BoundRecipe recipe = newRecipe(name, help);
    recipe.defaults.training.completion_only_loss = recipe.schema.name == "sft";
    declareBeginning(recipe, StepInput::Examples);
    declareEnd(recipe, StepInput::Examples);
    return recipe;
}

}  // namespace

std::vector<BoundRecipe> supervisedRecipes() {
    return {declareSupervised("pretrain", "Next-token training on whole texts, prompts included."),
            declareSupervised("sft", "Supervised fine-tuning: learns the completions of examples.")};
}

}  // namespace retort
