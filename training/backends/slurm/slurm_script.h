// The batch script of a run: what sbatch is given, as text that a person can read and change.
#pragma once

#include <string>
#include <vector>

#include "training/backends/slurm/slurm_request.h"

namespace retort {

/// Files in the run directory there, beside those that every run has.
inline constexpr const char* slurmEndFile = "control/slurm-end.json";  ///< SlurmEndNote (slurm_end.h)

/// Stands in a script for the path of retort-cli on the machine, which is known when the job is submitted.
inline constexpr const char* slurmProgramWord = "@retort-cli@";

/// It names no folder: sbatch is called in the run directory there, or for a job array in a folder that has a
/// link 0, 1, 2 … to the directory of each run.
struct SlurmScript {
    std::string jobName;
    std::int64_t arraySize = 0;            ///< runs of a job array; 0: one run, no array
    std::vector<std::string> environment;  ///< lines of sh, before the trainer
    /// One line of sh each: the command that begins the run, and that which continues it. "$run" is the run
    /// directory there, "$retort_cli" the program.
    std::string begin, resume;
    /// The trainer is a command of the user's: started once, whatever tasks there are; it calls srun itself.
    bool isCommand = false;
};

/// The lines for our own trainer.
std::string trainerLine(bool resume);

/// The script with the program's path in its place.
std::string withSlurmProgram(const std::string& script, const std::string& program);

/// Tasks of the job array that a script asks for; 0: none.
std::int64_t slurmArraySize(const std::string& script);

/// What of the environment of sbatch a script lets its job have (--export): "NONE", "ALL", "A,B=1"; empty: it
/// does not say.
std::string slurmExportIn(const std::string& script);

/// Where output goes below the folder in which sbatch is called, by its whole path, when there is a '%' in
/// that: Slurm would take it for a pattern of its own.
std::string withSlurmFolder(const std::string& script, const std::string& directory);

/// Throws Error for a folder in which Slurm could not work.
void checkSlurmDirectory(const std::string& directory);

/// One word of a line "#SBATCH --option=…" that is exactly `text`: quotes and backslashes are read as sbatch
/// reads them, which is not quite how a shell does.
std::string sbatchWord(const std::string& text);

/// What a job is called: the text without control characters; "retort" for an empty one.
std::string slurmJobName(const std::string& text);

/// Throws Error where the request cannot be put to Slurm.
std::string sbatchScript(const SlurmRequest& request, const SlurmScript& script);

}  // namespace retort
