#include "training/recipes/environment.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

#include "training/api/available_cores.h"
#include "training/engine/measure.h"

namespace retort {
namespace {

/// What follows `label` on its line of `text`.
std::string valueAfter(const std::string& text, const std::string& label) {
    const auto begin = text.find(label);
    if (begin == std::string::npos) return "unknown";
    const auto end = text.find('\n', begin);
    return text.substr(begin + label.size(), end == std::string::npos ? end : end - begin - label.size());
}

std::string processorName() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name")) return valueAfter(line, ": ");
    return "unknown";
}

Json setVariables() {
    Json values = Json::object();
    for (const char* name : {"ATEN_CPU_CAPABILITY", "GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "OMP_NUM_THREADS",
                             "OPENBLAS_NUM_THREADS"})
        if (const char* value = std::getenv(name)) values[name] = value;
    return values;
}

}  // namespace

Json machineEnvironment() {
    Json environment = Json::object();
    environment["cpu"] = processorName();
    environment["cores"] = availableCores();
    environment["cpu_capability"] = valueAfter(at::show_config(), "CPU capability usage: ");
    environment["libtorch"] = TORCH_VERSION;
    environment["retort"] = RETORT_VERSION;
    environment["variables"] = setVariables();
    return environment;
}

Json measuredEnvironment() {
    Json environment = machineEnvironment();
    const int threads = availableCores();
    at::set_num_threads(threads);
    environment["threads"] = threads;
    environment["gemm_gflops"] = {{"fp32", std::round(measureGemm(Precision::Float32))},
                                  {"bf16", std::round(measureGemm(Precision::BFloat16))}};
    environment["precision"] = fasterPrecision() == Precision::BFloat16 ? "bf16" : "fp32";
    return environment;
}

}  // namespace retort
