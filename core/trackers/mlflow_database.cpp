// MLflow's tables: metrics has NaN as 0 with is_nan, and the infinities as the largest doubles.
#include <cmath>
#include <limits>

#include "core/trackers/mlflow_files.h"
#include "core/trackers/time_text.h"
#include "core/trackers/tolerant_json.h"
#include "core/trackers/tracker_database.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t rowBytes = 100;  // about what one takes in the file

double valueOf(double stored, bool isNan) {
    constexpr double most = std::numeric_limits<double>::max();
    if (isNan) return std::numeric_limits<double>::quiet_NaN();
    if (stored >= most * 0.9999) return std::numeric_limits<double>::infinity();
    if (stored <= -most * 0.9999) return -std::numeric_limits<double>::infinity();
    return stored;
}

}  // namespace

MlflowDatabaseReader::MlflowDatabaseReader(std::filesystem::path file, const TrackerOptions& options)
    : m_file(std::move(file)), m_run(options.select), m_cursor(options.from) {}

void MlflowDatabaseReader::readFacts(TrackerDatabase& database) {
    Statement run(database.connection(),
                  "SELECT name, status, start_time, end_time FROM runs WHERE run_uuid = ?1");
    if (!run.with(m_run).step()) throw Error("has no run " + m_run + " any more", m_file.string());
    m_facts.name = run.text(0);
    m_facts.outcome = mlflowOutcome(run.text(1));
    if (!run.isNull(2)) m_facts.started = timeOf(double(run.integer(2)) * 1e-3);
    if (!run.isNull(3)) m_facts.ended = timeOf(double(run.integer(3)) * 1e-3);
    if (!database.hasTable("params", {"key", "value", "run_uuid"})) return;
    Statement params(database.connection(), "SELECT key, value FROM params WHERE run_uuid = ?1 LIMIT 5000");
    for (params.with(m_run); params.step();) {
        const std::string text = params.text(1);
        const auto value = tolerantJson(text);
        m_facts.config[params.text(0)] = value && value->is_number() ? *value : Json(text);
    }
}

bool MlflowDatabaseReader::read(TrackerSink& sink, std::size_t maxBytes) {
    TrackerDatabase database(m_file);
    readFacts(database);
    const auto most = std::int64_t(std::max<std::size_t>(maxBytes / rowBytes, 1));
    Statement rows(
        database.connection(),
        "SELECT rowid, key, value, timestamp, step, is_nan FROM metrics WHERE rowid > ?1 AND run_uuid = ?2 "
        "ORDER BY rowid LIMIT ?3");
    std::int64_t count = 0;
    for (rows.with(std::int64_t(m_cursor.at), m_run, most); rows.step(); ++count) {
        m_cursor.at = std::uint64_t(rows.integer(0));
        const std::string key = rows.text(1);
        const TrackedValue value{key, valueOf(rows.real(2), rows.integer(5) != 0)};
        sink.row({rows.integer(4), timeOf(double(rows.integer(3)) * 1e-3), std::span(&value, 1)}, m_cursor);
    }
    return count < most;
}

}  // namespace retort
