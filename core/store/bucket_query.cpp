#include "core/store/bucket_query.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/store/summary_rows.h"

namespace retort {
namespace {

constexpr const char* pointsBetween =
    "SELECT " RETORT_POINT_COLUMNS
    " FROM points WHERE series_id = ?1 AND idx >= ?2 AND idx < ?3 AND superseded = 0 "
    "ORDER BY idx";
constexpr const char* summariesBetween =
    "SELECT " RETORT_SUMMARY_COLUMNS
    " FROM summaries WHERE series_id = ?1 AND level = ?2 AND idx >= ?3 AND idx < ?4 ORDER BY idx";

}  // namespace

BucketQuery::BucketQuery(Database& database, RowId series, XAxis axis)
    : m_database(database), m_series(series), m_axis(axis) {
    Statement row(database,
                  "SELECT points, step_ordered, tokens_ordered, time_ordered, coalesce(first_start, "
                  "(SELECT t FROM points WHERE series_id = series.id AND idx = 0), 0) "
                  "FROM series JOIN runs ON runs.id = run_id WHERE series.id = ?1");
    if (!row.with(series).step()) return;
    m_points = row.integer(0);
    m_ordered = row.integer(axis == XAxis::Step ? 1 : axis == XAxis::Tokens ? 2 : 3) != 0;
    m_zero = row.real(4);
}

double BucketQuery::x(const SeriesPoint& point) const {
    switch (m_axis) {
        case XAxis::Step:
            return double(point.step);
        case XAxis::Tokens:
            return double(point.tokens);
        case XAxis::Seconds:
            return point.t - m_zero;
    }
    return 0;
}

double BucketQuery::firstX(const Summary& s) const {
    return x({s.firstStep, s.firstTokens, s.firstT, 0, false, 1});
}

double BucketQuery::lastX(const Summary& s) const {
    return x({s.lastStep, s.lastTokens, s.lastT, 0, false, 1});
}

// Ascends with x, which is all that visiting by summaries needs.
int BucketQuery::bucketOf(double value) const {
    const int count = int(m_buckets.size());
    if (value < m_low) return -1;
    if (value > m_high) return count;
    return std::min(count - 1, int((value - m_low) * m_scale));
}

std::vector<SeriesBucket> BucketQuery::run(double low, double high, int maxBuckets) {
    if (m_points == 0 || maxBuckets <= 0 || std::isnan(low) || std::isnan(high)) return {};
    m_low = low;
    m_high = high;
    if (low > high || !std::isfinite(high - low)) wholeRange();
    m_buckets.assign(std::size_t(maxBuckets), Summary{});
    m_scale = m_high > m_low ? maxBuckets / (m_high - m_low) : 0;
    if (!std::isfinite(m_scale)) m_scale = 0;
    m_done = false;
    visitAll();

    std::vector<SeriesBucket> result;
    for (const Summary& summary : m_buckets)
        if (!summary.isEmpty()) result.push_back(finish(summary));
    return result;
}

void BucketQuery::wholeRange() {
    if (!m_ordered) {
        m_low = std::numeric_limits<double>::infinity();
        m_high = -m_low;
        Statement rows(m_database, pointsBetween);
        for (rows.with(m_series, 0, m_points); rows.step();) {
            const double value = x(readPoint(rows));
            m_low = std::min(m_low, value);
            m_high = std::max(m_high, value);
        }
        return;
    }
    const auto end = [&](const std::string& order) {
        Statement row(m_database, "SELECT " RETORT_POINT_COLUMNS
                                  " FROM points WHERE series_id = ?1 AND superseded = 0 ORDER BY idx " +
                                      order + " LIMIT 1");
        return row.with(m_series).step() ? x(readPoint(row)) : 0.0;
    };
    m_low = end("ASC");
    m_high = end("DESC");
}

// From the highest level down; what a level's whole summaries do not reach is the next level's.
void BucketQuery::visitAll() {
    std::int64_t done = 0;
    for (int level = m_ordered ? summaryLevels : 0; level >= 0; --level) {
        const std::int64_t span = summarySpan(level), end = m_points / span;
        visit(level, done / span, end);
        done = end * span;
    }
}

void BucketQuery::visit(int level, std::int64_t from, std::int64_t to) {
    if (m_done || from >= to) return;
    auto& statement = m_levels[std::size_t(level)];
    if (!statement)
        statement = std::make_unique<Statement>(m_database, level == 0 ? pointsBetween : summariesBetween);
    level == 0 ? visitPoints(from, to) : visitSummaries(level, from, to);
    statement->reset();
}

void BucketQuery::visitPoints(std::int64_t from, std::int64_t to) {
    Statement& rows = *m_levels[0];
    for (rows.with(m_series, from, to); !m_done && rows.step();) {
        const SeriesPoint point = readPoint(rows);
        const int bucket = bucketOf(x(point));
        if (bucket >= 0 && bucket < int(m_buckets.size()))
            m_buckets[std::size_t(bucket)].add(rows.integer(0), point);
        else
            m_done = m_ordered && bucket > 0;
    }
}

void BucketQuery::visitSummaries(int level, std::int64_t from, std::int64_t to) {
    Statement& rows = *m_levels[std::size_t(level)];
    for (rows.with(m_series, level, from, to); !m_done && rows.step();) {
        const Summary summary = readSummary(rows);
        if (summary.isEmpty()) continue;
        const int first = bucketOf(firstX(summary)), last = bucketOf(lastX(summary));
        if (last < 0) continue;
        if (first >= int(m_buckets.size())) {
            m_done = true;
        } else if (first == last) {
            m_buckets[std::size_t(first)].add(summary);
        } else {
            const std::int64_t idx = rows.integer(0);
            visit(level - 1, idx * summaryRadix, (idx + 1) * summaryRadix);
        }
    }
}

double BucketQuery::xOfPoint(std::int64_t idx) {
    Statement& row =
        m_database.prepared("SELECT " RETORT_POINT_COLUMNS " FROM points WHERE series_id = ?1 AND idx = ?2");
    const double result = row.with(m_series, idx).step() ? x(readPoint(row)) : 0.0;
    row.reset();
    return result;
}

SeriesBucket BucketQuery::finish(const Summary& s) {
    SeriesBucket bucket;
    bucket.count = s.count;
    bucket.nonFinite = s.nonFinite;
    if (s.count == 0) {
        bucket.firstX = bucket.lastX = bucket.minX = bucket.maxX = firstX(s);
        bucket.firstValue = bucket.lastValue = bucket.minValue = bucket.maxValue =
            std::numeric_limits<double>::quiet_NaN();
        return bucket;
    }
    bucket.firstValue = s.firstValue;
    bucket.lastValue = s.lastValue;
    bucket.minValue = s.minValue;
    bucket.maxValue = s.maxValue;
    const auto at = [&](std::int64_t point) {
        return point == s.firstPoint ? bucket.firstX : point == s.lastPoint ? bucket.lastX : xOfPoint(point);
    };
    bucket.firstX = xOfPoint(s.firstPoint);
    bucket.lastX = s.lastPoint == s.firstPoint ? bucket.firstX : xOfPoint(s.lastPoint);
    bucket.minX = at(s.minPoint);
    bucket.maxX = at(s.maxPoint);
    return bucket;
}

std::vector<SeriesPoint> livePointsFrom(Database& database, RowId series, std::int64_t skip) {
    std::int64_t begin = 0;
    Statement nodes(
        database,
        "SELECT idx, count + non_finite FROM summaries WHERE series_id = ?1 AND level = ?2 AND idx >= ?3 "
        "ORDER BY idx");
    for (int level = summaryLevels; level >= 1; --level) {
        const std::int64_t span = summarySpan(level);
        for (nodes.with(series, level, begin / span); nodes.step() && nodes.integer(1) <= skip;) {
            skip -= nodes.integer(1);
            begin = (nodes.integer(0) + 1) * span;
        }
    }
    Statement rows(database, "SELECT " RETORT_POINT_COLUMNS
                             " FROM points WHERE series_id = ?1 AND idx >= ?2 AND superseded = 0 "
                             "ORDER BY idx LIMIT -1 OFFSET ?3");
    std::vector<SeriesPoint> points;
    for (rows.with(series, begin, std::max<std::int64_t>(skip, 0)); rows.step();)
        points.push_back(readPoint(rows));
    return points;
}

}  // namespace retort
