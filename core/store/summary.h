// What the pyramid of summaries is made of (schema: table `summaries`).
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "core/store/rows.h"

namespace retort {

inline constexpr std::int64_t summaryRadix = 16;
inline constexpr int summaryLevels = 8;  ///< 16^8 points, four thousand million, in the highest

/// Points under a summary of that level.
constexpr std::int64_t summarySpan(int level) {
    std::int64_t span = 1;
    while (level-- > 0) span *= summaryRadix;
    return span;
}

/// First, last, least and greatest finite value of some points, and where those points begin and end on each
/// axis. Equal values count for the earlier point.
struct Summary {
    std::int64_t count = 0, nonFinite = 0;
    std::int64_t firstPoint = 0, lastPoint = 0, minPoint = 0, maxPoint = 0;
    double firstValue = 0, lastValue = 0, minValue = 0, maxValue = 0;
    std::int64_t firstStep = 0, lastStep = 0, firstTokens = 0, lastTokens = 0;
    double firstT = 0, lastT = 0;

    bool isEmpty() const { return count + nonFinite == 0; }
    /// Points come in ascending order of `idx`; superseded ones are the caller's to leave out.
    void add(std::int64_t idx, const SeriesPoint& point);
    void add(const Summary& later);
    bool operator==(const Summary&) const = default;
};

/// Builds the pyramid of one series as its points come in: keeps the unfinished summary of each level and
/// hands out those that are whole.
class PyramidBuilder {
  public:
    using Sink = std::function<void(int level, std::int64_t idx, const Summary&)>;

    /// Goes on at point `next`, with the unfinished summaries (index 0: level 1) as they stand there.
    explicit PyramidBuilder(std::int64_t next = 0, std::array<Summary, summaryLevels> unfinished = {})
        : m_next(next), m_unfinished(unfinished) {}

    std::int64_t next() const { return m_next; }
    void add(const SeriesPoint& point, const Sink& whole);

  private:
    std::int64_t m_next;
    std::array<Summary, summaryLevels> m_unfinished;
};

}  // namespace retort
