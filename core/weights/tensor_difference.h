// Two tensors of one shape, element by element, and as task vectors against a base. Streamed: memory does not
// grow with the tensors.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/weights/spectrum.h"

namespace retort {

/// What training did to a tensor in two ways: a - base and b - base.
struct TaskVectorDifference {
    double normA = 0, normB = 0;
    double cosine = 0;  ///< NaN where one did not move
    /// Among the elements that are in both's top share by magnitude: how many point in opposite directions
    /// (TIES, Yadav et al. 2023). NaN where they share none.
    double signConflict = 0;
    double overlap = 0;  ///< elements in both's top share / elements of a top share
};

struct TensorDifference {
    std::string name;
    std::vector<std::int64_t> shape;  ///< as compared: with rows aligned by token, those that both have
    std::int64_t elements = 0;
    bool alignedByToken = false;
    double normA = 0, normB = 0;
    double cosine = 0;      ///< NaN where one is all zeros
    double l2 = 0;          ///< |b - a|
    double relativeL2 = 0;  ///< |b - a| / |a|; NaN where a is all zeros
    double maxAbs = 0;
    double changed = 0;          ///< share of elements that are not exactly equal
    std::int64_t nonFinite = 0;  ///< NaN and infinities in either: left out of everything above
    std::optional<TaskVectorDifference> taskVectors;
    std::optional<Spectrum> spectrum;  ///< of b - a

    bool isSame() const { return changed == 0 && nonFinite == 0; }
};

/// Elements in pieces: `read(first, count, a, b, base)` fills as many floats of each; `base` is null when
/// there is none.
struct TensorSource {
    std::int64_t elements = 0, piece = 1 << 18;  ///< `piece`: reads begin at its multiples
    bool hasBase = false;
    std::function<void(std::int64_t first, std::int64_t count, float* a, float* b, float* base)> read;
};

/// `topShare` as TIES' density. Two passes with a base (the second knows the magnitudes' thresholds, which
/// are exact to 2^-8 of themselves). `done(elements)` after each piece of the last pass.
TensorDifference compareTensors(const TensorSource& source, double topShare,
                                const std::function<void(std::int64_t)>& done, std::stop_token stop);

}  // namespace retort
