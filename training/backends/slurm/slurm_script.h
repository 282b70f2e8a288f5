// The batch script of a run: what sbatch is given, as text that a person can read and change.
#pragma once

#include <string>
#include <vector>

#include "training/backends/slurm/slurm_request.h"

namespace retort {

/// Files in the run directory there, beside those that every run has.
inline constexpr const char* slurmEndFile = "control/slurm-end.json";  ///< SlurmEndNote (slurm_end.h)

struct SlurmScript {
    std::string jobName;
    /// There, absolute: the run directory. Of a job array, a folder that has a link 0, 1, 2 … to the
    /// directory of each run. It is the working folder of the job: sbatch has to be called in it.
    std::string directory;
    std::int64_t arraySize = 0;            ///< runs of a job array; 0: one run, no array
    std::vector<std::string> environment;  ///< lines of sh, before the trainer
    /// One line of sh each: the command that begins the run, and that which continues it. "$run" is the run
    /// directory there.
    std::string begin, resume;
};

/// The lines for our own trainer.
std::string trainerLine(const std::string& program, bool resume);

/// One word of a line "#SBATCH --option=…" that is exactly `text`: quotes and backslashes are read as sbatch
/// reads them, which is not quite how a shell does.
std::string sbatchWord(const std::string& text);

/// What a job is called: the text without control characters; "retort" for an empty one.
std::string slurmJobName(const std::string& text);

/// Throws Error where the request or the directory cannot be put to Slurm.
std::string sbatchScript(const SlurmRequest& request, const SlurmScript& script);

}  // namespace retort
