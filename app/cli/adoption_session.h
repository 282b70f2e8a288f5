// retort-cli adopt: runs of other trackers, as runs of ours, once and live. Of a folder on this machine, and
// of the mirror of one elsewhere.
#pragma once

#include <filesystem>
#include <functional>

#include "app/cli/command.h"

namespace retort::cli {

/// Adopts what is in a folder, as the context's arguments say. `bring` is called before each look of a folder
/// that is followed.
int adoptFolder(Context& context, const std::filesystem::path& folder,
                const std::function<void()>& bring = nullptr);

/// What the command takes, for both programs that have it.
Command adoptCommand(int (*run)(Context&));

}  // namespace retort::cli
