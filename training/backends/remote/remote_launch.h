// Starts, steers and ends the trainer of a run on another machine; the run directory here is its mirror.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "core/runlog/priority.h"
#include "core/runlog/run_directory.h"
#include "training/backends/remote/secrets.h"
#include "training/backends/remote/work_place.h"

namespace retort {

/// The configuration of a run as it holds there: every file and checkpoint that it names is brought, and
/// named by its path there.
std::string configurationThere(const WorkPlace& place, const RunDirectory& run);

/// Makes the run's directory there with its configuration, and remote.json here. Throws Error; what it made
/// there by then stays (`machines runs` lists it).
RemoteRun placeRun(const WorkPlace& place, const RunDirectory& run);

/// The text of the script that becomes the trainer: the environment, a note of the process for whoever looks
/// for it, and `program train-run` in its place, for so many processes. `environment` is "NAME=value", behind
/// the machine's own.
std::string launchScript(const Machine& machine, const std::string& directory, const std::string& program,
                         const std::vector<std::string>& environment = {}, int processes = 1);

/// Starts the trainer there in a session of its own, so that it survives whoever started it. Throws Error
/// when it runs already or does not begin. Places the run first where that was not done; remote.json is kept
/// up to date. The secrets go through standard input into the trainer's environment, and nowhere else.
RemoteRun launchThere(const WorkPlace& place, const RunDirectory& run, bool resume,
                      const Secrets& secrets = {});

/// A request, or its withdrawal, by the file that the trainer looks for.
void requestThere(Shell& shell, const RemoteRun& run, Request request, bool isAsked);

/// Asks for a nice value of its processes, and waits a few seconds for what the trainer says to that.
/// Nothing: it has not said anything; none runs, or it is not at hand.
std::optional<PriorityState> prioritiseThere(Shell& shell, const RemoteRun& run, int nice);

/// SIGTERM to all of the trainer's processes, SIGKILL five seconds later. False: it was gone. What `stop`
/// cuts off here goes on there.
bool killThere(Shell& shell, const RemoteRun& run, const std::function<bool()>& stop = nullptr);

/// Steps of the complete checkpoints there, ascending.
std::vector<std::int64_t> checkpointStepsThere(const WorkPlace& place, const RemoteRun& run);
/// Fetches a checkpoint of the run into its mirror, unless it is there.
void fetchCheckpoint(const WorkPlace& place, const RunDirectory& run, std::int64_t step);

/// What lies in a machine's work folder.
struct FarRun {
    std::string directory, id, name;
    std::int64_t bytes = 0;
    bool isAlive = false;
};
struct FarContent {
    std::vector<FarRun> runs;
    std::int64_t broughtBytes = 0;  ///< objects, brought and programs, what they share counted once
};
FarContent contentThere(const WorkPlace& place);
/// Removes run directories there; throws Error for one that is alive or not one of contentThere().
void removeThere(const WorkPlace& place, const std::vector<FarRun>& runs);
/// Removes what was brought, and programs; throws Error while a run is alive.
void removeBrought(const WorkPlace& place);

}  // namespace retort
