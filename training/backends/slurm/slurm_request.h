// What a run asks of Slurm: the options of sbatch that matter for training, by sbatch's own names and forms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

struct SlurmRequest {
    std::string partition, account, qos;  ///< empty: the cluster's default, as everywhere below
    std::string timeLimit;                ///< "90" (minutes), "1:30:00", "2-12", "2-12:00:00", "UNLIMITED"
    std::string gpus;                     ///< per node, as --gres: "gpu:2", "gpu:a100:4"
    std::int64_t nodes = 1, tasksPerNode = 1;
    std::int64_t cpusPerTask = 0;         ///< 0: the cluster's default
    std::string memory;                   ///< per node: "16G"
    std::string constraint;               ///< features of nodes: "a100&ib"
    std::vector<std::string> extraLines;  ///< further options, one each: "--mail-type=END"
    std::int64_t arrayAtOnce = 0;         ///< tasks of a job array that run at the same time; 0: all
    /// Seconds before the time limit at which the trainer is told to save and stop. Slurm's clock for this is
    /// coarse: it may come up to a minute earlier.
    std::int64_t graceSeconds = 60;
    /// A run that reached its time limit goes back into the queue, as often as it takes.
    bool isContinuedAtTimeLimit = false;

    std::int64_t tasks() const { return nodes * tasksPerNode; }
    bool operator==(const SlurmRequest&) const = default;
};

/// Seconds of a time limit in one of sbatch's forms; nothing for another text and for "UNLIMITED".
std::optional<std::int64_t> slurmSeconds(const std::string& text);

/// What is wrong with it, a sentence each, beginning with the field's name; empty: nothing.
std::vector<std::string> problemsOf(const SlurmRequest& request);
/// Throws Error with the first of them.
void checkSlurmRequest(const SlurmRequest& request);

/// What is not as by default, as options of `retort-cli slurm submit` with further ones of sbatch behind:
/// "--partition=gpu --time=2:00:00 --mail-type=END"; empty: a plain request.
std::string optionsText(const SlurmRequest& request);

/// {"partition", "account", "qos", "time", "gres", "nodes", "tasks_per_node", "cpus_per_task", "mem",
/// "constraint", "extra": […], "array_at_once", "grace", "continue"}
Json toJson(const SlurmRequest& request);
/// Keys that are absent have their default, others than those are refused. Throws Error.
SlurmRequest slurmRequestFrom(const Json& json);

}  // namespace retort
