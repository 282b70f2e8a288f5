#include "views/live/curve.h"

#include <algorithm>
#include <cmath>

namespace retort {

namespace {

struct Span {
    std::size_t begin = 0, end = 0;
};

/// Indices whose x is in [low, high], widened by one on each side so that lines reach the plot's edges.
Span visible(const std::vector<double>& x, double low, double high) {
    const auto first = std::lower_bound(x.begin(), x.end(), low);
    const auto last = std::upper_bound(first, x.end(), high);
    Span span{static_cast<std::size_t>(first - x.begin()), static_cast<std::size_t>(last - x.begin())};
    if (span.begin > 0) --span.begin;
    if (span.end < x.size()) ++span.end;
    return span;
}

std::size_t columnOf(double x, double low, double high, int columns) {
    const double share = high > low ? (x - low) / (high - low) : 0;
    return static_cast<std::size_t>(std::clamp(share * columns, -1.0, static_cast<double>(columns)) + 1);
}

}  // namespace

const std::vector<double>& Curve::x(XAxis axis) const {
    switch (axis) {
        case XAxis::Tokens:
            return tokens;
        case XAxis::Seconds:
            return seconds;
        case XAxis::Step:
            break;
    }
    return steps;
}

void Curve::append(const SeriesPoint& point, double firstStart) {
    steps.push_back(static_cast<double>(point.step));
    tokens.push_back(static_cast<double>(point.tokens));
    seconds.push_back(point.t - firstStart);
    values.push_back(point.value);
}

const std::vector<double>& Smoother::update(const std::vector<double>& values) {
    if (m_weight <= 0) return values;
    m_smooth.reserve(values.size());
    for (std::size_t i = m_smooth.size(); i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            m_smooth.push_back(values[i]);
            continue;
        }
        m_average = m_weight * m_average + (1 - m_weight) * values[i];
        m_bias *= m_weight;
        // A constant's average is the constant, not a zigzag of its last digit over the whole chart.
        const double smooth = m_average / (1 - m_bias);
        const bool isSame = std::abs(smooth - values[i]) <= 1e-13 * std::abs(values[i]);
        m_smooth.push_back(isSame ? values[i] : smooth);
    }
    return m_smooth;
}

std::vector<QPointF> decimate(const std::vector<double>& x, const std::vector<double>& values, double low,
                              double high, int columns) {
    std::vector<QPointF> points;
    const auto [begin, end] = visible(x, low, high);
    columns = std::max(1, columns);
    const bool all = end - begin <= 2 * static_cast<std::size_t>(columns);
    std::size_t column = 0, lowest = 0, highest = 0;
    bool open = false;
    const auto close = [&] {
        if (!open) return;
        const auto [first, second] = std::minmax(lowest, highest);
        points.emplace_back(x[first], values[first]);
        if (second != first) points.emplace_back(x[second], values[second]);
        open = false;
    };
    for (std::size_t i = begin; i < end; ++i) {
        if (!std::isfinite(values[i])) continue;
        if (all) {
            points.emplace_back(x[i], values[i]);
            continue;
        }
        const std::size_t now = columnOf(x[i], low, high, columns);
        if (!open || now != column) {
            close();
            open = true;
            column = now;
            lowest = highest = i;
        }
        if (values[i] < values[lowest]) lowest = i;
        if (values[i] > values[highest]) highest = i;
    }
    close();
    return points;
}

std::vector<double> breaksOf(const std::vector<double>& x, const std::vector<double>& values, double low,
                             double high, int columns) {
    std::vector<double> breaks;
    const auto [begin, end] = visible(x, low, high);
    for (std::size_t i = begin; i < end; ++i) {
        if (std::isfinite(values[i])) continue;
        if (!breaks.empty() &&
            columnOf(x[i], low, high, columns) == columnOf(breaks.back(), low, high, columns))
            continue;
        breaks.push_back(x[i]);
    }
    return breaks;
}

std::vector<QPointF> pointsOf(const std::vector<SeriesBucket>& buckets) {
    std::vector<QPointF> points;
    points.reserve(2 * buckets.size());
    for (const SeriesBucket& bucket : buckets) {
        if (bucket.count == bucket.nonFinite) continue;
        QPointF low(bucket.minX, bucket.minValue), high(bucket.maxX, bucket.maxValue);
        if (high.x() < low.x()) std::swap(low, high);
        points.push_back(low);
        if (high != low) points.push_back(high);
    }
    return points;
}

}  // namespace retort
