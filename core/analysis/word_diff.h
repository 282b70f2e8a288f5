// Two texts side by side: which words differ, and which reasoning steps stand against each other.
#pragma once

#include <string_view>
#include <vector>

#include "core/analysis/sequence_diff.h"

namespace retort {

/// A text cut into words (letters and digits of any script, "_" too), runs of white space, and single other
/// characters; together they are the text. A byte that is no UTF-8 is a piece of its own.
std::vector<std::string_view> splitWords(std::string_view text);

/// Hunks in bytes of the two texts.
std::vector<DiffHunk> diffWords(std::string_view a, std::string_view b);

/// Steps of two solutions in rows: a pair that is equal or stands at the same place, or one alone (the other
/// is -1).
struct AlignedSteps {
    int a = -1, b = -1;
    bool same = false;
    bool operator==(const AlignedSteps&) const = default;
};
std::vector<AlignedSteps> alignSteps(const std::vector<std::string_view>& a,
                                     const std::vector<std::string_view>& b);

}  // namespace retort
