// The numeric checks that need neither Qt nor files, for a machine where nothing but retort-cli was built: is
// this LibTorch, on this device, computing what it should?
#pragma once

#include <string>
#include <vector>

#include "training/api/training_module.h"

namespace retort {

/// `device`: as training.device. Throws Error when there is no such device; a check that throws is a check
/// that failed.
std::vector<SelfTestResult> runSelfTest(const std::string& device);

}  // namespace retort
