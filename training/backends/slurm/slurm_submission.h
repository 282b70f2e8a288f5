// From a run directory to what is submitted for it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/machines/machine.h"
#include "core/runlog/run_directory.h"
#include "training/backends/slurm/slurm_note.h"
#include "training/backends/slurm/slurm_script.h"

namespace retort {

/// Slurm as it is called here, without an entry among the machines: "here".
Machine thisSlurmMachine();

/// What is put into the script of a run that lies, or will lie, in this directory. The trainer is
/// $RETORT_CLI, else retort-cli beside this program, else in PATH; throws Error when there is none.
SlurmScript slurmScriptParts(const Machine& machine, const std::string& name,
                             const std::filesystem::path& runDirectory);

/// The run's note, or a new one where there is none for this machine.
SlurmNote slurmNoteOf(const std::filesystem::path& runDirectory, const std::string& machine);

/// What the run asks for when it is launched; without it, a plain request. An empty script is made from the
/// request. Throws Error for a request that Slurm could not take.
void prepareSlurmRun(const std::filesystem::path& runDirectory, const std::string& machine,
                     const SlurmRequest& request, const std::string& script = {});

/// The script that a person has changed, or else the one that is made.
std::string slurmScriptFor(const Machine& machine, const RunDirectory& run);
/// The same for several runs as one job array, by the first one's note.
std::string slurmScriptForArray(const Machine& machine, const std::vector<RunDirectory>& runs);

/// The working folder of an array's job: its entries 0, 1, 2 … lead to the runs. It goes when the first of
/// them is removed.
std::filesystem::path slurmArrayFolder(const RunDirectory& first);
/// Absolute and plain, as Slurm takes it.
std::string slurmPath(const std::filesystem::path& path);

}  // namespace retort
