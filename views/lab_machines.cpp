// Lab's part that knows machines: which backends there are for them, and what the store says of runs there.
#include <algorithm>

#include "core/machines/remote_run.h"
#include "training/backends/adopted_backend.h"
#include "training/backends/machine_settings.h"
#include "training/backends/remote/ssh_backend.h"
#include "training/backends/slurm/slurm_backend.h"
#include "views/lab_adopted.h"
#include "views/lab_p.h"

namespace retort {

bool Lab::isOffered(const Backend& backend) const {
    const QString id = backend.id();
    return backend.launches() && (!m_impl->machines.contains(id) || m_impl->offered.contains(id));
}

void Lab::offerMachines(const std::vector<Machine>& machines) {
    if (AdoptedBackend* adopted = adoptedBackend(*this)) adopted->setMachines(machines);
    m_impl->offered.clear();
    for (const Machine& machine : machines) {
        const QString id = machine.scheduler == Scheduler::Slurm ? SlurmBackend::idOf(machine.name)
                                                                 : SshBackend::idOf(machine.name);
        m_impl->offered.insert(id);
        const auto old = std::find_if(m_backends.begin(), m_backends.end(),
                                      [&](const auto& each) { return each->id() == id; });
        if (old != m_backends.end()) {
            if (m_impl->machines.value(id) == machine) continue;
            // It is reached in another way now: runs that go on are followed to their end as they were begun.
            if (m_impl->holdsRuns(**old)) m_impl->replaced.push_back(std::move(*old));
            m_backends.erase(old);
        }
        m_impl->machines.insert(id, machine);
        try {
            m_backends.push_back(makeBackend(machine));
            connectMachine(*m_backends.back());
        } catch (const Error& error) {
            report(error);
        }
    }
    Q_EMIT backendsChanged();
}

bool Lab::Impl::holdsRuns(const Backend& backend) const {
    const auto runs = launched.keys();
    return std::any_of(runs.begin(), runs.end(), [&](const QString& run) { return backend.isRunning(run); });
}

Backend* Lab::Impl::replacedHolderOf(const QString& runDirectory) const {
    for (const auto& each : replaced)
        if (each->isRunning(runDirectory)) return each.get();
    return nullptr;
}

void Lab::Impl::dropReplaced() {
    std::erase_if(replaced, [this](const auto& each) { return !holdsRuns(*each); });
}

void Lab::connectMachine(Backend& backend) {
    connect(&backend, &Backend::ended, this, &Lab::onEnded);
    const auto tellStep = [this](const QString& directory) {
        if (const RowId run = m_impl->launched.value(directory)) Q_EMIT runChanged(run);
    };
    useStore(backend, storeFile());
    if (auto* ssh = qobject_cast<SshBackend*>(&backend)) {
        connect(ssh, &SshBackend::progress, this, &Lab::noteJob);
        connect(ssh, &SshBackend::launchStepChanged, this, tellStep);
        connect(ssh, &SshBackend::problem, this, [this, ssh](const QString&, const QString& text) {
            Q_EMIT failed(ssh->label() + QStringLiteral(": ") + text);
        });
        connect(ssh, &SshBackend::connectionChanged, this,
                [this, ssh](bool connected, const QString& problem) {
                    if (!connected && !problem.isEmpty())
                        Q_EMIT failed(ssh->label() + QStringLiteral(": ") + problem);
                });
    }
    if (auto* slurm = qobject_cast<SlurmBackend*>(&backend)) {
        connect(slurm, &SlurmBackend::progress, this, &Lab::noteJob);
        connect(slurm, &SlurmBackend::launchStepChanged, this, tellStep);
        connect(slurm, &SlurmBackend::submitted, this, &Lab::noteJob);
        connect(slurm, &SlurmBackend::jobChanged, this, &Lab::noteJob);
        connect(slurm, &SlurmBackend::problem, this, [this, slurm](const QString&, const QString& text) {
            if (!text.isEmpty()) Q_EMIT failed(slurm->label() + QStringLiteral(": ") + text);
        });
    }
}

/// Into the store, what is known of a run on a machine.
void Lab::noteJob(const QString& runDirectory) {
    JobRow job;
    job.run = m_impl->launched.value(runDirectory);
    const Backend* holder = m_impl->replacedHolderOf(runDirectory);
    for (const auto& each : m_backends)
        if (!holder && m_impl->machines.contains(each->id()) && each->isRunning(runDirectory))
            holder = each.get();
    if (job.run == 0 || !holder) return;
    const Machine machine = m_impl->machines.value(holder->id());
    job.machine = machine.name;
    job.scheduler = toString(machine.scheduler);
    if (const auto* slurm = qobject_cast<const SlurmBackend*>(holder))
        if (const auto said = slurm->job(runDirectory)) {
            m_writer->follow(job.run);  // of a requeued run the log goes on behind an end
            job.jobId = said->id;
            job.jobState = said->state;
            job.reason = said->reason;
            if (slurmPhase(said->state) == SlurmPhase::Waiting) job.expectedStart = said->start;
        }
    compute(
        this,
        [&writer = *m_writer, job, directory = std::filesystem::path(runDirectory.toStdString())]() mutable {
            const auto remote = readRemoteRun(directory);
            job.directory = remote ? remote->directory : directory.string();
            writer.saveJob(job).get();
            return true;
        },
        [](bool) {});
}

}  // namespace retort
