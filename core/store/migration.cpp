#include "core/store/migration.h"

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

fs::path unusedBackupName(const fs::path& file, int version) {
    fs::path name = file;
    ((name += ".v") += std::to_string(version)) += ".bak";
    fs::path candidate = name;
    for (int i = 2; fs::exists(candidate); ++i) {
        candidate = name;
        (candidate += ".") += std::to_string(i);
    }
    return candidate;
}

// Through SQLite, because what was committed last may still lie in the write-ahead log beside the file.
void copyBefore(Database& database, int version) {
    Statement(database, "VACUUM INTO ?1").run(unusedBackupName(database.file(), version).string());
}

void apply(Database& database, const Migration& migration) {
    database.execute(migration.sql);
    if (Statement(database, "PRAGMA foreign_key_check").step())
        throw Error("migration " + migration.name + " left rows without their parents",
                    database.file().string());
    database.execute("PRAGMA user_version = " + std::to_string(migration.version));
}

}  // namespace

int storeVersion(Database& database, int latest) {
    const std::int64_t id = database.integer("PRAGMA application_id");
    const std::int64_t version = database.integer("PRAGMA user_version");
    const bool empty = database.integer("SELECT count(*) FROM sqlite_schema") == 0;
    if (empty && id == 0 && version == 0) return 0;
    if (id != storeApplicationId)
        throw Error("is a database of another program, not a store of Retort", database.file().string(),
                    "choose another file with --store");
    if (version > latest)
        throw Error("the store was written by a newer version of Retort (schema " + std::to_string(version) +
                        ", this program knows up to " + std::to_string(latest) + ")",
                    database.file().string(), "update Retort, or choose another file with --store");
    return int(version);
}

void migrate(Database& database, const std::vector<Migration>& all) {
    const int latest = all.back().version;
    if (storeVersion(database, latest) == latest) return;
    // Tables may be rebuilt by a step; each step ends with a check of all foreign keys instead.
    database.execute("PRAGMA foreign_keys = OFF");
    bool copied = false;
    for (const Migration& migration : all) {
        if (const int version = storeVersion(database, latest);
            version > 0 && version < migration.version && !copied) {
            copyBefore(database, version);
            copied = true;
        }
        Transaction transaction(database);
        // Another program may have migrated the file since: looked at again under the lock.
        if (storeVersion(database, latest) >= migration.version) continue;
        database.execute("PRAGMA application_id = " + std::to_string(storeApplicationId));
        apply(database, migration);
        transaction.commit();
        copied = copied || migration.version == all.front().version;
    }
    database.execute("PRAGMA foreign_keys = ON");
}

}  // namespace retort
