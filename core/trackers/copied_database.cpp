#include "core/trackers/copied_database.h"

#include <sqlite3.h>

#include "core/store/sqlite.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {

void settleDatabase(const fs::path& file) {
    {
        Database database(file, Database::Mode::ReadWrite);
        // It is somebody else's: nothing in its schema is run.
        sqlite3* handle = database.handle();
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
        Statement mode(database, "PRAGMA journal_mode = DELETE");  // takes in what a -wal holds
        mode.step();
        Statement check(database, "PRAGMA quick_check(1)");
        if (!check.step() || check.text(0) != "ok")
            throw Error("the database was copied while it changed, or is damaged: " + check.text(0),
                        file.string());
    }
    for (const char* end : {"-wal", "-shm", "-journal"}) {
        std::error_code code;
        fs::remove(file.string() + end, code);
    }
}

}  // namespace retort
