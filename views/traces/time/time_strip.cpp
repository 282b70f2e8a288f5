#include "views/traces/time/time_strip.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/models/format.h"
#include "views/traces/time/moment_strip.h"
#include "views/widgets/theme.h"

namespace retort {

TimeStrip::TimeStrip(QWidget* parent)
    : QWidget(parent),
      m_runs(new QComboBox(this)),
      m_label(new QLabel(this)),
      m_playButton(new QToolButton(this)),
      m_moments(new MomentStrip(this)) {
    m_play.setInterval(700);
    connect(&m_play, &QTimer::timeout, this, [this] {
        if (m_moments->value() >= m_moments->maximum()) return togglePlaying();
        m_moments->setValue(m_moments->value() + 1);
    });
    m_runs->setAccessibleName(tr("Runs with this problem"));
    m_runs->setToolTip(tr("The same problem in other runs"));
    m_runs->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_runs->setMinimumContentsLength(14);
    m_playButton->setAutoRaise(true);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    connect(m_playButton, &QToolButton::clicked, this, &TimeStrip::togglePlaying);
    connect(m_runs, &QComboBox::activated, this, &TimeStrip::chooseRun);
    connect(m_moments, &QAbstractSlider::valueChanged, this, [this](int value) {
        showLabel();
        Q_EMIT momentChosen(m_moments->moments()[static_cast<std::size_t>(value)]);
    });
    auto* line = new QHBoxLayout;
    line->addWidget(m_playButton);
    line->addWidget(m_label, 1);
    line->addWidget(m_runs);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(line);
    layout->addWidget(m_moments);
    showPlaying();
    hide();
}

const RunTimeline* TimeStrip::shown() const {
    const auto found = std::find_if(m_timelines.begin(), m_timelines.end(),
                                    [this](const RunTimeline& each) { return each.run == m_run; });
    return found == m_timelines.end() ? nullptr : &*found;
}

void TimeStrip::setTimelines(std::vector<RunTimeline> timelines, RowId run, const Trace& trace) {
    if (trace.problemId != m_trace.problemId && m_play.isActive()) togglePlaying();
    m_timelines = std::move(timelines);
    showTrace(run, trace);
}

void TimeStrip::showTrace(RowId run, const Trace& trace) {
    m_run = run;
    m_trace = {};
    m_trace.step = trace.step;
    m_trace.phase = trace.phase;
    m_trace.problemId = trace.problemId;
    {
        const QSignalBlocker quiet(m_runs);
        m_runs->clear();
        for (const RunTimeline& each : m_timelines) {
            m_runs->addItem(
                tr("%1 (%n step(s))", nullptr, static_cast<int>(each.moments.size())).arg(each.name),
                static_cast<qlonglong>(each.run));
            if (each.run == run) m_runs->setCurrentIndex(m_runs->count() - 1);
        }
    }
    m_runs->setVisible(m_timelines.size() > 1);
    showMoments();
    setVisible(hasMoments());
}

bool TimeStrip::hasMoments() const {
    return m_timelines.size() > 1 || (shown() && shown()->moments.size() > 1);
}

void TimeStrip::showMoments() {
    const RunTimeline* timeline = shown();
    const std::vector<ProblemMoment> moments = timeline ? timeline->moments : std::vector<ProblemMoment>();
    m_moments->setMoments(moments, std::max(0, momentAt(moments, m_trace.step, m_trace.phase)));
    m_moments->setPinned(m_pin.run == m_run && m_pin.run != 0 ? momentAt(moments, m_pin.step, m_pin.phase)
                                                              : -1);
    showLabel();
}

void TimeStrip::chooseRun() {
    const RowId run = m_runs->currentData().toLongLong();
    if (run == m_run) return;
    m_run = run;
    showMoments();
    const auto& moments = m_moments->moments();
    if (!moments.empty()) Q_EMIT momentChosen(moments[static_cast<std::size_t>(m_moments->value())]);
}

void TimeStrip::showLabel() {
    const int at = m_moments->value();
    const QString text = m_moments->describe(at);
    m_label->setText(
        text.isEmpty()
            ? text
            : tr("Same problem, %1 of %2: %3").arg(at + 1).arg(m_moments->moments().size()).arg(text));
    m_label->setToolTip(m_label->text());
}

void TimeStrip::move(int by) {
    m_moments->setValue(m_moments->value() + by);
}

void TimeStrip::togglePlaying() {
    if (m_play.isActive()) {
        m_play.stop();
    } else if (m_moments->maximum() > 0) {
        if (m_moments->value() == m_moments->maximum()) m_moments->setValue(0);
        m_play.start();
    }
    showPlaying();
}

void TimeStrip::showPlaying() {
    const bool plays = m_play.isActive();
    m_playButton->setIcon(lineIcon(plays ? QStringLiteral("pause") : QStringLiteral("resume")));
    const QString text = plays ? tr("Pause  (Space)") : tr("Play through training  (Space)");
    m_playButton->setToolTip(text);
    m_playButton->setAccessibleName(plays ? tr("Pause") : tr("Play through training"));
}

void TimeStrip::setPinned(RowId run, std::int64_t step, const std::string& phase) {
    m_pin = {run, step, phase};
    showMoments();
}

void TimeStrip::unpin() {
    m_pin = {};
    m_moments->setPinned(-1);
}

}  // namespace retort
