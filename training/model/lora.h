// LoRA adapters (Hu et al. 2021; rsLoRA: Kalajdzievski 2023): W + scale · B·A for chosen projections, B and A
// trained, W frozen. On disk as PEFT has them: adapter_config.json and adapter_model.safetensors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/config/settings/lora_settings.h"
#include "training/model/weight_layout.h"
#include "training/tensor.h"

namespace retort {

class LoraAdapter {
  public:
    /// New: A uniform in ±1/sqrt(columns) from `seed`, B zero, so that nothing changes before the first step.
    /// Throws Error for a rank below 1 and for target modules that the model does not have.
    LoraAdapter(const WeightLayout& layout, const LoraSettings& settings, std::uint64_t seed);

    /// Reads a PEFT adapter folder. Throws Error for what is missing, damaged, does not fit the model, or
    /// changes it in ways that are not computed here (DoRA, ranks by module, trained biases, saved modules).
    static std::shared_ptr<LoraAdapter> load(const std::filesystem::path& folder, const WeightLayout& layout);
    /// Into an existing folder; `base`: what PEFT shall load the adapter onto.
    void save(const std::filesystem::path& folder, const std::string& base) const;

    const LoraSettings& settings() const { return m_settings; }
    /// alpha / r, or alpha / sqrt(r) for rsLoRA.
    double scale() const;

    /// All A and B in one float32 buffer, and where each lies in it, by PEFT's names.
    torch::Tensor flat() const { return m_flat; }
    const std::vector<WeightSlice>& slices() const { return m_slices; }

    /// The model's flat parameters with the adapter in them, differentiable with respect to flat(). The
    /// result lives in a buffer of its own that is computed anew when adapter or base have changed: use it
    /// before the next step.
    torch::Tensor merged(const torch::Tensor& base);

    /// The unmerged way, with dropout: y plus the branch of each target inside the `rows` rows of the matrix
    /// at `offset`. `flat` is flat(), or a copy of it to differentiate.
    torch::Tensor addBranch(const torch::Tensor& flat, const torch::Tensor& x, const torch::Tensor& y,
                            std::int64_t offset, std::int64_t rows, std::uint64_t pass) const;
    bool hasDropout() const { return m_settings.dropout > 0; }
    /// Dropout is no part of the weights: the run's own holds, whatever the adapter's file says.
    void setDropout(double dropout, std::uint64_t seed) {
        m_settings.dropout = dropout;
        m_seed = seed;
    }

    /// Dropout masks are functions of (seed, update, pass within it, module): a resumed run draws the same
    /// ones.
    void beginUpdate(std::int64_t update);
    std::uint64_t nextPass() { return m_pass++; }

    void setDevice(const torch::Device& device);

  private:
    struct Target {
        std::string module;                  // "model.layers.0.self_attn.q_proj"
        std::int64_t offset, rows, columns;  // of the base weight in the model's flat buffer
        std::int64_t a, b;                   // in m_flat: A [r × columns], B [rows × r]
    };
    struct Merge;

    void addTargets(const WeightLayout& layout);
    std::int64_t addSlice(const std::string& name, std::int64_t rows, std::int64_t columns);
    void initialise(std::uint64_t seed);
    torch::Tensor matrixA(const torch::Tensor& flat, const Target& target) const;
    torch::Tensor matrixB(const torch::Tensor& flat, const Target& target) const;
    torch::Tensor dropped(const torch::Tensor& x, const Target& target, std::uint64_t pass) const;
    void mergeInto(const torch::Tensor& weights, const torch::Tensor& base) const;

    LoraSettings m_settings;
    std::uint64_t m_seed = 0, m_pass = 0;
    std::int64_t m_update = 0;
    std::vector<Target> m_targets;
    std::vector<WeightSlice> m_slices;
    torch::Tensor m_flat;
    torch::Tensor m_merged;
    std::uint32_t m_mergedVersion = 0, m_mergedBaseVersion = 0;
};

}  // namespace retort
