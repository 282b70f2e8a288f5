// Machines, and the runs that were started on them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/machines/machine.h"
#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// In the order in which they were added.
std::vector<Machine> readMachines(Database& database);
/// Adds a machine, or changes the one of the name `before`. Throws Error for what checkMachine() refuses, a
/// name that another one has, and an unknown `before`. Jobs go along with a new name.
void saveMachine(Database& database, const Machine& machine, const std::string& before);
/// Throws Error when there is none. Its runs and jobs stay.
void removeMachine(Database& database, const std::string& name);

/// The newest run first; of one machine when it is not empty.
std::vector<JobRow> readJobs(Database& database, const std::string& machine);
std::optional<JobRow> readJob(Database& database, RowId run);
/// Adds the job of its run, or changes it.
void saveJob(Database& database, const JobRow& job);
void removeJob(Database& database, RowId run);

}  // namespace retort
