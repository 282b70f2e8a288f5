// CausalLM to and from a folder in the Hugging Face layout.
#include "core/formats/hf_config.h"
#include "core/formats/sharded_safetensors.h"
#include "training/model/causal_lm.h"
#include "training/model/causal_lm_impl.h"
#include "training/model/checkpoint_reader.h"

namespace retort {

std::shared_ptr<CausalLM> CausalLM::load(const std::filesystem::path& folder) {
    const CheckpointReader reader(folder);  // complains before memory is taken for what config.json promises
    std::shared_ptr<CausalLM> model(new CausalLM(reader.shape()));
    model->setSpecialTokens(reader.config().eosIds, reader.config().padId);
    reader.read(0, reader.layout().size, model->m_impl->flat.data_ptr<float>());
    return model;
}

void CausalLM::save(const std::filesystem::path& folder, Dtype dtype) const {
    HfConfig config = m_shape.toConfig();
    config.eosIds = m_impl->eosIds;
    config.padId = m_impl->padId;
    config.dtype = dtype == Dtype::BFloat16 ? "bfloat16" : dtype == Dtype::Float16 ? "float16" : "float32";
    const torch::Tensor flat = effectiveParameters().to(torch::kCPU).contiguous();
    std::vector<std::vector<float>> turned;
    std::vector<TensorData> tensors;
    for (const WeightSlice& slice : m_impl->layout.slices) {
        const float* values = flat.data_ptr<float>() + slice.offset;
        if (slice.transposedInFile) {
            turned.emplace_back(std::size_t(slice.size));
            transposeMatrix(values, slice.shape[1], slice.shape[0], turned.back().data());
            values = turned.back().data();
        }
        tensors.push_back({slice.name, dtype, slice.fileShape(), values, true});
    }
    writeHfConfig(folder, config);
    writeCheckpointWeights(folder, tensors);
}

}  // namespace retort
