// What every recipe declares: the run itself and its tokenizer; and how a recipe is put together.
#include "core/config/recipes/declarations.h"

namespace retort {
namespace {

void declareTokenizer(BoundRecipe& recipe) {
    using T = TokenizerSettings;
    SectionDeclarations tokenizer(recipe, "tokenizer.", "Tokenizer", &RunConfig::tokenizer);
    tokenizer("kind", &T::kind)
        .help("One token a character, or byte-pair encoding.")
        .choices({"character", "bpe"});
    tokenizer("vocab_size", &T::vocab_size)
        .help("Byte-pair encoding: vocabulary to train to.")
        .unit("tokens")
        .between(16, 65536);
}

}  // namespace

void declareRun(BoundRecipe& recipe) {
    declareTopLevel(recipe, "name", &RunConfig::name).help("What the run is called in lists and charts.");
    declareTopLevel(recipe, "study", &RunConfig::study).help("The study that it belongs to; empty: none.");
    declareTopLevel(recipe, "tags", &RunConfig::tags).help("Words to find it by.");
    declareTopLevel(recipe, "seed", &RunConfig::seed)
        .help("Seed of everything random: the same seed gives the same run.")
        .between(0, 9007199254740991.0);
}

Parameter itemParameter(const char* name, Json defaultValue, ParameterType type, const char* help) {
    Parameter parameter;
    parameter.path = name;
    parameter.type = type;
    parameter.defaultValue = std::move(defaultValue);
    parameter.help = help;
    return parameter;
}

Parameter itemShare(const char* name, double defaultValue, const char* help, double high) {
    Parameter parameter = itemParameter(name, defaultValue, ParameterType::Real, help);
    parameter.minimum = 0;
    parameter.maximum = high;
    return parameter;
}

BoundRecipe newRecipe(const char* name, const char* help) {
    BoundRecipe recipe;
    recipe.schema.name = name;
    recipe.schema.help = help;
    recipe.defaults.recipe = name;
    return recipe;
}

void declareBeginning(BoundRecipe& recipe, StepInput input) {
    declareRun(recipe);
    declareModel(recipe);
    declareTokenizer(recipe);
    declareData(recipe);
    declareTraining(recipe, input);
    if (recipe.schema.name != "pretrain") declareLora(recipe);
}

void declareEnd(BoundRecipe& recipe, StepInput input) {
    declareEvaluation(recipe);
    declareTraces(recipe, input);
    declareDefaults(recipe);
}

void declareDefaults(BoundRecipe& recipe) {
    for (std::size_t i = 0; i < recipe.bindings.size(); ++i)
        recipe.schema.parameters[i].defaultValue = recipe.bindings[i].read(recipe.defaults);
}

const std::vector<BoundRecipe>& boundRecipes() {
    static const std::vector<BoundRecipe> recipes = [] {
        std::vector<BoundRecipe> all;
        for (auto family : {supervisedRecipes, distillationRecipes, preferenceRecipes, grpoRecipes,
                            ppoRecipes, judgeRecipes, evaluationRecipes, mergeRecipes, externalRecipes})
            for (BoundRecipe& recipe : family()) all.push_back(std::move(recipe));
        return all;
    }();
    return recipes;
}

}  // namespace retort
