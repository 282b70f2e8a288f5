#include "training/model/weight_layout.h"

#include <string>

namespace retort {

namespace {

constexpr std::int64_t alignment = 16;  // floats: one cache line, one AVX-512 register

}  // namespace

WeightLayout::WeightLayout(const ModelShape& shape) {
    embedding = add("model.embed_tokens.weight", {shape.vocabSize, shape.hiddenSize});
    if (shape.positionEmbedding == "learned")
        positions = add("model.embed_positions.weight", {shape.maxPositions, shape.hiddenSize});
    layers.resize(std::size_t(shape.layers));
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string prefix = "model.layers." + std::to_string(i) + ".";
        layers[i].inputNorm = add(prefix + "input_layernorm.weight", {shape.hiddenSize});
        addAttention(shape, prefix + "self_attn.", layers[i]);
        layers[i].postNorm = add(prefix + "post_attention_layernorm.weight", {shape.hiddenSize});
        addMlp(shape, prefix + "mlp.", layers[i]);
    }
    finalNorm = add("model.norm.weight", {shape.hiddenSize});
    head = shape.tieWordEmbeddings ? embedding : add("lm_head.weight", {shape.vocabSize, shape.hiddenSize});
    size = (size + alignment - 1) / alignment * alignment;
}

std::int64_t WeightLayout::add(const std::string& name, std::vector<std::int64_t> shape, bool aligned) {
    if (aligned) size = (size + alignment - 1) / alignment * alignment;
    WeightSlice slice;
    slice.name = name;
    slice.offset = size;
    slice.size = 1;
    for (std::int64_t extent : shape) slice.size *= extent;
    slice.decays = shape.size() > 1;
    slice.shape = std::move(shape);
    size += slice.size;
    slices.push_back(std::move(slice));
    return slices.back().offset;
}

void WeightLayout::addAttention(const ModelShape& shape, const std::string& prefix, LayerOffsets& at) {
    const std::int64_t q = shape.heads * shape.headDim, kv = shape.kvHeads * shape.headDim;
    at.qkv = add(prefix + "q_proj.weight", {q, shape.hiddenSize});
    add(prefix + "k_proj.weight", {kv, shape.hiddenSize}, false);
    add(prefix + "v_proj.weight", {kv, shape.hiddenSize}, false);
    if (shape.attentionBias) {
        at.qkvBias = add(prefix + "q_proj.bias", {q});
        add(prefix + "k_proj.bias", {kv}, false);
        add(prefix + "v_proj.bias", {kv}, false);
    }
    if (shape.qkNorm) {
        at.qNorm = add(prefix + "q_norm.weight", {shape.headDim});
        at.kNorm = add(prefix + "k_norm.weight", {shape.headDim});
    }
    at.o = add(prefix + "o_proj.weight", {shape.hiddenSize, q});
}

void WeightLayout::addMlp(const ModelShape& shape, const std::string& prefix, LayerOffsets& at) {
    at.gateUp = add(prefix + "gate_proj.weight", {shape.intermediateSize, shape.hiddenSize});
    add(prefix + "up_proj.weight", {shape.intermediateSize, shape.hiddenSize}, false);
    at.down = add(prefix + "down_proj.weight", {shape.hiddenSize, shape.intermediateSize});
}

}  // namespace retort
