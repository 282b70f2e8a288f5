// Published merges that are recipes in mergekit's grammar: written out as YAML, to be read, changed and run
// like any other.
#pragma once

#include <string>
#include <vector>

namespace retort {

/// Layer swapping (#112, arXiv:2410.01335): the expert's layers in the middle, the language model's first
/// `bottom` and last `top`, its embeddings and head; `transition` averaged layers between. bottom and top are
/// at least 1. Throws Error when the parts are more than the layers.
struct LayerSwap {
    std::string expert, language;
    int layers = 0, bottom = 0, top = 0, transition = 0;
};
std::string layerSwapRecipe(const LayerSwap& swap);

/// Reasoning vectors (#177): receiver + alpha·(tuned − start); negative alpha takes the skill away.
/// `isControl`: a random vector of the same norm in every tensor instead.
struct ReasoningVector {
    std::string receiver, tuned, start;
    double alpha = 1;
    bool isControl = false;
};
std::string reasoningVectorRecipe(const ReasoningVector& vector);

/// Robust weight signature (#158): receiver + alpha·(corrupted − its projection on clean) on the embeddings
/// and the first `shallowLayers`; the rest stays the receiver's to the bit.
struct WeightSignatureSource {
    std::string receiver, corrupted, clean;
    double alpha = 1;
    int shallowLayers = 0;
    bool project = true;
};
std::string weightSignatureRecipe(const WeightSignatureSource& source);

/// Balanced actor initialization (#119): beta·(alpha·instruct + (1 − alpha)·distilled) + (1 −
/// beta)·pretrained, its two stages as one average.
struct BalancedActor {
    std::string instruct, distilled, pretrained;
    double alpha = 0.5, beta = 0.5;
};
std::string balancedActorRecipe(const BalancedActor& actor);

}  // namespace retort
