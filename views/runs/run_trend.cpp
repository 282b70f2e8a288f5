#include "views/runs/run_trend.h"

#include <algorithm>
#include <cmath>

namespace retort {

namespace {

constexpr int buckets = 48;

/// As our runs and the trackers of others call them; after those, what ends alike ("critic/rewards/mean").
const SeriesRow* tellingSeries(const std::vector<SeriesRow>& all) {
    for (const char* name : {"reward", "train/reward", "loss", "train/loss"}) {
        const auto found = std::find_if(all.begin(), all.end(),
                                        [name](const SeriesRow& series) { return series.name == name; });
        if (found != all.end()) return &*found;
    }
    for (const char* part : {"reward", "loss", "acc"}) {
        const auto found = std::find_if(all.begin(), all.end(), [part](const SeriesRow& series) {
            return series.count > 1 && series.name.find(part) != std::string::npos;
        });
        if (found != all.end()) return &*found;
    }
    return nullptr;
}

}  // namespace

QList<QPointF> readTrend(StoreReader& reader, RowId run) {
    const std::vector<SeriesRow> all = reader.series(run);
    const SeriesRow* series = tellingSeries(all);
    QList<QPointF> points;
    if (!series) return points;
    double low = INFINITY, high = -INFINITY;
    for (const SeriesBucket& bucket : reader.buckets(series->id, XAxis::Step, 1, 0, buckets)) {
        if (bucket.count <= bucket.nonFinite) continue;
        points << QPointF(bucket.lastX, bucket.lastValue);
        low = std::min(low, bucket.lastValue);
        high = std::max(high, bucket.lastValue);
    }
    if (points.size() < 2) return {};
    const double first = points.first().x(), width = std::max(points.last().x() - first, 1e-12);
    for (QPointF& p : points) p = {(p.x() - first) / width, high > low ? (p.y() - low) / (high - low) : 0.5};
    return points;
}

}  // namespace retort
