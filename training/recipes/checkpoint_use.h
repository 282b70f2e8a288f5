// Generation and evaluation with a checkpoint, outside of any run.
#pragma once

#include <stop_token>
#include <vector>

#include "training/api/training_module.h"

namespace retort {

/// Completions of the request's prompts; those that are whole when `stop` came first. Throws Error naming the
/// file at fault.
std::vector<GeneratedText> generateFrom(const GenerateRequest& request, std::stop_token stop);
/// One report a task or file, as far as it came when `stop` came first.
std::vector<EvaluationReport> evaluateCheckpoint(const EvaluateRequest& request, std::stop_token stop);

}  // namespace retort
