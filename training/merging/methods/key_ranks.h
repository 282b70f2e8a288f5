// Exact order statistics of a number an element over a whole model, whatever its size: the upper halves of
// 32-bit keys are counted in one pass over all tensors, the lower halves around the wanted ranks in a second.
#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <vector>

namespace retort {

/// Orders as the float does, negative ones included; NaN of positive sign comes last.
inline std::uint32_t orderedKey(float x) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}
inline float keyValue(std::uint32_t key) {
    return std::bit_cast<float>(key & 0x80000000u ? key & 0x7fffffffu : ~key);
}

class KeyRanks {
  public:
    /// `ranks` gives the wanted positions (0: the smallest) once the number of elements is known.
    explicit KeyRanks(std::function<std::vector<std::size_t>(std::size_t total)> ranks)
        : m_wanted(std::move(ranks)), m_counts(1 << 16) {}

    /// One tensor's counts in the current pass, for addCounts().
    class Counts {
      public:
        explicit Counts(const KeyRanks& ranks);
        void add(std::uint32_t key) {
            if (!m_isLower) {
                ++m_counts[key >> 16];
                return;
            }
            for (std::size_t i = 0; i < m_uppers.size(); ++i)
                if (key >> 16 == m_uppers[i]) ++m_counts[i << 16 | (key & 0xffff)];
        }

      private:
        friend class KeyRanks;
        bool m_isLower;
        std::vector<std::uint32_t> m_uppers;
        std::vector<std::uint64_t> m_counts;
    };
    /// Not from several threads at once.
    void addCounts(const Counts& counts);
    /// After a pass; true: another is needed.
    bool endPass();

    std::size_t total() const { return m_total; }
    /// The key at the n-th wanted rank, once both passes are done.
    std::uint32_t key(std::size_t wanted) const { return m_keys[wanted]; }

  private:
    std::function<std::vector<std::size_t>(std::size_t)> m_wanted;
    bool m_isLower = false;
    std::size_t m_total = 0;
    std::vector<std::uint64_t> m_counts;
    std::vector<std::size_t> m_ranks;     // left below the upper half, for the second pass
    std::vector<std::uint32_t> m_uppers;  // of each wanted rank
    std::vector<std::uint32_t> m_keys;
};

}  // namespace retort
