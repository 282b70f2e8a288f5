// Commands that reach other machines need Qt, which a GPU node has not: they are a program of their own
// beside this one, retort-cli-remote, which takes this process's place.
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"

namespace retort::cli {

/// What they take; `run` is the function of each.
std::vector<Command> remoteCommands(int (*run)(Context&));

/// Becomes retort-cli-remote with these words. Returns only by throwing Error: it is not there.
[[noreturn]] void becomeRemoteProgram(const std::vector<std::string>& words);

}  // namespace retort::cli
