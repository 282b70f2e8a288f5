#include "core/trackers/tracker_database.h"

#include <sqlite3.h>

#include <fstream>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::int64_t mostRuns = 10'000;

bool isDatabase(const fs::path& file) {
    char first[16] = {};
    std::ifstream(file, std::ios::binary).read(first, sizeof first);
    return std::string_view(first, 15) == "SQLite format 3";
}

}  // namespace

TrackerDatabase::TrackerDatabase(const fs::path& file) : m_database(file, Database::Mode::ReadOnly, 500) {
    sqlite3* handle = m_database.handle();
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 64 << 20);
}

bool TrackerDatabase::hasTable(const std::string& table, const std::vector<std::string>& columns) {
    Statement found(m_database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
    if (!found.with(table).step()) return false;
    for (const std::string& column : columns) {
        Statement row(m_database, "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2");
        if (!row.with(table, column).step()) return false;
    }
    return true;
}

std::optional<TrackerKind> databaseKind(const fs::path& file) {
    if (!isDatabase(file)) return std::nullopt;
    TrackerDatabase database(file);
    if (database.hasTable("metrics", {"key", "value", "timestamp", "run_uuid", "step", "is_nan"}) &&
        database.hasTable("runs", {"run_uuid", "status", "start_time", "end_time"}))
        return TrackerKind::MlflowDatabase;
    if (database.hasTable("metrics", {"id", "timestamp", "run_name", "step", "metrics"}))
        return TrackerKind::Trackio;
    return std::nullopt;
}

std::vector<DatabaseRun> databaseRuns(TrackerKind kind, const fs::path& file) {
    TrackerDatabase database(file);
    // Older files of trackio know runs by their names only.
    const bool byId = kind == TrackerKind::MlflowDatabase || database.hasTable("metrics", {"run_id"});
    const std::string sql =
        kind == TrackerKind::MlflowDatabase
            ? "SELECT run_uuid, name FROM runs ORDER BY start_time, run_uuid LIMIT ?1"
        : byId ? "SELECT run_id, run_name FROM metrics GROUP BY run_id ORDER BY min(id) LIMIT ?1"
               : "SELECT run_name, run_name FROM metrics GROUP BY run_name ORDER BY min(id) LIMIT ?1";
    std::vector<DatabaseRun> runs;
    Statement rows(database.connection(), sql);
    for (rows.with(mostRuns); rows.step();) runs.push_back({rows.text(0), rows.text(1)});
    return runs;
}

}  // namespace retort
