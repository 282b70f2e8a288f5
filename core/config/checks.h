// What no single parameter's range can say: values that contradict each other.
#pragma once

#include <functional>
#include <string>

#include "core/config/run_config.h"

namespace retort {

/// Calls `report(path, message, hint)` for each contradiction.
using ReportContradiction =
    std::function<void(const std::string& path, const std::string& message, const std::string& hint)>;
void checkContradictions(const RunConfig& config, const ReportContradiction& report);

}  // namespace retort
