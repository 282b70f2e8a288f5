#include "views/models/run_filter_model.h"

#include "views/models/run_table_model.h"

namespace retort {

RunFilterModel::RunFilterModel(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(RunTableModel::SortRole);
    setDynamicSortFilter(true);
}

void RunFilterModel::setSearch(const QString& text) {
    static const QList<std::pair<QString, int>> fields = {{QStringLiteral("state:"), RunTableModel::State},
                                                          {QStringLiteral("recipe:"), RunTableModel::Recipe},
                                                          {QStringLiteral("tag:"), RunTableModel::Tags},
                                                          {QStringLiteral("name:"), RunTableModel::Name}};
    m_words.clear();
    for (QString part : text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        Word word;
        if (part.size() > 1 && part.startsWith(QLatin1Char('-'))) {
            word.excluded = true;
            part.remove(0, 1);
        }
        for (const auto& [prefix, column] : fields) {
            if (!part.startsWith(prefix)) continue;
            word.column = column;
            part.remove(0, prefix.size());
            break;
        }
        word.text = part;
        if (!word.text.isEmpty()) m_words << word;
    }
    invalidateFilter();
}

void RunFilterModel::setShowArchived(bool on) {
    m_showArchived = on;
    invalidateFilter();
}

bool RunFilterModel::filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const {
    const QModelIndex first = sourceModel()->index(sourceRow, 0, sourceParent);
    if (!m_showArchived && first.data(RunTableModel::ArchivedRole).toBool()) return false;
    for (const Word& word : m_words) {
        QString text;
        if (word.column < 0) {
            text = first.data(RunTableModel::SearchRole).toString();
        } else {
            const QModelIndex cell = sourceModel()->index(sourceRow, word.column, sourceParent);
            text = cell.data().toString().toLower();
            if (word.column == RunTableModel::State) {
                text += QLatin1Char('\n') + cell.data(RunTableModel::StateRole).toString();
            }
        }
        if (text.contains(word.text) == word.excluded) return false;
    }
    return true;
}

bool RunFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const QVariant a = left.data(RunTableModel::SortRole), b = right.data(RunTableModel::SortRole);
    // Rows without a value stay at the end, whichever way the column is sorted.
    if (!a.isValid() || !b.isValid()) {
        if (a.isValid() == b.isValid()) return false;
        return sortOrder() == Qt::AscendingOrder ? a.isValid() : b.isValid();
    }
    if (a.typeId() == QMetaType::QString) return QString::localeAwareCompare(a.toString(), b.toString()) < 0;
    const double x = a.toDouble(), y = b.toDouble();
    if (x != y) return x < y;
    return left.data(RunTableModel::IdRole).toLongLong() < right.data(RunTableModel::IdRole).toLongLong();
}

}  // namespace retort
