// CausalLM to and from a folder in the Hugging Face layout.
#include <string>

#include "core/formats/hf_config.h"
#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "training/model/causal_lm.h"
#include "training/model/causal_lm_impl.h"

namespace retort {

namespace {

ModelShape shapeOf(const HfConfig& config) {
    if (config.block != DecoderBlock::Llama) throw Error("GPT-2 models are not computed yet");
    if (config.ropeScaling.type != RopeType::Default)
        throw Error(std::string("RoPE scaling of the type '") + ropeTypeName(config.ropeScaling.type) +
                    "' is not computed yet");
    ModelShape shape;
    shape.vocabSize = config.vocabSize;
    shape.hiddenSize = config.hiddenSize;
    shape.layers = config.layers;
    shape.heads = config.heads;
    shape.kvHeads = config.kvHeads;
    shape.headDim = config.headDim;
    shape.intermediateSize = config.intermediateSize;
    shape.maxPositions = config.maxPositions;
    shape.positionEmbedding = config.positionEmbedding;
    shape.ropeTheta = config.ropeTheta;
    shape.rmsNormEps = config.rmsNormEps;
    shape.initializerRange = config.initializerRange;
    shape.attentionBias = config.attentionBias;
    shape.qkNorm = config.qkNorm;
    shape.tieWordEmbeddings = config.tieWordEmbeddings;
    return shape;
}

HfConfig configOf(const ModelShape& shape) {
    HfConfig config;
    config.vocabSize = shape.vocabSize;
    config.hiddenSize = shape.hiddenSize;
    config.layers = shape.layers;
    config.heads = shape.heads;
    config.kvHeads = shape.kvHeads;
    config.headDim = shape.headDim;
    config.intermediateSize = shape.intermediateSize;
    config.maxPositions = shape.maxPositions;
    config.positionEmbedding = shape.positionEmbedding;
    config.ropeTheta = shape.ropeTheta;
    config.rmsNormEps = shape.rmsNormEps;
    config.initializerRange = shape.initializerRange;
    config.attentionBias = shape.attentionBias;
    config.qkNorm = shape.qkNorm;
    config.tieWordEmbeddings = shape.tieWordEmbeddings;
    return config;
}

std::string text(const std::vector<std::int64_t>& shape) {
    std::string result = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) result += (i ? ", " : "") + std::to_string(shape[i]);
    return result + "]";
}

/// A weight that this model would silently leave out makes it another model.
void refuseUnknown(const SafetensorsFile& file, const WeightLayout& layout, const ModelShape& shape) {
    for (const TensorInfo& tensor : file.tensors()) {
        bool known = tensor.name.find("rotary_emb.inv_freq") != std::string::npos ||
                     (shape.tieWordEmbeddings && tensor.name == "lm_head.weight");
        for (const WeightSlice& slice : layout.slices) known = known || slice.name == tensor.name;
        if (!known)
            throw Error(
                "the checkpoint has a weight that its config.json does not account for: " + tensor.name,
                file.path().string(), "this architecture is not supported");
    }
}

}  // namespace

std::shared_ptr<CausalLM> CausalLM::load(const std::filesystem::path& folder) {
    const ModelShape shape = shapeOf(readHfConfig(folder));
    const WeightLayout layout(shape);
    const SafetensorsFile file(folder / "model.safetensors");
    for (const WeightSlice& slice : layout.slices) {  // before memory is taken for what config.json promises
        const TensorInfo& tensor = file.at(slice.name);
        if (tensor.shape != slice.shape)
            throw Error("weight " + slice.name + " has the shape " + text(tensor.shape) +
                            ", config.json says " + text(slice.shape),
                        file.path().string());
    }
    refuseUnknown(file, layout, shape);
    std::shared_ptr<CausalLM> model(new CausalLM(shape));
    float* weights = model->m_impl->flat.data_ptr<float>();
    for (const WeightSlice& slice : layout.slices) {
        const std::vector<float> values = file.readFloats(file.at(slice.name));
        std::copy(values.begin(), values.end(), weights + slice.offset);
    }
    return model;
}

void CausalLM::save(const std::filesystem::path& folder) const {
    writeHfConfig(folder, configOf(m_shape));
    const torch::Tensor flat = m_impl->flat.detach().to(torch::kCPU).contiguous();
    std::vector<TensorData> tensors;
    for (const WeightSlice& slice : m_impl->layout.slices)
        tensors.push_back({slice.name, Dtype::Float32, slice.shape, flat.data_ptr<float>() + slice.offset});
    writeSafetensors(folder / "model.safetensors", std::move(tensors));
}

}  // namespace retort
