// The changes to runs that do not come from their logs. All work inside the caller's transaction.
#pragma once

#include <string>
#include <vector>

#include "core/runlog/run_directory.h"
#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// Adds the run, or finds it by UUID (and notes where it lies now).
RowId addRunRow(Database& database, const RunDirectory& run, const std::string& backend);
/// Ends the run where the state is a last one. Throws Error for an unknown run.
void setRunState(Database& database, RowId run, const std::string& state, const std::string& error);
void setRunTags(Database& database, RowId run, const std::vector<std::string>& tags);
/// Forgets all that came from the run's log, so that it is read again from its beginning.
void forgetLog(Database& database, RowId run);
/// Folders with a run.json, at most three levels below `root`; those whose identity cannot be read are left
/// out.
std::vector<std::filesystem::path> runDirectoriesBelow(const std::filesystem::path& root);
/// Throws Error for an unknown run.
void requireRun(Database& database, RowId run);

}  // namespace retort
