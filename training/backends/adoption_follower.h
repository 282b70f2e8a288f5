// Reads the files of adopted runs as they grow, in the thread that it lives in.
#pragma once

#include <QObject>
#include <QTimer>
#include <chrono>
#include <map>
#include <memory>

#include "core/adoption/adopted_run.h"

namespace retort {

class AdoptionFollower : public QObject {
    Q_OBJECT
  public:
    explicit AdoptionFollower(QObject* parent = nullptr);
    ~AdoptionFollower() override;

    void follow(const QString& runDirectory);
    void leave(const QString& runDirectory);

  Q_SIGNALS:
    /// Its files say how it ended; or `error` says why they cannot be followed.
    void over(const QString& runDirectory, const QString& error);
    /// Another program of ours follows it already.
    void heldElsewhere(const QString& runDirectory);

  private:
    struct Followed {
        FoundRun found;
        ColumnMapping mapping;
        std::unique_ptr<AdoptedRun> run;
        std::chrono::steady_clock::time_point nextLook{};
    };
    void look();
    bool isOver(Followed& followed);

    std::map<QString, Followed> m_runs;
    QTimer m_timer;
};

/// The source of an adopted run directory as it is now. Throws Error when it is gone.
FoundRun sourceOf(const QString& runDirectory);

}  // namespace retort
