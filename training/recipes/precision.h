// Which precision the linear layers run in.
#pragma once

#include <string>

#include "training/recipes/run_session.h"
#include "training/tensor.h"

namespace retort {

/// "fp32" or "bf16": what is asked for, or for "auto" what is faster on this machine, measured and said (bf16
/// on a GPU).
std::string choosePrecision(const std::string& wanted, const torch::Device& device, RunSession& session);

}  // namespace retort
