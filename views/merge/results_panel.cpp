#include "views/merge/results_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "views/merge/point_model.h"
#include "views/merge/table_export.h"
#include "views/merge/trade_off_view.h"
#include "views/models/format.h"
#include "views/models/row_delegate.h"

namespace retort {

ResultsPanel::ResultsPanel(std::function<QString(const std::string&)> shortName, QWidget* parent)
    : QWidget(parent),
      m_model(new PointModel(std::move(shortName), this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_chart(new TradeOffView(this)) {
    const auto chooser = [this](const QString& name) {
        auto* combo = new QComboBox(this);
        combo->setAccessibleName(name);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(18);
        connect(combo, &QComboBox::currentIndexChanged, this, &ResultsPanel::showChart);
        return combo;
    };
    m_x = chooser(tr("Measure across"));
    m_y = chooser(tr("Measure upwards"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(PointModel::NumberRole);
    m_table = new QTableView(this);
    m_table->setModel(m_sorted);
    m_table->setAccessibleName(tr("Measured points"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(0, Qt::DescendingOrder);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setItemDelegate(new RowDelegate(m_table));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setToolTip(tr("Double click or Return: the sliders go there"));
    makeExportable(m_table, PointModel::NumberRole, QStringLiteral("merges.csv"));
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex& index) { choose(m_sorted->mapToSource(index).row()); });
    connect(m_chart, &TradeOffView::chosen, this, &ResultsPanel::choose);
    connect(m_chart, &TradeOffView::currentChanged, this, [this](int point) {
        if (point >= 0) m_table->selectRow(m_sorted->mapFromSource(m_model->index(point, 0)).row());
    });
    connect(m_chart, &TradeOffView::frontMoved, this, [this](int a, int b, double t) {
        const auto& points = m_model->points();
        Q_EMIT recipeWanted(toQString(recipeBetween(points[static_cast<std::size_t>(a)],
                                                    points[static_cast<std::size_t>(b)], t)),
                            true);
    });

    auto* bar = new QHBoxLayout;
    const auto labelled = [this, bar](const QString& text, QWidget* field) {
        auto* label = new QLabel(text, this);
        label->setBuddy(field);
        bar->addWidget(label);
        bar->addWidget(field);
    };
    labelled(tr("&Up"), m_y);
    labelled(tr("a&cross"), m_x);
    bar->addStretch(1);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("mergeResultSplitter"));
    splitter->addWidget(m_chart);
    splitter->addWidget(m_table);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({320, 170});
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(splitter, 1);
    offerMeasures();
}

void ResultsPanel::offerMeasures() {
    std::vector<BenchMeasure> all;
    for (const auto kind :
         {BenchMeasure::Kind::Accuracy, BenchMeasure::Kind::Length, BenchMeasure::Kind::Loss}) {
        for (const std::string& task : m_model->tasks()) all.push_back({kind, task});
        all.push_back({kind, {}});
    }
    const bool first = m_x->count() <= 3;  // only means so far
    const bool several = m_model->tasks().size() > 1;
    for (QComboBox* combo : {m_x, m_y}) {
        const QString before = combo->currentText();
        const QSignalBlocker quiet(combo);
        combo->clear();
        for (const BenchMeasure& each : all)
            combo->addItem(each.text(),
                           QStringList{QString::number(static_cast<int>(each.kind)), toQString(each.task)});
        // Two tasks against each other; of one, accuracy against length.
        const auto usual = static_cast<int>(combo == m_x ? 0 : several ? 1 : m_model->tasks().size() + 1);
        const int known = combo->findText(before);
        combo->setCurrentIndex(first || known < 0 ? std::min(usual, combo->count() - 1) : known);
    }
}

BenchMeasure ResultsPanel::measure(const QComboBox* chooser) const {
    const QStringList chosen = chooser->currentData().toStringList();
    if (chosen.size() != 2) return {};
    return {static_cast<BenchMeasure::Kind>(chosen[0].toInt()), chosen[1].toStdString()};
}

void ResultsPanel::add(BenchPoint point) {
    const std::size_t tasks = m_model->tasks().size();
    const int columns = m_model->columnCount();
    m_model->add(std::move(point));
    if (m_model->tasks().size() != tasks) offerMeasures();
    showChart();
    if (m_model->columnCount() != columns) m_table->resizeColumnsToContents();
    m_chart->setCurrent(m_model->rowCount() - 1);
}

void ResultsPanel::clear() {
    m_model->clear();
    offerMeasures();
    showChart();
}

void ResultsPanel::setSetting(const std::string& setting) {
    if (setting == m_setting) return;
    m_setting = setting;
    showChart();
}

const BenchPoint* ResultsPanel::find(const std::string& recipe, const std::string& setting) const {
    for (const BenchPoint& point : m_model->points())
        if (point.recipe == recipe && point.setting == setting) return &point;
    return nullptr;
}

void ResultsPanel::showChart() {
    const BenchMeasure x = measure(m_x), y = measure(m_y);
    m_chart->setAxes({x.text(), x.isBetterHigh()}, {y.text(), y.isBetterHigh()});
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    std::vector<TradeOffPoint> points;
    for (const BenchPoint& point : m_model->points()) {
        const bool comparable = point.setting == m_setting;
        points.push_back({{comparable ? x.of(point.tasks).value_or(none) : none,
                           comparable ? y.of(point.tasks).value_or(none) : none},
                          m_model->describe(point),
                          point.isSweep});
    }
    m_chart->setPoints(std::move(points));
}

void ResultsPanel::choose(int point) {
    if (point < 0 || point >= m_model->rowCount()) return;
    m_chart->setCurrent(point);
    Q_EMIT recipeWanted(toQString(m_model->points()[static_cast<std::size_t>(point)].recipe), false);
}

}  // namespace retort
