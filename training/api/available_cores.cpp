#include "training/api/available_cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

namespace retort {
namespace {

std::string textOf(const char* path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
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

}  // namespace retort
