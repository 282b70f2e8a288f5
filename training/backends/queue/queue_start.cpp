#include "training/backends/queue/queue_start.h"

#include <algorithm>

#include "core/machines/remote_run.h"
#include "core/queue/waiting_runs.h"
#include "core/runlog/control.h"
#include "core/runlog/launch_settings.h"
#include "core/runlog/run_directory.h"
#include "core/util/error.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/shell.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

std::int64_t eventsBytes(const fs::path& runDirectory) {
    std::error_code code;
    const auto size = fs::file_size(runDirectory / "events.jsonl", code);
    return code ? 0 : std::int64_t(size);
}

void fetchFromItsMachine(StoreReader& reader, const NamedRun& named, const std::function<bool()>& stop) {
    const RunDirectory run = RunDirectory::open(reader.run(named.run)->directory);
    const auto remote = readRemoteRun(run.path());
    if (!remote || remote->directory.empty()) return;
    const Machine machine = reader.machine(remote->machine);
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    const WorkPlace place = openWorkPlace(*shell, machine, stop);
    const std::vector<std::int64_t> there = checkpointStepsThere(place, *remote);
    if (named.step && std::find(there.begin(), there.end(), *named.step) == there.end())
        throw Error("the checkpoint of step " + std::to_string(*named.step) + " is not there any more",
                    remote->machine + ":" + remote->directory);
    if (!there.empty()) fetchCheckpoint(place, run, named.step.value_or(there.back()));
}

}  // namespace

Readiness prepareStart(StoreWriter& store, StoreReader& reader, RowId id, int attempt,
                       const std::vector<int>& gpus, const std::function<bool()>& stop) {
    const auto run = reader.run(id);
    if (!run) throw Error("the run is not in the store any more", std::to_string(id));
    const fs::path directory = run->directory;
    if (isStopAsked(run->directory)) return Readiness::Stop;
    const bool isBegun = hasBegun(directory);
    if (!isBegun) {
        for (const NamedRun& named : runsNamedBy(reader, run->config))
            if (isOnlyOnItsMachine(reader, named)) fetchFromItsMachine(reader, named, stop);
        resolveWaitingRun(store, reader, *run);
    }
    writeLaunchSettings(directory, {gpus, attempt, eventsBytes(directory)});
    return isBegun ? Readiness::Resume : Readiness::Begin;
}

bool hasBegun(const fs::path& runDirectory) {
    return eventsBytes(runDirectory) > 0;
}

bool neverBegan(const std::string& runDirectory, int attempt) {
    const auto settings = readLaunchSettings(runDirectory);
    return !settings || settings->attempt != attempt || settings->eventsBytes == eventsBytes(runDirectory);
}

bool isStopAsked(const std::string& runDirectory) {
    return ControlReader(runDirectory).isAsked(Request::Stop);
}

QueueOutcome outcomeOf(const RunRow& run, bool wasToStop) {
    if (run.state == "finished" || run.state == "stopped" || wasToStop) return {};
    if (run.state == "failed" || run.state == "lost") return {QueuedEnd::Failed, run.error};
    return {QueuedEnd::Failed, "the run is " + run.state + ", and nothing trains it"};
}

}  // namespace retort
