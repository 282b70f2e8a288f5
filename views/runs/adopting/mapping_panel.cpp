#include "views/runs/adopting/mapping_panel.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr std::size_t previewRows = 8;

/// As the boxes stand: step, time, run, series, value.
constexpr std::array<std::string ColumnMapping::*, 5> members = {&ColumnMapping::step, &ColumnMapping::time,
                                                                 &ColumnMapping::run, &ColumnMapping::series,
                                                                 &ColumnMapping::value};

}  // namespace

MappingPanel::MappingPanel(Lab& lab, QWidget* parent) : QWidget(parent), m_lab(lab) {
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    const std::array<std::pair<QString, QString>, 5> labels = {
        {{tr("S&tep"), tr("Whole numbers; without such a column rows are counted")},
         {tr("T&ime"), tr("Unix time in seconds or milliseconds, or ISO 8601")},
         {tr("R&un"), tr("Where one file holds several runs: which one a row belongs to")},
         {tr("&Metric"), tr("Where each row has one number: the name of its metric")},
         {tr("&Value"), tr("… and that number")}}};
    for (std::size_t i = 0; i < labels.size(); ++i) {
        m_columns[i] = new QComboBox(this);
        m_columns[i]->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_columns[i]->setMinimumContentsLength(14);
        m_columns[i]->setToolTip(labels[i].second);
        form->addRow(labels[i].first, m_columns[i]);
        connect(m_columns[i], &QComboBox::currentIndexChanged, &m_pause, qOverload<>(&QTimer::start));
    }
    m_use = new QPushButton(tr("Use these &columns"), this);
    form->addRow(m_use);
    m_preview = new QTableWidget(this);
    m_preview->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_preview->setTabKeyNavigation(false);
    m_preview->verticalHeader()->hide();
    m_preview->setAccessibleName(tr("The first rows as they would be read"));
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_problem->setAccessibleName(tr("What is wrong with these columns"));
    auto* right = new QVBoxLayout;
    right->addWidget(m_problem);
    right->addWidget(m_preview, 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(form);
    layout->addLayout(right, 1);
    m_pause.setSingleShot(true);
    m_pause.setInterval(60);
    connect(&m_pause, &QTimer::timeout, this, &MappingPanel::read);
    connect(m_use, &QPushButton::clicked, this, [this] { Q_EMIT chosen(m_table, mapping()); });
}

void MappingPanel::showTable(const std::filesystem::path& table, const ColumnMapping& mapping, bool fixed) {
    m_table = table;
    m_isFixed = fixed;
    m_names.clear();
    for (std::size_t i = 0; i < members.size(); ++i) {
        const QSignalBlocker quiet(m_columns[i]);
        m_columns[i]->clear();
        m_columns[i]->addItem(tr("by its name"), QString());
        // Until the table's own are read: what was chosen.
        if (const std::string& column = mapping.*members[i]; !column.empty()) {
            m_columns[i]->addItem(toQString(column), toQString(column));
            m_columns[i]->setCurrentIndex(1);
        }
        m_columns[i]->setEnabled(!fixed);
    }
    m_use->setEnabled(false);
    m_use->setToolTip(fixed ? tr("It was adopted with these columns, which stay") : QString());
    m_preview->setRowCount(0);
    m_problem->setText(tr("Reading…"));
    read();
}

ColumnMapping MappingPanel::mapping() const {
    ColumnMapping mapping;
    for (std::size_t i = 0; i < members.size(); ++i)
        mapping.*members[i] = m_columns[i]->currentData().toString().toStdString();
    return mapping;
}

void MappingPanel::read() {
    m_lab.compute(
        this, [table = m_table, mapping = mapping()] { return mappedRows(table, mapping, previewRows); },
        [this, asked = ++m_asked](const MappedRows& rows) {
            if (asked == m_asked) show(rows);
        });
}

void MappingPanel::show(const MappedRows& rows) {
    QStringList names;
    for (const std::string& each : rows.columns) names << toQString(each);
    if (names != m_names) {
        m_names = names;
        for (QComboBox* box : m_columns) {
            const QSignalBlocker quiet(box);
            const QString chosen = box->currentData().toString();
            while (box->count() > 1) box->removeItem(1);
            for (const QString& name : names) box->addItem(name, name);
            box->setCurrentIndex(std::max(0, box->findData(chosen)));
        }
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        const std::string& found = rows.mapping.*members[i];
        m_columns[i]->setItemText(0, !found.empty() && m_columns[i]->currentIndex() == 0
                                         ? tr("by its name: %1").arg(toQString(found))
                                         : tr("by its name"));
    }
    m_problem->setText(toQString(rows.problem));
    m_problem->setVisible(!rows.problem.empty());
    m_use->setEnabled(!m_isFixed && !rows.rows.empty());
    QStringList headers{tr("Step"), tr("Time")};
    for (const std::string& metric : rows.metrics) headers << toQString(metric);
    m_preview->setColumnCount(static_cast<int>(headers.size()));
    m_preview->setHorizontalHeaderLabels(headers);
    m_preview->setRowCount(static_cast<int>(rows.rows.size()));
    for (int row = 0; row < m_preview->rowCount(); ++row) {
        const MappedRows::Row& each = rows.rows[std::size_t(row)];
        const auto put = [&](int column, const QString& text) {
            m_preview->setItem(row, column, new QTableWidgetItem(text));
        };
        put(0, QString::number(each.step));
        put(1, each.t ? formatTime(*each.t) : QStringLiteral("–"));
        for (int i = 0; i < static_cast<int>(rows.metrics.size()); ++i) {
            const bool has = std::size_t(i) < each.values.size() && each.values[std::size_t(i)];
            put(2 + i, has ? formatNumber(*each.values[std::size_t(i)]) : QString());
        }
    }
}

}  // namespace retort
