// The ends of a run's growing files, without reading what is before them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/runlog/event.h"
#include "core/runlog/run_directory.h"

namespace retort {

/// The last 64 KiB of a file at most, and nothing from before byte `from`; empty where there is no such file.
std::string readTail(const std::filesystem::path& file, std::int64_t from);

/// The end event behind byte `from` of the log; nothing while the run goes on, or when the trainer died
/// before it could say so.
std::optional<EndEvent> endOfLastAttempt(const RunDirectory& run, std::int64_t from = 0);

}  // namespace retort
