#include "core/store/maintenance.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/store/text_index.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

struct Temporary {
    fs::path path;
    ~Temporary() {
        std::error_code ignored;
        fs::remove(path, ignored);
    }
};

}  // namespace

void backupStore(Database& database, const fs::path& target) {
    const auto refuse = [&] {
        throw Error("is there already", target.string(), "choose another name for the backup");
    };
    std::error_code code;
    if (fs::exists(target, code)) refuse();
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, code)) throw Error("is no folder", folder.string(), "make it first");
    Temporary temporary{target};
    temporary.path += ".tmp" + std::to_string(::getpid());
    fs::remove(temporary.path, code);
    try {
        Statement(database, "VACUUM INTO ?1").run(temporary.path.string());
    } catch (const Error& error) {
        throw Error("cannot write the backup: " + error.what_happened(), target.string(), error.hint());
    }
    syncPath(temporary.path);
    // A link, unlike a rename, never replaces a file that came there in the meantime.
    if (::link(temporary.path.c_str(), target.c_str()) != 0) {
        if (errno == EEXIST) refuse();
        fs::rename(temporary.path, target, code);
        if (code) throw Error("cannot move the backup into place: " + code.message(), target.string());
    }
    syncPath(folder);
}

void compactStore(Database& database) {
    while (indexTexts(database, 16 << 20)) {
    }
    database.execute("INSERT INTO trace_search (trace_search) VALUES ('optimize')");
    database.execute("VACUUM");
    database.execute("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace retort
