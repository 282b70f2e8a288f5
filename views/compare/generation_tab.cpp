#include "views/compare/generation_tab.h"

#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>
#include <algorithm>

#include "core/weights/tokenizer_difference.h"
#include "views/compare/answer_session.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr std::size_t kMostRemembered = 50;
constexpr int kMostBesideEachOther = 4;
constexpr int kSampleColumn = 1, kRightColumn = 4;  // of askedTable()

/// Whether a folder's tokenizer cuts texts otherwise than the baseline's. Off the GUI thread.
bool cutsOtherwise(const std::string& baseline, const std::string& folder) {
    try {
        const auto difference = retort::compareTokenizers(baseline, folder);
        return difference && !(difference->sameHash && difference->isSameNumbering());
    } catch (const Error&) {
        return false;  // what is wrong with it is said where it is asked
    }
}

}  // namespace

void GenerationTab::setService(AnswerService service) {
    m_session->setService(std::move(service));
    showState();
}

void GenerationTab::setCheckpoints(const std::vector<ComparedCheckpoint>& checkpoints, std::size_t baseline) {
    m_checkpoints = checkpoints;
    if (baseline < m_checkpoints.size())
        std::rotate(m_checkpoints.begin(), m_checkpoints.begin() + std::ptrdiff_t(baseline),
                    m_checkpoints.begin() + std::ptrdiff_t(baseline) + 1);
    showState();
}

void GenerationTab::setProblem(const AskedProblem& problem) {
    m_problem = problem;
    m_prompt->setPlainText(toQString(problem.prompt));
    if (problem.maxTokens > 0) m_maxTokens->setValue(static_cast<int>(problem.maxTokens));
    m_prompt->moveCursor(QTextCursor::End);
    showState();
    if (problem.prompt.empty()) {
        m_about->setText(
            tr("The text of %1 was not kept (evaluation.traces says of how many it is): type it.")
                .arg(toQString(problem.id)));
        m_prompt->setFocus(Qt::OtherFocusReason);
    } else {
        m_run->setFocus(Qt::OtherFocusReason);
    }
}

// --- asking ---

AnswerSettings GenerationTab::settings() const {
    AnswerSettings settings;
    settings.temperature = m_temperature->value();
    settings.maxTokens = m_maxTokens->value();
    settings.samples = settings.temperature > 0 ? m_samples->value() : 1;
    settings.seed = static_cast<std::uint64_t>(m_seed->value());
    return settings;
}

bool GenerationTab::isGenerating() const {
    return m_session->isBusy();
}

bool GenerationTab::canAsk() const {
    const bool any = std::any_of(m_checkpoints.begin(), m_checkpoints.end(),
                                 [](const auto& each) { return !each.folder.empty(); });
    return m_session->hasService() && any && !m_prompt->toPlainText().isEmpty();
}

void GenerationTab::generate() {
    if (!canAsk()) return;
    cancel();
    auto asked = std::make_shared<AskedPrompt>();
    asked->prompt = m_prompt->toPlainText().toStdString();
    asked->settings = settings();
    asked->at = QDateTime::currentDateTime();
    if (asked->prompt == m_problem.prompt) asked->problem = m_problem;
    std::vector<AnswerRequest> requests;
    m_places.clear();
    for (const ComparedCheckpoint& each : m_checkpoints) {
        AskedCheckpoint& checkpoint = asked->checkpoints.emplace_back();
        checkpoint.name = each.name;
        checkpoint.folder = each.folder;
        if (each.folder.empty()) {
            checkpoint.state = AskedCheckpoint::State::Failed;
            checkpoint.error = tr("No checkpoint of this step is on the disk.");
            continue;
        }
        m_places.push_back(asked->checkpoints.size() - 1);
        requests.push_back({each.folder, asked->prompt, asked->settings});
    }
    m_history.insert(m_history.begin(), asked);
    if (m_history.size() > kMostRemembered) m_history.pop_back();
    m_running = asked;
    m_session->start(std::move(requests));
    const QSignalBlocker blocker(m_columns);
    m_columns->setCurrentIndex(static_cast<int>(asked->checkpoints.size()) > kMostBesideEachOther ? 1 : 0);
    open(asked);
    compareTokenizers();
}

void GenerationTab::compareTokenizers() {
    std::vector<std::string> folders;
    for (const AskedCheckpoint& each : m_running->checkpoints) folders.push_back(each.folder);
    m_lab.compute(
        this,
        [folders] {
            std::vector<bool> others;
            for (const std::string& folder : folders)
                others.push_back(!folder.empty() && !folders[0].empty() && cutsOtherwise(folders[0], folder));
            return others;
        },
        [this, asked = m_running](const std::vector<bool>& others) {
            for (std::size_t i = 0; i < others.size(); ++i) asked->checkpoints[i].otherTokenizer = others[i];
            if (asked == m_shown && std::find(others.begin(), others.end(), true) != others.end())
                showResults();
        });
}

void GenerationTab::began(int place) {
    m_running->checkpoints[m_places[std::size_t(place)]].state = AskedCheckpoint::State::Answering;
    if (m_running == m_shown) showResults();
    showState();
}

