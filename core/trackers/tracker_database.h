// SQLite files of other programs: read only, only plain tables by named columns.
#pragma once

#include <string>
#include <vector>

#include "core/store/sqlite.h"
#include "core/trackers/tracker_reader.h"

namespace retort {

/// Opens it so that nothing in its schema is run: no views, no triggers, no functions. Throws Error when it
/// is no database.
class TrackerDatabase {
  public:
    explicit TrackerDatabase(const std::filesystem::path& file);

    /// Whether there is a table (no view) of this name with all these columns.
    bool hasTable(const std::string& table, const std::vector<std::string>& columns);
    Database& connection() { return m_database; }

  private:
    Database m_database;
};

struct DatabaseRun {
    std::string id, name;
};

/// mlflow.db (mlflow/store/tracking/dbmodels/models.py) and trackio's <project>.db
/// (trackio/sqlite_storage.py); nothing for another database.
std::optional<TrackerKind> databaseKind(const std::filesystem::path& file);
/// In the order in which they began.
std::vector<DatabaseRun> databaseRuns(TrackerKind kind, const std::filesystem::path& file);

/// Rows by their id, which only grows: what comes later has a larger one. (VACUUM may number MLflow's rows
/// anew, in the same order; MLflow itself never does that.)
class MlflowDatabaseReader final : public TrackerReader {
  public:
    MlflowDatabaseReader(std::filesystem::path file, const TrackerOptions& options);
    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    TrackerCursor cursor() const override { return m_cursor; }

  private:
    void readFacts(TrackerDatabase& database);
    std::filesystem::path m_file;
    std::string m_run;
    TrackerCursor m_cursor;
};

class TrackioReader final : public TrackerReader {
  public:
    TrackioReader(std::filesystem::path file, const TrackerOptions& options);
    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    TrackerCursor cursor() const override { return m_cursor; }

  private:
    void readConfig(TrackerDatabase& database, const std::string& column, TrackerSink& sink);
    std::filesystem::path m_file;
    std::string m_run;
    TrackerCursor m_cursor;
};

}  // namespace retort
