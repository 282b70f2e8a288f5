#include "training/model/weight_layout.h"

#include <string>

namespace retort {

namespace {

constexpr std::int64_t alignment = 16;  // floats: one cache line, one AVX-512 register

}  // namespace

WeightLayout::WeightLayout(const ModelShape& shape) {
    layers.resize(std::size_t(shape.layers));
    if (shape.block == DecoderBlock::Gpt2)
        addGpt2(shape);
    else
        addLlama(shape);
    head = shape.tieWordEmbeddings ? embedding : add("lm_head.weight", {shape.vocabSize, shape.hiddenSize});
    align();
}

const WeightSlice* WeightLayout::find(const std::string& name) const {
    for (const WeightSlice& slice : slices)
        if (slice.name == name) return &slice;
    return nullptr;
}

void WeightLayout::align() {
    size = (size + alignment - 1) / alignment * alignment;
}

std::int64_t WeightLayout::add(const std::string& name, std::vector<std::int64_t> shape, bool aligned) {
    if (aligned) align();
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

void WeightLayout::beginLayer(LayerOffsets& at) {
    align();
    at.begin = size;
    at.firstSlice = slices.size();
}

void WeightLayout::endLayer(LayerOffsets& at) {
    align();
    at.end = size;
    at.lastSlice = slices.size();
}

void WeightLayout::addLlama(const ModelShape& shape) {
    embedding = add("model.embed_tokens.weight", {shape.vocabSize, shape.hiddenSize});
    if (shape.positionEmbedding == "learned")
        positions = add("model.embed_positions.weight", {shape.maxPositions, shape.hiddenSize});
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string prefix = "model.layers." + std::to_string(i) + ".";
        beginLayer(layers[i]);
        layers[i].inputNorm = add(prefix + "input_layernorm.weight", {shape.hiddenSize});
        addAttention(shape, prefix + "self_attn.", layers[i]);
        layers[i].postNorm = add(prefix + "post_attention_layernorm.weight", {shape.hiddenSize});
        addMlp(shape, prefix + "mlp.", layers[i]);
        endLayer(layers[i]);
    }
    finalNorm = add("model.norm.weight", {shape.hiddenSize});
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

void WeightLayout::addGpt2(const ModelShape& shape) {
    const std::int64_t hidden = shape.hiddenSize, inner = shape.intermediateSize;
    embedding = add("transformer.wte.weight", {shape.vocabSize, hidden});
    positions = add("transformer.wpe.weight", {shape.maxPositions, hidden});
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string prefix = "transformer.h." + std::to_string(i) + ".";
        LayerOffsets& at = layers[i];
        beginLayer(at);
        at.inputNorm = add(prefix + "ln_1.weight", {hidden});
        at.inputNormBias = add(prefix + "ln_1.bias", {hidden});
        at.qkv = addConv1d(prefix + "attn.c_attn", 3 * hidden, hidden, at.qkvBias);
        at.o = addConv1d(prefix + "attn.c_proj", hidden, hidden, at.oBias);
        at.postNorm = add(prefix + "ln_2.weight", {hidden});
        at.postNormBias = add(prefix + "ln_2.bias", {hidden});
        at.gateUp = addConv1d(prefix + "mlp.c_fc", inner, hidden, at.upBias);
        at.down = addConv1d(prefix + "mlp.c_proj", hidden, inner, at.downBias);
        endLayer(at);
    }
    finalNorm = add("transformer.ln_f.weight", {hidden});
    finalNormBias = add("transformer.ln_f.bias", {hidden});
}

std::int64_t WeightLayout::addConv1d(const std::string& name, std::int64_t rows, std::int64_t columns,
                                     std::int64_t& bias) {
    const std::int64_t weight = add(name + ".weight", {rows, columns});
    slices.back().transposedInFile = true;
    bias = add(name + ".bias", {rows});
    return weight;
}

}  // namespace retort
