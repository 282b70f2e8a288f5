#include "views/runs/run_columns.h"

#include <QCursor>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <algorithm>

#include "views/models/format.h"
#include "views/models/run_table_model.h"
#include "views/runs/column_state.h"

namespace retort {

namespace {
constexpr int narrowest = 10, widest = 26;  // of a metric's column, in letters
}

RunColumns::RunColumns(QTableView* table, RunTableModel* model, QObject* parent)
    : QObject(parent), m_table(table), m_model(model), m_header(table->horizontalHeader()) {}

void RunColumns::apply() {
    chooseMetrics();
    if (m_applied || m_model->rowCount() == 0) return;
    m_applied = true;
    setWidths();
    m_header->setSectionHidden(RunTableModel::Uuid, true);
    applyColumns(m_saved, *m_header, [this](int column) { return m_model->columnKey(column); });
}

void RunColumns::chooseMetrics() {
    if (m_metricsChosen) return;
    QStringList wanted;
    if (m_saved.contains("metrics") && m_saved["metrics"].is_array()) {
        m_metricsChosen = true;
        for (const Json& name : m_saved["metrics"]) {
            if (name.is_string()) wanted << toQString(name.get<std::string>());
        }
    } else {
        wanted = m_model->defaultMetrics();
    }
    showMetrics(wanted);
}

/// New metrics stand behind the trend, as wide as their names: a cut "completions/mea…" says nothing.
void RunColumns::showMetrics(const QStringList& names) {
    const QStringList before = m_model->metrics();
    m_model->setMetrics(names);
    const int em = m_table->fontMetrics().averageCharWidth();
    const int place = m_header->visualIndex(RunTableModel::Trend) + 1;
    for (int i = 0; i < m_model->metrics().size(); ++i) {
        if (before.contains(m_model->metrics()[i])) continue;
        const int column = RunTableModel::FixedColumns + i;
        m_header->resizeSection(column,
                                std::clamp(m_header->sectionSizeHint(column), narrowest * em, widest * em));
        m_header->moveSection(m_header->visualIndex(column), place + i);
    }
}

void RunColumns::setWidths() {
    const int em = m_table->fontMetrics().averageCharWidth();
    const std::pair<int, int> widths[] = {
        {RunTableModel::Name, 24},          {RunTableModel::State, 18},   {RunTableModel::Recipe, 9},
        {RunTableModel::Step, 13},          {RunTableModel::Trend, 14},   {RunTableModel::Tags, 16},
        {RunTableModel::Notes, 20},         {RunTableModel::Created, 18}, {RunTableModel::Duration, 14},
        {RunTableModel::BackendColumn, 14}, {RunTableModel::Uuid, 11}};
    for (const auto& [column, letters] : widths)
        m_header->resizeSection(column, std::max(letters * em, m_header->sectionSizeHint(column)));
    // "1629 / 100000" and the names of a sweep need more; of names not so much that nothing else is in view.
    const QAbstractItemView& table = *m_table;
    for (const auto& [column, most] :
         {std::pair(int(RunTableModel::Name), 36), std::pair(int(RunTableModel::Step), 24)}) {
        const int wanted = std::min(table.sizeHintForColumn(column) + 8, most * em);
        m_header->resizeSection(column, std::max(m_header->sectionSize(column), wanted));
    }
}

void RunColumns::openMenu() {
    QMenu menu(m_table);
    for (int column = 1; column < RunTableModel::FixedColumns; ++column) {
        QAction* action =
            menu.addAction(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_header->isSectionHidden(column));
        connect(action, &QAction::toggled, this,
                [this, column](bool on) { m_header->setSectionHidden(column, !on); });
    }
    menu.addSection(tr("Metrics"));
    for (const QString& name : m_model->knownMetrics()) {
        QAction* action = menu.addAction(name);
        action->setCheckable(true);
        action->setChecked(m_model->metrics().contains(name));
        connect(action, &QAction::toggled, this, [this, name](bool on) {
            QStringList metrics = m_model->metrics();
            if (on) {
                metrics << name;
            } else {
                metrics.removeAll(name);
            }
            m_metricsChosen = true;
            showMetrics(metrics);
            Q_EMIT chosen();
        });
    }
    menu.exec(QCursor::pos());
}

void RunColumns::remember(const std::function<void(const Json&)>& write) {
    if (!m_applied) return;
    Json state = columnsToJson(*m_header, [this](int column) { return m_model->columnKey(column); });
    if (m_metricsChosen) {
        Json& metrics = state["metrics"] = Json::array();
        for (const QString& name : m_model->metrics()) metrics.push_back(name.toStdString());
    }
    if (state == m_saved) return;
    m_saved = state;
    write(state);
}

}  // namespace retort
