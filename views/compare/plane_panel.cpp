#include "views/compare/plane_panel.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "views/compare/plane_map.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/session.h"

namespace retort {

namespace {

using Kind = BenchMeasure::Kind;

constexpr Kind kKinds[] = {Kind::Loss, Kind::Accuracy, Kind::Length};
const QStringList& letters() {
    static const QStringList all = {QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("C")};
    return all;
}

}  // namespace

std::size_t PlaneMeasurements::fineIndex(std::size_t side, std::size_t index) {
    const std::size_t step = (kFinest - 1) / (side - 1);
    return index / side * step * kFinest + index % side * step;
}

PlanePanel::PlanePanel(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_summary(new QLabel(this)),
      m_measure(new QComboBox(this)),
      m_task(new QComboBox(this)),
      m_log(new QCheckBox(tr("L&og colours"), this)),
      m_map(new PlaneMap(this)),
      m_table(new TablePanel(lab, tr("Points of the plane"), this)) {
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_summary->setAccessibleName(tr("About the plane"));
    auto* left = new QWidget(this);
    auto* leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->addWidget(m_summary);
    leftLayout->addWidget(makeBar(lab));
    leftLayout->addWidget(m_map, 1);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("interpolationPlaneSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(m_table);
    splitter->setSizes({680, 440});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    m_table->setNote(tr("Points: Enter copies the recipe of one"));
    connect(m_map, &PlaneMap::currentChanged, this, &PlanePanel::goToCell);
    connect(m_table, &TablePanel::currentRowChanged, this, &PlanePanel::goToRow);
    connect(m_table, &TablePanel::activated, this, [this](int row) {
        if (row >= 0 && row < static_cast<int>(m_rows.size()))
            Q_EMIT recipeWanted(m_rows[static_cast<std::size_t>(row)].point.weights);
    });
    connect(m_map, &PlaneMap::activated, this, [this](std::size_t index) {
        const PlaneGrid& grid = m_map->content().grid;
        const auto weights = m_measured.plane.weights(grid.place(index % grid.side, index / grid.side));
        Q_EMIT recipeWanted({weights.begin(), weights.end()});
    });
    showNothing();
}

QWidget* PlanePanel::makeBar(Lab& lab) {
    auto* bar = new QWidget(this);
    m_measure->setObjectName(QStringLiteral("interpolationPlaneMeasure"));
    m_measure->setAccessibleName(tr("Measure"));
    m_measure->addItems({tr("Loss"), tr("Accuracy"), tr("Length")});  // as kKinds
    markRemembered(m_measure);
    m_task->setAccessibleName(tr("Task"));
    m_task->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_task->addItem(tr("Mean of the tasks"));
    m_log->setObjectName(QStringLiteral("interpolationPlaneLog"));
    m_log->setToolTip(
        tr("Colours by the logarithm: shows the valley where the loss outside is many times higher"));
    m_log->setChecked(true);
    markRemembered(m_log);
    QToolButton* more = exportButton(tr("Map of the plane"), bar);
    auto* menu = new QMenu(more);
    menu->addAction(tr("Copy picture"), m_map, &PlaneMap::copyPicture);
    const auto save = [this, &lab](const QString& format) {
        const QString file =
            QFileDialog::getSaveFileName(this, tr("Save"), QStringLiteral("plane.") + format);
        if (file.isEmpty()) return;
        try {
            m_map->write(file);
        } catch (const Error& error) {
            lab.report(error);
        }
    };
    menu->addAction(tr("Save as PNG…"), this, [save] { save(QStringLiteral("png")); });
    menu->addAction(tr("Save as SVG…"), this, [save] { save(QStringLiteral("svg")); });
    menu->addSeparator();
    menu->addAction(tr("Copy the points"), this,
                    [this] { QGuiApplication::clipboard()->setText(m_table->text(false)); });
    menu->addAction(tr("Save the points as CSV…"), this, [this, &lab] {
        saveText(lab, this, QStringLiteral("plane.csv"), tr("CSV files (*.csv)"), m_table->text(true));
    });
    more->setMenu(menu);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_measure);
    line->addWidget(m_task);
    line->addWidget(m_log);
    line->addStretch(1);
    line->addWidget(more);
    connect(m_measure, &QComboBox::currentIndexChanged, this, &PlanePanel::showMap);
    connect(m_task, &QComboBox::currentIndexChanged, this, &PlanePanel::showMap);
    connect(m_log, &QCheckBox::toggled, this, &PlanePanel::showMap);
    return bar;
}

void PlanePanel::showNothing() {
    m_side = 0;
    m_measured = {};
    fill();
}

void PlanePanel::show(PlaneMeasurements measured, std::size_t side, const QStringList& names, bool isPart) {
    m_measured = std::move(measured);
    m_side = side;
    m_names = names;
    m_isPart = isPart;
    fill();
}

const InterpolationPoint* PlanePanel::pointAt(std::size_t index) const {
    const auto found = m_measured.points.find(PlaneMeasurements::fineIndex(m_side, index));
    return found == m_measured.points.end() ? nullptr : &found->second;
}

/// Table, choice of tasks and map anew.
void PlanePanel::fill() {
    m_rows.clear();
    m_cells.clear();
    if (m_side > 0) {
        const PlaneGrid grid = gridAround(m_measured.plane, PlaneMeasurements::kMargin, m_side);
        for (std::size_t i = 0; i < 3; ++i)
            if (m_measured.corners[i]) {
                const CheckpointPlane::Place place = m_measured.plane.corners()[i];
                m_rows.push_back({letters()[static_cast<int>(i)], place, *m_measured.corners[i]});
                m_cells.push_back(grid.nearest(place));
            }
        for (std::size_t i = 0; i < m_side * m_side; ++i)
            if (const InterpolationPoint* point = pointAt(i)) {
                m_rows.push_back({{}, grid.place(i % m_side, i / m_side), *point});
                m_cells.push_back(i);
            }
    }
    if (!m_rows.empty()) {
        const QSignalBlocker quiet(m_task);
        const auto tasks = tasksOf({m_rows.front().point});
        QStringList names{tr("Mean of the tasks")};
        for (const std::string& task : tasks) names << toQString(task);
        QStringList before;
        for (int i = 0; i < m_task->count(); ++i) before << m_task->itemText(i);
        if (names != before) {
            m_task->clear();
            m_task->addItems(names);
        }
    }
    m_task->setVisible(m_task->count() > 2);
    m_following = true;  // rows are others now: none of them was gone to
    m_table->setTable(planeTable(m_rows, letters()));
    m_following = false;
    showMap();
    showSummary();
    if (const auto current = m_map->current()) goToCell(*current);
}

BenchMeasure PlanePanel::chosen() const {
    BenchMeasure measure{kKinds[std::max(0, m_measure->currentIndex())], {}};
    if (m_task->currentIndex() > 0) measure.task = m_task->currentText().toStdString();
    return measure;
}

void PlanePanel::showMap() {
    PlaneMapContent content;
    const BenchMeasure measure = chosen();
    content.valueTitle = measure.text();
    content.title = tr("The plane of A, B and C: %1").arg(content.valueTitle);
    m_log->setEnabled(measure.kind != Kind::Accuracy);
    if (m_side > 0) {
        content.plane = m_measured.plane;
        content.grid = gridAround(m_measured.plane, PlaneMeasurements::kMargin, m_side);
        content.names = m_names;
        content.isLog = m_log->isChecked() && measure.kind != Kind::Accuracy;
        content.measured.resize(m_side * m_side);
        std::vector<double> own(m_side * m_side, std::numeric_limits<double>::quiet_NaN());
        for (std::size_t i = 0; i < own.size(); ++i)
            if (const InterpolationPoint* point = pointAt(i)) {
                own[i] = valueOf(*point, measure);
                content.measured[i] = true;
            }
        for (const std::size_t shown : standIns(m_side, content.measured))
            content.values.push_back(shown < own.size() ? own[shown]
                                                        : std::numeric_limits<double>::quiet_NaN());
    }
    m_map->setContent(std::move(content));
}

void PlanePanel::showSummary() {
    if (m_rows.empty())
        return m_summary->setText(
            tr("Every point of the plane is a weighted sum of the three: A + a·(B−A) + b·(C−A). The map "
               "shows "
               "whether they lie in one valley of the loss, and where a merge of them is best."));
    const PlanePoint *lowest = nullptr, *best = nullptr;
    for (const PlanePoint& each : m_rows) {
        const double loss = valueOf(each.point, {Kind::Loss, {}});
        if (!std::isfinite(loss)) continue;
        if (!lowest || loss < valueOf(lowest->point, {Kind::Loss, {}})) lowest = &each;
        if (!each.name.isEmpty() && (!best || loss < valueOf(best->point, {Kind::Loss, {}}))) best = &each;
    }
    QStringList lines;
    if (m_isPart) lines << tr("So far:");
    if (lowest && !lowest->name.isEmpty())
        lines << tr("No measured point has a lower mean loss than %1 itself (%2).")
                     .arg(lowest->name, formatNumber(valueOf(lowest->point, {Kind::Loss, {}})));
    else if (lowest) {
        const auto& w = lowest->point.weights;
        const double loss = valueOf(lowest->point, {Kind::Loss, {}});
        lines << tr("The mean loss is lowest, %1, at %2·A + %3·B + %4·C")
                         .arg(formatNumber(loss), shareText(w[0]), shareText(w[1]), shareText(w[2])) +
                     (best ? tr("; the best of the three, %1, has %2.")
                                 .arg(best->name, formatNumber(valueOf(best->point, {Kind::Loss, {}})))
                           : QStringLiteral("."));
    }
    const auto& corners = m_measured.plane.corners();
    lines << tr("B−A is %1 long, C−A %2 (L2 of the weights), with %3° between them.")
                 .arg(formatNumber(corners[1].x), formatNumber(std::hypot(corners[2].x, corners[2].y)),
                      QLocale().toString(m_measured.plane.angle(), 'f', 1));
    m_summary->setText(lines.join(QLatin1Char(' ')));
}

// --- map and table go together ---

void PlanePanel::goToRow(int row) {
    if (m_following || row < 0 || row >= static_cast<int>(m_cells.size())) return;
    m_following = true;
    m_map->setCurrent(m_cells[static_cast<std::size_t>(row)]);
    m_following = false;
}

void PlanePanel::goToCell(std::size_t index) {
    if (m_following) return;
    m_following = true;
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        if (m_rows[row].name.isEmpty() && m_cells[row] == index)
            m_table->setCurrentRow(static_cast<int>(row));
    m_following = false;
}

}  // namespace retort
