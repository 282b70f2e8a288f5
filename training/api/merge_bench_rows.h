// How many held-out examples a merge bench's loss rests on, over all tasks together, which take turns.
#pragma once

#include <cstdint>

namespace retort {

inline constexpr std::int64_t mergeBenchCoarseRows = 32;  ///< MergeBenchEffort::Coarse
inline constexpr std::int64_t mergeBenchLossRows = 512;   ///< MergeBenchEffort::Refined

}  // namespace retort
