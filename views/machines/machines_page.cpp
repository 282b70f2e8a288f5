#include "views/machines/machines_page.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "training/backends/remote/secrets.h"
#include "views/actions.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/machines/build_panel.h"
#include "views/machines/far_content_panel.h"
#include "views/machines/machine_dialog.h"
#include "views/machines/machine_monitor.h"
#include "views/machines/test_panel.h"
#include "views/models/format.h"
#include "views/widgets/empty_state.h"

namespace retort {

namespace {

constexpr int readAgainMs = 1000;

}  // namespace

MachinesPage::MachinesPage(Lab& lab, QWidget* parent)
    : QWidget(parent), m_lab(lab), m_monitor(new MachineMonitor(this)) {
    m_table = new TablePanel(lab, tr("Machines"), this);
    m_runTable = new TablePanel(lab, tr("Runs of the machine"), this);
    m_test = new TestPanel(lab, this);
    m_content = new FarContentPanel(lab, this);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_test, tr("Test"));
    m_tabs->addTab(m_runTable, tr("Runs"));
    m_tabs->addTab(m_content, tr("What is there"));
    m_empty = new EmptyState(QStringLiteral("machines"), tr("No machines yet"),
                             tr("A machine is where runs execute besides this one: a workstation with a GPU "
                                "or a cluster with Slurm, reached by "
                                "the ssh that you use already. Runs there go on without the window, and "
                                "appear here as if they were yours."),
                             this);
    m_empty->addButton(tr("Add a machine…"), [this] { add(); });

    auto* bar = new QHBoxLayout;
    bar->addStretch(1);
    auto* above = new QWidget(this);
    auto* column = new QVBoxLayout(above);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(bar);
    column->addWidget(m_table, 1);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(above);
    splitter->addWidget(m_tabs);
    splitter->setChildrenCollapsible(false);
    splitter->setObjectName(QStringLiteral("machines.splitter"));
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(splitter);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_stack);

    makeCommands();
    for (QAction* action : actions()) {
        // Seldom needed, and offered where a test finds that it is.
        if (action->objectName() == QLatin1String("machines.build")) continue;
        auto* button = new QToolButton(above);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        bar->addWidget(button);
    }
    connect(m_table, &TablePanel::currentRowChanged, this, &MachinesPage::showCurrent);
    connect(m_table, &TablePanel::activated, this, &MachinesPage::edit);
    connect(m_runTable, &TablePanel::activated, this, [this](int row) {
        if (row < 0 || row >= static_cast<int>(m_shown.size())) return;
        m_lab.selection().setRuns({m_shown[static_cast<std::size_t>(row)].job.run});
        m_lab.selection().open(Place::Live);
    });
    connect(m_monitor, &MachineMonitor::sampled, this, &MachinesPage::showTable);
    connect(&m_lab, &Lab::machinesChanged, this, qOverload<>(&MachinesPage::read));
    connect(&m_lab, &Lab::runsChanged, this, qOverload<>(&MachinesPage::read));
    // A run that goes on changes all the time; its beginning and end are what matters here.
    auto* soon = new QTimer(this);
    soon->setSingleShot(true);
    soon->setInterval(readAgainMs);
    connect(soon, &QTimer::timeout, this, qOverload<>(&MachinesPage::read));
    connect(&m_lab, &Lab::runChanged, this, [this, soon] {
        if (isVisible() && !soon->isActive()) soon->start();
    });
    read();
}

MachinesPage::~MachinesPage() {
    *m_isOver = true;
    m_jobs.waitForDone();
}

void MachinesPage::makeCommands() {
    const QString group = tr("Machines");
    addCommand(this, {"machines.add", tr("Add a machine…"), group, QKeySequence::New, QStringLiteral("plus")},
               [this] { add(); });
    addCommand(this, {"machines.edit", tr("Edit…"), group, Qt::Key_F2}, [this] { edit(); });
    addCommand(this, {"machines.test", tr("Test"), group, QKeySequence(Qt::CTRL | Qt::Key_T)},
               [this] { testCurrent(); });
    addCommand(this, {"machines.build", tr("Build retort-cli there"), group}, [this] {
        m_tabs->setCurrentWidget(m_test);
        m_test->building()->start();
    });
    addCommand(this, {"machines.remove", tr("Remove…"), group, QKeySequence::Delete},
               [this] { removeCurrent(); });
}

MachinesPage::Found MachinesPage::read(StoreReader& reader) {
    Found found;
    found.machines = reader.machines();
    for (const JobRow& job : reader.jobs()) {
        MachineRun run{job, {}, {}, {}};
        if (const auto row = reader.run(job.run)) {
            run.name = row->name;
            run.state = row->state;
            run.activity = row->activity;
        }
        found.runs.push_back(std::move(run));
    }
    for (const RunRow& row : reader.runs()) {
        if (row.backend != "local-process" && row.backend != "in-process") continue;
        MachineRun run{{}, row.name, row.state, row.activity};
        run.job.run = row.id;
        run.job.directory = row.directory;
        if (isGoing(run)) found.runs.push_back(std::move(run));
    }
    return found;
}

void MachinesPage::read() {
    m_lab.read(
        this, [](StoreReader& reader) { return read(reader); },
        [this](Found found) { showFound(std::move(found)); });
}

