#include "training/model/model_shape.h"

#include <string>

#include "core/util/error.h"
#include "training/model/weight_layout.h"

namespace retort {

namespace {

void require(bool condition, const std::string& key, const std::string& expected) {
    if (!condition) throw Error("the model's shape is not possible: " + expected, "model." + key);
}

}  // namespace

ModelShape ModelShape::fromSettings(const ModelSettings& settings, std::int64_t vocabSize) {
    require(vocabSize > 0, "vocab_size", "the vocabulary is empty");
    require(settings.hidden_size > 0, "hidden_size", "must be at least 1");
    require(settings.num_hidden_layers > 0, "num_hidden_layers", "must be at least 1");
    require(settings.num_attention_heads > 0, "num_attention_heads", "must be at least 1");
    require(settings.intermediate_size > 0, "intermediate_size", "must be at least 1");
    require(settings.max_position_embeddings > 0, "max_position_embeddings", "must be at least 1");
    ModelShape shape;
    shape.vocabSize = vocabSize;
    shape.hiddenSize = settings.hidden_size;
    shape.layers = settings.num_hidden_layers;
    shape.heads = settings.num_attention_heads;
    shape.kvHeads =
        settings.num_key_value_heads > 0 ? settings.num_key_value_heads : settings.num_attention_heads;
    require(shape.heads % shape.kvHeads == 0, "num_key_value_heads", "must divide num_attention_heads");
    require(settings.head_dim > 0 || shape.hiddenSize % shape.heads == 0, "hidden_size",
            "must be a multiple of num_attention_heads unless head_dim is given");
    shape.headDim = settings.head_dim > 0 ? settings.head_dim : shape.hiddenSize / shape.heads;
    shape.intermediateSize = settings.intermediate_size;
    shape.maxPositions = settings.max_position_embeddings;
    shape.positionEmbedding = settings.position_embedding;
    const std::string& position = shape.positionEmbedding;
    require(position == "rope" || position == "learned" || position == "none", "position_embedding",
            "expected rope, learned or none, got '" + position + "'");
    require(position != "rope" || shape.headDim % 2 == 0, "head_dim", "RoPE needs an even head_dim");
    shape.ropeTheta = settings.rope_theta;
    shape.rmsNormEps = settings.rms_norm_eps;
    shape.initializerRange = settings.initializer_range;
    shape.attentionBias = settings.attention_bias;
    shape.qkNorm = settings.qk_norm;
    shape.tieWordEmbeddings = settings.tie_word_embeddings;
    return shape;
}

std::int64_t ModelShape::parameterCount() const {
    std::int64_t count = 0;
    for (const WeightSlice& slice : WeightLayout(*this).slices) count += slice.size;
    return count;
}

}  // namespace retort
