// What judges traces with a model, by the method that is asked for.
#pragma once

#include <functional>
#include <stop_token>

#include "training/api/trace_judging.h"

namespace retort {

/// TrainingModule::judge().
void judgeTraces(const JudgeRequest& request, const std::function<void(JudgedTrace)>& done,
                 std::stop_token stop);

}  // namespace retort
