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

/// Reports a length (in tokens) that a new model's positions cannot hold; an existing checkpoint's shape is
/// its own.
void checkLength(const RunConfig& config, const char* path, std::int64_t length,
                 const ReportContradiction& report);

}  // namespace retort
