// The shortest way from one sequence to another (Myers 1986, "An O(ND) difference algorithm").
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace retort {

/// [beginA, endA) of the one stands against [beginB, endB) of the other: equal piece by piece, or different
/// (then either may be empty).
struct DiffHunk {
    std::size_t beginA = 0, endA = 0, beginB = 0, endB = 0;
    bool same = true;
    bool operator==(const DiffHunk&) const = default;
};

/// Hunks in order, same and different in turn, which together cover both. Sequences that differ by more than
/// `maxEdits` pieces are not searched to the end: what lies between their common beginning and common end is
/// then one difference, so time and memory are bounded by maxEdits^2.
std::vector<DiffHunk> diffSequences(const std::vector<std::string_view>& a,
                                    const std::vector<std::string_view>& b, std::size_t maxEdits = 2000);

}  // namespace retort
