#include "views/compare/checkpoint_chooser.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

#include "views/models/format.h"
#include "views/models/value_table_model.h"

namespace retort {

namespace {

QString joined(const std::vector<std::string>& names) {
    QStringList parts;
    for (const std::string& name : names) parts << toQString(name);
    parts.removeDuplicates();
    return parts.join(QStringLiteral(", "));
}

}  // namespace

CheckpointChooser::CheckpointChooser(std::vector<EvaluatedCheckpoint> checkpoints, QWidget* parent)
    : QDialog(parent),
      m_checkpoints(std::move(checkpoints)),
      m_model(new ValueTableModel(this)),
      m_filter(new QSortFilterProxyModel(this)),
      m_search(new QLineEdit(this)),
      m_list(new QTreeView(this)),
      m_count(new QLabel(this)) {
    setWindowTitle(tr("Add checkpoints"));
    resize(720, 520);
    ValueTable table;
    table.headers = {tr("Run"), tr("Step"), tr("Accuracy %"), tr("Evaluated on")};
    for (const EvaluatedCheckpoint& each : m_checkpoints)
        table.rows.push_back({{toQString(each.runName)},
                              {QString::number(each.step), qlonglong(each.step)},
                              percentCell(each.accuracy),
                              {joined(each.evaluations)}});
    m_model->setTable(std::move(table));
    m_filter->setSourceModel(m_model);
    m_filter->setFilterKeyColumn(-1);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setSortRole(ValueTableModel::ExactRole);
    m_search->setClearButtonEnabled(true);
    m_search->setPlaceholderText(tr("Search run or evaluation"));
    m_search->setAccessibleName(tr("Search checkpoints"));
    m_list->setModel(m_filter);
    m_list->setAccessibleName(tr("Checkpoints that were evaluated"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAlternatingRowColors(true);
    m_list->setSortingEnabled(true);
    m_list->sortByColumn(-1, Qt::AscendingOrder);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->header()->resizeSection(0, 300);
    m_list->header()->setStretchLastSection(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_add = buttons->addButton(tr("&Add"), QDialogButtonBox::AcceptRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_count);
    layout->addWidget(buttons);
    connect(m_search, &QLineEdit::textChanged, m_filter, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &CheckpointChooser::updateCount);
    connect(m_list, &QTreeView::activated, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    updateCount();
    m_search->setFocus();
}

std::vector<CheckpointRef> CheckpointChooser::chosen() const {
    QList<int> rows;
    for (const QModelIndex& index : m_list->selectionModel()->selectedRows()) rows << index.row();
    std::sort(rows.begin(), rows.end());
    std::vector<CheckpointRef> refs;
    for (const int row : rows) {
        const int source = m_filter->mapToSource(m_filter->index(row, 0)).row();
        const EvaluatedCheckpoint& each = m_checkpoints[static_cast<std::size_t>(source)];
        refs.push_back({each.run, each.step});
    }
    return refs;
}

void CheckpointChooser::updateCount() {
    const int count = static_cast<int>(m_list->selectionModel()->selectedRows().size());
    m_count->setText(m_checkpoints.empty() ? tr("Nothing has been evaluated yet.")
                                           : tr("%n chosen; Ctrl and Shift choose several", nullptr, count));
    m_add->setEnabled(count > 0);
}

}  // namespace retort
