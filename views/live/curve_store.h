// The curves that the Live page shows, kept in memory as far as they were read, and made into what charts
// draw. Works on the reader threads: the GUI thread asks and gets points for pixels.
#pragma once

#include <QPointF>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/store/store.h"
#include "views/live/curve.h"

namespace retort {

struct ChartRequest {
    std::string metric;
    std::optional<std::pair<double, double>> range;  ///< none: all
    int columns = 400;
    double smoothing = 0;    ///< weight of the average; 0: none
    std::uint64_t seen = 0;  ///< version that the chart shows already
};

struct CurveRequest {
    struct Run {
        RowId id = 0;
        std::int32_t attempts = 0;
    };
    std::vector<Run> runs;
    XAxis axis = XAxis::Step;
    std::vector<ChartRequest> charts;
};

struct RunCurve {
    RowId run = 0;
    std::vector<QPointF> points, raw;
    std::vector<double> marks, breaks;
};

struct ChartAnswer {
    std::string metric;
    std::uint64_t version = 0;
    std::vector<RunCurve> curves;
};

class CurveStore {
  public:
    /// Answers for the charts whose picture is another than the one they have; thread-safe.
    std::vector<ChartAnswer> read(StoreReader& reader, const CurveRequest& request);
    /// Drops what is held of all runs but these.
    void keepOnly(const std::vector<RowId>& runs);

  private:
    struct Held {
        RowId run = 0;
        std::int32_t attempts = 0;
        std::int64_t lastStep = 0;
        double firstStart = 0;
        Curve curve;
        Smoother smoother;
    };
    struct RunSeries {
        CurveRequest::Run run;
        std::vector<SeriesRow> series;
        std::vector<std::int64_t> checkpointSteps;
        const SeriesRow* find(const std::string& metric) const;
    };

    Held& update(StoreReader& reader, const SeriesRow& series, const CurveRequest::Run& run);
    RunCurve curveOf(StoreReader& reader, const RunSeries& run, const SeriesRow& series,
                     const ChartRequest& chart, XAxis axis);
    static std::uint64_t versionOf(const std::vector<RunSeries>& runs, const ChartRequest& chart, XAxis axis);

    std::mutex m_mutex;
    std::unordered_map<RowId, Held> m_held;  ///< by series
};

}  // namespace retort
