// Has traces judged, one run's after the other, in a thread of its own. What is said comes trace by trace.
#pragma once

#include <QObject>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/store/rows.h"
#include "training/api/trace_judging.h"

namespace retort {

/// Called off the GUI thread; `done` in that thread, with one trace after the other. Returns early where
/// `stop` came. Throws Error. Empty: there is none.
using JudgeService = std::function<void(const JudgeRequest&, const std::function<void(JudgedTrace)>& done,
                                        std::stop_token stop)>;

/// Traces of one run.
struct JudgeJob {
    RowId run = 0;
    std::vector<RowId> ids;      ///< of request.traces
    bool withDetectors = false;  ///< these judge, and no model is asked
    JudgeRequest request;
};

/// What came of one trace.
struct JudgedRow {
    RowId id = 0, run = 0;
    std::vector<StepLane> lanes;  ///< none: nothing could be said, and `note` tells why
    QString note;
    std::optional<SearchTree> tree;
    std::int64_t rollouts = 0, tokens = 0;
};

class JudgeSession : public QObject {
    Q_OBJECT
  public:
    explicit JudgeSession(QObject* parent = nullptr);
    /// Waits until what runs has seen that it is to stop.
    ~JudgeSession() override;

    void setService(JudgeService service) { m_service = std::move(service); }
    bool hasService() const { return bool(m_service); }
    void start(std::vector<JudgeJob> jobs);
    /// ended() follows at once; what was said before stands, nothing more is told.
    void cancel();
    bool isBusy() const { return m_busy; }

  Q_SIGNALS:
    void judged(const retort::JudgedRow& row);
    void failed(const QString& error);
    void ended();

  private:
    JudgeService m_service;
    quint64 m_job = 0;
    bool m_busy = false;
    std::jthread m_thread;  // last: joined before what it uses is gone
};

}  // namespace retort
