#include "views/compare/interpolation_run.h"

#include <utility>

namespace retort {

InterpolationRun::InterpolationRun(QObject* parent) : QObject(parent) {}

void InterpolationRun::setOpener(MeasureSession::Opener open) {
    cancel();
    m_open = std::move(open);
    if (m_session) m_session->setOpener(m_open);
}

void InterpolationRun::start(MergeBenchRequest request, std::vector<std::string> folders,
                             InterpolationEffort effort, std::vector<std::vector<double>> weights) {
    cancel();
    if (!m_open || weights.empty()) return;
    m_request = std::move(request);
    m_folders = std::move(folders);
    m_effort = effort;
    m_weights = std::move(weights);
    m_done = 0;
    m_seconds = 0;
    // Generation cannot be left out of a close look: one token for one problem of each task is the least of
    // it, and is not shown.
    if (m_effort != InterpolationEffort::Accuracy) m_request.numProblems = m_request.maxCompletionLength = 1;
    if (!m_session) {
        m_session = std::make_unique<MeasureSession>();
        m_session->setOpener(m_open);
        connect(m_session.get(), &MeasureSession::opening, this, &InterpolationRun::opening);
        connect(m_session.get(), &MeasureSession::measured, this,
                [this](quint64 job, MergeBenchEffort, const MergeBenchPoint& point) {
                    if (m_isGoing && job == m_job) accept(point);
                });
        connect(m_session.get(), &MeasureSession::failed, this, [this](quint64 job, const QString& message) {
            if (!m_isGoing || job != m_job) return;
            Q_EMIT failed(message);
            end();
        });
        // Queued by the session's thread when it has nothing more to do: deleting it waits for nothing then.
        connect(
            m_session.get(), &MeasureSession::idle, this,
            [this] {
                if (!m_isGoing) m_session.reset();
            },
            Qt::QueuedConnection);
    }
    m_isGoing = true;
    next();
}

void InterpolationRun::next() {
    m_request.recipe = linearRecipe(m_folders, m_weights[m_done]);
    m_job = m_effort == InterpolationEffort::Quick ? m_session->measure(m_request, MergeBenchEffort::Coarse)
                                                   : m_session->add(m_request);
}

void InterpolationRun::accept(const MergeBenchPoint& found) {
    InterpolationPoint point{m_weights[m_done], found.tasks};
    if (m_effort != InterpolationEffort::Accuracy)
        for (MergeBenchTask& task : point.tasks) {
            task.accuracy.reset();
            task.meanLength.reset();
            task.problems = 0;
        }
    m_seconds += found.seconds;
    ++m_done;
    Q_EMIT measured(point);
    if (!m_isGoing) return;  // whoever heard of it cancelled
    m_done < m_weights.size() ? next() : end();
}

void InterpolationRun::cancel() {
    if (m_isGoing) end();
}

void InterpolationRun::end() {
    m_isGoing = false;
    m_session->cancel();
    Q_EMIT ended();
}

}  // namespace retort
