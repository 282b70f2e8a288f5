#include "views/lineage/lineage_difference_panel.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>
#include <QTableWidget>
#include <QVBoxLayout>
#include <numeric>

#include "views/lineage/lineage_texts.h"
#include "views/models/format.h"
#include "views/runs/table_text.h"

namespace retort {

namespace {

QString allOf(const QTableWidget& table, TableFormat format) {
    QList<int> rows(table.rowCount()), columns(table.columnCount());
    std::iota(rows.begin(), rows.end(), 0);
    std::iota(columns.begin(), columns.end(), 0);
    return tableText(*table.model(), rows, columns, format);
}

}  // namespace

LineageDifferencePanel::LineageDifferencePanel(QWidget* parent)
    : QWidget(parent), m_way(new QLabel(this)), m_table(new QTableWidget(this)) {
    m_way->setWordWrap(true);
    m_way->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_way->setAccessibleName(tr("The way between the two checkpoints"));
    m_table->setAccessibleName(tr("What differs"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto* copy = new QPushButton(tr("&Copy"), this);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(allOf(*m_table, TableFormat::Tsv)); });
    auto* save = new QPushButton(tr("&Export CSV…"), this);
    connect(save, &QPushButton::clicked, this, &LineageDifferencePanel::exportCsv);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(copy);
    buttons->addWidget(save);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->addWidget(m_way);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    clear();
}

void LineageDifferencePanel::clear() {
    m_table->setRowCount(0);
    m_table->setColumnCount(0);
    m_way->setText(tr("Mark a second checkpoint: Ctrl and click, or M on the keyboard."));
}

void LineageDifferencePanel::wait() {
    m_way->setText(tr("Reading both checkpoints…"));
}

void LineageDifferencePanel::show(const LineageGraph& graph, const LineageDifference& difference) {
    const auto nameOf = [&](std::size_t node) {
        const LineageNode& is = graph.nodes()[node];
        QString name = toQString(is.name);
        if (is.run != 0 && !is.path.empty()) name += QStringLiteral("@%1").arg(is.step);
        return name;
    };
    QString way;
    if (difference.way.empty()) {
        way = tr("%1 and %2 are not related by anything that is recorded.")
                  .arg(nameOf(difference.columns.front()), nameOf(difference.columns.back()));
    } else {
        way = nameOf(difference.way.front().from);
        for (const auto& step : difference.way)
            way += (step.forward ? QStringLiteral(" → ") : QStringLiteral(" ← ")) + nameOf(step.to);
        QStringList common;
        for (const std::size_t node : difference.common) common << nameOf(node);
        way += QLatin1Char('\n') + (common.isEmpty()
                                        ? tr("No common ancestor is known.")
                                        : tr("Common ancestor: %1").arg(common.join(QStringLiteral(", "))));
    }
    if (difference.rows.empty()) way += QLatin1Char('\n') + tr("Nothing that is recorded differs.");
    for (const std::string& problem : difference.problems) way += QLatin1Char('\n') + toQString(problem);
    m_way->setText(way);
    m_table->setColumnCount(static_cast<int>(difference.columns.size()) + 1);
    QStringList headers{tr("What")};
    for (const std::size_t node : difference.columns) headers << nameOf(node);
    m_table->setHorizontalHeaderLabels(headers);
    m_table->setRowCount(static_cast<int>(difference.rows.size()));
    for (int i = 0; i < m_table->rowCount(); ++i) {
        const auto& row = difference.rows[static_cast<std::size_t>(i)];
        m_table->setItem(i, 0, new QTableWidgetItem(toQString(row.key)));
        for (std::size_t k = 0; k < row.values.size(); ++k) {
            auto* item = new QTableWidgetItem(toQString(row.values[k]));
            item->setToolTip(item->text());
            m_table->setItem(i, static_cast<int>(k) + 1, item);
        }
    }
    m_table->resizeColumnToContents(0);
    m_table->setColumnWidth(0, std::min(m_table->columnWidth(0), 190));
}

void LineageDifferencePanel::exportCsv() {
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export the differences"), QStringLiteral("differences.csv"), tr("CSV files (*.csv)"));
    if (file.isEmpty()) return;
    QSaveFile out(file);
    const QByteArray content = allOf(*m_table, TableFormat::Csv).toUtf8();
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size() || !out.commit())
        m_way->setText(tr("Could not write %1: %2").arg(file, out.errorString()));
}

}  // namespace retort
