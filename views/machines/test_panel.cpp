#include "views/machines/test_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/machines/build_panel.h"
#include "views/machines/machine_tables.h"

namespace retort {

TestPanel::TestPanel(Lab& lab, QWidget* parent) : QWidget(parent) {
    m_button = new QPushButton(this);
    m_summary = new QLabel(this);
    m_summary->setWordWrap(true);
    m_table = new TablePanel(lab, tr("Test of a machine"), this);
    m_building = new BuildPanel(this);
    auto* line = new QHBoxLayout;
    line->addWidget(m_button);
    line->addWidget(m_summary, 1);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(line);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_building);
    connect(m_building, &BuildPanel::built, this, [this](const QString& machine) {
        if (machine == QString::fromStdString(m_machine.name)) start();  // does it do now?
    });
    connect(m_button, &QPushButton::clicked, this, [this] { m_busy ? stop() : start(); });
    showState();
}

TestPanel::~TestPanel() {
    if (m_stop) *m_stop = true;
    m_thread.waitForDone();
}

void TestPanel::setMachine(const Machine& machine) {
    if (machine == m_machine) return;
    stop();
    ++m_test;
    m_busy = false;
    m_machine = machine;
    m_steps.clear();
    m_summary->setText(tr("Test tries step by step whether runs can execute there."));
    m_table->setTable(testTable(m_steps));
    showState();
}

void TestPanel::start() {
    if (m_busy || m_machine.name.empty()) return;
    m_busy = true;
    m_steps.clear();
    m_table->setTable(testTable(m_steps));
    m_summary->setText(tr("Trying %1…").arg(QString::fromStdString(m_machine.name)));
    m_stop = std::make_shared<std::atomic<bool>>(false);
    const int test = ++m_test;
    m_thread.start([this, machine = m_machine, stop = m_stop, test] {
        const MachineReport report = testMachine(
            machine,
            [this, test](const TestStep& step) {
                QMetaObject::invokeMethod(this, [this, step, test] { show(step, test); });
            },
            [stop] { return stop->load(); });
        QMetaObject::invokeMethod(this, [this, passed = report.passed(), test] { finish(passed, test); });
    });
    showState();
}

void TestPanel::stop() {
    if (m_stop) *m_stop = true;
}

void TestPanel::show(TestStep step, int test) {
    if (test != m_test) return;
    m_steps.push_back(std::move(step));
    m_table->setTable(testTable(m_steps));
    showState();
}

void TestPanel::finish(bool passed, int test) {
    if (test != m_test) return;
    m_busy = false;
    m_summary->setText(*m_stop  ? tr("Stopped.")
                       : passed ? tr("Runs can execute here.")
                                : tr("Runs cannot execute here yet: see what to do."));
    showState();
}

void TestPanel::showState() {
    m_button->setText(m_busy ? tr("&Stop") : tr("&Test"));
    m_button->setEnabled(!m_machine.name.empty());
    m_building->setMachine(m_machine, std::any_of(m_steps.begin(), m_steps.end(), [](const TestStep& step) {
                               return step.name == "program" && (step.state == TestStep::State::Failed ||
                                                                 step.state == TestStep::State::Warning);
                           }));
}

}  // namespace retort
