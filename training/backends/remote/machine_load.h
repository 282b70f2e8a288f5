// What a machine is doing now: one script, asked again and again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/machines/machine.h"

namespace retort {

struct GpuLoad {
    std::string name;
    double usedPercent = 0;
    std::int64_t memoryUsed = 0, memoryTotal = 0;  ///< bytes
};

/// What the processes of a run's trainer use together.
struct RunLoad {
    std::int64_t ticks = 0;      ///< of all cores, since it began; with those of children that have ended
    std::int64_t memory = 0;     ///< bytes in memory, what they share counted for each
    std::int64_t gpuMemory = 0;  ///< bytes, as nvidia-smi says
    int processes = 0;
};

struct MachineLoad {
    double time = 0;  ///< its clock: Unix time, s
    int cores = 0;
    double loadAverage = 0;                        ///< of the last minute
    std::int64_t busyTicks = 0, allTicks = 0;      ///< of all cores since boot: two samples make a percentage
    std::int64_t memoryTotal = 0, memoryFree = 0;  ///< bytes; free: what programs could get
    std::int64_t diskTotal = 0, diskFree = 0;      ///< bytes, of the work folder
    std::vector<GpuLoad> gpus;                     ///< as nvidia-smi says; empty where it is not there
    std::string processor;
    std::map<std::string, RunLoad> runs;  ///< those that were asked about and go on, by their directories

    /// Share of all cores that was busy between the two, 0 … 1; nothing when no time has passed.
    std::optional<double> busySince(const MachineLoad& before) const;
    /// How many cores a run kept busy between the two; nothing when it is not in both.
    std::optional<double> coresOf(const std::string& run, const MachineLoad& before) const;
};

/// For Shell::run(). Reads /proc, df and nvidia-smi; each may be missing. `runs`: run directories there,
/// absolute; of each whose trainer goes on, its session's processes are counted together.
std::string loadScript(const Machine& machine, const std::vector<std::string>& runs = {});
/// What it printed. Lines that make no sense are left out.
MachineLoad parseLoad(const std::string& output);

}  // namespace retort
