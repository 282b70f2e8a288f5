// Tries a machine step by step: what works, what does not, and what to do about that.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/machines/machine.h"
#include "training/backends/remote/machine_load.h"

namespace retort {

struct TestStep {
    enum class State { Passed, Warning, Failed, Skipped };
    std::string name;  ///< "reach", "authentication", "host key", "work folder", "disk", "clock",
                       ///< "scheduler", "program", "devices"
    State state = State::Passed;
    std::string result;  ///< what was found
    std::string advice;  ///< what to do about it; empty when there is nothing to do
};

struct MachineReport {
    std::vector<TestStep> steps;  ///< always all of them, in this order
    MachineLoad load;             ///< as far as it was reached
    bool passed() const;          ///< none failed
};

/// Blocks; for a thread of its own. `each` is told of every step as it is known. Throws nothing.
MachineReport testMachine(const Machine& machine, const std::function<void(const TestStep&)>& each = nullptr,
                          const std::function<bool()>& stop = nullptr);

}  // namespace retort
