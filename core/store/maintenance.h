// Copies and tidies a whole store.
#pragma once

#include <filesystem>

#include "core/store/sqlite.h"

namespace retort {

/// A consistent copy at `target`, which must not exist; written beside and moved into place.
void backupStore(Database& database, const std::filesystem::path& target);
/// Gives unused space back and tidies the text index.
void compactStore(Database& database);

}  // namespace retort
