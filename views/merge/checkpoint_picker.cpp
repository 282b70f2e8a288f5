#include "views/merge/checkpoint_picker.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/row_delegate.h"

namespace retort {

std::vector<KnownCheckpoint> knownCheckpoints(StoreReader& reader) {
    std::vector<KnownCheckpoint> all;
    for (const RunRow& run : reader.runs(false)) {
        std::vector<CheckpointRow> rows = reader.checkpoints(run.id);
        std::erase_if(rows, [](const CheckpointRow& row) { return !row.exists; });
        std::sort(rows.begin(), rows.end(),
                  [](const CheckpointRow& a, const CheckpointRow& b) { return a.step < b.step; });
        for (const CheckpointRow& row : rows)
            all.push_back({row.path, run.name, run.recipe, row.step, row.t, &row == &rows.back()});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const KnownCheckpoint& a, const KnownCheckpoint& b) { return a.t > b.t; });
    return all;
}

int CheckpointModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CheckpointModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CheckpointModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const KnownCheckpoint& row = at(index.row());
    if (role == Qt::ToolTipRole) return toQString(row.folder);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((index.column() == Step ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != SortRole) return {};
    switch (index.column()) {
        case Run:
            return toQString(row.run);
        case Step:
            if (role == SortRole) return static_cast<qlonglong>(row.step);
            return row.isLast ? tr("%1 (last)").arg(row.step) : QString::number(row.step);
        case Recipe:
            return toQString(row.recipe);
        case Time:
            return role == SortRole ? QVariant(row.t) : QVariant(formatTime(row.t));
        default:
            return {};
    }
}

QVariant CheckpointModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
    switch (section) {
        case Run:
            return tr("Run");
        case Step:
            return tr("Step");
        case Recipe:
            return tr("Recipe");
        case Time:
            return tr("Saved");
        default:
            return {};
    }
}

void CheckpointModel::setCheckpoints(std::vector<KnownCheckpoint> checkpoints) {
    beginResetModel();
    m_rows = std::move(checkpoints);
    endResetModel();
}

CheckpointPicker::CheckpointPicker(Lab& lab, QWidget* parent)
    : QDialog(parent), m_model(new CheckpointModel(this)), m_filter(new QSortFilterProxyModel(this)) {
    setWindowTitle(tr("Add checkpoints to the merge"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(680, 460);
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(tr("Search by the run's name or recipe"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_filter->setSourceModel(m_model);
    m_filter->setFilterKeyColumn(-1);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setSortRole(CheckpointModel::SortRole);
    m_table = new QTableView(this);
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Checkpoints"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(CheckpointModel::Time, Qt::DescendingOrder);
    m_table->setItemDelegate(new RowDelegate(m_table));
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(CheckpointModel::Run, QHeaderView::Stretch);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_add = buttons->addButton(tr("&Add"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &CheckpointPicker::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_table, &QTableView::activated, this, &CheckpointPicker::accept);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &CheckpointPicker::showState);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setFilterFixedString(text.trimmed());
        if (m_filter->rowCount() > 0) m_table->selectRow(0);
        showState();
    });
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    layout->addWidget(buttons);
    showState();
    lab.read(
        this, [](StoreReader& reader) { return knownCheckpoints(reader); },
        [this](std::vector<KnownCheckpoint> all) {
            m_model->setCheckpoints(std::move(all));
            if (m_filter->rowCount() > 0) m_table->selectRow(0);
        });
}

void CheckpointPicker::showState() {
    m_add->setEnabled(m_table->selectionModel()->hasSelection());
}

void CheckpointPicker::accept() {
    QStringList folders;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        folders << toQString(m_model->at(m_filter->mapToSource(index).row()).folder);
    if (folders.isEmpty()) return;
    Q_EMIT picked(folders);
    QDialog::accept();
}

}  // namespace retort
