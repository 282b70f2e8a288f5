// A run whose trainer is somebody else's program: what is started, where, and which of its files are
// followed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

struct ExternalSettings {
    std::vector<std::string> command;        ///< program and arguments, which no shell looks at
    std::string shell;                       ///< or a script for /bin/sh
    std::vector<std::string> files;          ///< files and folders that are copied into the run's work folder
    std::string folder;                      ///< where it is started; empty: the run's work folder
    std::vector<std::string> environment;    ///< "NAME=value"
    std::vector<std::string> adopt;          ///< logs to follow; empty: what the run's own folders have
    std::string columns;                     ///< of tables and JSON lines: "step=iteration" (ColumnMapping)
    std::int64_t grace = 30;                 ///< s between a request, SIGTERM and SIGKILL
    std::int64_t gpus = 1;                   ///< that it uses, where the queue gives runs theirs
    std::string checkpoint_signal = "none";  ///< "USR1", "USR2": what makes it write a checkpoint
};

}  // namespace retort
