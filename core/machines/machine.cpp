#include "core/machines/machine.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t longestName = 64;
constexpr int mostRunsAtOnce = 1000;

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool hasControl(const std::string& text) {
    return std::any_of(text.begin(), text.end(), isControl);
}

void checkName(const std::string& name, std::vector<std::string>& problems) {
    if (name.empty()) problems.emplace_back("the machine needs a name");
    if (name.size() > longestName) problems.emplace_back("the name is longer than 64 bytes");
    if (hasControl(name) || name.find('/') != std::string::npos)
        problems.emplace_back("the name has a slash or a control character in it");
}

void checkDestination(const Machine& machine, std::vector<std::string>& problems) {
    const std::string& to = machine.destination;
    // ssh takes what begins with '-' for an option, and some of its options run programs.
    if (to.rfind('-', 0) == 0) problems.emplace_back("the SSH destination begins with '-'");
    if (hasControl(to) || to.find(' ') != std::string::npos)
        problems.emplace_back("the SSH destination has a blank or a control character in it");
    if (machine.port < 0 || machine.port > 65535) problems.emplace_back("the port is not in 1 … 65535");
    if (machine.port != 0 && to.empty()) problems.emplace_back("a port needs an SSH destination");
}

}  // namespace

const char* toString(Scheduler scheduler) {
    return scheduler == Scheduler::Slurm ? "slurm" : "none";
}

Scheduler schedulerFrom(const std::string& word) {
    if (word == "none") return Scheduler::None;
    if (word == "slurm") return Scheduler::Slurm;
    throw Error("there is no scheduler '" + word + "'", "scheduler", "use none or slurm");
}

std::vector<std::string> problemsOf(const Machine& machine) {
    std::vector<std::string> problems;
    checkName(machine.name, problems);
    checkDestination(machine, problems);
    if (machine.workFolder.empty() || hasControl(machine.workFolder))
        problems.emplace_back("the work folder is missing or has a control character in it");
    if (hasControl(machine.libtorch))
        problems.emplace_back("LibTorch's folder has a control character in it");
    for (const std::string& line : machine.environment)
        if (line.find('\0') != std::string::npos || line.find('\n') != std::string::npos)
            problems.emplace_back("a line of the environment set-up is more than one line");
    if (machine.runsAtOnce < 1 || machine.runsAtOnce > mostRunsAtOnce)
        problems.emplace_back("the number of runs at once is not in 1 … 1000");
    if (machine.runsPerGpu < 0 || machine.runsPerGpu > mostRunsAtOnce)
        problems.emplace_back("the number of runs per GPU is not in 0 … 1000");
    if (machine.nice < 0 || machine.nice > 19) problems.emplace_back("the nice value is not in 0 … 19");
    return problems;
}

void checkMachine(const Machine& machine) {
    const std::vector<std::string> problems = problemsOf(machine);
    if (!problems.empty()) throw Error(problems.front(), "machine '" + machine.name + "'");
}

Json toJson(const Machine& machine) {
    return {{"name", machine.name},
            {"destination", machine.destination},
            {"port", machine.port},
            {"work_folder", machine.workFolder},
            {"environment", machine.environment},
            {"scheduler", toString(machine.scheduler)},
            {"libtorch", machine.libtorch},
            {"runs_at_once", machine.runsAtOnce},
            {"runs_per_gpu", machine.runsPerGpu},
            {"nice", machine.nice}};
}

Machine machineFrom(const Json& json) try {
    const Json known = toJson(Machine());
    for (const auto& [key, value] : json.items())
        if (!known.contains(key)) throw Error("a machine has no '" + key + "'", "machine");
    Machine machine;
    machine.name = json.at("name").get<std::string>();
    machine.destination = json.value("destination", machine.destination);
    machine.port = json.value("port", machine.port);
    machine.workFolder = json.value("work_folder", machine.workFolder);
    machine.environment = json.value("environment", machine.environment);
    machine.scheduler = schedulerFrom(json.value("scheduler", "none"));
    machine.libtorch = json.value("libtorch", machine.libtorch);
    machine.runsAtOnce = json.value("runs_at_once", machine.runsAtOnce);
    machine.runsPerGpu = json.value("runs_per_gpu", machine.runsPerGpu);
    machine.nice = json.value("nice", machine.nice);
    return machine;
} catch (const Json::exception& error) {
    throw Error(std::string("malformed machine: ") + error.what(), "machine");
}

}  // namespace retort
