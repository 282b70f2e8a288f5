// How many cores this process may use, and how many are busy now: what thread counts are chosen by.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace retort {

/// Cores that this process may use: its affinity mask, cut by the cgroup's CPU quota; at least 1.
int availableCores();

/// Cores busy with anything, measured over `window` from /proc/stat, but never more than the load average
/// says: the load average alone would still count the compiler that ended ten seconds ago.
double busyCores(std::chrono::milliseconds window);

/// Parsers of the two files that say so, apart for their tests. Cores of a cgroup v2 cpu.max ("max 100000",
/// "150000 100000"), 0: no limit. Busy and total jiffies of /proc/stat's first line.
double coresOfCpuMax(const std::string& text);
struct CpuTimes {
    double busy = 0, total = 0;
};
CpuTimes parseCpuTimes(const std::string& procStat);

/// Says to other trainers of this user that one is running here, for as long as it lives (an flock'ed file in
/// the temporary folder, so a killed process never counts).
class TrainerPresence {
  public:
    explicit TrainerPresence(int threads);
    ~TrainerPresence();
    TrainerPresence(const TrainerPresence&) = delete;
    TrainerPresence& operator=(const TrainerPresence&) = delete;

    struct Others {
        int trainers = 0, threads = 0;
    };
    /// The trainers that run now, without those of this object.
    static Others others();

  private:
    std::filesystem::path m_file;
    int m_fd = -1;
};

/// Threads for a new run: the cores that are free, at least one. `others`: trainers that have claimed cores
/// but may not keep them busy at this very moment.
int threadsFor(int cores, double busy, TrainerPresence::Others others);

}  // namespace retort
