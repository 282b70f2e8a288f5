// A machine on which runs execute: how it is reached, and what holds there.
#pragma once

#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

enum class Scheduler { None, Slurm };

struct Machine {
    std::string name;  ///< unique in a store; part of the backend's id
    /// As after `ssh`: a host of the user's own ~/.ssh/config, or user@host. Empty: this machine.
    std::string destination;
    int port = 0;                          ///< 0: as the user's configuration says
    std::string workFolder = "~/retort";   ///< there; "~/…" and relative ones are below the home folder
    std::vector<std::string> environment;  ///< lines of POSIX sh that run there before the trainer
    Scheduler scheduler = Scheduler::None;
    std::string libtorch;  ///< LibTorch's folder there (the one that holds lib/); empty: the system's
    int runsAtOnce = 1;    ///< of those that wait in the queue, without a scheduler
    int runsPerGpu = 1;    ///< 0: the GPUs do not matter
    int nice = 0;  ///< of the runs there, 0 … 19, unless another is chosen for one; without a scheduler

    bool isLocal() const { return destination.empty(); }
    bool operator==(const Machine&) const = default;
};

const char* toString(Scheduler scheduler);
/// Throws Error for another word than "none" and "slurm".
Scheduler schedulerFrom(const std::string& word);

/// What is wrong with it, a sentence each; empty: nothing.
std::vector<std::string> problemsOf(const Machine& machine);
/// Throws Error with the first of them.
void checkMachine(const Machine& machine);

/// {"name", "destination", "port", "work_folder", "environment": […], "scheduler", "libtorch",
/// "runs_at_once", "runs_per_gpu", "nice"}
Json toJson(const Machine& machine);
/// Keys that are absent have their default, others than those are refused. Throws Error.
Machine machineFrom(const Json& json);

}  // namespace retort
