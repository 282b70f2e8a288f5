// Reads the files of adopted runs as they grow, in the thread that it lives in: those of this machine, or
// those of one folder elsewhere, whose mirror it keeps up.
#pragma once

#include <QObject>
#include <QTimer>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>

#include "core/adoption/adopted_run.h"
#include "core/adoption/far_folder.h"
#include "core/machines/machine.h"

namespace retort {

class FolderMirror;

class AdoptionFollower : public QObject {
    Q_OBJECT
  public:
    explicit AdoptionFollower(QObject* parent = nullptr);
    /// For runs of this folder on the machine.
    AdoptionFollower(Machine machine, FarPlace place);
    ~AdoptionFollower() override;

    void follow(const QString& runDirectory);
    void leave(const QString& runDirectory);
    /// From any thread: nothing waits for a machine any more.
    void stop() { m_stop = true; }

  Q_SIGNALS:
    /// Its files say how it ended; or `error` says why they cannot be followed.
    void over(const QString& runDirectory, const QString& error);
    /// Another program of ours follows it already.
    void heldElsewhere(const QString& runDirectory);
    /// It is followed no more, as leave() asked.
    void left(const QString& runDirectory);
    /// Its files are mirrored from elsewhere, and this follower is not the one for them.
    void isElsewhere(const QString& runDirectory, const QString& home, const QString& machine,
                     const QString& folder);
    /// Whether the machine is reached; `problem` says why not.
    void connectionChanged(const QString& problem);
    /// What of the folder elsewhere is not mirrored, with the reason.
    void notesChanged(const QStringList& notes);

  private:
    struct Followed {
        FoundRun found;
        ColumnMapping mapping;
        std::unique_ptr<AdoptedRun> run;
    };
    /// What was found at a place, by its path and mapping, of which many runs may have come.
    using Searches = std::map<std::pair<std::string, std::string>, FoundFolder>;
    void look();
    bool isOver(Followed& followed);
    void search(Followed& followed, Searches& searches);
    void keepUp();
    void want();

    std::map<QString, Followed> m_runs;
    std::chrono::steady_clock::time_point m_nextSearch{};
    QTimer m_timer;
    std::unique_ptr<FolderMirror> m_mirror;  ///< null: of this machine
    std::string m_problem;
    std::vector<std::string> m_notes;
    std::atomic<bool> m_stop = false;
    bool m_isBusy = false, m_isDrained = true;
};

/// The source of an adopted run directory as it is now. Throws Error when it is gone.
FoundRun sourceOf(const QString& runDirectory);

}  // namespace retort
