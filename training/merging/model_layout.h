// What tensors' names say of a model: which belong to which layer, which are indexed by tokens, which are one
// tensor under two names. Names of every architecture in use have the layer's number between dots
// ("model.layers.3.mlp…", "transformer.h.3.…"), so no table of architectures is needed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retort {

struct TensorName {
    std::string prefix;        ///< "model.layers."; empty without a layer
    std::optional<int> layer;  ///< none: before or after the layers
    std::string suffix;        ///< ".self_attn.q_proj.weight"; the whole name without a layer

    std::string withLayer(int index) const { return prefix + std::to_string(index) + suffix; }
};

TensorName splitTensorName(std::string_view name);

/// GPT-2 checkpoints leave "transformer." out or not; mergekit and we write it. Other names stay.
std::string canonicalTensorName(std::string_view name, std::string_view modelType);

/// Before the layers (embeddings, positions) rather than after (norms, heads), of a name without a layer.
bool comesBeforeLayers(std::string_view name);

/// Rows are tokens.
bool isIndexedByTokens(std::string_view name);

/// Output embeddings, which a checkpoint leaves out when they are the input embeddings.
bool isOutputEmbedding(std::string_view name);
bool isInputEmbedding(std::string_view name);

/// Buffers that old versions of transformers saved and that are computed anew: masks, rotary frequencies.
bool isComputedBuffer(std::string_view name, std::string_view modelType);

}  // namespace retort
