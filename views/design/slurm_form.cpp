#include "views/design/slurm_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <set>

#include "views/models/format.h"

namespace retort {
namespace {

std::string wordIn(const QLineEdit* field) {
    return field->text().trimmed().toStdString();
}

}  // namespace

SlurmForm::SlurmForm(QWidget* parent) : QWidget(parent) {
    auto* left = new QFormLayout;
    auto* right = new QFormLayout;
    for (QFormLayout* column : {left, right}) {
        column->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
        column->setVerticalSpacing(4);
    }
    const QString usual = tr("the cluster's default");
    m_partition = new QComboBox(this);
    m_partition->setEditable(true);
    m_partition->setInsertPolicy(QComboBox::NoInsert);
    m_partition->lineEdit()->setPlaceholderText(usual);
    m_partition->setToolTip(tr("Which nodes may be used (--partition)"));
    m_partition->setMinimumContentsLength(10);
    left->addRow(tr("&Partition"), m_partition);
    connect(m_partition, &QComboBox::editTextChanged, this, [this] {
        showPartition();
        Q_EMIT edited();
    });
    m_time =
        addText(left, tr("&Time limit"), usual,
                tr("Minutes (90), hours (1:30:00) or days (2-12). A shorter job begins earlier (--time)"));
    m_gpus = addText(left, tr("&GPUs a node"), tr("none, or gpu:2"),
                     tr("gpu:2, or with the kind: gpu:a100:4 (--gres)"));
    m_memory = addText(left, tr("Memor&y a node"), usual, tr("16G (--mem)"));
    m_constraint =
        addText(left, tr("Constrai&nt"), tr("any node"), tr("Features of nodes: a100&ib (--constraint)"));
    m_nodes = addNumber(left, tr("No&des"), 1, 100000, tr("Nodes (--nodes)"));
    m_account = addText(right, tr("&Account"), usual, tr("Who pays (--account)"));
    m_qos = addText(right, tr("&QOS"), usual, tr("Quality of service (--qos)"));
    m_tasks = addNumber(right, tr("P&rocesses a node"), 1, 4096,
                        tr("Several are started with srun (--ntasks-per-node)"));
    m_cpus = addNumber(right, tr("C&ores a process"), 0, 4096, tr("CPU cores (--cpus-per-task)"));
    m_cpus->setSpecialValueText(usual);
    m_grace =
        addNumber(right, tr("Sav&e before the end"), 5, 24 * 3600,
                  tr("So long before the time limit the trainer saves a checkpoint and stops (--signal)"));
    m_grace->setSuffix(tr(" s"));
    m_continue = new QCheckBox(tr("&Continue in a new job"), this);
    m_continue->setToolTip(tr(
        "At the time limit the run goes back into the queue and on from its checkpoint, until it is done"));
    connect(m_continue, &QCheckBox::toggled, this, &SlurmForm::edited);
    right->addRow(tr("At the limit"), m_continue);

    m_extra = new QPlainTextEdit(this);
    m_extra->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_extra->setTabChangesFocus(true);
    m_extra->setPlaceholderText(QStringLiteral("--mail-type=END"));
    m_extra->setMaximumHeight(m_extra->fontMetrics().lineSpacing() * 2 + 14);
    m_extra->setToolTip(tr("Further options of sbatch, one a line"));
    connect(m_extra, &QPlainTextEdit::textChanged, this, &SlurmForm::edited);
    auto* extraLabel = new QLabel(tr("&Further options"), this);
    extraLabel->setBuddy(m_extra);
    m_extra->setAccessibleName(tr("Further options"));
    m_about = new QLabel(this);
    m_about->setWordWrap(true);
    m_about->setForegroundRole(QPalette::PlaceholderText);
    m_about->hide();

    auto* columns = new QHBoxLayout;
    columns->addLayout(left, 1);
    columns->addSpacing(12);
    columns->addLayout(right, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(columns);
    layout->addWidget(extraLabel);
    layout->addWidget(m_extra);
    layout->addWidget(m_about);
}

QLineEdit* SlurmForm::addText(QFormLayout* column, const QString& label, const QString& example,
                              const QString& help) {
    auto* field = new QLineEdit(this);
    field->setPlaceholderText(example);
    field->setToolTip(help);
    connect(field, &QLineEdit::textChanged, this, &SlurmForm::edited);
    column->addRow(label, field);
    return field;
}

QSpinBox* SlurmForm::addNumber(QFormLayout* column, const QString& label, int least, int most,
                               const QString& help) {
    auto* field = new QSpinBox(this);
    field->setRange(least, most);
    field->setToolTip(help);
    connect(field, &QSpinBox::valueChanged, this, &SlurmForm::edited);
    column->addRow(label, field);
    return field;
}

SlurmRequest SlurmForm::request() const {
    SlurmRequest request = m_kept;
    request.partition = m_partition->currentText().trimmed().toStdString();
    request.account = wordIn(m_account);
    request.qos = wordIn(m_qos);
    request.timeLimit = wordIn(m_time);
    request.gpus = wordIn(m_gpus);
    request.memory = wordIn(m_memory);
    request.constraint = wordIn(m_constraint);
    request.nodes = m_nodes->value();
    request.tasksPerNode = m_tasks->value();
    request.cpusPerTask = m_cpus->value();
    request.graceSeconds = m_grace->value();
    request.isContinuedAtTimeLimit = m_continue->isChecked();
    request.extraLines.clear();
    for (const QString& line : m_extra->toPlainText().split(QLatin1Char('\n')))
        if (!line.trimmed().isEmpty()) request.extraLines.push_back(line.trimmed().toStdString());
    return request;
}

void SlurmForm::setRequest(const SlurmRequest& request) {
    {
        const QSignalBlocker quiet(this);
        m_kept = request;
        m_partition->setEditText(toQString(request.partition));
        m_account->setText(toQString(request.account));
        m_qos->setText(toQString(request.qos));
        m_time->setText(toQString(request.timeLimit));
        m_gpus->setText(toQString(request.gpus));
        m_memory->setText(toQString(request.memory));
        m_constraint->setText(toQString(request.constraint));
        m_nodes->setValue(int(request.nodes));
        m_tasks->setValue(int(request.tasksPerNode));
        m_cpus->setValue(int(request.cpusPerTask));
        m_grace->setValue(int(request.graceSeconds));
        m_continue->setChecked(request.isContinuedAtTimeLimit);
        QStringList lines;
        for (const std::string& line : request.extraLines) lines << toQString(line);
        m_extra->setPlainText(lines.join(QLatin1Char('\n')));
    }
    Q_EMIT edited();
}

void SlurmForm::setPartitions(const std::vector<SlurmPartition>& partitions) {
    m_partitions = partitions;
    const QString typed = m_partition->currentText();
    const QSignalBlocker quiet(m_partition);
    m_partition->clear();
    std::set<std::string> known;
    for (const SlurmPartition& partition : partitions) {
        if (!known.insert(partition.name).second) continue;
        m_partition->addItem(toQString(partition.name));
        if (partition.isDefault)
            m_partition->lineEdit()->setPlaceholderText(
                tr("the cluster's default: %1").arg(toQString(partition.name)));
    }
    m_partition->setEditText(typed);
    showPartition();
}

/// What the cluster says of the chosen partition.
void SlurmForm::showPartition() {
    const std::string name = m_partition->currentText().trimmed().toStdString();
    QStringList kinds;
    for (const SlurmPartition& partition : m_partitions) {
        if (name.empty() ? !partition.isDefault : partition.name != name) continue;
        QStringList parts;
        parts << tr("%n node(s)", nullptr, int(partition.nodes))
              << tr("%n core(s)", nullptr, int(partition.cpus));
        if (partition.memoryMb > 0) parts << tr("%1 GB").arg(double(partition.memoryMb) / 1024, 0, 'f', 0);
        if (!partition.gpus.empty()) parts << toQString(partition.gpus);
        if (partition.timeLimit != "infinite") parts << tr("at most %1").arg(toQString(partition.timeLimit));
        if (!partition.isUp) parts << tr("down");
        kinds << parts.join(QStringLiteral(" · "));
    }
    m_about->setText(kinds.join(QLatin1Char('\n')));
    m_about->setVisible(!kinds.isEmpty());
}

}  // namespace retort
