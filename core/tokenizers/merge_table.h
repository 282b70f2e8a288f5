// The merges of a BPE model: pair of neighbouring symbols -> rank and result, and their application to one
// word.
#pragma once

#include <cstdint>
#include <vector>

namespace retort {

class MergeTable {
  public:
    struct Merge {
        std::int32_t rank, result;
    };

    void reserve(std::size_t merges);
    /// Keeps what a pair has already.
    void add(std::int32_t left, std::int32_t right, Merge merge);
    /// nullptr when the pair is not merged.
    const Merge* find(std::int32_t left, std::int32_t right) const;

    /// Merges in place, the lowest rank first, the leftmost among equals. n log n in the number of symbols.
    void apply(std::vector<std::int32_t>& symbols) const;

  private:
    // Open addressing: a look-up costs one cache line, and encoding new words is look-ups.
    struct Slot {
        std::uint64_t pair = emptyPair;
        Merge merge{};
    };
    static constexpr std::uint64_t emptyPair = ~std::uint64_t(0);

    std::size_t slotOf(std::uint64_t pair) const {
        return std::size_t(pair * 0x9E3779B97F4A7C15ull >> m_shift);
    }
    void insert(std::uint64_t pair, Merge merge);
    void grow(std::size_t slots);
    void applyToShort(std::vector<std::int32_t>& symbols) const;
    void applyToLong(std::vector<std::int32_t>& symbols) const;

    std::vector<Slot> m_slots;
    std::size_t m_count = 0;
    int m_shift = 64;
};

}  // namespace retort
