// Measures merges in a thread of its own, for as long as the models stay the same with the same ones in
// memory.
#pragma once

#include <QObject>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "training/api/merge_bench.h"

namespace retort {

class MeasureSession : public QObject {
    Q_OBJECT
  public:
    using Opener = std::function<std::unique_ptr<MergeBench>(const MergeBenchRequest&, std::stop_token)>;

    explicit MeasureSession(QObject* parent = nullptr);
    /// Waits until what runs has seen that it is to stop.
    ~MeasureSession() override;

    void setOpener(Opener open);

    /// Replaces what waits, and stops what runs where that is stale: a refined measurement at once; a coarse
    /// one only when it takes long, since else a slider that moves all the time would never see a result.
    /// Returns the job's number.
    quint64 measure(const MergeBenchRequest& request, MergeBenchEffort effort);
    /// Refined, after what was added before; measure() does not replace it.
    quint64 add(const MergeBenchRequest& request);
    /// Stops everything. Nothing is told of jobs that were cancelled.
    void cancel();
    bool isBusy() const;

  Q_SIGNALS:
    void opening();  ///< models are being read
    void measured(quint64 job, retort::MergeBenchEffort effort, const retort::MergeBenchPoint& point);
    void failed(quint64 job, const QString& message);
    void idle();  ///< nothing runs and nothing waits

  private:
    struct Job {
        quint64 number = 0;
        MergeBenchRequest request;
        MergeBenchEffort effort = MergeBenchEffort::Refined;
        bool isLive = false;
        std::string key;  ///< what an open bench must have been opened for
    };

    void work(std::stop_token quit);
    std::optional<Job> take(std::stop_token quit);
    void run(const Job& job, std::stop_token stop);
    bool isStale(const Job& job);
    template <class Call>
    void tell(const Job& job, Call call);
    quint64 put(Job job);

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    Opener m_open;
    quint64 m_last = 0;
    quint64 m_cancelled = 0;  ///< jobs up to this one are forgotten
    std::optional<Job> m_live;
    std::deque<Job> m_queue;
    std::optional<Job> m_running;
    bool m_isOpening = false;
    std::stop_source m_stop;
    std::chrono::steady_clock::time_point m_began;
    // The worker's own.
    std::unique_ptr<MergeBench> m_bench;
    std::string m_benchKey;
    std::jthread m_thread;  // last: joined before what it uses is gone
};

}  // namespace retort
