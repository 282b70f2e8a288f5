// The commands `retort-cli slurm …`: done by retort-cli-remote (remote_program.h), listed by both programs.
#pragma once

#include <vector>

#include "app/cli/command.h"

namespace retort::cli {

/// What is asked of Slurm, by sbatch's names, and --plain.
std::vector<Option> slurmRequestOptions();
/// What they take; `run` is the function of each.
std::vector<Command> slurmCommands(int (*run)(Context&));

}  // namespace retort::cli
