#include "training/external/requests.h"

#include <signal.h>

#include <fstream>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr const char* listensFile = "listens";

}  // namespace

Requests::Requests(const CommandFolders& folders, const ExternalSettings& settings, ExternalCommand& command,
                   CommandLog& log)
    : m_folders(folders), m_settings(settings), m_command(command), m_log(log), m_control(folders.run) {}

bool Requests::listensTo(const char* request) const {
    std::ifstream file(m_folders.control / listensFile);
    std::string word;
    for (int i = 0; i < 16 && file >> word; ++i)
        if (word == request) return true;
    return false;
}

void Requests::say(const char* state) {
    m_log.say(StatusEvent{state, m_log.step(), m_log.totalSteps(), {}});
}

void Requests::look(const std::stop_token& stop) {
    if (m_stop == Stop::None && (stop.stop_requested() || m_control.isAsked(Request::Stop))) beginStop();
    if (m_stop != Stop::None) return goOnStopping();
    lookAtPause();
    lookAtCheckpoint();
}

void Requests::beginStop() {
    if (m_isPaused) m_command.tell(GuardOrder::Continue);
    m_isPaused = false;
    say("stopping");
    m_stop = Stop::Asked;
    m_next = Clock::now();
    if (!listensTo("stop")) return;
    // Asked by a signal, too, it ends as it would when asked from the window: with a checkpoint.
    try {
        ask(m_folders.run, Request::Stop);
    } catch (const Error&) {  // a full disk: SIGTERM needs none
        return;
    }
    m_next += std::chrono::seconds(m_settings.grace);
}

void Requests::goOnStopping() {
    if (Clock::now() < m_next || m_stop == Stop::Killed) return;
    const bool isFirst = m_stop == Stop::Asked;
    m_command.tell(isFirst ? GuardOrder::Terminate : GuardOrder::Kill);
    m_stop = isFirst ? Stop::Terminated : Stop::Killed;
    m_next = Clock::now() + std::chrono::seconds(m_settings.grace);
    if (!isFirst)
        m_log.say(MessageEvent{"warning", "the command did not end within " +
                                              std::to_string(m_settings.grace) +
                                              " s of SIGTERM, and was killed"});
}

void Requests::lookAtPause() {
    const bool isAsked = m_control.isAsked(Request::Pause);
    if (isAsked == m_isPaused || (isAsked && listensTo("pause"))) return;
    m_isPaused = isAsked;
    m_command.tell(isAsked ? GuardOrder::Pause : GuardOrder::Continue);
    say(isAsked ? "paused" : "training");
}

void Requests::lookAtCheckpoint() {
    if (!m_control.isAsked(Request::Checkpoint) || listensTo("checkpoint")) return;
    m_control.done(Request::Checkpoint);
    const std::string& name = m_settings.checkpoint_signal;
    if (name == "none")
        m_log.say(
            MessageEvent{"warning",
                         "the command does not look at requests for checkpoints; where a signal makes it "
                         "write one, name that as external.checkpoint_signal"});
    else if (m_command.signal(name == "USR1" ? SIGUSR1 : SIGUSR2) == 0)
        m_log.say(MessageEvent{"warning", "no process of the command has a handler for SIG" + name +
                                              ": it was not asked for a checkpoint"});
}

void Requests::finish() {
    for (const Request request : {Request::Stop, Request::Pause, Request::Checkpoint})
        m_control.done(request);
}

}  // namespace retort
