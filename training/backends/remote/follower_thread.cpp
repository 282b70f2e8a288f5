#include "training/backends/remote/follower_thread.h"

namespace retort {

FollowerThread::FollowerThread(Machine machine, QObject* parent)
    : QObject(parent), m_machine(std::move(machine)) {
    m_thread.setObjectName(QStringLiteral("follow ") + QString::fromStdString(m_machine.name));
}

FollowerThread::~FollowerThread() {
    m_thread.quit();
    m_thread.wait();
}

void FollowerThread::call(const QString& directory, std::function<void(MachineFollower&)> act) {
    if (!m_follower) {
        m_follower = new MachineFollower(m_machine);
        m_follower->moveToThread(&m_thread);
        connect(&m_thread, &QThread::finished, m_follower, &QObject::deleteLater);
        connect(m_follower, &MachineFollower::ended, this, &FollowerThread::ended);
        connect(m_follower, &MachineFollower::failed, this, &FollowerThread::failed);
        connect(m_follower, &MachineFollower::connectionChanged, this, &FollowerThread::connectionChanged);
        m_thread.start();
    }
    QMetaObject::invokeMethod(m_follower, [this, follower = m_follower, directory, act = std::move(act)] {
        try {
            act(*follower);
        } catch (const std::exception& error) {
            const QString text = QString::fromUtf8(error.what());
            QMetaObject::invokeMethod(this, [this, directory, text] { Q_EMIT failed(directory, text); });
        }
    });
}

void FollowerThread::follow(const QString& directory) {
    call(directory, [directory](MachineFollower& follower) { follower.follow(directory); });
}

void FollowerThread::endAt(const QString& directory, const FileSizes& sizes) {
    call(directory, [directory, sizes](MachineFollower& follower) { follower.endAt(directory, sizes); });
}

}  // namespace retort
