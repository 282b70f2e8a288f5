#include "views/live/curve_store.h"

#include <algorithm>
#include <bit>

namespace retort {

namespace {

/// Beyond this many points a plain curve is drawn from the store's summaries instead of being held in memory.
constexpr std::int64_t kHeldAtMost = 500'000;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash ^= value + 0x9e3779b97f4a7c15ull + (hash << 6) + (hash >> 2);
    return hash * 0xff51afd7ed558ccdull;
}

}  // namespace

const SeriesRow* CurveStore::RunSeries::find(const std::string& metric) const {
    for (const SeriesRow& row : series)
        if (row.name == metric) return &row;
    return nullptr;
}

std::uint64_t CurveStore::versionOf(const std::vector<RunSeries>& runs, const ChartRequest& chart,
                                    XAxis axis) {
    std::uint64_t hash = mix(static_cast<std::uint64_t>(axis) + 1, static_cast<std::uint64_t>(chart.columns));
    hash = mix(hash, std::bit_cast<std::uint64_t>(chart.smoothing));
    if (chart.range) {
        hash = mix(hash, std::bit_cast<std::uint64_t>(chart.range->first));
        hash = mix(hash, std::bit_cast<std::uint64_t>(chart.range->second));
    }
    for (const RunSeries& run : runs)
        if (const SeriesRow* series = run.find(chart.metric)) {
            hash = mix(hash, static_cast<std::uint64_t>(series->id));
            hash = mix(hash, static_cast<std::uint64_t>(series->count));
            hash = mix(hash, static_cast<std::uint64_t>(series->lastStep));
            hash = mix(hash, run.checkpointSteps.size());
        }
    return hash | 1;
}

std::vector<ChartAnswer> CurveStore::read(StoreReader& reader, const CurveRequest& request) {
    std::vector<RunSeries> runs;
    for (const CurveRequest::Run& run : request.runs) {
        RunSeries each{run, reader.series(run.id), {}};
        for (const CheckpointRow& row : reader.checkpoints(run.id)) each.checkpointSteps.push_back(row.step);
        runs.push_back(std::move(each));
    }
    const std::lock_guard lock(m_mutex);
    std::vector<ChartAnswer> answers;
    for (const ChartRequest& chart : request.charts) {
        const std::uint64_t version = versionOf(runs, chart, request.axis);
        if (version == chart.seen) continue;
        ChartAnswer answer{chart.metric, version, {}};
        for (const RunSeries& run : runs)
            if (const SeriesRow* series = run.find(chart.metric))
                answer.curves.push_back(curveOf(reader, run, *series, chart, request.axis));
        answers.push_back(std::move(answer));
    }
    return answers;
}

// A rewind (a new attempt, or steps that go back) replaces points in the middle: then all is read again.
CurveStore::Held& CurveStore::update(StoreReader& reader, const SeriesRow& series,
                                     const CurveRequest::Run& run) {
    Held& held = m_held[series.id];
    const bool rewound = held.attempts != run.attempts || series.lastStep < held.lastStep;
    if (held.run == 0 || rewound) {
        held = Held{run.id, run.attempts, 0, 0, {}, Smoother(held.smoother.weight())};
        const auto first = reader.buckets(series.id, XAxis::Seconds, 1, 0, 1);
        const std::vector<SeriesPoint> points = reader.points(series.id);
        if (!points.empty() && !first.empty()) held.firstStart = points.front().t - first.front().firstX;
        for (const SeriesPoint& point : points) held.curve.append(point, held.firstStart);
    } else {
        for (const SeriesPoint& point :
             reader.pointsFrom(series.id, static_cast<std::int64_t>(held.curve.size())))
            held.curve.append(point, held.firstStart);
    }
    held.lastStep = series.lastStep;
    return held;
}

RunCurve CurveStore::curveOf(StoreReader& reader, const RunSeries& run, const SeriesRow& series,
                             const ChartRequest& chart, XAxis axis) {
    RunCurve result{run.run.id, {}, {}, {}, {}};
    if (axis == XAxis::Step) result.marks.assign(run.checkpointSteps.begin(), run.checkpointSteps.end());
    if (series.count > kHeldAtMost && chart.smoothing <= 0) {
        const auto [low, high] = chart.range.value_or(std::pair(1.0, 0.0));
        const auto buckets = reader.buckets(series.id, axis, low, high, chart.columns);
        result.points = pointsOf(buckets);
        for (const SeriesBucket& bucket : buckets)
            if (bucket.nonFinite > 0) result.breaks.push_back(bucket.firstX);
        return result;
    }
    Held& held = update(reader, series, run.run);
    const std::vector<double>& x = held.curve.x(axis);
    if (x.empty()) return result;
    const auto [low, high] = chart.range.value_or(std::pair(x.front(), x.back()));
    if (held.smoother.weight() != chart.smoothing) held.smoother = Smoother(chart.smoothing);
    result.points = decimate(x, held.smoother.update(held.curve.values), low, high, chart.columns);
    if (chart.smoothing > 0) result.raw = decimate(x, held.curve.values, low, high, chart.columns);
    result.breaks = breaksOf(x, held.curve.values, low, high, chart.columns);
    if (axis != XAxis::Step)
        for (const std::int64_t step : run.checkpointSteps) {
            // Its place in tokens or time is that of the first point from its step on.
            const auto& steps = held.curve.steps;
            const auto at = std::lower_bound(steps.begin(), steps.end(), static_cast<double>(step));
            if (at != steps.end()) result.marks.push_back(x[static_cast<std::size_t>(at - steps.begin())]);
        }
    return result;
}

void CurveStore::keepOnly(const std::vector<RowId>& runs) {
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_held, [&](const auto& entry) {
        return std::find(runs.begin(), runs.end(), entry.second.run) == runs.end();
    });
}

}  // namespace retort
