// The recipes that learn from examples token by token: pretrain and sft.
#include "core/config/recipes/declarations.h"

namespace retort {
namespace {

void declareSft(BoundRecipe& recipe) {
    using S = SftSettings;
    SectionDeclarations sft(recipe, "sft.", "Supervised fine-tuning", &RunConfig::sft);
    sft("loss_type", &S::loss_type)
        .help(
            "Cross entropy, the same weighted by the token's probability (DFT), or pass@N of the completion "
            "(DCO).")
        .choices({"nll", "dft", "dco"});
    sft("dco_samples", &S::dco_samples)
        .help("dco: samples of which one is to be right.")
        .between(1, 1e6)
        .advanced();
    sft("mask_probability", &S::mask_probability)
        .help("Share of the completion's tokens that are masked in the input, while all are learned (MFT).")
        .between(0, 0.95)
        .advanced();
    sft("mask_warmup_steps", &S::mask_warmup_steps)
        .help("Steps in which this share rises from 0.")
        .unit("steps")
        .between(0, 1e9)
        .advanced();
}

BoundRecipe declareSupervised(const char* name, const char* help) {
    BoundRecipe recipe = newRecipe(name, help);
    recipe.defaults.training.completion_only_loss = recipe.schema.name == "sft";
    declareBeginning(recipe, StepInput::Examples);
    if (recipe.schema.name == "sft") declareSft(recipe);
    declareEnd(recipe, StepInput::Examples);
    return recipe;
}

}  // namespace

std::vector<BoundRecipe> supervisedRecipes() {
    return {declareSupervised("pretrain", "Next-token training on whole texts, prompts included."),
            declareSupervised("sft", "Supervised fine-tuning: learns the completions of examples.")};
}

}  // namespace retort
