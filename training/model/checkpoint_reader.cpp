#include "training/model/checkpoint_reader.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/util/error.h"

namespace retort {

namespace {

std::string text(const std::vector<std::int64_t>& shape) {
    std::string result = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) result += (i ? ", " : "") + std::to_string(shape[i]);
    return result + "]";
}

/// A base model's checkpoint leaves out the first word of its names ("h.0.ln_1.weight" of
/// openai-community/gpt2).
std::string baseName(const std::string& name) {
    for (const std::string_view prefix : {"transformer.", "model."})
        if (name.starts_with(prefix)) return name.substr(prefix.size());
    return name;
}

/// Buffers that old versions of transformers saved: causal masks and rotary frequencies.
bool isBuffer(std::string_view name) {
    return name.ends_with("rotary_emb.inv_freq") || name.ends_with(".attn.bias") ||
           name.ends_with(".attn.masked_bias");
}

}  // namespace

void transposeMatrix(const float* from, std::int64_t rows, std::int64_t columns, float* to) {
    constexpr std::int64_t block = 32;  // stays in the first-level cache
    for (std::int64_t r = 0; r < rows; r += block)
        for (std::int64_t c = 0; c < columns; c += block)
            for (std::int64_t i = r; i < std::min(rows, r + block); ++i)
                for (std::int64_t j = c; j < std::min(columns, c + block); ++j)
                    to[i * columns + j] = from[j * rows + i];
}

CheckpointReader::CheckpointReader(const std::filesystem::path& folder)
    : m_config(readHfConfig(folder)),
      m_shape(ModelShape::fromConfig(m_config)),
      m_layout(m_shape),
      m_weights(folder) {
    checkShapes();
    refuseUnknown();
}

const TensorInfo& CheckpointReader::tensorOf(const WeightSlice& slice) const {
    if (!m_weights.find(slice.name))
        if (const TensorInfo* tensor = m_weights.find(baseName(slice.name))) return *tensor;
    return m_weights.at(slice.name);
}

void CheckpointReader::checkShapes() const {
    for (const WeightSlice& slice : m_layout.slices) {
        const TensorInfo& tensor = tensorOf(slice);
        const std::string where = m_weights.fileOf(tensor).string();
        if (tensor.shape != slice.fileShape())
            throw Error("weight " + slice.name + " has the shape " + text(tensor.shape) +
                            ", config.json says " + text(slice.fileShape()),
                        where);
        const Dtype type = tensor.dtype;
        if (type != Dtype::Float32 && type != Dtype::Float16 && type != Dtype::BFloat16 &&
            type != Dtype::Float64)
            throw Error("weight " + slice.name + " holds " + dtypeName(type) + ", not floating-point numbers",
                        where, "quantised checkpoints are not supported");
    }
}

/// A weight that this model would silently leave out makes it another model.
void CheckpointReader::refuseUnknown() const {
    std::vector<std::string> known;
    for (const WeightSlice& slice : m_layout.slices) {
        known.push_back(slice.name);
        known.push_back(baseName(slice.name));
    }
    std::sort(known.begin(), known.end());
    for (const TensorInfo* tensor : m_weights.tensors()) {
        if (isBuffer(tensor->name) || (m_shape.tieWordEmbeddings && tensor->name == "lm_head.weight"))
            continue;
        if (!std::binary_search(known.begin(), known.end(), tensor->name))
            throw Error(
                "the checkpoint has a weight that its config.json does not account for: " + tensor->name,
                m_weights.fileOf(*tensor).string(), "this architecture is not supported");
    }
}

void CheckpointReader::read(std::int64_t offset, std::int64_t count, float* destination) const {
    const auto& slices = m_layout.slices;
    auto slice = std::partition_point(slices.begin(), slices.end(),
                                      [&](const WeightSlice& s) { return s.offset + s.size <= offset; });
    std::int64_t at = offset;
    for (; slice != slices.end() && slice->offset < offset + count; ++slice) {
        const std::int64_t begin = std::max(slice->offset, offset);
        const std::int64_t end = std::min(slice->offset + slice->size, offset + count);
        std::fill(destination + (at - offset), destination + (begin - offset), 0.0f);
        readPart(*slice, begin - slice->offset, end - begin, destination + (begin - offset));
        at = end;
    }
    std::fill(destination + (at - offset), destination + count, 0.0f);
}

void CheckpointReader::readPart(const WeightSlice& slice, std::int64_t first, std::int64_t count,
                                float* destination) const {
    const TensorInfo& tensor = tensorOf(slice);
    if (!slice.transposedInFile) return m_weights.readFloats(tensor, first, count, destination);
    std::vector<float> stored(std::size_t(slice.size)), turned(std::size_t(slice.size));
    m_weights.readFloats(tensor, 0, slice.size, stored.data());
    transposeMatrix(stored.data(), slice.shape[0], slice.shape[1], turned.data());
    std::copy_n(turned.begin() + first, count, destination);
}

}  // namespace retort
