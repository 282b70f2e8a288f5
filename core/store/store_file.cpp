#include "core/store/store_file.h"

#include <sqlite3.h>
#include <unistd.h>

#include "core/store/store.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {

fs::path defaultStoreFile() {
    return userDataFolder() / "lab.db";
}

namespace {

[[noreturn]] void failReadOnly(const fs::path& file) {
    throw Error("the store is read-only", file.string(),
                "make it and its folder writable, or choose another with --store");
}

}  // namespace

std::unique_ptr<Database> openStoreForWriting(const fs::path& file, const std::vector<Migration>& all,
                                              int busyMilliseconds) {
    std::error_code code;
    if (fs::is_directory(file, code)) throw Error("is a folder, a store is a file", file.string());
    if (const fs::path folder = file.parent_path(); !folder.empty() && !fs::exists(folder, code)) {
        fs::create_directories(folder, code);
        if (code) throw Error("cannot make the store's folder: " + code.message(), folder.string());
    }
    // Asked of the system: SQLite says of a read-only folder that a file is not there (its own log beside the
    // store).
    const fs::path folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
    if (::access(folder.c_str(), W_OK) != 0 || (fs::exists(file, code) && ::access(file.c_str(), W_OK) != 0))
        failReadOnly(file);
    auto database = std::make_unique<Database>(file, Database::Mode::ReadWrite, busyMilliseconds);
    storeVersion(*database, all.back().version);  // refused before anything is touched
    if (sqlite3_db_readonly(database->handle(), "main") == 1) failReadOnly(file);
    database->execute("PRAGMA journal_mode = WAL");
    migrate(*database, all);
    // NORMAL: a power cut may take the last commits, but rows and log offset together, so they are read
    // again.
    database->execute(
        "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA "
        "temp_store = MEMORY;"
        "PRAGMA journal_size_limit = 67108864; PRAGMA recursive_triggers = OFF");
    return database;
}

std::unique_ptr<Database> openStoreForReading(const fs::path& file) {
    std::error_code code;
    if (!fs::exists(file, code))
        throw Error("there is no store here", file.string(), "choose a file with --store");
    if (fs::is_directory(file, code)) throw Error("is a folder, a store is a file", file.string());
    auto database = std::make_unique<Database>(file, Database::Mode::ReadOnly);
    const int latest = migrations().back().version;
    const int version = storeVersion(*database, latest);
    if (version < latest)
        throw Error(version == 0
                        ? "is an empty file, not a store"
                        : "the store is of an older version (schema " + std::to_string(version) + ")",
                    file.string(), "open it once with the window or retort-cli, which brings it up to date");
    database->execute(
        "PRAGMA query_only = ON; PRAGMA cache_size = -32768; PRAGMA mmap_size = 1073741824;"
        "PRAGMA temp_store = MEMORY");
    return database;
}

}  // namespace retort
