// What a run directory says about how its trainer ended.
#pragma once

#include <QString>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/runlog/log_tail.h"
#include "training/backends/process.h"

namespace retort {

/// Where this attempt's part of the run's growing files begins.
struct AttemptStart {
    std::int64_t events = 0, standardError = 0;  ///< bytes

    static AttemptStart now(const RunDirectory& run);
};

/// The last `count` lines of a text file behind `offset`; empty when there are none.
QString lastLines(const std::filesystem::path& file, std::int64_t offset, int count = 20);

/// Empty after a clean end; otherwise what happened and the last lines that the trainer wrote to stderr.log.
/// `status` is known of own children only.
QString describeEnd(const RunDirectory& run, const std::optional<ExitStatus>& status,
                    const AttemptStart& start);

}  // namespace retort
