// What the commands of `retort-cli slurm` share.
#pragma once

#include <functional>
#include <string>

#include "core/machines/machine.h"
#include "core/runlog/run_directory.h"
#include "training/backends/slurm/slurm_note.h"

namespace retort::cli {

class Context;

/// Of the store; without a name, this machine. Throws Error where it has no Slurm.
Machine slurmMachine(const Context& context, const std::string& name);
/// Throws Error where the run was not submitted.
SlurmNote slurmNote(const RunDirectory& run);
/// Runs the loop until `isDone`, or Ctrl+C.
void waitUntil(const std::function<bool()>& isDone);

}  // namespace retort::cli
