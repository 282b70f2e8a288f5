#include "training/backends/adopted_backend.h"

#include <QFileInfo>
#include <algorithm>

#include "core/adoption/far_folder.h"
#include "core/util/error.h"
#include "training/backends/adoption_follower.h"

namespace retort {

AdoptedBackend::AdoptedBackend(QObject* parent) : Backend(parent) {}

AdoptedBackend::~AdoptedBackend() {
    for (const auto& [home, worker] : m_workers) worker->follower->stop();
}

AdoptedBackend::Worker::~Worker() {
    if (follower) follower->stop();
    thread.quit();
    thread.wait();
}

AdoptedBackend::Worker& AdoptedBackend::start(std::unique_ptr<Worker> made, const QString& home) {
    Worker& worker = *(m_workers[home] = std::move(made));
    AdoptionFollower* follower = worker.follower;
    follower->moveToThread(&worker.thread);
    connect(&worker.thread, &QThread::finished, follower, &QObject::deleteLater);
    connect(follower, &AdoptionFollower::over, this, [this](const QString& directory, const QString& error) {
        if (m_runs.remove(directory)) Q_EMIT ended(directory, error);
    });
    connect(follower, &AdoptionFollower::heldElsewhere, this,
            [this](const QString& directory) { m_runs.remove(directory); });
    connect(follower, &AdoptionFollower::isElsewhere, this, &AdoptedBackend::followThere);
    connect(follower, &AdoptionFollower::left, this, &AdoptedBackend::left);
    worker.thread.start();
    return worker;
}

/// Each folder elsewhere has a thread, which waits for its machine.
void AdoptedBackend::followThere(const QString& runDirectory, const QString& home, const QString& machine,
                                 const QString& folder) {
    if (!m_runs.contains(runDirectory)) return;  // left meanwhile
    const auto known = std::find_if(m_machines.begin(), m_machines.end(),
                                    [&](const Machine& each) { return each.name == machine.toStdString(); });
    auto found = m_workers.find(home);
    if (found == m_workers.end()) {
        try {
            if (known == m_machines.end())
                throw Error("there is no machine '" + machine.toStdString() + "' any more",
                            folder.toStdString(), "add it again under Machines");
            auto worker = std::make_unique<Worker>();
            worker->follower =
                new AdoptionFollower(*known, {{machine.toStdString(), folder.toStdString(), {}},
                                              std::filesystem::path(home.toStdString())});
            connect(worker->follower, &AdoptionFollower::connectionChanged, this,
                    [this, machine](const QString& problem) {
                        m_problems[machine] = problem;
                        Q_EMIT connectionChanged(machine);
                    });
            connect(worker->follower, &AdoptionFollower::notesChanged, this,
                    [this, home](const QStringList& notes) {
                        m_notes[home] = notes;
                        Q_EMIT notesChanged(home);
                    });
            start(std::move(worker), home);
        } catch (const Error& error) {
            m_runs.remove(runDirectory);
            Q_EMIT ended(runDirectory, QString::fromUtf8(error.what()));
            return;
        }
        found = m_workers.find(home);
    }
    AdoptionFollower* follower = found->second->follower;
    QMetaObject::invokeMethod(follower, [follower, runDirectory] { follower->follow(runDirectory); });
}

void AdoptedBackend::setMachines(std::vector<Machine> machines) {
    m_machines = std::move(machines);
}

QString AdoptedBackend::label() const {
    return tr("Another program");
}

QString AdoptedBackend::help() const {
    return tr("Trained by another program, whose files are read as they grow");
}

void AdoptedBackend::launch(const QString& runDirectory, bool) {
    throw Error("this run belongs to another program", runDirectory.toStdString(),
                "start it there; what it writes is read as it grows");
}

void AdoptedBackend::kill(const QString& runDirectory) {
    if (!m_runs.contains(runDirectory)) return;
    leave(runDirectory);
    Q_EMIT ended(runDirectory, {});
}

void AdoptedBackend::leave(const QString& runDirectory) {
    if (!m_runs.remove(runDirectory)) return;
    for (const auto& [home, worker] : m_workers) {
        AdoptionFollower* follower = worker->follower;
        QMetaObject::invokeMethod(follower, [follower, runDirectory] { follower->leave(runDirectory); });
    }
}

bool AdoptedBackend::isRunning(const QString& runDirectory) const {
    return m_runs.contains(runDirectory);
}

bool AdoptedBackend::adopt(const QString& runDirectory) {
    if (!QFileInfo::exists(runDirectory + QStringLiteral("/adopted.json"))) return false;
    if (m_runs.contains(runDirectory)) return true;
    m_runs.insert(runDirectory);
    if (!m_workers.contains(QString())) {
        auto worker = std::make_unique<Worker>();
        worker->follower = new AdoptionFollower;
        start(std::move(worker), QString());
    }
    AdoptionFollower* follower = m_workers[QString()]->follower;
    QMetaObject::invokeMethod(follower, [follower, runDirectory] { follower->follow(runDirectory); });
    return true;
}

}  // namespace retort
