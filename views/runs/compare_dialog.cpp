#include "views/runs/compare_dialog.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>
#include <numeric>
#include <set>

#include "core/config/config_diff.h"
#include "core/config/load.h"
#include "views/models/format.h"
#include "views/runs/table_text.h"

namespace retort {

namespace {

QWidget* titled(const QString& title, QWidget* widget) {
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(title, box);
    label->setBuddy(widget);
    layout->addWidget(label);
    layout->addWidget(widget);
    return box;
}

void setRow(QTableWidget* table, const QString& key, const QStringList& values) {
    const int row = table->rowCount();
    table->insertRow(row);
    table->setItem(row, 0, new QTableWidgetItem(key));
    for (int i = 0; i < values.size(); ++i) table->setItem(row, i + 1, new QTableWidgetItem(values[i]));
}

QString allOf(const QTableWidget& table, TableFormat format) {
    QList<int> rows(table.rowCount()), columns(table.columnCount());
    std::iota(rows.begin(), rows.end(), 0);
    std::iota(columns.begin(), columns.end(), 0);
    return tableText(*table.model(), rows, columns, format, Qt::UserRole);
}

}  // namespace

CompareDialog::CompareDialog(std::vector<RunRow> runs, QWidget* parent)
    : QDialog(parent),
      m_runs(std::move(runs)),
      m_config(makeTable(tr("Parameter"), tr("Parameters that differ"))),
      m_metrics(makeTable(tr("Metric"), tr("Last metrics"))) {
    setWindowTitle(tr("Compare %n run(s)", nullptr, static_cast<int>(m_runs.size())));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(860, 600);
    fillConfig();
    fillMetrics();
    auto* splitter = new QSplitter(Qt::Vertical, this);
    const QString differences = m_config->rowCount() > 0
                                    ? tr("&Parameters that differ (%1)").arg(m_config->rowCount())
                                    : tr("The configurations are equal.");
    splitter->addWidget(titled(differences, m_config));
    splitter->addWidget(titled(tr("Last &metrics"), m_metrics));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    auto* save = buttons->addButton(tr("&Export CSV…"), QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(text(false)); });
    connect(save, &QPushButton::clicked, this, &CompareDialog::exportCsv);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(splitter);
    layout->addWidget(buttons);
}

QTableWidget* CompareDialog::makeTable(const QString& firstColumn, const QString& name) {
    auto* table = new QTableWidget(0, static_cast<int>(m_runs.size()) + 1, this);
    QStringList headers{firstColumn};
    for (const RunRow& run : m_runs) headers << toQString(run.name);
    table->setHorizontalHeaderLabels(headers);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setAlternatingRowColors(true);
    table->verticalHeader()->hide();
    table->setAccessibleName(name);
    table->horizontalHeader()->setDefaultSectionSize(160);
    table->horizontalHeader()->resizeSection(0, 240);
    table->horizontalHeader()->setStretchLastSection(true);
    return table;
}

void CompareDialog::fillConfig() {
    std::vector<Json> configs;
    for (const RunRow& run : m_runs) {
        Json values = parseConfig(run.config, run.name).values;
        if (values.is_object()) values.erase("name");  // the heading says it already
        configs.push_back(std::move(values));
    }
    for (const ConfigDifference& difference : diffConfigs(configs)) {
        QStringList values;
        for (const std::string& value : difference.values) values << toQString(value);
        setRow(m_config, toQString(difference.key), values);
    }
}

void CompareDialog::fillMetrics() {
    std::set<std::string> names;
    for (const RunRow& run : m_runs) {
        for (const auto& [name, value] : run.latest) names.insert(name);
    }
    for (const std::string& name : names) {
        setRow(m_metrics, toQString(name), {});
        for (std::size_t i = 0; i < m_runs.size(); ++i) {
            const auto found = m_runs[i].latest.find(name);
            if (found == m_runs[i].latest.end()) continue;
            auto* item = new QTableWidgetItem(formatNumber(found->second));
            item->setData(Qt::UserRole, found->second);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_metrics->setItem(m_metrics->rowCount() - 1, static_cast<int>(i) + 1, item);
        }
    }
}

QString CompareDialog::text(bool csv) const {
    const auto format = csv ? TableFormat::Csv : TableFormat::Tsv;
    return allOf(*m_config, format) + QLatin1Char('\n') + allOf(*m_metrics, format);
}

void CompareDialog::exportCsv() {
    const QString file = QFileDialog::getSaveFileName(this, tr("Export the comparison"),
                                                      QStringLiteral("compare.csv"), tr("CSV files (*.csv)"));
    if (file.isEmpty()) return;
    QSaveFile out(file);
    const QByteArray content = text(true).toUtf8();
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size() || !out.commit()) {
        setWindowTitle(tr("Could not write %1: %2").arg(file, out.errorString()));
    }
}

}  // namespace retort
