// What a store knows of a machine besides how it is reached, for the runs that start there.
#pragma once

#include <filesystem>

namespace retort {

class Backend;

/// From now on the backend of a machine looks up in this store, whenever a run starts, which secrets it gets
/// and what is asked of Slurm for it. Other backends need nothing.
void useStore(Backend& backend, const std::filesystem::path& storeFile);

}  // namespace retort
