// Brings a store file to the current schema, one numbered step after the other.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/store/sqlite.h"

namespace retort {

struct Migration {
    int version;
    std::string name;
    std::string sql;
};

/// The files of core/store/migrations/, embedded at build time, ascending from version 1.
const std::vector<Migration>& migrations();

/// "RTRT": how a store file of ours is told from another program's database.
inline constexpr std::int64_t storeApplicationId = 0x52545254;

/// Throws Error when the file is no store of ours or newer than `latest`. Returns its version; 0: a new,
/// empty file.
int storeVersion(Database& database, int latest);

/// Applies what is missing. A file that holds something is copied to "<file>.v<version>.bak" first; each step
/// is one transaction, so a failure leaves the file as it was.
void migrate(Database& database, const std::vector<Migration>& all);

}  // namespace retort
