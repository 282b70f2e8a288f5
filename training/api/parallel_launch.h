// Which of how many processes this one is, as the launchers say it in the environment: torchrun (and whatever
// speaks its variables), else srun.
//
// torchrun: RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT
// (https://pytorch.org/docs/stable/elastic/run.html). srun: SLURM_PROCID, SLURM_STEP_NUM_TASKS or
// SLURM_NTASKS, SLURM_LOCALID, SLURM_STEP_NODELIST or SLURM_JOB_NODELIST, SLURM_LAUNCH_NODE_IPADDR (srun(1),
// OUTPUT ENVIRONMENT VARIABLES).
#pragma once

#include <functional>
#include <string>

namespace retort {

struct ParallelLaunch {
    int rank = 0, size = 1;
    int localRank = 0;    ///< among the processes of this machine: which GPU is this one's
    std::string address;  ///< where rank 0 waits for the others; empty: one process
    int port = 0;
    std::string launcher;  ///< "torchrun" or "srun"

    bool isParallel() const { return size > 1; }
};

/// The value of an environment variable; null: not set.
using EnvironmentVariable = std::function<const char*(const char* name)>;

/// One process where no launcher says anything else. A batch script of Slurm is no task of a step: it is one
/// process, however many tasks its job may start. Throws Error where what is said is incomplete or makes no
/// sense: half of a run must not train by itself.
ParallelLaunch parallelLaunch(const EnvironmentVariable& variable);
/// By the process's environment.
ParallelLaunch parallelLaunch();

/// The first of Slurm's host list: "tux[003-007,9]-ib,gpu1" names tux003-ib first. Throws Error where it is
/// malformed.
std::string firstHost(const std::string& hostList);

}  // namespace retort
