#include "core/store/run_writing.h"

#include <algorithm>

#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

std::optional<RowId> studyId(Database& database, const std::string& name) {
    if (name.empty()) return std::nullopt;
    database.prepared("INSERT INTO studies (name) VALUES (?1) ON CONFLICT DO NOTHING").run(name);
    Statement& row = database.prepared("SELECT id FROM studies WHERE name = ?1");
    row.with(name).step();
    const RowId id = row.integer(0);
    row.reset();
    return id;
}

std::string configOf(const RunDirectory& run) {
    std::error_code code;
    return fs::exists(run.configFile(), code) ? readFile(run.configFile(), 1u << 24) : std::string();
}

bool isRunDirectory(const fs::path& path) {
    std::error_code code;
    if (!fs::exists(path / "run.json", code)) return false;
    try {
        RunDirectory::open(path);
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

std::vector<fs::path> runDirectoriesBelow(const fs::path& root) {
    std::error_code code;
    if (!fs::is_directory(root, code)) throw Error("is no folder", root.string());
    std::vector<fs::path> found;
    if (isRunDirectory(root)) return {fs::absolute(root).lexically_normal()};
    fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied, code), end;
    for (; !code && entry != end; entry.increment(code)) {
        if (!entry->is_directory(code)) continue;
        const bool isRun = isRunDirectory(entry->path());
        if (isRun) found.push_back(fs::absolute(entry->path()).lexically_normal());
        if (isRun || entry.depth() >= 2) entry.disable_recursion_pending();
    }
    std::sort(found.begin(), found.end());
    return found;
}

RowId addRunRow(Database& database, const RunDirectory& run, const std::string& backend) {
    const RunIdentity& identity = run.identity();
    database
        .prepared(
            "INSERT INTO runs (uuid, name, study_id, recipe, parent, backend, host, directory, config, "
            "created) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
            "ON CONFLICT (uuid) DO UPDATE SET directory = excluded.directory, config = excluded.config, "
            "parent = excluded.parent, backend = iif(excluded.backend = '', backend, excluded.backend)")
        .run(identity.id, identity.name, studyId(database, identity.study), identity.recipe, identity.parent,
             backend, identity.host, run.path().string(), configOf(run), identity.created);
    Statement& row = database.prepared("SELECT id FROM runs WHERE uuid = ?1");
    row.with(identity.id).step();
    const RowId id = row.integer(0);
    row.reset();
    return id;
}

void requireRun(Database& database, RowId run) {
    Statement& row = database.prepared("SELECT 1 FROM runs WHERE id = ?1");
    const bool found = row.with(run).step();
    row.reset();
    if (!found) throw Error("there is no run " + std::to_string(run), database.file().string());
}

void setRunState(Database& database, RowId run, const std::string& state, const std::string& error) {
    requireRun(database, run);
    const bool last = state == "finished" || state == "stopped" || state == "failed" || state == "lost";
    if (!last && state != "created" && state != "running" && state != "paused")
        throw Error("\"" + state + "\" is no state of a run");
    database.prepared("UPDATE runs SET state = ?2, error = ?3 WHERE id = ?1").run(run, state, error);
    if (!last) return;
    // Nobody saw a lost run end, and it may be found out days later: its last point is the best guess.
    if (state == "lost")
        database
            .prepared(
                "UPDATE runs SET ended = (SELECT max(points.t) FROM series JOIN points ON series_id = "
                "series.id AND idx = series.points - 1 WHERE run_id = ?1) WHERE id = ?1 AND ended IS NULL")
            .run(run);
    database
        .prepared(
            "UPDATE runs SET ended = coalesce(ended, ?2), activity = '', seconds_left = NULL WHERE id = ?1")
        .run(run, unixTime());
}

void setRunTags(Database& database, RowId run, const std::vector<std::string>& tags) {
    requireRun(database, run);
    database.prepared("DELETE FROM run_tags WHERE run_id = ?1").run(run);
    for (const std::string& tag : tags)
        if (!tag.empty())
            database.prepared("INSERT INTO run_tags VALUES (?1, ?2) ON CONFLICT DO NOTHING").run(run, tag);
}

void forgetLog(Database& database, RowId run) {
    for (const char* sql :
         {"DELETE FROM series WHERE run_id = ?1", "DELETE FROM traces WHERE run_id = ?1",
          "DELETE FROM search_trees WHERE run_id = ?1", "DELETE FROM checkpoints WHERE run_id = ?1",
          "DELETE FROM evaluations WHERE run_id = ?1", "DELETE FROM alarms WHERE run_id = ?1",
          "DELETE FROM messages WHERE run_id = ?1",
          "UPDATE runs SET state = 'created', error = '', first_start = NULL, started = NULL, "
          "ended = NULL, step = 0, total_steps = 0, attempts = 0, activity = '', seconds_left = NULL, "
          "log_offset = 0, log_seq = 0 WHERE id = ?1"})
        database.prepared(sql).run(run);
}

}  // namespace retort
