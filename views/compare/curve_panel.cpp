#include "views/compare/curve_panel.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

#include "views/compare/table_panel.h"
#include "views/models/format.h"
#include "views/session.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

using Kind = BenchMeasure::Kind;

constexpr Kind kKinds[] = {Kind::Loss, Kind::Accuracy, Kind::Length};

/// The curve, and thin behind it the straight line between its ends.
PlotSeries lineOf(const std::vector<InterpolationPoint>& points, const BenchMeasure& measure,
                  std::size_t color) {
    PlotSeries series;
    series.color = seriesColor(color);
    std::vector<LossAt> values;
    for (const LossAt& at : lossesOf(points, measure))
        values.push_back({at.t, measure.kind == Kind::Accuracy ? 1 - at.loss : at.loss});
    for (const LossAt& at : values) {
        if (std::isfinite(at.loss))
            series.points.emplace_back(at.t, at.loss);
        else if (measure.kind == Kind::Loss)
            series.breaks.push_back(at.t);
        if (const auto chord = lossOnChord(values, at.t)) series.raw.emplace_back(at.t, *chord);
    }
    if (measure.kind != Kind::Loss) return series;
    const auto barrier = lossBarrier(values);
    if (barrier && barrier->height > 0 && std::isfinite(barrier->height)) {
        const double chord = *lossOnChord(values, barrier->at);
        series.spans.push_back({barrier->at, chord, chord + barrier->height,
                                CurvePanel::tr("barrier %1 at t = %2")
                                    .arg(formatNumber(barrier->height), shareText(barrier->at))});
    }
    return series;
}

}  // namespace

