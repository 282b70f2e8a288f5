// A trained process reward model's scores of traces that are there.
#pragma once

#include <stop_token>

#include "training/judging/monte_carlo.h"

namespace retort {

/// Of each step the probability that it is right, by the checkpoint of a recipe `prm`. A model that learnt
/// from a file reads each step with the separator that it learnt it with (prm.step_separator of its run).
/// Throws Error when the checkpoint is none. False when a stop came first.
bool judgeByProcessModel(const std::vector<Trace>& traces, const std::filesystem::path& checkpoint,
                         const std::string& lane, const JudgedFunction& done, const std::stop_token& stop);

}  // namespace retort
