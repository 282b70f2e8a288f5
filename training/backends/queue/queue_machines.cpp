#include "training/backends/queue/queue_machines.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <algorithm>

#include "core/config/load.h"
#include "core/queue/queue_limits.h"
#include "core/queue/waiting_runs.h"
#include "core/runlog/placement.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/backends/launch_lock.h"
#include "training/backends/remote/machine_load.h"
#include "training/backends/remote/shell.h"
#include "training/backends/remote/ssh_backend.h"
#include "training/backends/slurm/slurm_backend.h"

namespace retort {
namespace {

constexpr char here[] = "local-process";
constexpr std::size_t longestConfig = 16u << 20;
constexpr qint64 longestAnswerMs = 30000;
constexpr double askAgainSeconds = 60;  // GPUs do not come and go; whether a machine answers does

/// Whether something waits there; with a GPU, where that is asked for.
bool isWanted(const std::vector<QueuedRun>& queue, const std::string& backend, bool withGpu) {
    return std::any_of(queue.begin(), queue.end(), [&](const QueuedRun& each) {
        return each.state == QueuedState::Waiting && each.backend == backend && (each.gpus > 0 || !withGpu);
    });
}

class Places {
  public:
    Places(const std::vector<QueuedRun>& queue, const std::map<std::string, GpuCount>& known, double now)
        : m_queue(queue), m_known(known), m_now(now) {}

    /// `needsAnswer`: nothing starts there before the machine has answered.
    void add(const std::string& backend, const Machine& machine, QueuePlace place, bool needsAnswer) {
        const bool matters =
            isWanted(m_queue, backend, !needsAnswer) && (needsAnswer || place.runsPerGpu > 0);
        const auto known = m_known.find(backend);
        const bool isKnown = known != m_known.end() && known->second.machine == machine;
        if (matters && (!isKnown || m_now - known->second.time > askAgainSeconds) &&
            !(isKnown && known->second.isBeingAsked))
            m_places.toAsk.emplace(backend, machine);
        if (isKnown && known->second.time > 0) {
            place.gpus = known->second.gpus;
            if (needsAnswer) place.problem = known->second.problem;
        } else if (matters) {
            place.problem =
                QCoreApplication::translate("retort::Queue", "The machine is being asked.").toStdString();
        }
        m_places.places[backend] = place;
    }

    QueuePlaces take() { return std::move(m_places); }

  private:
    const std::vector<QueuedRun>& m_queue;
    const std::map<std::string, GpuCount>& m_known;
    double m_now;
    QueuePlaces m_places;
};

bool isOnThisComputer(const std::string& backend) {
    return backend == here || sharedPlaces().contains(backend);
}

bool isAlive(const RunPlace& run) {
    try {
        const RunDirectory directory = RunDirectory::open(run.directory);
        return directory.isRunning() || LaunchLock::isHeld(directory);
    } catch (const Error&) {  // the directory is gone
        return false;
    }
}

int gpusOf(const RunPlace& run) {
    try {
        const RunDirectory directory = RunDirectory::open(run.directory);
        const ParsedConfig parsed =
            parseConfig(readFile(directory.configFile(), longestConfig), directory.configFile().string());
        return gpusOf(parsed.config, readPlacement(directory.path()).processes);
    } catch (const Error&) {  // damaged, or gone
        return 1;
    }
}

}  // namespace

GpuCount askMachine(const Machine& machine, const std::function<bool()>& stop) {
    GpuCount answer;
    answer.machine = machine;
    QElapsedTimer asking;
    asking.start();
    const auto isOver = [&] { return asking.hasExpired(longestAnswerMs) || (stop && stop()); };
    try {
        const CommandResult result = Shell::ssh(machine)->wait(loadScript(machine), QByteArray(), isOver);
        answer.gpus = int(parseLoad(result.out).gpus.size());
    } catch (const Error& error) {
        answer.problem =
            asking.hasExpired(longestAnswerMs)
                ? QCoreApplication::translate(
                      "retort::Queue",
                      "The machine is reached, but does not answer; its disk or nvidia-smi may hang.")
                      .toStdString()
                : error.what();
    }
    answer.time = unixTime();
    return answer;
}

QueuePlaces placesOf(StoreReader& reader, const std::vector<QueuedRun>& queue,
                     const std::map<std::string, GpuCount>& known, double now) {
    Places places(queue, known, now);
    const QueueLimits limits = queueLimitsFrom(reader.setting(queueLimitsSetting).value_or(Json()));
    Machine local;
    local.name = here;
    places.add(here, local, {limits.runsAtOnce, limits.runsPerGpu, 0, {}}, false);
    places.add("in-process", local, {1, 0, 0, {}}, false);
    for (const Machine& machine : reader.machines()) {
        if (machine.scheduler == Scheduler::Slurm)
            places.add(SlurmBackend::idOf(machine.name).toStdString(), machine, {}, false);
        else
            places.add(SshBackend::idOf(machine.name).toStdString(), machine,
                       {machine.runsAtOnce, machine.runsPerGpu, 0, {}}, true);
    }
    return places.take();
}

std::vector<GoingRun> goingWithoutQueue(StoreReader& reader,
                                        const std::map<std::string, QueuePlace>& places) {
    const auto hasGpus = [&](const std::string& backend) {
        const auto place = places.find(isOnThisComputer(backend) ? here : backend);
        return place != places.end() && place->second.gpus > 0 && place->second.runsPerGpu > 0;
    };
    std::vector<GoingRun> going;
    for (const RunPlace& run : reader.goingRuns()) {
        const bool isHere = isOnThisComputer(run.backend);
        if (isHere ? isAlive(run) : run.state != "created")
            going.push_back({run.run, run.backend, run.name, hasGpus(run.backend) ? gpusOf(run) : 0});
    }
    return going;
}

const std::map<std::string, std::string>& sharedPlaces() {
    static const std::map<std::string, std::string> all = {{"in-process", here}, {"cli", here}};
    return all;
}

}  // namespace retort