void GenerationTab::answered(int place, const AnswerOutcome& outcome) {
    AskedCheckpoint& checkpoint = m_running->checkpoints[m_places[std::size_t(place)]];
    checkpoint.state =
        outcome.error.isEmpty() ? AskedCheckpoint::State::Done : AskedCheckpoint::State::Failed;
    checkpoint.answers = outcome.answers;
    checkpoint.error = outcome.error;
    checkpoint.seconds = outcome.seconds;
    if (m_running == m_shown) showResults();
    showState();
}

void GenerationTab::cancel() {
    if (!isGenerating()) return;
    m_session->cancel();
    for (AskedCheckpoint& each : m_running->checkpoints)
        if (!each.isOver()) each.state = AskedCheckpoint::State::Cancelled;
    if (m_running == m_shown) showResults();
    showState();
}

// --- what was asked before ---

void GenerationTab::open(const std::shared_ptr<AskedPrompt>& asked) {
    m_shown = asked;
    fillHistory();
    showResults();
    showState();
}

void GenerationTab::fillHistory() {
    m_historyMenu->clear();
    for (const auto& asked : m_history) {
        QAction* entry = m_historyMenu->addAction(
            askedTitle(*asked).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, asked] {
                m_problem = asked->problem;
                m_prompt->setPlainText(toQString(asked->prompt));
                m_temperature->setValue(asked->settings.temperature);
                m_maxTokens->setValue(int(asked->settings.maxTokens));
                m_samples->setValue(int(asked->settings.samples));
                m_seed->setValue(int(asked->settings.seed));
                open(asked);
            });
        entry->setCheckable(true);
        entry->setChecked(asked == m_shown);
    }
}

// --- showing ---

void GenerationTab::showResults() {
    if (m_shown) {
        const QSignalBlocker blocker(m_table);  // the answers are shown once, below
        m_table->setTable(askedTable(*m_shown));
        m_table->view()->setColumnHidden(kSampleColumn, m_shown->settings.samples == 1);
        m_table->view()->setColumnHidden(kRightColumn, !m_shown->problem.task);
    }
    showAnswers();
}

void GenerationTab::showAnswers() {
    if (!m_shown) return;
    const auto rows = askedRows(*m_shown);
    const int current = m_table->currentRow();
    const AskedRow row = current >= 0 && current < int(rows.size()) ? rows[std::size_t(current)] : AskedRow{};
    std::vector<std::size_t> columns = {0};
    const bool all = m_columns->currentIndex() == 0;
    for (std::size_t i = 1; i < m_shown->checkpoints.size(); ++i)
        if (all || i == row.checkpoint || (row.checkpoint == 0 && i == 1)) columns.push_back(i);
    ShownProblem problem{toQString(m_shown->problem.id)};
    if (m_shown->settings.samples > 1) {
        if (!problem.name.isEmpty()) problem.name += QStringLiteral(" · ");
        problem.name += tr("sample %1 of %2").arg(row.sample + 1).arg(m_shown->settings.samples);
    }
    if (m_shown->checkpoints.size() == 1)
        problem.hint = tr("Add a second checkpoint above to see its answer beside this one.");
    m_answers->showAnswers(problem, askedAnswers(*m_shown, columns, row.sample));
}

void GenerationTab::showState() {
    const bool busy = isGenerating(), can = canAsk();
    m_generate->setEnabled(can);
    m_cancel->setEnabled(busy);
    m_run->setEnabled(busy || can);
    m_run->setText(busy ? tr("&Cancel") : tr("&Generate"));
    m_samples->setEnabled(m_temperature->value() > 0);
    m_seed->setEnabled(m_temperature->value() > 0);
    m_historyButton->setEnabled(!m_history.empty());
    m_export->setEnabled(m_shown != nullptr);
    m_columns->setEnabled(m_shown != nullptr);
    m_table->setVisible(m_shown != nullptr);
    const bool isProblem = !m_problem.id.empty() && m_prompt->toPlainText().toStdString() == m_problem.prompt;
    m_about->setText(!isProblem ? QString()
                     : m_problem.gold.empty()
                         ? toQString(m_problem.id)
                         : tr("%1, reference %2").arg(toQString(m_problem.id), toQString(m_problem.gold)));
    m_progress->setVisible(busy);
    QString status;
    if (busy) {
        const auto& all = m_running->checkpoints;
        const auto over =
            std::count_if(all.begin(), all.end(), [](const auto& each) { return each.isOver(); });
        m_progress->setRange(0, static_cast<int>(all.size()));
        m_progress->setValue(static_cast<int>(over));
        for (const AskedCheckpoint& each : all)
            if (each.state == AskedCheckpoint::State::Answering) status = toQString(each.name);
    }
    m_status->setText(status);
    m_status->setVisible(busy);
    m_status->setToolTip(status);
    m_about->setToolTip(m_about->text());
    if (m_shown) return;
    const bool noWeights = std::all_of(m_checkpoints.begin(), m_checkpoints.end(),
                                       [](const auto& each) { return each.folder.empty(); });
    m_answers->showNothing(
        !m_session->hasService() ? tr("This window has no training module, so checkpoints cannot be asked.")
        : noWeights
            ? tr("None of these steps has a checkpoint on the disk, so there is nothing to ask.")
            : tr("Type a prompt, or choose “Ask again” at a problem: each compared checkpoint answers it, "
                 "one "
                 "after the other, and the answers are set side by side against the baseline's.\n\nThe text "
                 "goes to the model as it is: no chat template is put around it."));
}

}  // namespace retort
