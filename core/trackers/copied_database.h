// SQLite's files as they were copied from elsewhere.
#pragma once

#include <filesystem>

namespace retort {

/// Makes one plain file of a copied database and what was copied beside it (-wal, -journal), as SQLite itself
/// does after a crash, and checks it. Throws Error for what is none, or is damaged.
void settleDatabase(const std::filesystem::path& file);

}  // namespace retort
