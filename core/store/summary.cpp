#include "core/store/summary.h"

#include <cmath>

namespace retort {

void Summary::add(std::int64_t idx, const SeriesPoint& point) {
    Summary one;
    one.firstStep = one.lastStep = point.step;
    one.firstTokens = one.lastTokens = point.tokens;
    one.firstT = one.lastT = point.t;
    if (std::isfinite(point.value)) {
        one.count = 1;
        one.firstPoint = one.lastPoint = one.minPoint = one.maxPoint = idx;
        one.firstValue = one.lastValue = one.minValue = one.maxValue = point.value;
    } else {
        one.nonFinite = 1;
    }
    add(one);
}

void Summary::add(const Summary& later) {
    if (later.isEmpty()) return;
    if (isEmpty()) {
        *this = later;
        return;
    }
    lastStep = later.lastStep;
    lastTokens = later.lastTokens;
    lastT = later.lastT;
    nonFinite += later.nonFinite;
    if (later.count == 0) return;
    if (count == 0) {
        firstPoint = later.firstPoint;
        firstValue = later.firstValue;
    }
    if (count == 0 || later.minValue < minValue) {
        minPoint = later.minPoint;
        minValue = later.minValue;
    }
    if (count == 0 || later.maxValue > maxValue) {
        maxPoint = later.maxPoint;
        maxValue = later.maxValue;
    }
    lastPoint = later.lastPoint;
    lastValue = later.lastValue;
    count += later.count;
}

void PyramidBuilder::add(const SeriesPoint& point, const Sink& whole) {
    if (!point.superseded) m_unfinished[0].add(m_next, point);
    ++m_next;
    std::int64_t span = summaryRadix;
    for (int level = 1; level <= summaryLevels && m_next % span == 0; ++level, span *= summaryRadix) {
        Summary& done = m_unfinished[std::size_t(level - 1)];
        whole(level, m_next / span - 1, done);
        if (level < summaryLevels) m_unfinished[std::size_t(level)].add(done);
        done = Summary{};
    }
}

}  // namespace retort
