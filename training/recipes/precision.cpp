#include "training/recipes/precision.h"

#include <cmath>

#include "core/util/error.h"
#include "training/engine/measure.h"

namespace retort {

std::string choosePrecision(const std::string& wanted, const torch::Device& device, RunSession& session) {
    if (wanted == "fp32" || wanted == "bf16") return wanted;
    if (wanted != "auto")
        throw Error("unknown precision '" + wanted + "'", "training.precision", "auto, fp32 or bf16");
    if (device.is_cuda()) return "bf16";
    session.status("measuring", 0, true);
    const Precision faster = fasterPrecision();
    const std::string name = faster == Precision::BFloat16 ? "bf16" : "fp32";
    session.message("info", "linear layers run in " + name + ", which is faster here (measured: " +
                                std::to_string(std::lround(measureGemm(faster))) + " GFLOP/s)");
    return name;
}

}  // namespace retort
