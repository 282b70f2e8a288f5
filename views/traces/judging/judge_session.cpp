#include "views/traces/judging/judge_session.h"

#include <exception>

#include "core/traces/detectors.h"
#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

JudgedRow rowOf(const JudgeJob& job, JudgedTrace&& judged) {
    JudgedRow row;
    row.id = job.ids[judged.trace];
    row.run = job.run;
    row.tree = std::move(judged.tree);
    row.rollouts = judged.rollouts;
    row.tokens = judged.tokens;
    if (judged.lane.steps.empty()) {
        row.note = toQString(judged.stepsFrom);
    } else {
        row.lanes.push_back(std::move(judged.lane));
    }
    return row;
}

}  // namespace

JudgeSession::JudgeSession(QObject* parent) : QObject(parent) {}

JudgeSession::~JudgeSession() {
    m_thread.request_stop();
}

void JudgeSession::start(std::vector<JudgeJob> jobs) {
    m_thread.request_stop();
    m_busy = true;
    const quint64 number = ++m_job;
    // The thread before may still read a model: it is waited for in the new one, not here.
    m_thread = std::jthread([this, number, service = m_service, jobs = std::move(jobs),
                             before = std::move(m_thread)](const std::stop_token& stop) mutable {
        if (before.joinable()) before.join();
        const auto tell = [this, number](auto call) {
            QMetaObject::invokeMethod(
                this,
                [this, number, call = std::move(call)] {
                    if (number == m_job && m_busy) call();
                },
                Qt::QueuedConnection);
        };
        try {
            for (const JudgeJob& job : jobs) {
                if (stop.stop_requested()) break;
                if (job.withDetectors) {
                    for (std::size_t i = 0; i < job.ids.size() && !stop.stop_requested(); ++i) {
                        JudgedRow row{job.ids[i], job.run, detectAll(job.request.traces[i]), {}, {}, 0, 0};
                        tell([this, row = std::move(row)] { Q_EMIT judged(row); });
                    }
                    continue;
                }
                service(
                    job.request,
                    [&](JudgedTrace judgedTrace) {
                        if (judgedTrace.trace >= job.ids.size()) return;
                        tell([this, row = rowOf(job, std::move(judgedTrace))] { Q_EMIT judged(row); });
                    },
                    stop);
            }
        } catch (const Error& error) {
            tell([this, text = errorText(error)] { Q_EMIT failed(text); });
        } catch (const std::exception& error) {
            tell([this, text = QString::fromUtf8(error.what())] { Q_EMIT failed(text); });
        }
        tell([this] {
            m_busy = false;
            Q_EMIT ended();
        });
    });
}

void JudgeSession::cancel() {
    if (!m_busy) return;
    m_thread.request_stop();
    m_busy = false;
    Q_EMIT ended();
}

}  // namespace retort
