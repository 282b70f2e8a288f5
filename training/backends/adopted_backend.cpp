#include "training/backends/adopted_backend.h"

#include <QFileInfo>

#include "core/util/error.h"
#include "training/backends/adoption_follower.h"

namespace retort {

AdoptedBackend::AdoptedBackend(QObject* parent) : Backend(parent), m_follower(new AdoptionFollower) {
    m_follower->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_follower, &QObject::deleteLater);
    connect(m_follower, &AdoptionFollower::over, this,
            [this](const QString& directory, const QString& error) {
                if (m_runs.remove(directory)) Q_EMIT ended(directory, error);
            });
    connect(m_follower, &AdoptionFollower::heldElsewhere, this,
            [this](const QString& directory) { m_runs.remove(directory); });
}

AdoptedBackend::~AdoptedBackend() {
    if (!m_thread.isRunning()) {
        delete m_follower;
        return;
    }
    m_thread.quit();
    m_thread.wait();
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
    if (!m_runs.remove(runDirectory)) return;
    QMetaObject::invokeMethod(m_follower, [this, runDirectory] { m_follower->leave(runDirectory); });
    Q_EMIT ended(runDirectory, {});
}

bool AdoptedBackend::isRunning(const QString& runDirectory) const {
    return m_runs.contains(runDirectory);
}

bool AdoptedBackend::adopt(const QString& runDirectory) {
    if (!QFileInfo::exists(runDirectory + QStringLiteral("/adopted.json"))) return false;
    if (m_runs.contains(runDirectory)) return true;
    m_runs.insert(runDirectory);
    if (!m_thread.isRunning()) m_thread.start();
    QMetaObject::invokeMethod(m_follower, [this, runDirectory] { m_follower->follow(runDirectory); });
    return true;
}

}  // namespace retort
