// Methods on the sphere see their tensors only through scalar products, and give a linear combination of
// them: one pass for the products, one for the combination, and nothing of the tensor's size in between.
#pragma once

#include <vector>

#include "training/merging/methods/chunks.h"

namespace retort {

/// ⟨vᵢ, vⱼ⟩ in double.
class GramMatrix {
  public:
    explicit GramMatrix(std::size_t size) : m_size(size), m_values(size * size) {}
    std::size_t size() const { return m_size; }
    double at(std::size_t i, std::size_t j) const { return m_values[i * m_size + j]; }
    void add(std::size_t i, std::size_t j, double value) {
        m_values[i * m_size + j] += value;
        if (i != j) m_values[j * m_size + i] += value;
    }
    double norm(std::size_t i) const { return std::sqrt(at(i, i)); }
    /// ⟨Σ aᵢvᵢ, vⱼ⟩
    double product(const std::vector<double>& a, std::size_t j) const;
    /// ‖Σ aᵢvᵢ‖
    double norm(const std::vector<double>& a) const;

  private:
    std::size_t m_size;
    std::vector<double> m_values;
};

/// Of elements [first, last) of the deltas.
GramMatrix gramMatrix(const std::vector<Delta>& deltas, std::size_t first, std::size_t last);

/// out[i] = base[i] (where the deltas have one) + Σ factor·delta, for elements [first, last).
void combine(const std::vector<Delta>& deltas, const std::vector<double>& factors, std::size_t first,
             std::size_t last, std::span<float> out);

}  // namespace retort
