#include "core/store/lineage_rows.h"

#include <deque>
#include <set>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t mostFolders = 1000;

const char* stateName(FolderLineage::State state) {
    switch (state) {
        case FolderLineage::State::Checkpoint:
            return "checkpoint";
        case FolderLineage::State::Adapter:
            return "adapter";
        case FolderLineage::State::Missing:
            break;
    }
    return "missing";
}

FolderLineage::State stateOf(const std::string& name) {
    return name == "checkpoint" ? FolderLineage::State::Checkpoint
           : name == "adapter"  ? FolderLineage::State::Adapter
                                : FolderLineage::State::Missing;
}

void insertEdges(Database& database, std::optional<RowId> run, std::optional<RowId> folder,
                 const std::vector<LineageLink>& links) {
    for (const LineageLink& link : links)
        database
            .prepared(
                "INSERT INTO lineage_edges (run_id, folder_id, kind, parent, parent_hash, weight, is_base, "
                "detail) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
            .run(run, folder, lineageKindName(link.kind), link.parent, link.hash, link.weight, link.isBase,
                 link.detail);
}

RowId writeFolder(Database& database, const std::string& path, const FolderLineage& lineage) {
    database
        .prepared(
            "INSERT INTO lineage_folders (path, state, method, recipe, program, source, problem, created) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (path) DO UPDATE SET state = "
            "excluded.state, "
            "method = excluded.method, recipe = excluded.recipe, program = excluded.program, "
            "source = excluded.source, problem = excluded.problem, created = excluded.created")
        .run(path, stateName(lineage.state), lineage.method, lineage.recipe, lineage.program, lineage.source,
             lineage.problem, lineage.created);
    Statement& row = database.prepared("SELECT id FROM lineage_folders WHERE path = ?1");
    row.with(path).step();
    const RowId id = row.integer(0);
    row.reset();
    database.prepared("DELETE FROM lineage_edges WHERE folder_id = ?1").run(id);
    insertEdges(database, std::nullopt, id, lineage.links);
    return id;
}

// What is gone keeps what was known of it: its parents, and that it was there.
void noteMissing(Database& database, const std::string& path) {
    database
        .prepared(
            "INSERT INTO lineage_folders (path, state) VALUES (?1, 'missing') "
            "ON CONFLICT (path) DO UPDATE SET state = 'missing'")
        .run(path);
}

// A run's own checkpoints need no row; the run tells where they come from.
bool liesInRun(const fs::path& path) {
    std::error_code code;
    const fs::path directory = path.parent_path().parent_path();
    return fs::exists(directory / "run.json", code) || fs::exists(directory.parent_path() / "run.json", code);
}

bool isFolderName(const std::string& parent) {
    return !parent.empty() && parent.front() == '/';
}

void lookInto(Database& database, std::deque<std::string> waiting) {
    std::set<std::string> seen(waiting.begin(), waiting.end());
    while (!waiting.empty()) {
        const std::string path = std::move(waiting.front());
        waiting.pop_front();
        const FolderLineage lineage = lineageOfFolder(path);
        if (lineage.state == FolderLineage::State::Missing)
            noteMissing(database, path);
        else
            writeFolder(database, path, lineage);
        for (const LineageLink& link : lineage.links)
            if (isFolderName(link.parent) && !liesInRun(link.parent) && seen.size() < mostFolders &&
                seen.insert(link.parent).second)
                waiting.push_back(link.parent);
    }
}

std::vector<LineageLink> edgesOf(Database& database, const char* sql, RowId id) {
    std::vector<LineageLink> links;
    Statement& rows = database.prepared(sql);
    for (rows.with(id); rows.step();)
        links.push_back({lineageKindOf(rows.text(0)).value_or(LineageKind::Trained), rows.text(1),
                         rows.text(2), rows.optionalReal(3), rows.integer(4) != 0, rows.text(5)});
    rows.reset();
    return links;
}

std::vector<LineageRun> readLineageRuns(Database& database) {
    std::vector<LineageRun> runs;
    std::unordered_map<RowId, std::size_t> byId;
    Statement rows(database,
                   "SELECT runs.id, uuid, runs.name, recipe, state, coalesce(studies.name, ''), directory, "
                   "coalesce(parent, ''), created FROM runs LEFT JOIN studies ON studies.id = study_id "
                   "WHERE archived = 0 OR EXISTS (SELECT 1 FROM checkpoints WHERE run_id = runs.id) "
                   "ORDER BY created, runs.id");
    while (rows.step()) {
        LineageRun run;
        run.id = rows.integer(0);
        run.uuid = rows.text(1);
        run.name = rows.text(2);
        run.recipe = rows.text(3);
        run.state = rows.text(4);
        run.study = rows.text(5);
        run.directory = rows.text(6);
        run.parentRun = rows.text(7);
        run.created = rows.real(8);
        byId[run.id] = runs.size();
        runs.push_back(std::move(run));
    }
    Statement checkpoints(
        database,
        "SELECT run_id, step, path, t FROM checkpoints WHERE superseded = 0 ORDER BY run_id, step, id");
    while (checkpoints.step()) {
        const auto found = byId.find(checkpoints.integer(0));
        if (found == byId.end()) continue;
        LineageRun& run = runs[found->second];
        // Written again after a resume: the last one counts.
        if (!run.checkpoints.empty() && run.checkpoints.back().step == checkpoints.integer(1))
            run.checkpoints.pop_back();
        run.checkpoints.push_back(
            {checkpoints.integer(1),
             (fs::path(run.directory) / checkpoints.text(2)).lexically_normal().string(),
             checkpoints.real(3)});
    }
    Statement evaluations(
        database,
        "SELECT run_id, step, evaluations.name, value FROM evaluations JOIN evaluation_metrics "
        "ON evaluation_id = evaluations.id AND evaluation_metrics.name = 'accuracy' "
        "WHERE superseded = 0 AND value IS NOT NULL ORDER BY run_id, step, evaluations.id");
    while (evaluations.step())
        if (const auto found = byId.find(evaluations.integer(0)); found != byId.end())
            runs[found->second].evaluations.push_back(
                {evaluations.integer(1), evaluations.text(2), evaluations.real(3)});
    return runs;
}

// A hash of other files is none; that of a folder that is gone may tell where it is now.
bool mayStillHold(const fs::path& folder, const WeightFiles& files) {
    try {
        return weightFilesOf(folder) == files;
    } catch (const Error&) {
        return true;
    }
}

}  // namespace

