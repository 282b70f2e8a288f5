#include "training/api/machine_load.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "core/util/uuid.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

std::string textOf(const char* path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

fs::path presenceFolder() {
    std::error_code code;
    fs::path base = fs::temp_directory_path(code);
    if (code) base = "/tmp";
    return base / ("retort-trainers-" + std::to_string(::getuid()));
}

}  // namespace

double coresOfCpuMax(const std::string& text) {
    std::istringstream in(text);
    double quota = 0, period = 0;
    return in >> quota >> period && quota > 0 && period > 0 ? quota / period : 0;
}

int availableCores() {
    int cores = int(std::thread::hardware_concurrency());
    cpu_set_t mask;
    if (::sched_getaffinity(0, sizeof mask, &mask) == 0) cores = CPU_COUNT(&mask);
    if (const double quota = coresOfCpuMax(textOf("/sys/fs/cgroup/cpu.max")); quota > 0)
        cores = std::min(cores, int(std::ceil(quota)));
    return std::max(cores, 1);
}

CpuTimes parseCpuTimes(const std::string& procStat) {
    std::istringstream in(procStat);
    std::string label;
    in >> label;
    CpuTimes times;
    double value = 0;
    // user nice system idle iowait irq softirq steal: the fourth and fifth are idle time.
    for (int column = 0; label == "cpu" && column < 8 && in >> value; ++column) {
        times.total += value;
        if (column != 3 && column != 4) times.busy += value;
    }
    return times;
}

double busyCores(std::chrono::milliseconds window) {
    const CpuTimes before = parseCpuTimes(textOf("/proc/stat"));
    std::this_thread::sleep_for(window);
    const CpuTimes after = parseCpuTimes(textOf("/proc/stat"));
    double load = 0;
    if (::getloadavg(&load, 1) != 1) load = 1e9;
    if (after.total <= before.total) return std::min(load, double(std::thread::hardware_concurrency()));
    const double share = (after.busy - before.busy) / (after.total - before.total);
    return std::min(load, share * std::thread::hardware_concurrency());
}

TrainerPresence::TrainerPresence(int threads) {
    std::error_code code;
    fs::create_directories(presenceFolder(), code);
    m_file = presenceFolder() / (newUuid() + "-" + std::to_string(threads));
    m_fd = ::open(m_file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (m_fd >= 0) ::flock(m_fd, LOCK_EX | LOCK_NB);
}

TrainerPresence::~TrainerPresence() {
    std::error_code code;
    fs::remove(m_file, code);
    if (m_fd >= 0) ::close(m_fd);
}

TrainerPresence::Others TrainerPresence::others() {
    Others found;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(presenceFolder(), code)) {
        const int fd = ::open(entry.path().c_str(), O_RDWR | O_CLOEXEC);
        if (fd < 0) continue;
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0) {
            fs::remove(entry.path(), code);  // its process is gone
        } else {
            const std::string name = entry.path().filename().string();
            ++found.trainers;
            found.threads += std::max(1, std::atoi(name.c_str() + name.rfind('-') + 1));
        }
        ::close(fd);
    }
    return found;
}

int threadsFor(int cores, double busy, TrainerPresence::Others others) {
    // A trainer waits now and then (a checkpoint, a pause), so what it has claimed counts even when it looks
    // idle. Half a busy core is the desktop's own noise.
    const double taken = std::max(std::floor(busy + 0.5), double(others.threads));
    return std::clamp(int(cores - taken), 1, std::max(cores, 1));
}

}  // namespace retort
