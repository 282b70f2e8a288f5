// Completions as bytes, from one rank to the others: of the same program on the same kind of machine, so in
// its own byte order and without a version.
#pragma once

#include <string>
#include <vector>

#include "training/engine/sampling.h"

namespace retort {

std::string completionBytes(const std::vector<Completion>& completions);
/// Throws Error where the bytes end early.
std::vector<Completion> completionsIn(const std::string& bytes);

}  // namespace retort