CurvePanel::CurvePanel(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_summary(new QLabel(this)),
      m_measure(new QComboBox(this)),
      m_linesButton(new QToolButton(this)),
      m_lines(new QMenu(m_linesButton)),
      m_plot(new PlotView(this)),
      m_barriers(new TablePanel(lab, tr("Barriers"), this)),
      m_table(new TablePanel(lab, tr("Points of the curve"), this)) {
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_summary->setAccessibleName(tr("About the curve"));
    m_measure->setObjectName(QStringLiteral("interpolationMeasure"));
    m_measure->setAccessibleName(tr("Measure"));
    m_measure->addItems({tr("Loss"), tr("Accuracy"), tr("Length")});  // as kKinds
    markRemembered(m_measure);
    connect(m_measure, &QComboBox::currentIndexChanged, this, &CurvePanel::showChart);
    m_linesButton->setText(tr("&Lines"));
    m_linesButton->setToolTip(tr("Which tasks are drawn"));
    m_linesButton->setPopupMode(QToolButton::InstantPopup);
    m_linesButton->setFocusPolicy(Qt::TabFocus);
    m_linesButton->setMenu(m_lines);
    QToolButton* more = exportButton(tr("Interpolation curve"), this);
    addPlotMenu(lab, more, m_plot);

    auto* head = new QHBoxLayout;
    head->addWidget(m_summary, 1);
    head->addWidget(m_measure, 0, Qt::AlignTop);
    head->addWidget(m_linesButton, 0, Qt::AlignTop);
    head->addWidget(more, 0, Qt::AlignTop);
    auto* left = new QWidget(this);
    auto* leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->addLayout(head);
    leftLayout->addWidget(m_plot, 1);
    auto* tables = new QSplitter(Qt::Vertical, this);
    tables->setObjectName(QStringLiteral("interpolationTables"));
    tables->setChildrenCollapsible(false);
    tables->addWidget(m_barriers);
    tables->addWidget(m_table);
    tables->setSizes({190, 200});
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("interpolationCurveSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(tables);
    splitter->setSizes({640, 480});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    m_barriers->setNote(tr("Barriers: the mean over the tasks, and each"));
    m_table->setNote(tr("Points: Enter copies the recipe of one"));
    connect(m_table, &TablePanel::activated, this, [this](int row) {
        const auto losses = lossesOf(m_points, {Kind::Loss, {}});
        if (row >= 0 && row < static_cast<int>(losses.size()))
            Q_EMIT recipeWanted(losses[static_cast<std::size_t>(row)].t);
    });
    show({}, {}, {}, false);
}

void CurvePanel::show(std::vector<InterpolationPoint> points, const QString& first, const QString& second,
                      bool isPart) {
    m_points = std::move(points);
    m_first = first;
    m_second = second;
    m_isPart = isPart;
    if (const auto tasks = tasksOf(m_points); tasks != m_tasks) {
        m_tasks = tasks;
        offerLines();
    }
    m_barriers->setTable(barrierTable(m_points));
    m_table->setTable(curveTable(m_points));
    showSummary();
    showChart();
}

void CurvePanel::offerLines() {
    m_lines->clear();
    const auto add = [this](const std::string& task, const QString& text) {
        QAction* action = m_lines->addAction(text);
        action->setCheckable(true);
        action->setChecked(isShown(task));
        connect(action, &QAction::toggled, this, [this, name = toQString(task)](bool on) {
            if (on)
                m_hidden.remove(name);
            else
                m_hidden.insert(name);
            showChart();
        });
    };
    m_linesButton->setEnabled(m_tasks.size() > 1);
    if (m_tasks.size() < 2) return;
    add({}, tr("Mean of the tasks"));
    for (const std::string& task : m_tasks) add(task, toQString(task));
}

void CurvePanel::showChart() {
    const Kind kind = kKinds[std::max(0, m_measure->currentIndex())];
    const bool several = m_tasks.size() > 1;
    std::vector<PlotSeries> series;
    if (several && isShown({})) {
        series.push_back(lineOf(m_points, {kind, {}}, 0));
        series.back().name = tr("mean");
    }
    for (std::size_t i = 0; i < m_tasks.size(); ++i) {
        if (several && !isShown(m_tasks[i])) continue;
        series.push_back(lineOf(m_points, {kind, m_tasks[i]}, several ? i + 1 : 0));
        series.back().name = toQString(m_tasks[i]);
        // With the mean there, its barrier is the one that is pointed out.
        if (several && isShown({})) series.back().spans.clear();
    }
    std::erase_if(series, [](const PlotSeries& each) { return each.points.empty() && each.breaks.empty(); });
    m_plot->setTitle(
        kind == Kind::Loss
            ? tr("Loss on the way from A to B; thin: the line between the ends")
            : tr("%1 on the way from A to B; thin: the line between the ends").arg(m_measure->currentText()));
    m_plot->setAxisTitles(tr("t (0 is A, 1 is B)"), m_measure->currentText());
    m_plot->setYCovers(kind == Kind::Accuracy ? std::optional(std::pair(0.0, 1.0)) : std::nullopt);
    m_plot->setSeries(std::move(series));
}

QString CurvePanel::letterNote() const {
    return tr("A is %1, B is %2.").arg(m_first, m_second);
}

void CurvePanel::showSummary() {
    const auto losses = lossesOf(m_points, {Kind::Loss, {}});
    if (losses.empty())
        return m_summary->setText(tr(
            "Checkpoints that are joined by a line of low loss can be merged by averaging; a barrier between "
            "them says that they cannot. The curve shows which of the two it is."));
    QStringList lines;
    if (const auto barrier = lossBarrier(losses); barrier && losses.size() > 2) {
        const QString soFar = m_isPart ? tr("So far: ") : QString();
        const QString what = m_tasks.size() > 1 ? tr("mean loss") : tr("loss");
        if (!(barrier->height > 0))
            lines
                << soFar +
                       tr("no barrier: at none of the %1 points the %2 lies above the line between the ends.")
                           .arg(losses.size())
                           .arg(what);
        else
            lines << soFar + tr("the %1 rises %2 above the line between the ends, at t = %3.")
                                 .arg(what, formatNumber(barrier->height), shareText(barrier->at));
        lines.back()[0] = lines.back()[0].toUpper();
    }
    // A merge may lose answers where the loss does not rise.
    const auto errors = lossBarrier(lossesOf(m_points, {Kind::Accuracy, {}}));
    if (errors && errors->height > 0)
        lines << tr("The share of wrong answers rises %1 above its own line, at t = %2.")
                     .arg(formatNumber(errors->height), shareText(errors->at));
    for (const LossAt& at : losses)
        if (!std::isfinite(at.loss))
            lines << QStringLiteral("⚠ ") + tr("At t = %1 the loss is not a number.").arg(shareText(at.t));
    lines << letterNote();
    m_summary->setText(lines.join(QLatin1Char(' ')));
}

}  // namespace retort
