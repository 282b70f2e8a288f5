#include "training/backends/in_process_backend.h"
#include "training/backends/local_process_backend.h"
#include "training/backends/remote/ssh_backend.h"
#include "training/backends/slurm/slurm_backend.h"

namespace retort {

std::vector<std::unique_ptr<Backend>> makeBackends(QObject* parent, const std::vector<Machine>& machines) {
    std::vector<std::unique_ptr<Backend>> backends;
    backends.push_back(std::make_unique<LocalProcessBackend>(parent));
    backends.push_back(std::make_unique<InProcessBackend>(parent));
    for (const Machine& machine : machines)
        if (machine.scheduler == Scheduler::None)
            backends.push_back(std::make_unique<SshBackend>(machine, parent));
        else
            backends.push_back(std::make_unique<SlurmBackend>(machine, parent));
    return backends;
}

}  // namespace retort
