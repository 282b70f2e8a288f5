// Follows runs that other programs train (core/adoption): their files are read as they grow, for as long as
// the window is open. Nothing is started here.
#pragma once

#include <QHash>
#include <QSet>
#include <QThread>
#include <map>
#include <memory>
#include <vector>

#include "core/machines/machine.h"
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

    /// Follows it no more, without saying that it ended; left() follows once nothing more is told of it.
    void leave(const QString& runDirectory);
    /// Those of the store, by which folders elsewhere are reached.
    void setMachines(std::vector<Machine> machines);
    /// Why a machine is not reached; empty: it is, or nothing is followed there.
    QString problemWith(const QString& machine) const { return m_problems.value(machine); }
    /// What of a folder elsewhere is not read, with the reason ("…/trackio.db: too large"); `home` is that of
    /// its mirror (FarPlace::home).
    QStringList notesOn(const QString& home) const { return m_notes.value(home); }

  Q_SIGNALS:
    void left(const QString& runDirectory);
    /// A machine is reached or is not: problemWith() it changed.
    void connectionChanged(const QString& machine);
    void notesChanged(const QString& home);

  private:
    struct Worker {
        QThread thread;
        AdoptionFollower* follower = nullptr;  ///< lives in the thread
        ~Worker();
    };
    Worker& start(std::unique_ptr<Worker> worker, const QString& home);
    void followThere(const QString& runDirectory, const QString& home, const QString& machine,
                     const QString& folder);

    QSet<QString> m_runs;
    std::vector<Machine> m_machines;
    QHash<QString, QString> m_problems;                    ///< by machine
    QHash<QString, QStringList> m_notes;                   ///< by the mirror's home
    std::map<QString, std::unique_ptr<Worker>> m_workers;  ///< by the mirror's home; "": of this machine
};

}  // namespace retort
