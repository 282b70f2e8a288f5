// What of a command line is asked of Slurm.
#pragma once

#include <string>

#include "training/backends/slurm/slurm_request.h"

namespace retort::cli {

class Context;

/// Whether the line asks anything of Slurm.
bool asksOfSlurm(const Context& context);
/// What is remembered for the machine, unless --plain, with the line's options over it. Throws Error for what
/// Slurm could not take.
SlurmRequest slurmRequestOfLine(const Context& context, const std::string& machine);
/// "--partition=gpu …", or that nothing is asked.
std::string requestText(const SlurmRequest& request);

}  // namespace retort::cli
