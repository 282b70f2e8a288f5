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

/// What is put into the script of a run with this name and recipe.
SlurmScript slurmScriptParts(const Machine& machine, const std::string& name, const std::string& recipe);

/// The run's note, or a new one where there is none for this machine.
SlurmNote slurmNoteOf(const std::filesystem::path& runDirectory, const std::string& machine);

/// What the run asks for when it is launched; without it, a plain request. An empty script is made from the
/// request. Throws Error for a request that Slurm could not take.
void prepareSlurmRun(const std::filesystem::path& runDirectory, const std::string& machine,
                     const SlurmRequest& request, const std::string& script = {});

/// The script that a person has changed, or else the one that is made; the program's path is not in it yet.
std::string slurmScriptFor(const Machine& machine, const RunDirectory& run);
/// The same for several runs as one job array, by the first one's note.
std::string slurmScriptForArray(const Machine& machine, const std::vector<RunDirectory>& runs);

/// Throws Error where a person's script is not one for so many runs.
void checkSlurmScript(const std::string& script, std::int64_t runs);

/// The working folder of an array's job, from the directory of the first run: its entries 0, 1, 2 … lead to
/// the runs. It goes when the first of them is removed.
std::string slurmArrayFolder(const std::string& first);
/// Absolute and plain, as Slurm takes it.
std::string slurmPath(const std::filesystem::path& path);

}  // namespace retort
