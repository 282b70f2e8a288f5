#include "views/merge/sweep_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/analysis/interpolation.h"
#include "core/util/error.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/session.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

namespace retort {

SweepPanel::SweepPanel(QWidget* parent) : QWidget(parent) {
    m_target = new QComboBox(this);
    m_target->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_target->setMinimumContentsLength(26);
    auto* label = new QLabel(tr("S&weep"), this);
    label->setBuddy(m_target);
    m_values = new QLineEdit(QStringLiteral("0:1:0.1"), this);
    m_values->setAccessibleName(tr("Values of the sweep"));
    m_values->setToolTip(tr("From:to:step, or values with commas between them"));
    m_values->setMaximumWidth(fontMetrics().averageCharWidth() * 22);
    connect(m_values, &QLineEdit::returnPressed, this, &SweepPanel::start);
    m_start = new QPushButton(tr("Measure the &row"), this);
    connect(m_start, &QPushButton::clicked, this, &SweepPanel::start);
    m_cancel = new QPushButton(tr("Ca&ncel"), this);
    connect(m_cancel, &QPushButton::clicked, this, &SweepPanel::cancelRequested);
    m_progress = new QProgressBar(this);
    m_progress->setMaximumHeight(14);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the sweep"));
    m_measure = new QComboBox(this);
    m_measure->setObjectName(QStringLiteral("mergeSweepMeasure"));
    m_measure->setAccessibleName(tr("Measure"));
    m_measure->addItems({tr("Accuracy"), tr("Length"), tr("Loss")});  // as BenchMeasure::Kind
    markRemembered(m_measure);
    connect(m_measure, &QComboBox::currentIndexChanged, this, &SweepPanel::showCurve);
    m_note = new QLabel(this);
    m_note->setWordWrap(true);
    m_plot = new PlotView(this);
    auto* bar = new QHBoxLayout;
    for (QWidget* each : {static_cast<QWidget*>(label), static_cast<QWidget*>(m_target),
                          static_cast<QWidget*>(m_values), static_cast<QWidget*>(m_start)})
        bar->addWidget(each);
    bar->addWidget(m_progress, 1);
    bar->addWidget(m_cancel);
    bar->addStretch(0);
    bar->addWidget(m_measure);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_note);
    layout->addWidget(m_plot, 1);
    showState();
    showCurve();
}

void SweepPanel::setTargets(const QStringList& targets) {
    const QString before = m_target->currentText();
    m_target->clear();
    m_target->addItems(targets);
    m_target->setCurrentIndex(std::max(targets.isEmpty() ? -1 : 0, m_target->findText(before)));
    showState();
}

int SweepPanel::target() const {
    return m_target->currentIndex();
}

void SweepPanel::setObstacle(const QString& reason) {
    if (reason == m_obstacle) return;
    m_obstacle = reason;
    showState();
}

void SweepPanel::start() {
    if (!m_start->isEnabled()) return;
    try {
        const std::vector<double> values = sweepValues(m_values->text());
        m_note->clear();
        Q_EMIT sweepRequested(target(), values);
    } catch (const Error& error) {
        m_note->setText(QStringLiteral("✗ ") + errorText(error));
        m_values->setFocus();
    }
}

void SweepPanel::begin(int count, const QString& axis) {
    m_points.clear();
    m_going = true;
    m_axis = axis;
    m_progress->setRange(0, count);
    m_progress->setValue(0);
    m_plot->resetZoom();
    showState();
    showCurve();
}

void SweepPanel::add(double x, std::vector<MergeBenchTask> tasks) {
    m_points.push_back({x, std::move(tasks)});
    std::stable_sort(m_points.begin(), m_points.end(),
                     [](const Point& a, const Point& b) { return a.x < b.x; });
    m_progress->setValue(static_cast<int>(m_points.size()));
    showCurve();
}

void SweepPanel::end() {
    m_going = false;
    showState();
    showBarrier();
}

void SweepPanel::showCurve() {
    const auto kind = static_cast<BenchMeasure::Kind>(std::max(0, m_measure->currentIndex()));
    std::vector<std::string> tasks;
    for (const Point& point : m_points)
        for (const MergeBenchTask& task : point.tasks)
            if (std::find(tasks.begin(), tasks.end(), task.name) == tasks.end()) tasks.push_back(task.name);
    std::vector<PlotSeries> series;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        PlotSeries line;
        line.name = toQString(tasks[i]);
        line.color = seriesColor(i);
        for (const Point& point : m_points)
            if (const auto value = BenchMeasure{kind, tasks[i]}.of(point.tasks))
                line.points.emplace_back(point.x, *value);
        if (!line.points.empty()) series.push_back(std::move(line));
    }
    m_plot->setTitle(m_points.empty() ? tr("Interpolation curve")
                                      : tr("%1 over %2").arg(m_measure->currentText(), m_axis));
    m_plot->setAxisTitles(m_axis, m_measure->currentText());
    m_plot->setYCovers(kind == BenchMeasure::Kind::Accuracy ? std::optional(std::pair(0.0, 1.0))
                                                            : std::nullopt);
    m_plot->setSeries(std::move(series));
}

/// The barrier of the mean loss, between the ends of the sweep.
void SweepPanel::showBarrier() {
    if (m_points.size() < 3) return;
    const BenchMeasure loss{BenchMeasure::Kind::Loss, {}};
    const double from = m_points.front().x, width = m_points.back().x - from;
    if (width <= 0) return;
    std::vector<LossAt> losses;
    for (const Point& point : m_points)
        if (const auto value = loss.of(point.tasks)) losses.push_back({(point.x - from) / width, *value});
    const auto barrier = lossBarrier(losses);
    if (!barrier) return;
    m_note->setText(barrier->height > 0
                        ? tr("Barrier of the mean loss: %1 above the line between the ends, at %2.")
                              .arg(formatNumber(barrier->height), formatNumber(from + barrier->at * width))
                        : tr("No barrier: the mean loss lies on or below the line between the ends."));
}

void SweepPanel::showState() {
    const bool possible = m_obstacle.isEmpty() && m_target->count() > 0;
    m_start->setVisible(!m_going);
    m_start->setEnabled(possible);
    m_progress->setVisible(m_going);
    m_cancel->setVisible(m_going);
    m_target->setEnabled(!m_going);
    m_values->setEnabled(!m_going);
    if (!m_going && m_points.empty())
        m_note->setText(!m_obstacle.isEmpty()
                            ? m_obstacle
                            : tr("Measures a row of points, such as λ from 0 to 1, and draws "
                                 "what happens on the way."));
}

}  // namespace retort
