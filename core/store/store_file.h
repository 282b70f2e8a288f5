// Opens store files: the settings of a connection, and every reason to refuse one.
#pragma once

#include <filesystem>
#include <memory>

#include "core/store/migration.h"
#include "core/store/sqlite.h"

namespace retort {

/// Makes the file and its folder when missing, migrates an older one. Throws Error.
std::unique_ptr<Database> openStoreForWriting(const std::filesystem::path& file,
                                              const std::vector<Migration>& all = migrations(),
                                              int busyMilliseconds = 5000);
/// Throws Error; an older file is refused too, since a reader cannot migrate it.
std::unique_ptr<Database> openStoreForReading(const std::filesystem::path& file);

}  // namespace retort
