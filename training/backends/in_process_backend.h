// Trains in a thread of this program: starts at once, ends with the window. LibTorch comes in with the
// training module, which the first run loads.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "training/api/training_module.h"
#include "training/backends/backend.h"

namespace retort {

class InProcessBackend final : public Backend {
    Q_OBJECT
  public:
    using Loader = std::function<TrainingModule&()>;

    explicit InProcessBackend(QObject* parent = nullptr, Loader loader = loadTrainingModule);
    /// Asks the run to stop and waits for it, though not forever.
    ~InProcessBackend() override;

    QString id() const override { return QStringLiteral("in-process"); }
    QString label() const override;
    QString help() const override;

    /// Refuses a second run while one trains: LibTorch's threads and settings belong to the whole process.
    void launch(const QString& runDirectory, bool resume) override;
    /// A thread cannot be killed: asks it to stop, which a training loop does between two steps.
    void kill(const QString& runDirectory) override;
    bool isRunning(const QString& runDirectory) const override;

  private:
    struct Job;
    void finish(const QString& error);

    Loader m_loader;
    std::shared_ptr<Job> m_job;  ///< null while nothing runs
    std::thread m_thread;
};

}  // namespace retort
