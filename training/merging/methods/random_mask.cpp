#include "training/merging/methods/random_mask.h"

#include "core/util/random.h"
#include "training/merging/methods/chunks.h"

namespace retort {

void MaskBits::read(std::size_t first, std::size_t count, float* out) const {
    for (std::size_t i = 0; i < count; ++i) out[i] = at(first + i) ? 1.0f : 0.0f;
}

ElementRandom::ElementRandom(const TensorMerge& tensor, const ModelTensor& model)
    : m_key(stableHash(tensor.name, tensor.seed)), m_stream(model.key) {}

void ElementRandom::read(std::size_t first, std::size_t count, std::uint32_t* out) const {
    for (std::size_t i = 0; i < count; i += 4) {
        const auto numbers = philox(m_key, m_stream, (first + i) / 4);
        for (std::size_t j = 0; j < 4 && i + j < count; ++j) out[i + j] = numbers[j];
    }
}

MaskBits bernoulliMask(const TensorMerge& tensor, const ModelTensor& model, std::size_t size,
                       double density) {
    MaskBits mask(size);
    const ElementRandom random(tensor, model);
    const auto threshold = std::uint64_t(density * 0x1p32);
    std::uint32_t numbers[mergeChunk];
    forChunks(size, [&](std::size_t first, std::size_t count) {
        random.read(first, count, numbers);
        for (std::size_t i = 0; i < count; ++i) mask.add(first + i, numbers[i] < threshold);
    });
    return mask;
}

}  // namespace retort
