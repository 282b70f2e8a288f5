// A curve's numbers on their way to pixels: smoothing over all of them first, then at most two points a pixel
// column.
#pragma once

#include <QPointF>
#include <cstddef>
#include <vector>

#include "core/store/rows.h"

namespace retort {

/// The whole of one series, held for smoothing and for drawing; x by each of the axes.
struct Curve {
    std::vector<double> steps, tokens, seconds, values;

    std::size_t size() const { return values.size(); }
    const std::vector<double>& x(XAxis axis) const;
    void append(const SeriesPoint& point, double firstStart);
};

/// Exponential moving average as TensorBoard has it: debiased, so that it starts at the first value; values
/// that are not finite are left out and stay as they are. `weight` 0 gives the values themselves. Continues
/// where `done` points are already smoothed, so that a live curve costs only its new points.
class Smoother {
  public:
    explicit Smoother(double weight = 0) : m_weight(weight) {}
    double weight() const { return m_weight; }
    /// Smooths what is new since the last call.
    const std::vector<double>& update(const std::vector<double>& values);

  private:
    double m_weight;
    double m_average = 0, m_bias = 1;
    std::vector<double> m_smooth;
};

/// The points with x in [low, high] and one neighbour on each side, thinned to the minimum and maximum of
/// each of `columns` equal columns, in order of x: no spike is lost. Values that are not finite are left out.
std::vector<QPointF> decimate(const std::vector<double>& x, const std::vector<double>& values, double low,
                              double high, int columns);

/// The x of the values that are not finite, at most one a column.
std::vector<double> breaksOf(const std::vector<double>& x, const std::vector<double>& values, double low,
                             double high, int columns);

/// The line through buckets (a store's summaries): each one's extremes in their order.
std::vector<QPointF> pointsOf(const std::vector<SeriesBucket>& buckets);

}  // namespace retort
