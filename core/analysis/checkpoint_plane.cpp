#include "core/analysis/checkpoint_plane.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "core/util/error.h"

namespace retort {

namespace {

constexpr double leastSine = 0.00873;  // of 0.5 degrees
constexpr std::size_t coarsest = 4;    // intervals of the first grid

void checkSide(std::size_t side) {
    const std::size_t intervals = side - 1;
    if (side < coarsest + 1 || (intervals & (intervals - 1)) != 0)
        throw Error("a grid of " + std::to_string(side) + " points a side cannot be refined by halves",
                    "plane of checkpoints", "take 5, 9, 17, 33 …");
}

std::size_t roundedTo(std::size_t index, std::size_t stride) {
    return (index + stride / 2) / stride * stride;
}

}  // namespace

PlaneGram gramOf(const CheckpointDifference& difference) {
    PlaneGram gram;
    for (const TensorDifference& tensor : difference.tensors) {
        if (!tensor.taskVectors) continue;
        const TaskVectorDifference& vectors = *tensor.taskVectors;
        gram.uu += vectors.normA * vectors.normA;
        gram.vv += vectors.normB * vectors.normB;
        // The cosine is NaN where one of them did not move.
        if (std::isfinite(vectors.cosine)) gram.uv += vectors.cosine * vectors.normA * vectors.normB;
    }
    return gram;
}

CheckpointPlane::CheckpointPlane(const PlaneGram& gram) {
    constexpr const char* where = "plane of checkpoints";
    if (!std::isfinite(gram.uu) || !std::isfinite(gram.vv) || !std::isfinite(gram.uv))
        throw Error("the weights' distances are not finite", where);
    if (!(gram.uu > 0) || !(gram.vv > 0))
        throw Error("two of the checkpoints have the same weights", where, "take three different ones");
    const double length = std::sqrt(gram.uu), along = gram.uv / length;
    const double height = std::sqrt(std::max(gram.vv - along * along, 0.0));
    if (!(height > leastSine * std::sqrt(gram.vv)))
        throw Error("the three checkpoints lie on one line", where,
                    "measure the curve between its ends, or take another third one");
    m_corners = {{{0, 0}, {length, 0}, {along, height}}};
    // θ2 and θ3 next to each other as seen from θ1 are caught above; seen from each other here.
    const double apart = std::hypot(along - length, height);
    if (!(apart > leastSine * std::max(length, std::sqrt(gram.vv))))
        throw Error("two of the checkpoints have almost the same weights", where,
                    "take three different ones");
}

double CheckpointPlane::angle() const {
    return std::atan2(m_corners[2].y, m_corners[2].x) * 180 / std::numbers::pi;
}

std::array<double, 3> CheckpointPlane::weights(const Place& place) const {
    const double third = place.y / m_corners[2].y;
    const double second = (place.x - third * m_corners[2].x) / m_corners[1].x;
    return {1 - second - third, second, third};
}

CheckpointPlane::Place PlaneGrid::place(std::size_t column, std::size_t row) const {
    const double steps = double(side - 1);
    return {left + (right - left) * double(column) / steps, bottom + (top - bottom) * double(row) / steps};
}

std::size_t PlaneGrid::nearest(const CheckpointPlane::Place& place) const {
    const auto index = [&](double value, double from, double to) {
        const double at = std::round((value - from) / (to - from) * double(side - 1));
        return static_cast<std::size_t>(std::clamp(at, 0.0, double(side - 1)));
    };
    return index(place.y, bottom, top) * side + index(place.x, left, right);
}

PlaneGrid gridAround(const CheckpointPlane& plane, double margin, std::size_t side) {
    const auto& corners = plane.corners();
    PlaneGrid grid;
    grid.left = grid.right = corners[0].x;
    grid.bottom = grid.top = corners[0].y;
    for (const CheckpointPlane::Place& corner : corners) {
        grid.left = std::min(grid.left, corner.x);
        grid.right = std::max(grid.right, corner.x);
        grid.bottom = std::min(grid.bottom, corner.y);
        grid.top = std::max(grid.top, corner.y);
    }
    const double width = margin * (grid.right - grid.left), height = margin * (grid.top - grid.bottom);
    grid.left -= width;
    grid.right += width;
    grid.bottom -= height;
    grid.top += height;
    grid.side = side;
    return grid;
}

std::vector<std::size_t> coarseToFine(std::size_t side) {
    checkSide(side);
    std::vector<std::size_t> order;
    const std::size_t first = (side - 1) / coarsest;
    for (std::size_t stride = first; stride > 0; stride /= 2)
        for (std::size_t row = 0; row < side; row += stride)
            for (std::size_t column = 0; column < side; column += stride) {
                const bool before = row % (2 * stride) == 0 && column % (2 * stride) == 0;
                if (stride == first || !before) order.push_back(row * side + column);
            }
    return order;
}

std::vector<std::size_t> standIns(std::size_t side, const std::vector<bool>& measured) {
    checkSide(side);
    std::vector<std::size_t> all(side * side, side * side);
    for (std::size_t row = 0; row < side; ++row)
        for (std::size_t column = 0; column < side; ++column)
            for (std::size_t stride = 1; stride <= (side - 1) / coarsest; stride *= 2) {
                const std::size_t at = roundedTo(row, stride) * side + roundedTo(column, stride);
                if (at >= measured.size() || !measured[at]) continue;
                all[row * side + column] = at;
                break;
            }
    return all;
}

}  // namespace retort
