// What Slurm says of jobs: the output of squeue, sacct and scontrol, read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

enum class SlurmPhase {
    Waiting,  ///< in the queue, held or requeued
    Running,
    Ending,  ///< its processes are being ended, or it goes back into the queue
    Over,
};

struct SlurmJob {
    std::string id;               ///< "77", "77_3" for a task of an array
    std::string state;            ///< Slurm's word: "PENDING", "OUT_OF_MEMORY" …
    std::string reason;           ///< why it waits or ended, Slurm's word; empty: none
    std::optional<double> start;  ///< Unix time, s: began, or expected to
    std::optional<double> end;    ///< ended, or its time limit
    std::string nodes;
    std::optional<int> exitStatus, signal;  ///< of the batch script; squeue does not say them
    std::optional<int> restarts;
    std::string name;

    bool operator==(const SlurmJob&) const = default;
};

/// An unknown word counts as running: nothing is given up because of a newer Slurm.
SlurmPhase slurmPhase(const std::string& state);

/// Between the fields of a record.
inline constexpr char slurmSeparator = '\x1f';

/// `squeue -o` with this format (no quotes in it; the marker is a word of the caller's choosing, which no
/// job's name holds), SLURM_TIME_FORMAT=%s and -r.
std::string squeueFormat(const std::string& marker);
/// Lines that do not begin with the marker, or have too few fields, are the rest of somebody's job name.
std::vector<SlurmJob> parseSqueue(std::string_view text, const std::string& marker);

/// For `sacct -n -P -X --delimiter=` slurmSeparator ` -o`.
inline constexpr const char* sacctFields = "JobID,State,ExitCode,Start,End,NodeList";
/// A requeued job is there once for each time; the last one counts.
std::vector<SlurmJob> parseSacct(std::string_view text);

/// `scontrol show job ID`, not in one line: names and paths then cannot look like another field. Nothing
/// where it says no job.
std::optional<SlurmJob> parseScontrolJob(std::string_view text);

/// "77_3" → "77"
std::string slurmArrayOf(const std::string& job);
/// Digits, and for a task of an array "_" and digits: what may stand on a command line.
bool isSlurmJobId(const std::string& text);

}  // namespace retort
