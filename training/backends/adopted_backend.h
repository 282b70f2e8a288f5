// Follows runs that other programs train (core/adoption): their files are read as they grow, for as long as
// the window is open. Nothing is started here.
#pragma once

#include <QSet>
#include <QThread>

#include "training/backends/backend.h"

namespace retort {

class AdoptionFollower;

class AdoptedBackend final : public Backend {
    Q_OBJECT
  public:
    explicit AdoptedBackend(QObject* parent = nullptr);
    ~AdoptedBackend() override;

    QString id() const override { return QStringLiteral("adopted"); }
    QString label() const override;
    QString help() const override;

    bool launches() const override { return false; }
    /// Throws Error: its own program starts it.
    void launch(const QString& runDirectory, bool resume) override;
    /// Follows it no more; its own program ends it.
    void kill(const QString& runDirectory) override;
    bool isRunning(const QString& runDirectory) const override;
    /// True for a run directory that was made by adopting; ended() follows when its files say how it ended,
    /// or when they cannot be read any more.
    bool adopt(const QString& runDirectory) override;

  private:
    QSet<QString> m_runs;
    AdoptionFollower* m_follower;  ///< lives in m_thread
    QThread m_thread;
};

}  // namespace retort
