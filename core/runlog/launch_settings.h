// What holds for one attempt of a run alone: who starts it writes it into the run directory
// (control/launch.json), and the backend that launches it reads it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace retort {

struct LaunchSettings {
    std::vector<int> gpus;         ///< those that it may use, as nvidia-smi counts; none: any
    int attempt = 0;               ///< of the queue
    std::int64_t eventsBytes = 0;  ///< size of the log before it began

    bool operator==(const LaunchSettings&) const = default;
};

/// Throws Error when it cannot be written.
void writeLaunchSettings(const std::filesystem::path& runDirectory, const LaunchSettings& settings);
/// Nothing where nobody wrote any.
std::optional<LaunchSettings> readLaunchSettings(const std::filesystem::path& runDirectory);
void removeLaunchSettings(const std::filesystem::path& runDirectory);

/// "NAME=value" for the trainer's environment. CUDA's own order puts the fastest GPU first; nvidia-smi counts
/// by bus.
std::vector<std::string> environmentOf(const LaunchSettings& settings);

}  // namespace retort
