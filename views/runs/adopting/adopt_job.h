// Looks through folders for runs of other programs, and adopts what was chosen: off the GUI thread, with
// progress and an end at any time.
#pragma once

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <atomic>
#include <memory>
#include <vector>

#include "core/adoption/far_folder.h"
#include "core/machines/machine.h"
#include "views/runs/adopting/found_run_model.h"

namespace retort {

class Lab;

class AdoptJob : public QObject {
    Q_OBJECT
  public:
    struct Findings {
        std::vector<FoundCandidate> candidates;
        QStringList notes;  ///< what was not taken, with the reason
        std::optional<Machine> machine;
        std::optional<FarFolder> far;  ///< of a folder on that machine
        QString error;                 ///< why nothing could be looked at; empty after cancel(), too
    };
    struct Order {
        int row = 0;  ///< of the caller's
        FoundCandidate candidate;
        QString name;
    };
    struct Outcome {
        RunRow run;  ///< its id is 0 when it could not be adopted
        std::int64_t points = 0, traces = 0, checkpoints = 0;
        bool isNew = false, hasEnded = false, isLive = false, wasStopped = false;
        QString error;
        QStringList problems;          ///< what in its files cannot be read: the first ones
        std::int64_t allProblems = 0;  ///< how many there are
        QStringList notTaken;
    };

    AdoptJob(Lab& lab, QObject* parent);
    ~AdoptJob() override;

    bool isRunning() const { return m_stop != nullptr; }
    /// Without a machine: on this one. looked() follows.
    void look(const std::optional<Machine>& machine, const QString& folder);
    /// One table with a mapping; mapped() follows. Not while something else goes on.
    void map(const std::filesystem::path& table, const ColumnMapping& mapping, bool isFar);
    /// One after the other; runProgressed() and runAdopted() of each, then adopted().
    void adopt(std::vector<Order> orders, const Findings& from, const QStringList& tags, bool keepFollowing);
    void cancel();
    /// Only this row of the orders.
    void cancelRow(int row);

  Q_SIGNALS:
    /// What is done now; `share` is below 0 when nobody knows how much there is.
    void progressed(const QString& text, double share);
    void looked(const retort::AdoptJob::Findings& findings);
    void mapped(const std::filesystem::path& table, const std::vector<retort::FoundCandidate>& candidates,
                const QString& error);
    void runProgressed(int row, double share, qint64 points);
    void runAdopted(int row, const retort::AdoptJob::Outcome& outcome);
    void adopted(const QString& error);
    /// What went on is over, and has told its end.
    void idle();

  private:
    using Stop = std::shared_ptr<std::atomic<bool>>;
    struct Skipped;
    /// Runs `work` in the thread; what it returns is called here, unless it was destroyed meanwhile.
    void start(std::function<std::function<void()>(const Stop&)> work);
    Findings lookNow(const std::optional<Machine>& machine, const QString& folder, const Stop& stop);
    std::vector<FoundCandidate> candidates(FoundFolder found, const ColumnMapping& mapping, bool isFar,
                                           const Stop& stop);
    void mirror(const Findings& from, const std::vector<Order>& orders, const Stop& stop);
    Outcome adoptNow(const Order& order, const QStringList& tags, bool keepFollowing, const Stop& stop);
    void say(const QString& text, double share);

    Lab& m_lab;
    Stop m_stop;  ///< null: idle
    std::shared_ptr<Skipped> m_skipped;
    std::atomic<qint64> m_said = 0;
    QThreadPool m_thread;  // last: joined before anything above is gone
};

}  // namespace retort
