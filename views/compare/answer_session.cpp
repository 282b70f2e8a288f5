#include "views/compare/answer_session.h"

#include <chrono>
#include <exception>

#include "views/lab.h"

namespace retort {

namespace {

AnswerOutcome ask(const AnswerService& service, const AnswerRequest& request, const std::stop_token& stop) {
    AnswerOutcome outcome;
    const auto began = std::chrono::steady_clock::now();
    try {
        outcome.answers = service(request, stop);
    } catch (const Error& error) {
        outcome.error = errorText(error);
    } catch (const std::exception& error) {
        outcome.error = QString::fromUtf8(error.what());
    }
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return outcome;
}

}  // namespace

AnswerSession::AnswerSession(QObject* parent) : QObject(parent) {}

AnswerSession::~AnswerSession() {
    cancel();
}

void AnswerSession::setService(AnswerService service) {
    cancel();
    m_service = std::move(service);
}

void AnswerSession::start(std::vector<AnswerRequest> requests) {
    cancel();
    m_busy = true;
    const quint64 job = ++m_job;
    // The thread before may still read a model: it is waited for in the new one, not here.
    m_thread = std::jthread([this, job, service = m_service, requests = std::move(requests),
                             before = std::move(m_thread)](const std::stop_token& stop) mutable {
        if (before.joinable()) before.join();
        const auto tell = [this, job](auto call) {
            QMetaObject::invokeMethod(
                this,
                [this, job, call = std::move(call)] {
                    if (job == m_job && m_busy) call();
                },
                Qt::QueuedConnection);
        };
        for (int place = 0; place < static_cast<int>(requests.size()) && !stop.stop_requested(); ++place) {
            tell([this, place] { Q_EMIT began(place); });
            AnswerOutcome outcome = ask(service, requests[static_cast<std::size_t>(place)], stop);
            tell([this, place, outcome = std::move(outcome)] { Q_EMIT answered(place, outcome); });
        }
        tell([this] {
            m_busy = false;
            Q_EMIT ended();
        });
    });
}

void AnswerSession::cancel() {
    m_thread.request_stop();
    m_busy = false;
}

}  // namespace retort
