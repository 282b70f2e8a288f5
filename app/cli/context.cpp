#include "app/cli/context.h"

#include <cstdio>

#include "core/config/names.h"
#include "core/store/migration.h"
#include "core/store/run_finder.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

/// Than this program: it was updated, and nothing has written to the store since.
bool isOlder(const fs::path& file) {
    const int latest = migrations().back().version;
    Database database(file, Database::Mode::ReadOnly);
    const int version = storeVersion(database, latest);
    return version > 0 && version < latest;
}

}  // namespace

fs::path Context::storeFile() const {
    if (m_store) return *m_store;
    const std::string named = m_arguments.text("--store");
    return named.empty() ? defaultStoreFile() : fs::absolute(named);
}

StoreReader Context::reader() const {
    const fs::path file = storeFile();
    if (!isThere(file))
        throw Error("there is no store yet", file.string(),
                    "the first `retort-cli train` makes it; --store names another");
    if (isOlder(file)) StoreWriter bringsItUpToDate(file);
    return StoreReader(file);
}

RunRow Context::findRun(StoreReader& reader, const std::string& nameOrId) const {
    if (std::optional<RunRow> run = reader.findRun(nameOrId)) return *run;
    std::vector<std::string> names;
    for (const RunRow& run : reader.runs(true)) names.push_back(run.name);
    const std::string hint = didYouMean(nameOrId, names);
    throw Error("there is no run '" + nameOrId + "'", storeFile().string(),
                hint.empty() ? "retort-cli runs lists them" : hint);
}

RunDirectory Context::runDirectory(const std::string& pathNameOrId) const {
    if (isThere(fs::path(pathNameOrId) / "run.json")) return RunDirectory::open(fs::absolute(pathNameOrId));
    StoreReader store = reader();
    return RunDirectory::open(findRun(store, pathNameOrId).directory);
}

FindRun Context::runFinder() const {
    return [file = storeFile()](const std::string& nameOrId) -> std::optional<KnownRun> {
        if (!isThere(file)) return std::nullopt;
        StoreReader reader(file);
        return finderIn(reader)(nameOrId);
    };
}

void Context::note(const std::string& line) const {
    if (!quiet()) std::fprintf(stderr, "%s\n", line.c_str());
}

std::unique_ptr<StoreWriter> openStore(const Context& context) {
    const fs::path file = context.storeFile();
    std::error_code code;
    fs::create_directories(file.parent_path(), code);
    return std::make_unique<StoreWriter>(file);
}

}  // namespace retort::cli