void indexRunLineage(Database& database, RowId run) {
    Statement& row = database.prepared("SELECT config, directory FROM runs WHERE id = ?1");
    if (!row.with(run).step()) {
        row.reset();
        throw Error("there is no run " + std::to_string(run), database.file().string());
    }
    const std::string config = row.text(0), directory = row.text(1);
    row.reset();
    const RunLineage lineage = lineageOfConfig(config, directory.empty() ? "/" : directory);
    database.prepared("DELETE FROM lineage_edges WHERE run_id = ?1").run(run);
    insertEdges(database, run, std::nullopt, lineage.links);
    database.prepared("UPDATE runs SET lineage_version = ?2 WHERE id = ?1").run(run, lineageVersion);
    std::deque<std::string> folders;
    for (const LineageLink& link : lineage.links)
        if (isFolderName(link.parent) && !liesInRun(link.parent)) folders.push_back(link.parent);
    lookInto(database, std::move(folders));
}

void indexFolderLineage(Database& database, const fs::path& folder) {
    fs::path path = fs::absolute(folder).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    const FolderLineage lineage = lineageOfFolder(path);
    if (lineage.state == FolderLineage::State::Missing)
        throw Error("holds no checkpoint and no adapter", path.string(),
                    "a checkpoint folder has a config.json, an adapter's an adapter_config.json");
    lookInto(database, {path.string()});
}

void refreshLineageFolders(Database& database) {
    std::deque<std::string> paths;
    Statement rows(database, "SELECT path FROM lineage_folders ORDER BY id");
    while (rows.step()) paths.push_back(rows.text(0));
    rows.reset();
    lookInto(database, std::move(paths));
}

std::vector<RowId> runsWithoutLineage(Database& database) {
    std::vector<RowId> runs;
    Statement rows(database, "SELECT id FROM runs WHERE lineage_version < ?1 ORDER BY id");
    for (rows.with(lineageVersion); rows.step();) runs.push_back(rows.integer(0));
    return runs;
}

LineageInput readLineageInput(Database& database) {
    LineageInput input;
    input.runs = readLineageRuns(database);
    constexpr const char* columns =
        "SELECT kind, parent, parent_hash, weight, is_base, detail FROM lineage_edges ";
    static const std::string ofRun = std::string(columns) + "WHERE run_id = ?1 ORDER BY id";
    static const std::string ofFolder = std::string(columns) + "WHERE folder_id = ?1 ORDER BY id";
    for (LineageRun& run : input.runs) run.links = edgesOf(database, ofRun.c_str(), run.id);
    Statement rows(
        database,
        "SELECT id, path, state, method, source, problem, created FROM lineage_folders ORDER BY id");
    while (rows.step())
        input.folders.push_back({rows.text(1), stateOf(rows.text(2)), rows.text(3), rows.text(4),
                                 rows.text(5), rows.real(6),
                                 edgesOf(database, ofFolder.c_str(), rows.integer(0))});
    Statement hashes(database, "SELECT path, hash, bytes, modified FROM content_hashes");
    while (hashes.step())
        if (mayStillHold(hashes.text(0), {hashes.integer(2), hashes.integer(3)}))
            input.hashes[hashes.text(0)] = hashes.text(1);
    return input;
}

WeightFiles weightFilesOf(const fs::path& folder) {
    WeightFiles files;
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
        if (entry.path().extension() != ".safetensors" || !entry.is_regular_file(code)) continue;
        files.bytes += std::int64_t(entry.file_size(code));
        files.modified =
            std::max<std::int64_t>(files.modified, entry.last_write_time(code).time_since_epoch().count());
    }
    if (files.bytes <= 0) throw Error("holds no safetensors files", folder.string());
    return files;
}

std::string knownContentHash(Database& database, const fs::path& folder, const WeightFiles& files) {
    Statement& row =
        database.prepared("SELECT hash FROM content_hashes WHERE path = ?1 AND bytes = ?2 AND modified = ?3");
    const std::string hash = row.with(folder.string(), files.bytes, files.modified).step() ? row.text(0) : "";
    row.reset();
    return hash;
}

void rememberContentHash(Database& database, const fs::path& folder, const WeightFiles& files,
                         const std::string& hash) {
    database
        .prepared(
            "INSERT INTO content_hashes VALUES (?1, ?2, ?3, ?4) ON CONFLICT (path) DO UPDATE SET "
            "bytes = excluded.bytes, modified = excluded.modified, hash = excluded.hash")
        .run(folder.string(), files.bytes, files.modified, hash);
}

}  // namespace retort
