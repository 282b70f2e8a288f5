// What a recipe needs of the run around it: saying things, being asked to stop, pause or save, and how long
// it will take.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "core/runlog/control.h"
#include "core/runlog/event.h"
#include "core/runlog/run_directory.h"
#include "training/engine/process_group.h"

namespace retort {

class RunSession {
  public:
    /// `external` is the caller's way to stop; control/stop is everybody else's.
    RunSession(const RunDirectory& run, EventSink& log, std::int64_t totalSteps, std::stop_token external,
               std::shared_ptr<ProcessGroup> group = ProcessGroup::alone());

    const RunDirectory& run() const { return m_run; }
    EventSink& log() { return m_log; }

    ProcessGroup& group() const { return *m_group; }

    /// Set within a tenth of a second of either kind of stop request: long work looks at it in between. Where
    /// several ranks train, they all stop at the same place, or the others would wait for one that has gone:
    /// there it is set by agreeOnStop() alone.
    std::stop_token stopToken() const { return m_stop.get_token(); }
    bool isStopped() const { return m_stop.stop_requested(); }
    /// isStopped(), after the ranks have told each other of requests; collective.
    bool agreeOnStop();
    /// Set by a request to this process or any other, and by a rank's failure, before it is agreed on: what
    /// can be cut short by itself may be, when stopForAll() or agreeOnStop() follows on every rank.
    std::stop_token requestToken() const { return m_request.get_token(); }
    /// All ranks know that they stop.
    void stopForAll() { m_stop.request_stop(); }

    /// A change of phase; at most four a second get into the log, unless `always`.
    void status(const std::string& state, std::int64_t step, bool always = false);
    void message(const std::string& level, const std::string& text);

    /// The loop has begun at this step: from here the time that is left is estimated.
    void beginSteps(std::int64_t step);
    /// Blocks while a pause is asked for (and no stop); collective.
    void waitWhilePaused(std::int64_t step);
    /// True once for each request to save a checkpoint; rank 0's alone.
    bool takeCheckpointRequest();
    /// The stop was carried out: the next attempt must not find the request.
    void stopCarriedOut();
    /// Throws Error when the log cannot be written any longer: a run that nobody can follow is not worth its
    /// time.
    void checkLog() const;

  private:
    using Clock = std::chrono::steady_clock;
    bool isPaused() const;
    std::optional<double> secondsLeft(std::int64_t step) const;
    void watch(std::stop_token ended);
    void shareRequests();

    const RunDirectory& m_run;
    EventSink& m_log;
    std::int64_t m_totalSteps;
    ControlReader m_control;
    std::shared_ptr<ProcessGroup> m_group;
    std::stop_source m_request, m_stop;  ///< one and the same where there is one rank
    std::stop_callback<std::function<void()>> m_external;
    Clock::time_point m_lastStatus{}, m_stepsBegan{};
    Clock::duration m_pausedTime{};
    std::int64_t m_firstStep = 0;
    std::jthread m_watcher;  // last: it ends before what it uses
};

}  // namespace retort
