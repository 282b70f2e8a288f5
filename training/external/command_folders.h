// Where a command works and writes, and how it is told.
//
//     work/          the copies of external.files; where it is started, unless external.folder says otherwise
//     output/        what it is asked to write to
//     checkpoints/   the run's: links to those that the command writes (core/runlog/checkpoint_folder.h)
//     control/       requests; `listens` names those that the command looks at by itself
//     external/log/  the run directory of retort_log.py; its checkpoints/ and control/ are links to the run's
//     external/      adopted.json: the logs that are followed; alive.lock: held while anything of it lives;
//                    began: whose time is that of the attempt's beginning
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/config/run_config.h"
#include "core/runlog/run_directory.h"

namespace retort {

struct CommandFolders {
    explicit CommandFolders(const RunDirectory& run, const ExternalSettings& settings);

    std::filesystem::path run, work, output, control, external, log;
    std::filesystem::path start;  ///< where the command is started

    std::filesystem::path logFile() const { return log / "events.jsonl"; }
    /// Makes them. Throws Error.
    void make() const;
};

/// Copies files and folders side by side into the work folder; what is there already stays: a resumed run
/// goes on with what it began with. Large ones are linked. Throws Error.
void placeFiles(const CommandFolders& folders, const std::vector<std::string>& files);

struct AttemptFacts {
    std::int32_t attempt = 1;
    bool resume = false;
    std::string checkpoint;  ///< the last one's path; empty: none
};

/// The environment of the command, "NAME=value": ours, what tells it of its run, and the user's.
std::vector<std::string> commandEnvironment(const CommandFolders& folders, const RunDirectory& run,
                                            const RunConfig& config, const AttemptFacts& attempt);

/// Where the last checkpoint that the run's log names, and that is there, lies; empty: none.
std::string lastCheckpointPath(const RunDirectory& run, std::int64_t& step);

}  // namespace retort
