// A MachineFollower in a thread of its own, which begins with the first run to follow.
#pragma once

#include <QThread>

#include "training/backends/remote/machine_follower.h"

namespace retort {

class FollowerThread : public QObject {
    Q_OBJECT
  public:
    explicit FollowerThread(Machine machine, QObject* parent = nullptr);
    /// Follows no more.
    ~FollowerThread() override;

    /// As those of MachineFollower; what cannot be followed is said by failed().
    void follow(const QString& directory);
    void endAt(const QString& directory, const FileSizes& sizes);

  Q_SIGNALS:
    /// As those of MachineFollower, in this object's thread.
    void ended(const QString& directory);
    void failed(const QString& directory, const QString& problem);
    void connectionChanged(bool connected, const QString& problem);

  private:
    void call(const QString& directory, std::function<void(MachineFollower&)> act);

    Machine m_machine;
    MachineFollower* m_follower = nullptr;  ///< lives in m_thread
    QThread m_thread;
};

}  // namespace retort
