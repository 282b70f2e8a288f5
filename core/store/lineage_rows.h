// The tables of migration 003: where checkpoints come from. All work inside the caller's transaction.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/lineage/lineage_builder.h"
#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// Rises with what lineageOfConfig() understands: runs whose edges are of an earlier one are read again.
inline constexpr std::int64_t lineageVersion = 1;

/// Reads the run's configuration anew; folders that it names are looked into, and what those name.
void indexRunLineage(Database& database, RowId run);
/// Looks into a folder, and into the folders that it names (a thousand at most). Throws Error when it is no
/// checkpoint and no adapter.
void indexFolderLineage(Database& database, const std::filesystem::path& folder);
/// Looks into every known folder again.
void refreshLineageFolders(Database& database);
/// Runs whose edges were never read, or by an earlier version.
std::vector<RowId> runsWithoutLineage(Database& database);

LineageInput readLineageInput(Database& database);

/// Size and time of a checkpoint's weight files, by which a computed hash is known again.
struct WeightFiles {
    std::int64_t bytes = 0, modified = 0;
    bool operator==(const WeightFiles&) const = default;
};
/// Throws Error where there are none.
WeightFiles weightFilesOf(const std::filesystem::path& folder);
/// Empty: none is known for these files.
std::string knownContentHash(Database& database, const std::filesystem::path& folder,
                             const WeightFiles& files);
void rememberContentHash(Database& database, const std::filesystem::path& folder, const WeightFiles& files,
                         const std::string& hash);

}  // namespace retort
