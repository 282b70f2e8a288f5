#include "views/merge/table_export.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QSaveFile>
#include <QTableView>
#include <QToolTip>
#include <algorithm>
#include <numeric>

#include "views/runs/table_text.h"

namespace retort {

namespace {

QString textOf(const QTableView& table, bool selectedOnly, TableFormat format, int exactRole) {
    QList<int> rows, columns;
    for (int visual = 0; visual < table.model()->columnCount(); ++visual)
        columns << table.horizontalHeader()->logicalIndex(visual);
    if (selectedOnly)
        for (const QModelIndex& index : table.selectionModel()->selectedRows()) rows << index.row();
    if (rows.isEmpty()) {
        rows.resize(table.model()->rowCount());
        std::iota(rows.begin(), rows.end(), 0);
    }
    std::sort(rows.begin(), rows.end());
    return tableText(*table.model(), rows, columns, format, exactRole);
}

}  // namespace

void makeExportable(QTableView* table, int exactRole, const QString& name) {
    auto* copy = new QAction(QTableView::tr("Copy"), table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, table, [table, exactRole] {
        QGuiApplication::clipboard()->setText(textOf(*table, true, TableFormat::Tsv, exactRole));
    });
    auto* save = new QAction(QTableView::tr("Export CSV…"), table);
    QObject::connect(save, &QAction::triggered, table, [table, exactRole, name] {
        const QString file = QFileDialog::getSaveFileName(table, QTableView::tr("Export the table"), name,
                                                          QTableView::tr("CSV files (*.csv)"));
        if (file.isEmpty()) return;
        QSaveFile out(file);
        const QByteArray content = textOf(*table, false, TableFormat::Csv, exactRole).toUtf8();
        if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size() || !out.commit())
            QToolTip::showText(table->mapToGlobal(QPoint(8, 8)),
                               QTableView::tr("Could not write %1: %2").arg(file, out.errorString()), table);
    });
    table->addActions({copy, save});
    table->setContextMenuPolicy(Qt::ActionsContextMenu);
}

}  // namespace retort
