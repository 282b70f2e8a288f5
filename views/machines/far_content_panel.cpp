#include "views/machines/far_content_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/value_table_model.h"

namespace retort {

FarContentPanel::FarContentPanel(Lab& lab, QWidget* parent) : QWidget(parent) {
    m_look = new QPushButton(tr("&Look"), this);
    m_remove = new QPushButton(tr("&Remove there…"), this);
    m_removeBrought = new QPushButton(tr("Remove what was &brought…"), this);
    m_summary = new QLabel(this);
    m_summary->setWordWrap(true);
    m_table = new TablePanel(lab, tr("Runs on the machine"), this);
    auto* line = new QHBoxLayout;
    for (QPushButton* button : {m_look, m_remove, m_removeBrought}) line->addWidget(button);
    line->addWidget(m_summary, 1);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(line);
    layout->addWidget(m_table, 1);
    connect(m_look, &QPushButton::clicked, this, &FarContentPanel::look);
    connect(m_remove, &QPushButton::clicked, this, &FarContentPanel::removeChosen);
    connect(m_removeBrought, &QPushButton::clicked, this, &FarContentPanel::removeAllBrought);
    connect(m_table, &TablePanel::currentRowChanged, this, &FarContentPanel::showState);
    showState();
}

FarContentPanel::~FarContentPanel() {
    *m_isOver = true;
    m_thread.waitForDone();
}

void FarContentPanel::setMachine(const Machine& machine) {
    if (machine == m_machine) return;
    m_machine = machine;
    ++m_question;
    m_busy = m_isKnown = false;
    m_content = {};
    m_summary->setText(tr("Look shows the runs, programs and data that lie there, and their sizes."));
    m_table->setTable({});
    showState();
}

void FarContentPanel::look() {
    work([](const WorkPlace&) {});
}

void FarContentPanel::work(std::function<void(const WorkPlace&)> act) {
    if (m_busy || m_machine.name.empty()) return;
    m_busy = true;
    m_summary->setText(tr("Asking %1…").arg(toQString(m_machine.name)));
    showState();
    m_thread.start(
        [this, machine = m_machine, act = std::move(act), question = ++m_question, isOver = m_isOver] {
            Found found;
            try {
                const auto shell = Shell::ssh(machine);
                const WorkPlace place = openWorkPlace(*shell, machine, [isOver] { return isOver->load(); });
                act(place);
                found.content = contentThere(place);
            } catch (const Error& error) {
                found.problem = errorText(error);
            } catch (const std::exception& error) {
                found.problem = QString::fromUtf8(error.what());
            }
            QMetaObject::invokeMethod(this, [this, found = std::move(found), question] {
                if (question == m_question) showFound(found);
            });
        });
}

void FarContentPanel::removeChosen() {
    const int row = m_table->currentRow();
    if (row < 0 || row >= static_cast<int>(m_content.runs.size())) return;
    const FarRun run = m_content.runs[static_cast<std::size_t>(row)];
    const auto answer = QMessageBox::question(
        this, tr("Remove on the machine"),
        tr("%1 (%2) is removed on %3 for good. What was brought here of it stays.")
            .arg(toQString(run.directory), formatBytes(run.bytes), toQString(m_machine.name)),
        QMessageBox::Yes | QMessageBox::Cancel, QMessageBox::Cancel);
    if (answer == QMessageBox::Yes) work([run](const WorkPlace& place) { removeThere(place, {run}); });
}

void FarContentPanel::removeAllBrought() {
    const auto answer =
        QMessageBox::question(this, tr("Remove on the machine"),
                              tr("Programs, data and checkpoints that were brought to %1 (%2) are removed "
                                 "there. The next run brings what it "
                                 "needs again.")
                                  .arg(toQString(m_machine.name), formatBytes(m_content.broughtBytes)),
                              QMessageBox::Yes | QMessageBox::Cancel, QMessageBox::Cancel);
    if (answer == QMessageBox::Yes) work([](const WorkPlace& place) { removeBrought(place); });
}

void FarContentPanel::showFound(const Found& found) {
    m_busy = false;
    if (!found.problem.isEmpty()) {
        m_summary->setText(found.problem);
        return showState();
    }
    m_isKnown = true;
    m_content = found.content;
    ValueTable table;
    table.headers = {tr("Run"), tr("Running"), tr("Size"), tr("Directory there")};
    std::int64_t sum = m_content.broughtBytes;
    for (const FarRun& run : m_content.runs) {
        sum += run.bytes;
        table.rows.push_back({{toQString(run.name)},
                              {run.isAlive ? tr("yes") : tr("no")},
                              {formatBytes(run.bytes), static_cast<qlonglong>(run.bytes)},
                              {toQString(run.directory)}});
    }
    m_summary->setText(tr("%1 in all, of which %2 were brought (programs, data, checkpoints)")
                           .arg(formatBytes(sum), formatBytes(m_content.broughtBytes)));
    m_table->setTable(std::move(table));
    showState();
}

void FarContentPanel::showState() {
    m_look->setEnabled(!m_busy && !m_machine.name.empty());
    const int row = m_table->currentRow();
    const bool isOver = row >= 0 && row < static_cast<int>(m_content.runs.size()) &&
                        !m_content.runs[static_cast<std::size_t>(row)].isAlive;
    m_remove->setEnabled(!m_busy && isOver);
    m_removeBrought->setEnabled(!m_busy && m_isKnown && m_content.broughtBytes > 0);
}

}  // namespace retort
