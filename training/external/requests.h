// What people and schedulers ask of a command: stop, pause, checkpoint.
#pragma once

#include <chrono>
#include <stop_token>

#include "core/runlog/control.h"
#include "training/external/command_log.h"
#include "training/external/external_command.h"

namespace retort {

/// control/listens has the names of the requests ("stop pause checkpoint") that the command looks at by
/// itself: retort_log.py writes it when the command asks the first time. Those are left to it; others become
/// signals. A stop that it does not follow within the grace becomes SIGTERM, and that SIGKILL.
class Requests {
  public:
    Requests(const CommandFolders& folders, const ExternalSettings& settings, ExternalCommand& command,
             CommandLog& log);

    /// Does what is due; called again and again while the command runs.
    void look(const std::stop_token& stop);
    /// A stop that was asked for at the moment in which the command ended.
    void lookBack(const std::stop_token& stop) {
        if (m_stop == Stop::None && stop.stop_requested()) m_stop = Stop::Terminated;
    }
    bool wasStopped() const { return m_stop != Stop::None; }
    bool wasKilled() const { return m_stop == Stop::Killed; }
    /// Requests that were carried out, or came too late, are over.
    void finish();

  private:
    using Clock = std::chrono::steady_clock;
    enum class Stop { None, Asked, Terminated, Killed };

    bool listensTo(const char* request) const;
    void beginStop();
    void goOnStopping();
    void lookAtPause();
    void lookAtCheckpoint();
    void say(const char* state);

    CommandFolders m_folders;
    ExternalSettings m_settings;
    ExternalCommand& m_command;
    CommandLog& m_log;
    ControlReader m_control;
    Stop m_stop = Stop::None;
    bool m_isPaused = false;
    Clock::time_point m_next{};
};

}  // namespace retort
