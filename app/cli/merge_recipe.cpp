// retort-cli merge-recipe: published merges as recipes in mergekit's YAML, to be read, changed and run.
#include <cstdio>

#include "app/cli/context.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/merging/methods/known_recipes.h"

namespace retort::cli {
namespace {

/// Layers of a checkpoint folder, for which --layers need not be said.
int layersOf(const Arguments& arguments, const std::string& model) {
    if (arguments.has("--layers")) return int(arguments.integer("--layers", 0));
    const std::filesystem::path file = std::filesystem::path(model) / "config.json";
    const Json config = Json::parse(readFile(file, 1u << 20), nullptr, false);
    for (const char* key : {"num_hidden_layers", "n_layer"})
        if (config.is_object() && config.contains(key) && config[key].is_number_integer())
            return config[key].get<int>();
    throw Error("does not say how many layers the model has", file.string(), "say it: --layers N");
}

/// The first 30 % of the layers, where robustness is said to sit (methods.md #158).
int shallowLayers(const Arguments& arguments, const std::string& model) {
    const int layers = layersOf(arguments, model);
    return arguments.has("--layers") ? layers : (3 * layers + 9) / 10;
}

std::string recipeOf(const Arguments& arguments) {
    const std::string kind = arguments.positional(0);
    const std::string first = arguments.positional(1), second = arguments.positional(2),
                      third = arguments.positional(3);
    if ((kind == "layer-swap") != third.empty())
        throw Error(kind == "layer-swap" ? "takes two models: the expert and the language model"
                                         : "takes three models",
                    kind, "retort-cli help merge-recipe says which");
    const double alpha = arguments.real("--alpha", kind == "balanced-actor" ? 0.5 : 1);
    if (kind == "layer-swap")
        return layerSwapRecipe({first, second, layersOf(arguments, first),
                                int(arguments.integer("--bottom", 1)), int(arguments.integer("--top", 1)),
                                int(arguments.integer("--transition", 0))});
    if (kind == "reasoning-vector")
        return reasoningVectorRecipe({first, second, third, alpha, arguments.has("--control")});
    if (kind == "weight-signature")
        return weightSignatureRecipe({first, second, third, alpha, shallowLayers(arguments, first), true});
    if (kind == "balanced-actor")
        return balancedActorRecipe({first, second, third, alpha, arguments.real("--beta", 0.5)});
    throw Error("there is no recipe '" + kind + "'", "retort-cli merge-recipe",
                "layer-swap, reasoning-vector, weight-signature, balanced-actor");
}

}  // namespace

int runMergeRecipe(Context& context) {
    std::fputs(recipeOf(context.arguments()).c_str(), stdout);
    return exitOk;
}

}  // namespace retort::cli
