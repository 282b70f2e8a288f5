// How many cores this process may use: what a run's thread count is by default.
#pragma once

#include <string>

namespace retort {

/// Cores that this process may use: its affinity mask, cut by the cgroup's CPU quota; at least 1.
int availableCores();

/// Cores of a cgroup v2 cpu.max ("max 100000", "150000 100000"); 0: no limit.
double coresOfCpuMax(const std::string& text);

}  // namespace retort
