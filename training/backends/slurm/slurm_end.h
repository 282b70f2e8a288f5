// Why a job waits or how it ended, in words of what to do about it.
#pragma once

#include <optional>
#include <string>

#include "training/backends/slurm/slurm_job.h"

namespace retort {

/// What the batch script left when its trainer had ended (slurmEndFile): it is there when Slurm has forgotten
/// the job, and it knows what Slurm doesn't say, that a job ended early because its time was almost over.
struct SlurmEndNote {
    std::string job;  ///< Slurm's number of this job, or of the one task of an array
    int restarts = 0, status = 0;
    std::string reason;  ///< "": by itself; "time-limit", "preempted", "ended" (by scancel, requeue …)
    bool operator==(const SlurmEndNote&) const = default;
};

/// Nothing for another text: the script did not come to its end.
std::optional<SlurmEndNote> slurmEndNoteFrom(const std::string& json);

/// Why it waits, and whether there is something to do; empty for a reason that needs no words ("None").
std::string explainWaiting(const std::string& reason);

/// How it ended; empty: well. `note` is the script's, `job` what Slurm says (its state may be empty: it has
/// forgotten the job). `isComplete`: the run's own log says that it finished; it is believed over everything.
std::string explainSlurmEnd(const SlurmJob& job, const std::optional<SlurmEndNote>& note, bool isComplete);

}  // namespace retort
