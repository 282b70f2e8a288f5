#include "views/merge/bench_measuring.h"

namespace retort {

BenchMeasuring::BenchMeasuring(QObject* parent) : QObject(parent) {
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, [this] {
        if (m_followed) measure(*std::exchange(m_followed, std::nullopt));
    });
    connect(&m_session, &MeasureSession::opening, this,
            [this] { Q_EMIT activityChanged(tr("Reading the models…")); });
    connect(&m_session, &MeasureSession::measured, this, &BenchMeasuring::accept);
    connect(&m_session, &MeasureSession::failed, this, [this](quint64 job, const QString& message) {
        Q_EMIT failed(message);
        if (isSweeping()) return cancel();  // the rest would fail alike
        endJob(job);
    });
    connect(&m_session, &MeasureSession::idle, this, [this] {
        if (!m_session.isBusy()) Q_EMIT activityChanged({});
    });
}

void BenchMeasuring::follow(BenchSubject subject) {
    if (isSweeping()) return;
    const quint64 job = m_session.measure(subject.request, MergeBenchEffort::Coarse);
    std::erase_if(m_asked, [](const auto& each) { return !each.second.x; });  // only the newest counts
    m_asked[job] = {subject, std::nullopt};
    m_followed = std::move(subject);
    m_rest.start();
    Q_EMIT activityChanged(tr("Taking a first look…"));
}

void BenchMeasuring::rest() {
    m_rest.stop();
    m_followed.reset();
    if (!isSweeping()) cancel();
}

void BenchMeasuring::measure(BenchSubject subject) {
    if (isSweeping()) return;
    m_rest.stop();
    m_followed.reset();
    const quint64 job = m_session.measure(subject.request, MergeBenchEffort::Refined);
    m_asked[job] = {std::move(subject), std::nullopt};
    Q_EMIT activityChanged(tr("Measuring…"));
}

void BenchMeasuring::sweep(std::vector<std::pair<double, BenchSubject>> row) {
    cancel();
    m_sweepLeft = static_cast<int>(row.size());
    for (auto& [x, subject] : row) {
        const quint64 job = m_session.add(subject.request);
        m_asked[job] = {std::move(subject), x};
    }
    Q_EMIT activityChanged(tr("Measuring a row of %n point(s)…", nullptr, m_sweepLeft));
}

void BenchMeasuring::cancel() {
    m_session.cancel();
    m_rest.stop();
    m_followed.reset();
    m_asked.clear();
    if (std::exchange(m_sweepLeft, 0) > 0) Q_EMIT sweepEnded();
    Q_EMIT activityChanged({});
}

void BenchMeasuring::accept(quint64 job, MergeBenchEffort effort, const MergeBenchPoint& found) {
    const auto asked = m_asked.find(job);
    // A coarse look at a place that the slider has left still shows where it is going.
    Q_EMIT looked(found.tasks, effort);
    if (asked == m_asked.end() || effort == MergeBenchEffort::Coarse) return;
    const Asked of = asked->second;
    BenchPoint point{0,           of.subject.recipe, of.subject.method,  of.subject.coefficients,
                     found.tasks, found.seconds,     of.subject.setting, of.x.has_value()};
    if (of.x)
        Q_EMIT swept(*of.x, point);
    else
        Q_EMIT measured(point);
    endJob(job);
}

void BenchMeasuring::endJob(quint64 job) {
    const auto asked = m_asked.find(job);
    if (asked == m_asked.end()) return;
    const bool ofSweep = asked->second.x.has_value();
    m_asked.erase(asked);
    if (ofSweep && --m_sweepLeft == 0) Q_EMIT sweepEnded();
}

}  // namespace retort
