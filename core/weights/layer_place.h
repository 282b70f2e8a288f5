// Where in the model a tensor stands, by its name.
#pragma once

#include <string>
#include <string_view>

namespace retort {

struct LayerPlace {
    int block = -1;      ///< number of the decoder layer; -1: outside of them
    std::string module;  ///< "self_attn.q_proj.weight", "embed_tokens.weight": the same in every block
    bool operator==(const LayerPlace&) const = default;
};

/// The first number between dots that follows "layers", "h", "blocks" or "layer" is the block; what is behind
/// it is the module. Of tensors outside, the module is the name without "model." or "transformer.".
LayerPlace layerPlace(std::string_view tensor);

/// Input or output embedding: a row a token.
bool isVocabularyTensor(std::string_view tensor);

}  // namespace retort