void MachinesPage::showFound(Found found) {
    if (m_wanted.isEmpty() && current()) m_wanted = toQString(current()->name);
    m_machines = std::move(found.machines);
    m_runs = std::move(found.runs);
    std::map<std::string, std::vector<std::string>> going;
    for (const MachineRun& run : m_runs)
        if (isGoing(run) && !run.job.directory.empty()) going[run.job.machine].push_back(run.job.directory);
    std::vector<Machine> watched = m_machines;
    if (going.contains("")) {
        Machine here;
        here.workFolder = m_lab.runsFolder().string();
        watched.push_back(here);
    }
    m_hasLocalRuns = watched.size() > m_machines.size();
    m_monitor->setRuns(std::move(going));
    m_monitor->setMachines(watched);
    m_stack->setCurrentIndex(watched.empty() ? 0 : 1);
    showTable();
    if (!m_wanted.isEmpty()) choose(m_wanted);
    if (m_table->currentRow() < 0 && !watched.empty()) m_table->setCurrentRow(0);
    showCurrent();
}

void MachinesPage::choose(const QString& machine) {
    m_wanted = machine;
    for (std::size_t i = 0; i < m_machines.size(); ++i)
        if (toQString(m_machines[i].name) == machine) {
            m_table->setCurrentRow(static_cast<int>(i));
            m_wanted.clear();
        }
}

const Machine* MachinesPage::current() const {
    const int row = m_table->currentRow();
    return row >= 0 && row < static_cast<int>(m_machines.size()) ? &m_machines[static_cast<std::size_t>(row)]
                                                                 : nullptr;
}

void MachinesPage::showTable() {
    const int row = m_table->currentRow();
    std::vector<Machine> machines = m_machines;
    if (m_hasLocalRuns) machines.emplace_back();
    m_table->setTable(machineTable(machines, m_runs, *m_monitor));
    if (row >= 0) m_table->setCurrentRow(std::min(row, static_cast<int>(machines.size()) - 1));
    showRunTable();
}

bool MachinesPage::isThisMachine() const {
    return m_hasLocalRuns && m_table->currentRow() == static_cast<int>(m_machines.size());
}

void MachinesPage::showRunTable() {
    const int row = m_runTable->currentRow();
    const Machine* machine = current();
    m_shown.clear();
    if (machine || isThisMachine())
        std::copy_if(m_runs.begin(), m_runs.end(), std::back_inserter(m_shown), [&](const MachineRun& run) {
            return run.job.machine == (machine ? machine->name : "");
        });
    m_runTable->setTable(machineRunTable(m_shown, m_monitor->sample(machine ? machine->name : "")));
    if (row >= 0 && row < static_cast<int>(m_shown.size())) m_runTable->setCurrentRow(row);
}

void MachinesPage::showCurrent() {
    const Machine* machine = current();
    for (QAction* action : actions())
        if (action->objectName() != QLatin1String("machines.add")) action->setEnabled(machine != nullptr);
    showRunTable();
    m_runTable->setNote(m_shown.empty() ? tr("Nothing has run there. Design offers the machine at “Runs in”.")
                                        : tr("Enter or double click shows the run in Live."));
    m_test->setMachine(machine ? *machine : Machine{});
    m_content->setMachine(machine ? *machine : Machine{});
}

void MachinesPage::add() {
    auto* dialog = new MachineDialog(m_lab, {}, this);
    connect(dialog, &MachineDialog::saved, this, [this](const QString& name) {
        m_wanted = name;
        read();
    });
    dialog->open();
}

void MachinesPage::edit() {
    if (!current()) return;
    auto* dialog = new MachineDialog(m_lab, *current(), this);
    connect(dialog, &MachineDialog::saved, this, [this](const QString& name) {
        m_wanted = name;
        read();
    });
    dialog->open();
}

void MachinesPage::removeCurrent() {
    const Machine* machine = current();
    if (!machine) return;
    const std::string name = machine->name;
    const auto answer = QMessageBox::question(this, tr("Remove a machine"),
                                              tr("%1 is forgotten here. What lies there stays, and so do its "
                                                 "runs in this lab; those that are going can no "
                                                 "longer be followed.")
                                                  .arg(toQString(name)),
                                              QMessageBox::Yes | QMessageBox::Cancel, QMessageBox::Cancel);
    if (answer != QMessageBox::Yes) return;
    m_jobs.start([this, name, isOver = m_isOver, file = m_lab.storeFile(), &writer = m_lab.writer()] {
        QString problem;
        try {
            StoreReader reader(file);
            forgetSecrets(reader, writer, name, [isOver] { return isOver->load(); });
            writer.removeMachine(name).get();
        } catch (const std::exception& error) {
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(this, [this, problem] {
            if (!problem.isEmpty()) Q_EMIT m_lab.failed(problem);
            read();
        });
    });
}

void MachinesPage::testCurrent() {
    m_tabs->setCurrentWidget(m_test);
    m_test->start();
}

/// Machines are asked only while somebody looks.
void MachinesPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_monitor->setActive(true);
    read();
}

void MachinesPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_monitor->setActive(false);
}

}  // namespace retort
