// The commands `retort-cli queue …`: done by retort-cli-remote (remote_program.h), listed by both programs.
#pragma once

#include <vector>

#include "app/cli/command.h"

namespace retort::cli {

/// What they take; `run` is the function of each.
std::vector<Command> queueCommands(int (*run)(Context&));

}  // namespace retort::cli
