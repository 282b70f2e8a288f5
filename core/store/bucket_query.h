// Reads a series at the resolution of a screen: one bucket a pixel column, exact, and without reading every
// point.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "core/store/sqlite.h"
#include "core/store/summary.h"

namespace retort {

/// Where the points ascend on the axis, a summary whose ends fall into one bucket counts whole, and only
/// those that straddle a boundary are opened: about (levels × 16) rows a bucket, however long the series is.
/// Where they do not (a clock that was set back), every point is read.
class BucketQuery {
  public:
    BucketQuery(Database& database, RowId series, XAxis axis);
    std::vector<SeriesBucket> run(double low, double high, int maxBuckets);

  private:
    double x(const SeriesPoint& point) const;
    double firstX(const Summary& summary) const;
    double lastX(const Summary& summary) const;
    int bucketOf(double x) const;
    void wholeRange();
    void visitAll();
    void visit(int level, std::int64_t from, std::int64_t to);
    void visitPoints(std::int64_t from, std::int64_t to);
    void visitSummaries(int level, std::int64_t from, std::int64_t to);
    SeriesBucket finish(const Summary& summary);
    double xOfPoint(std::int64_t idx);

    Database& m_database;
    RowId m_series;
    XAxis m_axis;
    std::int64_t m_points = 0;
    bool m_ordered = true;
    double m_zero = 0;  ///< of the seconds axis

    double m_low = 0, m_high = 0, m_scale = 0;
    bool m_done = false;  ///< beyond the range, on an ordered axis
    std::vector<Summary> m_buckets;
    std::array<std::unique_ptr<Statement>, summaryLevels + 1> m_levels;  ///< one a level: they nest
};

/// The live points from the `skip`-th on, found through the counts in the summaries.
std::vector<SeriesPoint> livePointsFrom(Database& database, RowId series, std::int64_t skip);

}  // namespace retort
