// Runs the stages of a study one after the other: each starts when the one before it has ended well, from its
// checkpoint where its configuration says "@stage".
#pragma once

#include <QHash>
#include <QObject>
#include <QString>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "core/config/study.h"

namespace retort {

class StudyRunner : public QObject {
    Q_OBJECT
  public:
    using Launched = std::function<void(const QString& runDirectory)>;
    using Refused = std::function<void(const QString& error)>;
    /// Makes a run of the configuration and starts it; calls one of the two, now or later, in this thread.
    using Launch = std::function<void(const std::string& configYaml, Launched, Refused)>;

    StudyRunner(Study study, Launch launch, QObject* parent = nullptr);

    const Study& study() const { return m_study; }
    bool isActive() const { return m_stage >= 0; }
    /// Number of the stage that runs; -1 when none does.
    int currentStage() const { return m_stage; }

    void start();
    /// No further stage begins; the one that runs goes on.
    void cancel();
    /// To be told of Backend::ended() of every backend that `launch` uses; other runs are ignored.
    /// `complete`: the log of the run says that it finished (endOfLastAttempt(); read by the caller, who has
    /// a thread for files).
    void onRunEnded(const QString& runDirectory, const QString& error, bool complete);

  Q_SIGNALS:
    void stageStarted(int stage, const QString& runDirectory);
    void stageFinished(int stage, const QString& runDirectory);
    void finished();
    void failed(const QString& message);

  private:
    void startStage(int stage);
    void onLaunched(int stage, const QString& runDirectory);
    void fail(const QString& what);

    Study m_study;
    Launch m_launch;
    int m_stage = -1;
    QString m_runDirectory;  ///< of the current stage; empty until it is launched
    std::map<std::string, std::filesystem::path> m_runs;  ///< of the stages that ended well
    struct End {
        QString error;
        bool complete = false;
    };
    QHash<QString, End> m_endedEarly;  ///< runs that ended before their launch was reported
};

}  // namespace retort
