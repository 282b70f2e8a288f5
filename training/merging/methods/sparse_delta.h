// Task vectors with most of their entries removed, by mergekit's rules (mergekit 0.1.5, sparsify.py).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "training/merging/methods/magnitude.h"
#include "training/merging/methods/random_mask.h"

namespace retort {

/// What is kept of a task vector of n elements, by its density d:
enum class Sparsifier {
    None,
    Magnitude,          ///< the max(1, ⌊d·n⌋) largest; ties towards the lower index
    Random,             ///< each with probability d (DARE, arXiv:2311.03099)
    MagnitudeOutliers,  ///< ⌊d·n⌋ below the ⌊γ·n⌋ largest (Model Breadcrumbs, arXiv:2312.06795)
    RankedRandom,  ///< each with probability d − ε … d + ε by its rank in its row (DELLA, arXiv:2406.11617)
};

/// How what is left is scaled up.
enum class Rescale {
    None,
    L1,        ///< to the L1 norm before, per tensor: mergekit's `rescale: true`
    InverseP,  ///< by 1/p of the entry, the papers' rule: `rescale: inverse_p`
};

/// The number that stands for a word as the value of `rescale` ("none" 0, "l1" 1, "inverse_p" 2); nullopt: no
/// such word.
std::optional<double> rescaleNumber(std::string_view word);

/// One model's sparse task vector, read in chunks.
class SparseDelta {
  public:
    /// Elements [first, first + count) with the rest zeroed, rescaled.
    void read(std::size_t first, std::size_t count, float* out) const;

  private:
    friend std::vector<SparseDelta> sparseDeltas(const TensorMerge&, const std::vector<const ModelTensor*>&,
                                                 Sparsifier, Rescale);
    Delta m_delta;
    MagnitudeBand m_band;
    bool m_isBanded = false;
    std::optional<MaskBits> m_mask;
    std::vector<float> m_inverseP;  // of each element; only for RankedRandom with InverseP
    float m_factor = 1;
};

/// Of every model, with its parameters density, gamma and epsilon. Throws Error for those out of range.
std::vector<SparseDelta> sparseDeltas(const TensorMerge& tensor,
                                      const std::vector<const ModelTensor*>& models, Sparsifier sparsifier,
                                      Rescale rescale);

}  // namespace retort
