#include "views/machines/machine_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "views/lab.h"
#include "views/machines/secrets_editor.h"
#include "views/models/format.h"

namespace retort {

MachineDialog::MachineDialog(Lab& lab, const Machine& machine, QWidget* parent)
    : QDialog(parent), m_lab(lab), m_before(machine.name) {
    setWindowTitle(m_before.empty() ? tr("Add a machine") : tr("Edit %1").arg(toQString(m_before)));
    setAttribute(Qt::WA_DeleteOnClose);
    m_name = new QLineEdit(toQString(machine.name), this);
    m_name->setReadOnly(!m_before.empty());  // runs there know it by its name
    m_destination = new QLineEdit(toQString(machine.destination), this);
    m_destination->setPlaceholderText(tr("as after ssh: gpu-box, or user@host; empty: this machine"));
    m_port = new QSpinBox(this);
    m_port->setRange(0, 65535);
    m_port->setSpecialValueText(tr("as ~/.ssh/config says"));
    m_port->setValue(machine.port);
    m_folder = new QLineEdit(toQString(machine.workFolder), this);
    m_environment = new QPlainTextEdit(this);
    m_environment->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_environment->setPlaceholderText(QStringLiteral("module load cuda\nexport HF_HOME=/data/hf"));
    m_environment->setTabChangesFocus(true);
    m_environment->setMaximumHeight(90);
    QStringList lines;
    for (const std::string& line : machine.environment) lines << toQString(line);
    m_environment->setPlainText(lines.join(QLatin1Char('\n')));
    m_scheduler = new QComboBox(this);
    m_scheduler->addItem(tr("none: runs start at once, or wait here"), QStringLiteral("none"));
    m_scheduler->addItem(QStringLiteral("Slurm"), QStringLiteral("slurm"));
    m_scheduler->setCurrentIndex(
        std::max(0, m_scheduler->findData(QString::fromLatin1(toString(machine.scheduler)))));
    m_libtorch = new QLineEdit(toQString(machine.libtorch), this);
    m_libtorch->setPlaceholderText(tr("the system's"));
    m_atOnce = new QSpinBox(this);
    m_atOnce->setRange(1, 999);
    m_atOnce->setValue(machine.runsAtOnce);
    m_perGpu = new QSpinBox(this);
    m_perGpu->setRange(0, 99);
    m_perGpu->setSpecialValueText(tr("GPUs do not matter"));
    m_perGpu->setValue(machine.runsPerGpu);
    m_nice = new QSpinBox(this);
    m_nice->setRange(0, 19);
    m_nice->setSpecialValueText(tr("normal (nice 0)"));
    m_nice->setPrefix(tr("nice "));
    m_nice->setValue(machine.nice);
    m_nice->setToolTip(
        tr("With which runs begin there: the larger, the more they leave to other people's "
           "programs. Under Slurm the cluster decides."));
    const auto showNice = [this] {
        m_nice->setEnabled(m_scheduler->currentData().toString() == QLatin1String("none"));
    };
    connect(m_scheduler, &QComboBox::currentIndexChanged, this, showNice);
    showNice();
    m_secrets = new SecretsEditor(lab, m_before, this);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_save = buttons->addButton(tr("&Save"), QDialogButtonBox::AcceptRole);
    m_save->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &MachineDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* form = new QFormLayout;
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("SSH &destination"), m_destination);
    form->addRow(tr("&Port"), m_port);
    form->addRow(tr("&Work folder there"), m_folder);
    form->addRow(tr("&Environment"), m_environment);
    form->addRow(tr("S&cheduler"), m_scheduler);
    form->addRow(tr("&LibTorch"), m_libtorch);
    form->addRow(tr("Runs at &once"), m_atOnce);
    form->addRow(tr("Runs a &GPU"), m_perGpu);
    form->addRow(tr("P&riority"), m_nice);
    form->addRow(tr("Secrets"), m_secrets);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    if (!m_before.empty()) {
        auto* note = new QLabel(tr("Runs that go on are followed to their end as they were begun, while this "
                                   "window is open; what is changed holds for those that start from now on."),
                                this);
        note->setWordWrap(true);
        layout->addWidget(note);
    }
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    resize(560, 0);
    for (const QLineEdit* field : {m_name, m_destination, m_folder, m_libtorch})
        connect(field, &QLineEdit::textChanged, this, &MachineDialog::showProblem);
    connect(m_environment, &QPlainTextEdit::textChanged, this, &MachineDialog::showProblem);
    connect(m_secrets, &SecretsEditor::done, this, [this](const QString& problem) {
        if (!problem.isEmpty()) return m_problem->setText(problem);
        Q_EMIT saved(m_name->text().trimmed());
        accept();
    });
    showProblem();
}

Machine MachineDialog::machine() const {
    Machine machine;
    machine.name = m_name->text().trimmed().toStdString();
    machine.destination = m_destination->text().trimmed().toStdString();
    machine.port = m_port->value();
    machine.workFolder = m_folder->text().trimmed().toStdString();
    for (const QString& line : m_environment->toPlainText().split(QLatin1Char('\n')))
        if (!line.trimmed().isEmpty()) machine.environment.push_back(line.toStdString());
    machine.scheduler = schedulerFrom(m_scheduler->currentData().toString().toStdString());
    machine.libtorch = m_libtorch->text().trimmed().toStdString();
    machine.runsAtOnce = m_atOnce->value();
    machine.runsPerGpu = m_perGpu->value();
    machine.nice = m_nice->value();
    return machine;
}

void MachineDialog::showProblem() {
    const Machine now = machine();
    const auto problems = problemsOf(now);
    m_save->setEnabled(problems.empty());
    // Who has not begun yet needs no reproach.
    m_problem->setText(problems.empty() || now.name.empty() ? QString() : toQString(problems.front()));
}

void MachineDialog::save() {
    const Machine now = machine();
    m_lab.compute(
        this,
        [&lab = m_lab, now, before = m_before] {
            try {
                lab.writer().saveMachine(now, before).get();
                return QString();
            } catch (const Error& error) {
                return errorText(error);
            }
        },
        [this, now](const QString& problem) {
            if (!problem.isEmpty()) return m_problem->setText(problem);
            m_before = now.name;  // what goes wrong from here on finds it in the store
            m_name->setReadOnly(true);
            m_secrets->save(now.name);
        });
}

}  // namespace retort
