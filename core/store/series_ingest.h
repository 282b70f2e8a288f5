// Puts points into series, and keeps each series' pyramid and its row in step with them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/store/sqlite.h"
#include "core/store/summary.h"

namespace retort {

/// Works inside the caller's transaction. Remembers where each series stands; the caller says when that can
/// no longer be trusted (`forget`, `storeIsAt`).
class SeriesIngest {
  public:
    explicit SeriesIngest(Database& database) : m_database(database) {}

    /// Queues one point of an event; `position` is the value's place in it. Consecutive events mostly hold
    /// the same names in the same order, and then the series is found without hashing.
    void add(RowId run, std::size_t position, std::string_view name, const SeriesPoint& point);
    void add(RowId run, std::string_view name, const std::vector<SeriesPoint>& points);
    /// Writes what was queued, series after series: neighbours in the table are written together.
    void flush();
    /// Hides the points behind `toStep`. What is queued is written first.
    void supersede(RowId run, std::int64_t toStep);

    /// A transaction was rolled back.
    void forget();
    /// SQLite's data_version of this connection: it changes when another one writes, and then all is
    /// forgotten.
    void storeIsAt(std::int64_t dataVersion);

  private:
    struct Series {
        RowId id = 0;
        std::string name;
        PyramidBuilder pyramid;
        std::int64_t superseded = 0, firstStep = 0;
        bool stepOrdered = true, tokensOrdered = true, timeOrdered = true;
        SeriesPoint last;  ///< that is not superseded; only when there is one
        std::vector<SeriesPoint> queued;

        bool hasPoints() const { return pyramid.next() > superseded; }
    };
    struct RunSeries {
        std::unordered_map<std::string, std::unique_ptr<Series>> byName;
        std::vector<Series*> byPosition;
    };

    Series& find(RowId run, std::string_view name);
    std::unique_ptr<Series> load(RowId run, const std::string& name);
    PyramidBuilder loadPyramid(RowId series, std::int64_t next);
    void loadLast(Series& series);
    void loadAll(RowId run);
    void write(Series& series);
    void insertPoints(const Series& series);
    void writeRow(const Series& series);
    void writeSummary(RowId series, int level, std::int64_t idx, const Summary& summary);
    void noteOrder(Series& series, const SeriesPoint& point);
    std::int64_t firstBehind(const Series& series, std::int64_t step);
    void supersede(Series& series, std::int64_t toStep);

    Database& m_database;
    std::int64_t m_dataVersion = 0;
    std::unordered_map<RowId, RunSeries> m_runs;
    std::vector<Series*> m_queued;
};

}  // namespace retort
