#include "core/store/series_ingest.h"

#include <algorithm>
#include <span>

#include "core/store/summary_rows.h"

namespace retort {
namespace {

constexpr int pointsAtOnce = 24;

// "INSERT INTO points VALUES (?1, ?2, …, ?8), (?1, ?9, …), …": the series is bound once.
const std::string& insertBlockSql() {
    static const std::string sql = [] {
        std::string text = "INSERT INTO points VALUES ";
        for (int row = 0, parameter = 2; row < pointsAtOnce; ++row) {
            text += row == 0 ? "(?1" : ", (?1";
            for (int column = 1; column < 8; ++column) (text += ", ?") += std::to_string(parameter++);
            text += ')';
        }
        return text;
    }();
    return sql;
}

void insertRows(Statement& insert, RowId series, std::int64_t idx, std::span<const SeriesPoint> points) {
    int parameter = 0;
    insert.bind(parameter++, series);
    for (const SeriesPoint& point : points) {
        insert.bind(parameter++, idx++);
        insert.bind(parameter++, point.step);
        insert.bind(parameter++, point.tokens);
        insert.bind(parameter++, point.t);
        insert.bind(parameter++, point.value);
        insert.bind(parameter++, point.attempt);
        insert.bind(parameter++, point.superseded);
    }
    insert.step();
    insert.reset();
}

}  // namespace

void SeriesIngest::forget() {
    m_runs.clear();
    m_queued.clear();
}

void SeriesIngest::storeIsAt(std::int64_t dataVersion) {
    if (dataVersion != m_dataVersion) forget();
    m_dataVersion = dataVersion;
}

void SeriesIngest::add(RowId run, std::size_t position, std::string_view name, const SeriesPoint& point) {
    auto& byPosition = m_runs[run].byPosition;
    if (position >= byPosition.size()) byPosition.resize(position + 1, nullptr);
    Series*& series = byPosition[position];
    if (!series || series->name != name) series = &find(run, name);
    if (series->queued.empty()) m_queued.push_back(series);
    series->queued.push_back(point);
}

void SeriesIngest::add(RowId run, std::string_view name, const std::vector<SeriesPoint>& points) {
    if (points.empty()) return;
    Series& series = find(run, name);
    if (series.queued.empty()) m_queued.push_back(&series);
    series.queued.insert(series.queued.end(), points.begin(), points.end());
}

void SeriesIngest::flush() {
    std::sort(m_queued.begin(), m_queued.end(),
              [](const Series* a, const Series* b) { return a->id < b->id; });
    for (Series* series : m_queued) write(*series);
    m_queued.clear();
}

SeriesIngest::Series& SeriesIngest::find(RowId run, std::string_view name) {
    auto& byName = m_runs[run].byName;
    const std::string key(name);
    const auto found = byName.find(key);
    if (found != byName.end()) return *found->second;
    auto loaded = load(run, key);
    return *byName.emplace(key, std::move(loaded)).first->second;
}

std::unique_ptr<SeriesIngest::Series> SeriesIngest::load(RowId run, const std::string& name) {
    auto series = std::make_unique<Series>();
    series->name = name;
    Statement& row = m_database.prepared(
        "SELECT id, points, superseded, first_step, step_ordered, tokens_ordered, time_ordered FROM series "
        "WHERE run_id = ?1 AND name = ?2");
    if (!row.with(run, name).step()) {
        row.reset();
        m_database.prepared("INSERT INTO series (run_id, name) VALUES (?1, ?2)").run(run, name);
        series->id = m_database.lastInsertId();
        return series;
    }
    series->id = row.integer(0);
    const std::int64_t points = row.integer(1);
    series->superseded = row.integer(2);
    series->firstStep = row.integer(3);
    series->stepOrdered = row.integer(4) != 0;
    series->tokensOrdered = row.integer(5) != 0;
    series->timeOrdered = row.integer(6) != 0;
    row.reset();
    series->pyramid = loadPyramid(series->id, points);
    loadLast(*series);
    return series;
}

PyramidBuilder SeriesIngest::loadPyramid(RowId series, std::int64_t next) {
    std::array<Summary, summaryLevels> unfinished;
    Statement& points =
        m_database.prepared("SELECT " RETORT_POINT_COLUMNS
                            " FROM points WHERE series_id = ?1 AND idx >= ?2 AND idx < ?3 AND "
                            "superseded = 0 ORDER BY idx");
    points.with(series, next / summaryRadix * summaryRadix, next);
    while (points.step()) unfinished[0].add(points.integer(0), readPoint(points));
    points.reset();
    Statement& rows = m_database.prepared(
        "SELECT " RETORT_SUMMARY_COLUMNS
        " FROM summaries WHERE series_id = ?1 AND level = ?2 AND idx >= ?3 AND idx < ?4 ORDER BY idx");
    for (int level = 2; level <= summaryLevels; ++level) {
        const std::int64_t first = next / summarySpan(level) * summaryRadix;
        rows.with(series, level - 1, first, next / summarySpan(level - 1));
        while (rows.step()) unfinished[std::size_t(level - 1)].add(readSummary(rows));
        rows.reset();
    }
    return PyramidBuilder(next, unfinished);
}

void SeriesIngest::loadLast(Series& series) {
    Statement& row = m_database.prepared("SELECT " RETORT_POINT_COLUMNS
                                         " FROM points WHERE series_id = ?1 AND superseded = 0 "
                                         "ORDER BY idx DESC LIMIT 1");
    if (row.with(series.id).step()) series.last = readPoint(row);
    row.reset();
}

void SeriesIngest::noteOrder(Series& series, const SeriesPoint& point) {
    if (!series.hasPoints()) {
        series.firstStep = point.step;
        return;
    }
    series.stepOrdered = series.stepOrdered && point.step >= series.last.step;
    series.tokensOrdered = series.tokensOrdered && point.tokens >= series.last.tokens;
    series.timeOrdered = series.timeOrdered && point.t >= series.last.t;
}

void SeriesIngest::write(Series& series) {
    insertPoints(series);
    const auto whole = [&](int level, std::int64_t idx, const Summary& summary) {
        writeSummary(series.id, level, idx, summary);
    };
    for (const SeriesPoint& point : series.queued) {
        if (point.superseded) {
            ++series.superseded;
        } else {
            noteOrder(series, point);
            series.last = point;
        }
        series.pyramid.add(point, whole);
    }
    series.queued.clear();
    writeRow(series);
}

// Many rows a statement: starting and ending one costs SQLite a third of what a row of its own does.
void SeriesIngest::insertPoints(const Series& series) {
    const std::span<const SeriesPoint> points(series.queued);
    std::int64_t idx = series.pyramid.next();
    const std::size_t inBlocks = points.size() / pointsAtOnce * pointsAtOnce;
    Statement& block = m_database.prepared(insertBlockSql().c_str());
    for (std::size_t i = 0; i < inBlocks; i += pointsAtOnce, idx += pointsAtOnce)
        insertRows(block, series.id, idx, points.subspan(i, pointsAtOnce));
    Statement& one = m_database.prepared("INSERT INTO points VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    for (std::size_t i = inBlocks; i < points.size(); ++i, ++idx)
        insertRows(one, series.id, idx, points.subspan(i, 1));
}

void SeriesIngest::writeRow(const Series& series) {
    m_database
        .prepared(
            "UPDATE series SET points = ?2, superseded = ?3, first_step = ?4, last_step = ?5, last_value = "
            "?6, "
            "step_ordered = ?7, tokens_ordered = ?8, time_ordered = ?9 WHERE id = ?1")
        .run(series.id, series.pyramid.next(), series.superseded, series.firstStep, series.last.step,
             series.last.value, series.stepOrdered, series.tokensOrdered, series.timeOrdered);
}

void SeriesIngest::writeSummary(RowId series, int level, std::int64_t idx, const Summary& s) {
    m_database
        .prepared(
            "INSERT INTO summaries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
            "?16, "
            "?17, ?18, ?19)")
        .run(series, level, idx, s.count, s.nonFinite, s.firstPoint, s.lastPoint, s.minPoint, s.maxPoint,
             s.firstValue, s.lastValue, s.minValue, s.maxValue, s.firstStep, s.lastStep, s.firstTokens,
             s.lastTokens, s.firstT, s.lastT);
}

void SeriesIngest::supersede(RowId run, std::int64_t toStep) {
    flush();
    loadAll(run);
    for (const auto& [name, series] : m_runs[run].byName) supersede(*series, toStep);
}

void SeriesIngest::loadAll(RowId run) {
    std::vector<std::string> names;
    Statement& rows = m_database.prepared("SELECT name FROM series WHERE run_id = ?1");
    rows.with(run);
    while (rows.step()) names.push_back(rows.text(0));
    rows.reset();
    for (const std::string& name : names) find(run, name);
}

// The first point that a rewind to `step` hides; as many as there are points when it hides none.
std::int64_t SeriesIngest::firstBehind(const Series& series, std::int64_t step) {
    std::int64_t first = series.pyramid.next();
    if (!series.stepOrdered) {
        Statement& row = m_database.prepared(
            "SELECT min(idx) FROM points WHERE series_id = ?1 AND superseded = 0 AND step > ?2");
        if (row.with(series.id, step).step() && !row.isNull(0)) first = row.integer(0);
        row.reset();
        return first;
    }
    // Steps ascend, so what is hidden lies at the end: no need to look at a long series from its beginning.
    Statement& rows = m_database.prepared(
        "SELECT idx, step FROM points WHERE series_id = ?1 AND superseded = 0 ORDER BY idx DESC");
    rows.with(series.id);
    while (rows.step() && rows.integer(1) > step) first = rows.integer(0);
    rows.reset();
    return first;
}

void SeriesIngest::supersede(Series& series, std::int64_t toStep) {
    const std::int64_t first = firstBehind(series, toStep), end = series.pyramid.next();
    if (first == end) return;
    m_database.prepared("UPDATE points SET superseded = 1 WHERE series_id = ?1 AND idx >= ?2 AND step > ?3")
        .run(series.id, first, toStep);
    for (int level = 1; level <= summaryLevels; ++level)
        m_database.prepared("DELETE FROM summaries WHERE series_id = ?1 AND level = ?2 AND idx >= ?3")
            .run(series.id, level, first / summarySpan(level));

    series.pyramid = loadPyramid(series.id, first);
    const auto whole = [&](int level, std::int64_t idx, const Summary& summary) {
        writeSummary(series.id, level, idx, summary);
    };
    Statement rows(m_database, "SELECT " RETORT_POINT_COLUMNS
                               " FROM points WHERE series_id = ?1 AND idx >= ?2 ORDER BY idx");
    rows.with(series.id, first);
    while (rows.step()) series.pyramid.add(readPoint(rows), whole);

    Statement& hidden =
        m_database.prepared("SELECT count(*) FROM points WHERE series_id = ?1 AND superseded = 1");
    hidden.with(series.id).step();
    series.superseded = hidden.integer(0);
    hidden.reset();
    series.last = SeriesPoint{};
    loadLast(series);
    writeRow(series);
}

}  // namespace retort
