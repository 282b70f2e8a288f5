// The straight line between two checkpoints in weight space: in which order it is measured, and how far the
// loss rises on the way.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace retort {

/// The loss of (1 − t)·θ0 + t·θ1.
struct LossAt {
    double t = 0, loss = 0;
};

/// Of the loss on the straight line between the losses of the ends: (1 − t)·loss(0) + t·loss(1). Nothing
/// unless t = 0 and t = 1 are among the points with finite losses.
std::optional<double> lossOnChord(std::span<const LossAt> points, double t);

struct LossBarrier {
    double height = 0;  ///< in units of the loss, 0 or more; infinite where the loss is
    double at = 0;      ///< the first t where it is that high; 0 without a barrier
};

/// max over t in [0, 1] of loss(t) − ((1 − t)·loss(0) + t·loss(1)): the barrier of Entezari et al. 2022
/// (arXiv:2110.06296), which takes the line where Frankle et al. 2020 (arXiv:1912.05671) take the mean of the
/// ends. As measured: between the points it may be higher. Losses that are NaN and points beyond the ends are
/// left out; less than 1e-9 of the ends' losses is rounding, and no barrier. Nothing as for lossOnChord(). In
/// any order.
std::optional<LossBarrier> lossBarrier(std::span<const LossAt> points);

/// The places 0 … count − 1 of an even grid, coarse first: both ends, the middle, and then always the middle
/// of the widest gap (the first of equally wide ones).
std::vector<std::size_t> bisectionOrder(std::size_t count);

}  // namespace retort
