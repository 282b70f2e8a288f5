// The plane through three checkpoints in weight space (Garipov et al. 2018, arXiv:1802.10026): θ(a, b) = θ1 +
// a·(θ2 − θ1) + b·(θ3 − θ1), drawn in its true geometry, and the grid on which its loss is measured.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/weights/checkpoint_difference.h"

namespace retort {

/// Inner products of u = θ2 − θ1 and v = θ3 − θ1.
struct PlaneGram {
    double uu = 0, vv = 0, uv = 0;
};

/// Of a difference of θ2 and θ3 that has θ1 as its base; zeros without one.
PlaneGram gramOf(const CheckpointDifference& difference);

/// x along θ2 − θ1, y at a right angle to it in the plane, towards θ3; both in L2 of the weights. θ1 is at
/// (0, 0).
class CheckpointPlane {
  public:
    struct Place {
        double x = 0, y = 0;
    };

    CheckpointPlane() = default;
    /// Throws Error for products that are not finite, and for three checkpoints that lie on one line (an
    /// angle under 0.5 degrees, or two that are the same).
    explicit CheckpointPlane(const PlaneGram& gram);

    const std::array<Place, 3>& corners() const { return m_corners; }  ///< where θ1, θ2 and θ3 are
    double angle() const;                                              ///< between u and v, degrees
    /// Of θ1, θ2 and θ3 at a place; their sum is 1.
    std::array<double, 3> weights(const Place& place) const;

  private:
    std::array<Place, 3> m_corners{{{0, 0}, {1, 0}, {0, 1}}};
};

/// Even points over a rectangle, `side` each way; row 0 is the lowest.
struct PlaneGrid {
    double left = 0, right = 1, bottom = 0, top = 1;
    std::size_t side = 2;

    CheckpointPlane::Place place(std::size_t column, std::size_t row) const;
    /// Of the point next to a place; places beyond the rectangle have its edge's.
    std::size_t nearest(const CheckpointPlane::Place& place) const;
};

/// Around the three, with `margin` of their extent on every side.
PlaneGrid gridAround(const CheckpointPlane& plane, double margin, std::size_t side);

/// The points (row · side + column) coarse first: a grid of 5 × 5, and then always the points between. `side`
/// is 2^k + 1, at least 5. Throws Error for another.
std::vector<std::size_t> coarseToFine(std::size_t side);

/// For each point the measured one that stands for it while it waits: its next on the finest grid of
/// coarseToFine() that has one there, or itself when it is measured. `side · side` where there is none.
std::vector<std::size_t> standIns(std::size_t side, const std::vector<bool>& measured);

}  // namespace retort
