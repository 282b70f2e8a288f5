// What a run directory says about how its trainer ended.
#pragma once

#include <QString>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/runlog/event.h"
#include "core/runlog/run_directory.h"
#include "training/backends/process.h"

namespace retort {

/// The end event of the last attempt; nothing while it runs, or when the trainer died before it could say so.
std::optional<EndEvent> endOfLastAttempt(const RunDirectory& run);

/// The last `count` lines of a text file behind `offset`; empty when there are none.
QString lastLines(const std::filesystem::path& file, std::int64_t offset, int count = 20);

/// Empty after a clean end; otherwise what happened and the last lines that the trainer wrote to stderr.log
/// behind `stderrOffset`. `status` is known of own children only.
QString describeEnd(const RunDirectory& run, const std::optional<ExitStatus>& status,
                    std::int64_t stderrOffset);

}  // namespace retort
