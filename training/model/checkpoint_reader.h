// The weights of a checkpoint folder by their place in the flat parameter buffer, read from the mapped files
// as they are asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/formats/hf_config.h"
#include "core/formats/sharded_safetensors.h"
#include "training/model/weight_layout.h"

namespace retort {

class CheckpointReader {
  public:
    /// Checks every weight's name and shape against config.json. Throws Error (missing, truncated, unknown
    /// weights).
    explicit CheckpointReader(const std::filesystem::path& folder);

    const HfConfig& config() const { return m_config; }
    const ModelShape& shape() const { return m_shape; }
    const WeightLayout& layout() const { return m_layout; }

    /// The floats [offset, offset + count) of the flat buffer, zeros in the gaps between weights.
    void read(std::int64_t offset, std::int64_t count, float* destination) const;

  private:
    const TensorInfo& tensorOf(const WeightSlice& slice) const;
    void checkShapes() const;
    void refuseUnknown() const;
    void readPart(const WeightSlice& slice, std::int64_t first, std::int64_t count, float* destination) const;

    HfConfig m_config;
    ModelShape m_shape;
    WeightLayout m_layout;
    CheckpointWeights m_weights;
};

/// `from` is [columns × rows], `to` [rows × columns].
void transposeMatrix(const float* from, std::int64_t rows, std::int64_t columns, float* to);

}  // namespace retort
