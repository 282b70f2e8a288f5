// Which precision the linear layers run in.
#pragma once

#include <string>

#include "training/recipes/run_session.h"

namespace retort {

/// "fp32" or "bf16": what is asked for, or for "auto" what is faster on this machine, measured and said.
std::string choosePrecision(const std::string& wanted, RunSession& session);

}  // namespace retort
