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

/// A row a machine, with the last sample of what it is doing where there is one.
ValueTable machineTable(const std::vector<Machine>& machines, const std::vector<MachineRun>& runs,
                        const MachineMonitor& monitor);
ValueTable machineRunTable(const std::vector<MachineRun>& runs);
/// A row a step, in the order in which they are tried.
ValueTable testTable(const std::vector<TestStep>& steps);

}  // namespace retort
