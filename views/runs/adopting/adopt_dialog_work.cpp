// AdoptDialog's part that looks, adopts, and says what became of it.
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QTableView>
#include <algorithm>

#include "views/compare/table_panel.h"
#include "views/lab_adopted.h"
#include "views/models/format.h"
#include "views/runs/adopting/adopt_dialog.h"

namespace retort {

void AdoptDialog::loadMachines() {
    m_lab.read(
        this, [](StoreReader& reader) { return reader.machines(); },
        [this](std::vector<Machine> machines) {
            m_machines = std::move(machines);
            for (const Machine& each : m_machines) m_machine->addItem(toQString(each.name));
            m_machine->setVisible(!m_machines.empty());
        });
    m_machine->hide();  // until there is something to choose
}

void AdoptDialog::chooseFolder() {
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Folder with runs of other programs"), m_folder->text());
    if (folder.isEmpty()) return;
    m_folder->setText(folder);
    startLooking();
}

void AdoptDialog::look(const QString& folder) {
    m_machine->setCurrentIndex(0);
    m_folder->setText(folder);
    startLooking();
}

void AdoptDialog::startLooking() {
    QString folder = m_folder->text().trimmed();
    if (folder.isEmpty() || m_job->isRunning()) return;
    const int machine = m_machine->currentIndex() - 1;
    if (machine < 0 && (folder == QLatin1String("~") || folder.startsWith(QLatin1String("~/"))))
        folder = QDir::homePath() + folder.mid(1);
    m_model->setCandidates({});
    m_problemTable.rows.clear();
    showProblems();
    m_hasLooked = false;
    m_status->setText(tr("Looking…"));
    m_progress->setRange(0, 0);
    m_job->look(machine >= 0 ? std::optional(m_machines[std::size_t(machine)]) : std::nullopt, folder);
    showState();
}

void AdoptDialog::onLooked(const AdoptJob::Findings& findings) {
    m_findings = findings;
    m_hasLooked = true;
    const int count = static_cast<int>(findings.candidates.size());
    if (!findings.error.isEmpty())
        m_status->setText(findings.error);
    else if (count == 0)
        m_status->setText(tr("There is no log that is known in this folder."));
    else
        m_status->setText(
            tr("%n run(s) and tables were found. Space marks what is to be adopted, F2 changes a name.",
               nullptr, count));
    m_model->setCandidates(std::move(m_findings.candidates));
    m_findings.candidates.clear();
    for (const QString& note : findings.notes) addProblem({}, note);
    showProblems();
    m_table->resizeColumnsToContents();
    m_table->setColumnWidth(FoundRunModel::Name,
                            std::clamp(m_table->columnWidth(FoundRunModel::Name), 160, 280));
    m_table->setColumnWidth(FoundRunModel::What, std::min(m_table->columnWidth(FoundRunModel::What), 220));
    m_table->setColumnWidth(FoundRunModel::State, std::max(m_table->columnWidth(FoundRunModel::State), 190));
    if (count > 0) {
        m_table->setCurrentIndex(m_model->index(0, FoundRunModel::Name));
        m_table->setFocus();
    } else {
        m_folder->setFocus();
    }
    showState();
}

void AdoptDialog::onMapped(const std::filesystem::path& table, const std::vector<FoundCandidate>& candidates,
                           const QString& error) {
    if (error.isEmpty()) {
        m_model->replaceTable(table, candidates);
        for (int row = 0; row < m_model->rowCount(); ++row)
            if (m_model->candidate(row)->table == table) m_model->setChecked(row, true);
    }
    m_status->setText(error.isEmpty() ? tr("The table is read with these columns.") : error);
    showState();
}

void AdoptDialog::startAdopting() {
    std::vector<AdoptJob::Order> orders;
    m_ordered = m_model->checkedRows();
    for (const int row : m_ordered) {
        orders.push_back({row, *m_model->candidate(row), m_model->name(row)});
        m_model->setStage(row, FoundRunModel::Stage::Reading, tr("waits"));
    }
    if (orders.empty() || m_job->isRunning()) return;
    QStringList tags;
    for (const QString& part : m_tags->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        if (!part.trimmed().isEmpty()) tags << part.trimmed();
    m_isAdopting = true;
    m_adopted.clear();
    m_problemTable.rows.clear();
    for (const QString& note : m_findings.notes) addProblem({}, note);
    showProblems();
    m_status->setText(tr("Adopting…"));
    m_progress->setRange(0, 1000);
    m_progress->setValue(0);
    m_model->setEditable(false);
    m_job->adopt(std::move(orders), m_findings, tags, m_follow->isChecked());
    showState();
}

void AdoptDialog::onRunAdopted(int row, const AdoptJob::Outcome& outcome) {
    const QString name = m_model->name(row);
    for (const QString& problem : outcome.problems) addProblem(name, problem);
    if (const auto more = outcome.allProblems - outcome.problems.size(); more > 0)
        addProblem(name, tr("and %n more", nullptr, static_cast<int>(more)));
    for (const QString& each : outcome.notTaken) addProblem(name, tr("not taken: %1").arg(each));
    showProblems();
    if (!outcome.error.isEmpty()) {
        addProblem(name, outcome.error);
        showProblems();
        return m_model->setStage(row, FoundRunModel::Stage::Failed,
                                 outcome.error.section(QLatin1Char('\n'), 0, 0));
    }
    const QString points = tr("%n point(s)", nullptr, static_cast<int>(outcome.points));
    QStringList parts{outcome.isNew ? points : tr("%1 more").arg(points)};
    if (outcome.traces > 0) parts << tr("%n trace(s)", nullptr, static_cast<int>(outcome.traces));
    if (outcome.checkpoints > 0)
        parts << tr("%n checkpoint(s)", nullptr, static_cast<int>(outcome.checkpoints));
    if (outcome.wasStopped) parts << tr("stopped");
    const bool isFollowed =
        m_follow->isChecked() && outcome.isLive && !outcome.hasEnded && !outcome.wasStopped;
    if (isFollowed) parts << tr("followed");
    m_model->setStage(row, FoundRunModel::Stage::Done, parts.join(QStringLiteral(", ")));
    if (isFollowed) followAdopted(m_lab, outcome.run);
    m_adopted.push_back(outcome.run.id);
}

void AdoptDialog::onAdopted(const QString& error) {
    m_isAdopting = false;
    m_model->setEditable(true);
    int failed = 0;
    for (const int row : m_ordered) {
        const FoundRunModel::Stage stage = m_model->stage(row);
        if (stage == FoundRunModel::Stage::Failed) ++failed;
        if (stage == FoundRunModel::Stage::Reading) m_model->setStage(row, FoundRunModel::Stage::Waiting, {});
        if (stage == FoundRunModel::Stage::Done) m_model->setChecked(row, false);
    }
    QStringList lines{tr("%n run(s) adopted.", nullptr, static_cast<int>(m_adopted.size()))};
    if (failed > 0) lines << tr("%n could not be adopted.", nullptr, failed);
    if (!error.isEmpty()) lines = QStringList{error};
    m_status->setText(lines.join(QLatin1Char(' ')));
    m_table->resizeColumnToContents(FoundRunModel::State);
    showState();
    if (!m_adopted.empty()) Q_EMIT adopted(m_adopted);
}

void AdoptDialog::addProblem(const QString& run, const QString& text) {
    m_problemTable.rows.push_back({{run}, {text}});
}

void AdoptDialog::showProblems() {
    m_problems->setVisible(!m_problemTable.rows.empty());
    m_problems->setTable(m_problemTable);
    m_problems->view()->resizeColumnToContents(0);
}

}  // namespace retort
