// What was asked of a machine with Slurm last: the request of every run that is started there without one of
// its own, by the queue, a study or the command line. It is in the store's settings.
#pragma once

#include <filesystem>
#include <string>

#include "training/backends/slurm/slurm_request.h"

namespace retort {

class StoreReader;

/// The name of the setting: toJson() of the request.
std::string slurmRequestSetting(const std::string& machine);
/// A plain request where nothing is remembered, or another version wrote it.
SlurmRequest rememberedSlurmRequest(StoreReader& reader, const std::string& machine);

/// What a run will be submitted with: its own request, or else the remembered one. Throws Error for a
/// malformed note in the run directory.
SlurmRequest slurmRequestOf(StoreReader& reader, const std::filesystem::path& runDirectory,
                            const std::string& machine);

}  // namespace retort
