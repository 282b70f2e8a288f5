// What the interpolation tab shows: results, state, and what is measured on what.
#include <QComboBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>

#include "views/compare/curve_panel.h"
#include "views/compare/interpolation_tab.h"
#include "views/merge/task_panel.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr qsizetype kMostNamed = 3;  // tasks, before the rest is counted

}  // namespace

void InterpolationTab::showEverything() {
    m_pace.stop();
    showResults();
    showState();
}

void InterpolationTab::showResults() {
    const Subject now = isMeasuring() ? m_going : subject();
    if (now.mode == Mode::Curve) {
        std::vector<InterpolationPoint> points;
        if (const auto known = m_curves.find(now.key); known != m_curves.end())
            for (const auto& [slot, point] : known->second) points.push_back(point);
        m_curve->show(std::move(points), now.names.value(0), now.names.value(1), isMeasuring());
    } else if (const auto known = m_planes.find(now.key); known != m_planes.end()) {
        const auto side = static_cast<std::size_t>(m_planeDetail->currentData().toInt());
        m_plane->show(known->second, side, now.names, isMeasuring());
    } else {
        m_plane->showNothing();
    }
}

void InterpolationTab::showState() {
    const bool going = isMeasuring(), isPlane = chosenMode() == Mode::Plane;
    const QString obstacle = going ? QString() : this->obstacle();
    const Subject now = going ? m_going : subject();
    m_third->setVisible(isPlane);
    m_curveDetail->setVisible(!isPlane);
    m_planeDetail->setVisible(isPlane);
    for (QSpinBox* box : m_tasks->findChildren<QSpinBox*>())
        box->setVisible(now.effort == InterpolationEffort::Accuracy);
    for (QLabel* label : m_tasks->findChildren<QLabel*>())
        if (label->buddy()) label->setVisible(now.effort == InterpolationEffort::Accuracy);
    for (QWidget* each :
         std::initializer_list<QWidget*>{m_mode, m_effort, m_curveDetail, m_planeDetail, m_tasks})
        each->setEnabled(!going);
    for (QComboBox* box : m_choices) box->setEnabled(!going && !m_checkpoints.empty());
    m_button->setText(going ? tr("&Cancel") : tr("&Measure"));
    m_button->setEnabled(going || (obstacle.isEmpty() && !missing(now).empty()));
    m_progress->setVisible(going);
    const bool isCounting = going && !m_geometryJob && !m_isOpening;
    m_progress->setRange(0, isCounting ? int(m_run.total()) : 0);
    if (isCounting) m_progress->setValue(int(m_run.done()));
    m_message->setText(obstacle);
    m_stack->setCurrentWidget(!obstacle.isEmpty() ? m_message
                              : isPlane           ? static_cast<QWidget*>(m_plane)
                                                  : m_curve);
    QStringList lines;
    if (going)
        lines << goingText();
    else if (obstacle.isEmpty())
        lines << (!m_problem.isEmpty() ? QStringLiteral("✗ ") + m_problem
                  : !m_said.isEmpty()  ? m_said
                                       : restText(now));
    if (obstacle.isEmpty())
        for (const std::string& warning : m_facts.warnings)
            lines << QStringLiteral("⚠ ") + toQString(warning);
    m_status->setText(lines.join(QLatin1Char('\n')));
}

QString InterpolationTab::goingText() const {
    if (m_geometryJob) return tr("Measuring the distances and angles between the three…");
    if (m_isOpening || m_run.total() == 0) return tr("Reading the models…");
    QString text = tr("%1 of %2 points").arg(m_run.done()).arg(m_run.total());
    if (m_run.done() > 2)
        text += tr(", about %1 left")
                    .arg(formatDuration(m_run.secondsEach() * double(m_run.total() - m_run.done())));
    return text + QStringLiteral(" · ") + restText(m_going);
}

/// What is measured, and on what.
QString InterpolationTab::restText(const Subject& subject) const {
    QStringList names;
    for (const BenchTask& task : m_tasks->chosen()) names << toQString(task.name);
    const QString on = names.size() <= kMostNamed
                           ? names.join(QStringLiteral(", "))
                           : tr("%1 and %2 more")
                                 .arg(names.mid(0, kMostNamed - 1).join(QStringLiteral(", ")),
                                      QString::number(names.size() - kMostNamed + 1));
    QString text =
        tr("Loss: cross entropy of the reference completions, at most %1 held-out problems a task (%2).")
            .arg(examplesEach(subject.effort == InterpolationEffort::Quick, std::size_t(names.size())))
            .arg(on);
    if (subject.effort == InterpolationEffort::Accuracy)
        text += QLatin1Char(' ') +
                tr("Accuracy: greedy answers to %1 problems a task.").arg(subject.request.numProblems);
    if (!isMeasuring() && missing(subject).empty()) text += QLatin1Char(' ') + tr("All points are measured.");
    return text;
}

}  // namespace retort
