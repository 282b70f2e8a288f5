#include "training/api/parallel_launch.h"

#include <charconv>
#include <cstdlib>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr const char* howToStart = "start every process with torchrun or srun, or unset the variable";

/// The variable's value; empty: not set.
std::string textOf(const EnvironmentVariable& variable, const char* name) {
    const char* value = variable(name);
    return value ? value : "";
}

int numberOf(const EnvironmentVariable& variable, const char* name, int low, int high) {
    const std::string text = textOf(variable, name);
    int number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, code] = std::from_chars(text.data(), end, number);
    if (text.empty()) throw Error(std::string(name) + " is not set", "environment", howToStart);
    if (code != std::errc() || rest != end || number < low || number > high)
        throw Error(std::string(name) + " is '" + text + "', and not a number from " + std::to_string(low) +
                        " to " + std::to_string(high),
                    "environment", howToStart);
    return number;
}

constexpr int mostRanks = 1 << 20, lastPort = 65535;

/// torchrun's own store listens on MASTER_PORT, in its agent's process. It may be of another version of
/// LibTorch, whose protocol is another: ours takes the port behind it.
bool agentHoldsPort(const EnvironmentVariable& variable) {
    return textOf(variable, "TORCHELASTIC_USE_AGENT_STORE") == "True";
}

ParallelLaunch fromTorchrun(const EnvironmentVariable& variable) {
    ParallelLaunch launch;
    launch.launcher = "torchrun";
    launch.size = numberOf(variable, "WORLD_SIZE", 1, mostRanks);
    if (launch.size == 1) return {};
    launch.rank = numberOf(variable, "RANK", 0, launch.size - 1);
    if (!textOf(variable, "LOCAL_RANK").empty())
        launch.localRank = numberOf(variable, "LOCAL_RANK", 0, launch.size - 1);
    launch.address = textOf(variable, "MASTER_ADDR");
    if (launch.address.empty()) throw Error("MASTER_ADDR is not set", "environment", howToStart);
    launch.port = numberOf(variable, "MASTER_PORT", 1, lastPort - 1) + (agentHoldsPort(variable) ? 1 : 0);
    return launch;
}

/// Below the ports that systems give away by themselves, and another one for each step of each job.
int portOfStep(const EnvironmentVariable& variable) {
    constexpr unsigned first = 12000, count = 16000;
    const auto number = [&](const char* name) {
        return unsigned(std::strtoul(textOf(variable, name).c_str(), nullptr, 10));
    };
    return int(first + (number("SLURM_JOB_ID") * 31 + number("SLURM_STEP_ID")) % count);
}

std::string addressOfStep(const EnvironmentVariable& variable) {
    if (const std::string address = textOf(variable, "MASTER_ADDR"); !address.empty()) return address;
    // A machine's own name may lead anywhere; itself it always finds.
    for (const char* name : {"SLURM_STEP_NUM_NODES", "SLURM_NNODES"}) {
        const std::string nodes = textOf(variable, name);
        if (nodes == "1") return "127.0.0.1";
        if (!nodes.empty()) break;
    }
    for (const char* name : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST", "SLURM_NODELIST"})
        if (const std::string nodes = textOf(variable, name); !nodes.empty()) return firstHost(nodes);
    // Where srun was called: a job's first node, or a login node that waits for nobody.
    if (const std::string address = textOf(variable, "SLURM_LAUNCH_NODE_IPADDR"); !address.empty())
        return address;
    throw Error("Slurm does not say on which machines this step runs", "SLURM_STEP_NODELIST",
                "set MASTER_ADDR to the machine of the first task");
}

ParallelLaunch fromSlurm(const EnvironmentVariable& variable) {
    // A batch script has SLURM_PROCID and SLURM_NTASKS, too, but is no step.
    const bool isStep =
        !textOf(variable, "SLURM_STEP_ID").empty() || !textOf(variable, "SLURM_STEPID").empty();
    const char* sizeName =
        !textOf(variable, "SLURM_STEP_NUM_TASKS").empty() ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS";
    if (!isStep || textOf(variable, "SLURM_PROCID").empty() || textOf(variable, sizeName).empty()) return {};
    ParallelLaunch launch;
    launch.launcher = "srun";
    launch.size = numberOf(variable, sizeName, 1, mostRanks);
    if (launch.size == 1) return {};
    launch.rank = numberOf(variable, "SLURM_PROCID", 0, launch.size - 1);
    if (!textOf(variable, "SLURM_LOCALID").empty())
        launch.localRank = numberOf(variable, "SLURM_LOCALID", 0, launch.size - 1);
    launch.address = addressOfStep(variable);
    launch.port = textOf(variable, "MASTER_PORT").empty() ? portOfStep(variable)
                                                          : numberOf(variable, "MASTER_PORT", 1, lastPort);
    return launch;
}

}  // namespace

ParallelLaunch parallelLaunch(const EnvironmentVariable& variable) {
    if (!textOf(variable, "WORLD_SIZE").empty()) return fromTorchrun(variable);
    if (const std::string rank = textOf(variable, "RANK"); !rank.empty() && rank != "0")
        throw Error("RANK is " + rank + ", but WORLD_SIZE is not set", "environment", howToStart);
    return fromSlurm(variable);
}

ParallelLaunch parallelLaunch() {
    return parallelLaunch([](const char* name) { return std::getenv(name); });
}

std::string firstHost(const std::string& hostList) {
    const auto malformed = [&] {
        return Error("is no list of hosts: '" + hostList + "'", "SLURM_STEP_NODELIST",
                     "set MASTER_ADDR to the machine of the first task");
    };
    std::string host;
    for (std::size_t i = 0; i < hostList.size() && hostList[i] != ','; ++i) {
        if (hostList[i] == ']') throw malformed();
        if (hostList[i] != '[') {
            host += hostList[i];
            continue;
        }
        const std::size_t close = hostList.find(']', i);
        const std::size_t end = hostList.find_first_of("-,]", i);
        const std::string digits = end == std::string::npos ? "" : hostList.substr(i + 1, end - i - 1);
        if (close == std::string::npos || digits.empty() ||
            digits.find_first_not_of("0123456789") != std::string::npos)
            throw malformed();
        host += digits;
        i = close;
    }
    if (host.empty()) throw malformed();
    return host;
}

}  // namespace retort
