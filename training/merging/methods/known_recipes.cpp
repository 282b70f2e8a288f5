#include "training/merging/methods/known_recipes.h"

#include "core/util/error.h"
#include "core/util/json.h"

namespace retort {

namespace {

/// JSON's strings and numbers are YAML's, too.
std::string quoted(const std::string& text) {
    return Json(text).dump();
}
std::string number(double value) {
    return Json(value).dump();
}

std::string source(const std::string& model, int first, int last, double weight) {
    return "      - {model: " + quoted(model) + ", layer_range: [" + std::to_string(first) + ", " +
           std::to_string(last) + "], parameters: {weight: " + number(weight) + "}}\n";
}

std::string weighted(const std::string& model, double weight) {
    return "  - {model: " + quoted(model) + ", parameters: {weight: " + number(weight) + "}}\n";
}

}  // namespace

std::string layerSwapRecipe(const LayerSwap& swap) {
    const auto& [expert, language, layers, bottom, top, transition] = swap;
    const int middle = bottom + transition, upper = layers - top - transition;
    if (bottom < 1 || top < 1 || transition < 0 || middle > upper)
        throw Error(
            "bottom, top and twice the transition do not fit into " + std::to_string(layers) + " layers",
            "layer swapping", "bottom and top are at least 1");
    std::string text = "# Layer swapping: bottom " + std::to_string(bottom) + ", top " + std::to_string(top) +
                       ", transition " + std::to_string(transition) + "\nmerge_method: linear\nslices:\n";
    const auto slice = [&](int first, int last, double expertShare) {
        if (first == last) return;
        text += "  - sources:\n";
        if (expertShare > 0) text += source(expert, first, last, expertShare);
        if (expertShare < 1) text += source(language, first, last, 1 - expertShare);
    };
    slice(0, bottom, 0);
    slice(bottom, middle, 0.5);
    slice(middle, upper, 1);
    slice(upper, layers - top, 0.5);
    slice(layers - top, layers, 0);
    return text;
}

std::string reasoningVectorRecipe(const ReasoningVector& vector) {
    // receiver + α(tuned − receiver) − α(start − receiver) = receiver + α(tuned − start)
    return std::string("# Reasoning vector: receiver + alpha * (tuned - start)\nmerge_method: ") +
           (vector.isControl ? "random_vector" : "task_arithmetic") +
           "\nbase_model: " + quoted(vector.receiver) + "\nmodels:\n" + weighted(vector.tuned, vector.alpha) +
           weighted(vector.start, -vector.alpha);
}

std::string weightSignatureRecipe(const WeightSignatureSource& from) {
    if (from.shallowLayers < 0) throw Error("the number of shallow layers is negative", "weight signature");
    std::string text =
        "# Robust weight signature on the embeddings and the first " + std::to_string(from.shallowLayers) +
        " layers\nmerge_method: weight_signature\nbase_model: " + quoted(from.receiver) +
        "\nmodels:\n  - model: " + quoted(from.corrupted) + "\n    parameters:\n      weight:\n";
    const auto filtered = [&](const std::string& filter) {
        text += "        - {filter: " + quoted(filter) + ", value: " + number(from.alpha) + "}\n";
    };
    filtered("embed_tokens");
    for (int layer = 0; layer < from.shallowLayers; ++layer)
        filtered("layers." + std::to_string(layer) + ".");
    text += "        - {value: 0}\n  - model: " + quoted(from.clean) + "\nparameters: {project: ";
    return text + (from.project ? "true" : "false") + "}\n";
}

std::string balancedActorRecipe(const BalancedActor& actor) {
    const auto& [instruct, distilled, pretrained, alpha, beta] = actor;
    return "# Balanced actor initialization: alpha " + number(alpha) + ", beta " + number(beta) +
           "\nmerge_method: linear\nmodels:\n" + weighted(instruct, beta * alpha) +
           weighted(distilled, beta * (1 - alpha)) + weighted(pretrained, 1 - beta) +
           "parameters: {normalize: false}\n";
}

}  // namespace retort
