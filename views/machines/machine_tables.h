// Machines, their runs and what a test found, as tables.
#pragma once

#include <string>
#include <vector>

#include "core/machines/machine.h"
#include "core/store/rows.h"
#include "training/backends/remote/machine_test.h"
#include "views/machines/machine_monitor.h"
#include "views/models/value_table_model.h"

namespace retort {

/// A run that was started on a machine, with its job there.
struct MachineRun {
    JobRow job;
    std::string name, state, activity;
};

/// Running or paused.
bool isGoing(const MachineRun& run);

/// A row a machine, with the last sample of what it is doing where there is one. One without a name is this
/// machine, where runs go on that no other has.
ValueTable machineTable(const std::vector<Machine>& machines, const std::vector<MachineRun>& runs,
                        const MachineMonitor& monitor);
/// `sample`: of the machine on which they are; nullptr: none yet.
ValueTable machineRunTable(const std::vector<MachineRun>& runs, const MachineMonitor::Sample* sample);
/// A row a step, in the order in which they are tried.
ValueTable testTable(const std::vector<TestStep>& steps);

}  // namespace retort
