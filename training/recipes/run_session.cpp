#include "training/recipes/run_session.h"

#include "core/util/error.h"

namespace retort {
namespace {

constexpr auto statusInterval = std::chrono::milliseconds(250);
constexpr auto pollInterval = std::chrono::milliseconds(100);

}  // namespace

RunSession::RunSession(const RunDirectory& run, EventSink& log, std::int64_t totalSteps,
                       std::stop_token external, std::shared_ptr<ProcessGroup> group)
    : m_run(run),
      m_log(log),
      m_totalSteps(totalSteps),
      m_control(run.path()),
      m_group(std::move(group)),
      m_stop(m_group->isAlone() ? m_request : std::stop_source()),
      m_external(std::move(external), [this] { m_request.request_stop(); }),
      m_watcher([this](std::stop_token ended) { watch(std::move(ended)); }) {}

// On a thread of its own, so that a stop reaches a generation of many seconds.
void RunSession::watch(std::stop_token ended) {
    while (!ended.stop_requested() && !isStopped()) {
        if (m_group->isFirst() && m_control.isAsked(Request::Stop)) m_request.request_stop();
        if (!m_group->isAlone()) shareRequests();
        std::this_thread::sleep_for(pollInterval);
    }
}

void RunSession::shareRequests() {
    if (m_request.stop_requested()) m_group->askStop();
    if (m_group->isStopAsked() || !m_group->failure().empty()) m_request.request_stop();
}

bool RunSession::agreeOnStop() {
    if (m_group->any(m_request.stop_requested())) m_stop.request_stop();
    return isStopped();
}

std::optional<double> RunSession::secondsLeft(std::int64_t step) const {
    if (m_stepsBegan == Clock::time_point{} || step <= m_firstStep) return std::nullopt;
    const double seconds = std::chrono::duration<double>(Clock::now() - m_stepsBegan - m_pausedTime).count();
    return seconds / double(step - m_firstStep) * double(m_totalSteps - step);
}

void RunSession::status(const std::string& state, std::int64_t step, bool always) {
    const auto now = Clock::now();
    if (!always && now - m_lastStatus < statusInterval) return;
    m_lastStatus = now;
    m_log.write(StatusEvent{state, step, m_totalSteps, secondsLeft(step)});
}

void RunSession::message(const std::string& level, const std::string& text) {
    m_log.write(MessageEvent{level, text});
}

void RunSession::beginSteps(std::int64_t step) {
    m_firstStep = step;
    m_stepsBegan = Clock::now();
}

bool RunSession::isPaused() const {
    return m_group->any(m_group->isFirst() && m_control.isAsked(Request::Pause));
}

void RunSession::waitWhilePaused(std::int64_t step) {
    if (isStopped() || !isPaused()) return;
    const auto began = Clock::now();
    status("paused", step, true);
    while (!agreeOnStop() && isPaused()) std::this_thread::sleep_for(pollInterval);
    m_pausedTime += Clock::now() - began;
    if (!isStopped()) status("training", step, true);
}

bool RunSession::takeCheckpointRequest() {
    if (!m_group->isFirst() || !m_control.isAsked(Request::Checkpoint)) return false;
    m_control.done(Request::Checkpoint);
    return true;
}

void RunSession::stopCarriedOut() {
    if (m_group->isFirst()) m_control.done(Request::Stop);
}

void RunSession::checkLog() const {
    if (const std::string failure = m_log.failure(); !failure.empty())
        throw Error("the run's log can no longer be written: " + failure, m_run.eventsFile().string());
}

}  // namespace retort
