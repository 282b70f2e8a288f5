// control/slurm.json in a run directory: what Slurm is asked for, and by which number it knows the run. A
// later window finds the job again by it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "training/backends/run_outcome.h"
#include "training/backends/slurm/slurm_request.h"

namespace retort {

struct SlurmNote {
    std::string machine;  ///< its name
    SlurmRequest request;
    std::string script;     ///< as a person changed it; empty: made from the request
    std::string job;        ///< "77", "77_3"; empty: not submitted yet
    std::string previous;   ///< the number of the attempt before
    std::string directory;  ///< of the run there; empty: not placed there yet
    AttemptStart start;     ///< sizes here when it was submitted
    bool ended = false;     ///< the job's end was seen
};

/// Nothing where there is none. Throws Error for a malformed one.
std::optional<SlurmNote> readSlurmNote(const std::filesystem::path& runDirectory);
void writeSlurmNote(const std::filesystem::path& runDirectory, const SlurmNote& note);

}  // namespace retort
