#include "views/runs/run_details.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTableWidget>
#include <QVBoxLayout>
#include <filesystem>
#include <set>

#include "core/machines/remote_run.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "training/backends/run_outcome.h"
#include "views/lab.h"
#include "views/models/alarm_text.h"
#include "views/models/format.h"
#include "views/models/job_text.h"
#include "views/models/run_state.h"
#include "views/runs/adopting/adoption_panel.h"
#include "views/runs/checkpoint_panel.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QPlainTextEdit* fixedText(const QString& name, QWidget* parent) {
    auto* edit = new QPlainTextEdit(parent);
    edit->setReadOnly(true);
    edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    edit->setTabChangesFocus(true);
    edit->setAccessibleName(name);
    return edit;
}

/// New text without losing the place where the reader is; follows the end when the end was in view.
void setTextKeepingPlace(QPlainTextEdit* edit, const QString& text) {
    if (edit->toPlainText() == text) return;
    QScrollBar* bar = edit->verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum();
    const int value = bar->value();
    edit->setPlainText(text);
    bar->setValue(atEnd ? bar->maximum() : value);
}

/// The end of stdout.log and stderr.log, and of slurm-77.out, where a person's own batch script leaves it so.
QString outputOf(const std::filesystem::path& folder) {
    constexpr int mostLines = 1000;
    std::vector<std::filesystem::path> files = {folder / "stdout.log", folder / "stderr.log"};
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(folder, code))
        if (const std::string name = entry.path().filename().string();
            name.starts_with("slurm-") && name.ends_with(".out"))
            files.push_back(entry.path());
    QStringList parts;
    for (const std::filesystem::path& file : files)
        if (const QString text = lastLines(file, 0, mostLines); !text.isEmpty())
            parts << QStringLiteral("── %1 ──\n%2").arg(toQString(file.filename().string()), text);
    return parts.join(QStringLiteral("\n\n"));
}

/// Of which the directory is the mirror; empty: of none.
std::string machineOf(const std::filesystem::path& folder) {
    try {
        const auto remote = readRemoteRun(folder);
        return remote ? remote->machine : std::string();
    } catch (const Error&) {  // a damaged remote.json is told where the run is followed
        return {};
    }
}

QString cellText(const QString& text) {
    return text.toHtmlEscaped();
}

}  // namespace

RunDetails::RunDetails(Lab& lab, QWidget* parent) : WrappingTabs(parent), m_lab(lab) {
    setAccessibleName(tr("Details of the run"));
    addTab(makeOverview(), tr("Overview"));
    addTab(makeConfig(), tr("Configuration"));
    m_evaluations = makeTable({tr("Step"), tr("Set")}, tr("Evaluations"));
    addTab(m_evaluations, tr("Evaluations"));
    m_checkpoints = new CheckpointPanel(
        m_lab, makeTable({tr("Step"), tr("Written"), tr("Folder")}, tr("Checkpoints")), this);
    connect(m_checkpoints, &CheckpointPanel::startFromRequested, this, &RunDetails::startFromRequested);
    connect(m_checkpoints, &CheckpointPanel::fetched, &m_reload, qOverload<>(&QTimer::start));
    addTab(m_checkpoints, tr("Checkpoints"));
    m_alarms = makeTable({tr("Step"), tr("Severity"), tr("What happened")}, tr("Alarms"));
    addTab(m_alarms, tr("Alarms"));
    m_messages = fixedText(tr("Messages"), this);
    addTab(m_messages, tr("Messages"));
    m_output = fixedText(tr("Output"), this);
    m_output->setPlaceholderText(tr("Neither the trainer nor its job has printed anything yet."));
    addTab(m_output, tr("Output"));
    m_reload.setSingleShot(true);
    m_reload.setInterval(120);  // holding an arrow key down in the table must not start a read a row
    connect(&m_reload, &QTimer::timeout, this, &RunDetails::load);
    m_notesPause.setSingleShot(true);
    m_notesPause.setInterval(800);
    connect(&m_notesPause, &QTimer::timeout, this, &RunDetails::commitNotes);
    connect(&m_lab, &Lab::machinesChanged, this, [this] {
        if (m_run && !m_reload.isActive()) m_reload.start();
    });
    connect(&m_lab, &Lab::evaluationsChanged, this, [this](RowId run) {
        if (run == shownRun() && !m_reload.isActive()) m_reload.start();
    });
    showRun(nullptr);
}

QTableWidget* RunDetails::makeTable(const QStringList& headers, const QString& name) {
    auto* table = new QTableWidget(0, static_cast<int>(headers.size()), this);
    table->setHorizontalHeaderLabels(headers);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->horizontalHeader()->setStretchLastSection(true);
    table->setAccessibleName(name);
    return table;
}

QWidget* RunDetails::makeOverview() {
    auto* page = new QWidget(this);
    m_facts = new QLabel(page);
    m_facts->setObjectName(QStringLiteral("facts"));
    m_facts->setTextFormat(Qt::RichText);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setWordWrap(true);
    m_facts->setAccessibleName(tr("Details of the run"));
    m_facts->setAlignment(Qt::AlignTop);
    m_error = new QLabel(page);
    m_error->setTextFormat(Qt::PlainText);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_error->setWordWrap(true);
    m_error->setAccessibleName(tr("Error"));
    m_tags = new QLineEdit(page);
    m_tags->setPlaceholderText(tr("Tags, separated by commas"));
    connect(m_tags, &QLineEdit::editingFinished, this, [this] {
        if (m_run && m_tags->isModified()) Q_EMIT tagsEdited(m_run->id, m_tags->text());
        m_tags->setModified(false);
    });
    m_notes = new QPlainTextEdit(page);
    m_notes->setPlaceholderText(tr("What was this run for? What did it show?"));
    m_notes->setTabChangesFocus(true);
    connect(m_notes, &QPlainTextEdit::modificationChanged, this, [this](bool changed) {
        if (changed) m_notesPause.start();
    });
    connect(m_notes, &QPlainTextEdit::textChanged, this, [this] {
        if (m_notes->document()->isModified()) m_notesPause.start();
    });
    auto* form = new QFormLayout;
    form->addRow(tr("Tag&s"), m_tags);  // "&T": Qt measures the kerned word and paints it unkerned, cut
    form->addRow(tr("N&otes"), m_notes);
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(m_facts);
    m_adoption = new AdoptionPanel(m_lab, page);
    layout->addWidget(m_error);
    connect(m_adoption, &AdoptionPanel::originRead, &m_reload, qOverload<>(&QTimer::start));
    layout->addWidget(m_adoption);
    layout->addLayout(form, 1);
    return page;
}

QWidget* RunDetails::makeConfig() {
    auto* page = new QWidget(this);
    m_config = fixedText(tr("Configuration"), page);
    auto* copy = new QPushButton(tr("&Copy YAML"), page);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_config->toPlainText()); });
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(m_config);
    layout->addWidget(copy, 0, Qt::AlignRight);
    return page;
}

void RunDetails::focusTags() {
    setCurrentIndex(0);
    m_tags->setFocus(Qt::ShortcutFocusReason);
}

void RunDetails::focusNotes() {
    setCurrentIndex(0);
    m_notes->setFocus(Qt::ShortcutFocusReason);
}

void RunDetails::commitNotes() {
    m_notesPause.stop();
    if (!m_run || !m_notes->document()->isModified()) return;
    m_notes->document()->setModified(false);
    Q_EMIT notesEdited(m_run->id, m_notes->toPlainText());
}

void RunDetails::showRun(const RunRow* run) {
    const bool other = !run || !m_run || m_run->id != run->id;
    if (other) {
        commitNotes();  // of the run that is left
        if (m_run && m_tags->isModified()) Q_EMIT tagsEdited(m_run->id, m_tags->text());
        m_tags->setModified(false);
    }
    m_run = run ? std::optional(*run) : std::nullopt;
    if (other) {
        m_job.reset();
        m_priority = {};
    }
    setEnabled(run != nullptr);
    m_adoption->showRun(run);
    fillOverview();
    if (!run) {
        fill({});
    } else if (!m_reload.isActive()) {
        m_reload.start();
    }
}

void RunDetails::tick() {
    if (!m_run || !isVisible() || (m_run->state != "running" && m_run->state != "paused")) return;
    if (QGuiApplication::mouseButtons() == Qt::NoButton) fillFacts(*m_run);  // nobody is marking words
}

void RunDetails::fillOverview() {
    if (!m_run) {
        m_facts->setText(tr("Select a run to see its details."));
        m_error->hide();
        m_tags->clear();
        m_notes->setPlainText({});
        m_notes->document()->setModified(false);
        m_config->clear();
        return;
    }
    const RunRow& run = *m_run;
    fillFacts(run);
    m_error->setVisible(!run.error.empty());
    m_error->setText((endedUnsaid(run) ? QString() : QStringLiteral("✗ ")) + toQString(run.error));
    QPalette palette = m_error->palette();
    palette.setColor(QPalette::WindowText, endedUnsaid(run) ? tones().muted : tones().bad);
    m_error->setPalette(palette);
    // What is being typed is never overwritten by a live update.
    if (!m_tags->isModified()) {
        QStringList tags;
        for (const std::string& tag : run.tags) tags << toQString(tag);
        const QString text = tags.join(QStringLiteral(", "));
        if (m_tags->text() != text) m_tags->setText(text);
    }
    if (!m_notes->document()->isModified() && m_notes->toPlainText() != toQString(run.notes)) {
        m_notes->setPlainText(toQString(run.notes));
        m_notes->document()->setModified(false);
        m_notesPause.stop();
    }
    setTextKeepingPlace(m_config, toQString(run.config));
}

void RunDetails::fillFacts(const RunRow& run) {
    QString html = QStringLiteral("<b>%1</b><table cellspacing='2'>").arg(cellText(toQString(run.name)));
    const auto fact = [&html](const QString& label, const QString& value) {
        if (value.isEmpty()) return;
        html += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                    .arg(cellText(label), cellText(value));
    };
    QString state = stateGlyph(run.state) + QLatin1Char(' ') + runStateText(run);
    if (isActive(run) && !run.activity.empty()) state += QStringLiteral(" · ") + toQString(run.activity);
    if (run.state == "running" && run.secondsLeft)
        state += QStringLiteral(" · ") + tr("%1 left").arg(formatDuration(*run.secondsLeft));
    fact(tr("State"), state);
    if (m_job) fact(tr("Job"), jobText(*m_job));
    if (isActive(run)) fact(tr("Priority"), priorityText(m_priority, run.state != "created"));
    fact(tr("Recipe"), toQString(run.recipe));
    fact(tr("Study"), toQString(run.study));
    fact(tr("Step"),
         run.totalSteps > 0 ? tr("%1 of %2").arg(run.step).arg(run.totalSteps) : QString::number(run.step));
    fact(tr("Created"), formatTime(runDate(run)));
    if (const auto seconds = runDuration(run, unixTime())) fact(tr("Duration"), formatDuration(*seconds));
    if (run.attempts > 1) fact(tr("Attempts"), QString::number(run.attempts));
    fact(tr("Where"), toQString(run.backend) +
                          (run.host.empty() ? QString() : QStringLiteral(" @ ") + toQString(run.host)));
    fact(tr("Folder"), toQString(run.directory));
    fact(tr("Id"), toQString(run.uuid));
    // What somebody marks to copy it stays marked while a run goes on.
    const QString marked = m_facts->selectedText();
    const int begin = m_facts->selectionStart();
    html += QStringLiteral("</table>");
    if (html == m_facts->text()) return;
    m_facts->setText(html);
    if (marked.isEmpty()) return;
    m_facts->setSelection(begin, int(marked.size()));
    if (m_facts->selectedText() != marked) m_facts->setSelection(0, 0);
}

void RunDetails::load() {
    if (!m_run) return;
    m_lab.read(
        this,
        [id = m_run->id, folder = std::filesystem::path(m_run->directory)](StoreReader& reader) {
            return std::pair(id, Loaded{reader.checkpoints(id),
                                        reader.evaluations(id),
                                        reader.alarms(id),
                                        reader.messages(id),
                                        reader.job(id),
                                        {readPriorityState(folder), askedPriority(folder)},
                                        machineOf(folder),
                                        outputOf(folder)});
        },
        [this](std::pair<RowId, Loaded> loaded) {
            if (loaded.first == shownRun()) fill(loaded.second);
        });
}

void RunDetails::fillEvaluations(const std::vector<EvaluationRow>& evaluations) {
    std::set<std::string> names;
    for (const EvaluationRow& row : evaluations) {
        for (const auto& [name, value] : row.metrics) names.insert(name);
    }
    QStringList headers{tr("Step"), tr("Set")};
    for (const std::string& name : names) headers << toQString(name);
    m_evaluations->setColumnCount(static_cast<int>(headers.size()));
    m_evaluations->setHorizontalHeaderLabels(headers);
    m_evaluations->setRowCount(static_cast<int>(evaluations.size()));
    for (int row = 0; row < m_evaluations->rowCount(); ++row) {
        const EvaluationRow& evaluation = evaluations[evaluations.size() - 1 - static_cast<std::size_t>(row)];
        m_evaluations->setItem(row, 0, new QTableWidgetItem(QString::number(evaluation.step)));
        m_evaluations->setItem(row, 1, new QTableWidgetItem(toQString(evaluation.name)));
        int column = 2;
        for (const std::string& name : names) {
            const auto found = evaluation.metrics.find(name);
            const QString text = found == evaluation.metrics.end() ? QString() : formatNumber(found->second);
            m_evaluations->setItem(row, column++, new QTableWidgetItem(text));
        }
    }
}

void RunDetails::fill(const Loaded& loaded) {
    fillEvaluations(loaded.evaluations);
    const QString machine = loaded.machine.empty() ? m_adoption->machine() : toQString(loaded.machine);
    const QString absent = machine.isEmpty() ? tr("removed") : tr("on %1").arg(machine);
    m_checkpoints->showContent({m_run ? m_run->id : 0, m_run ? m_run->directory : std::string(),
                                loaded.checkpoints, loaded.machine, absent});
    m_alarms->setRowCount(static_cast<int>(loaded.alarms.size()));
    for (int row = 0; row < m_alarms->rowCount(); ++row) {
        const AlarmRow& alarm = loaded.alarms[loaded.alarms.size() - 1 - static_cast<std::size_t>(row)];
        m_alarms->setItem(row, 0, new QTableWidgetItem(QString::number(alarm.step)));
        m_alarms->setItem(row, 1, new QTableWidgetItem(severityText(alarm.severity)));
        m_alarms->setItem(row, 2, new QTableWidgetItem(alarmText(alarm)));
    }
    const auto title = [](const QString& name, std::size_t count) {
        return count == 0 ? name : QStringLiteral("%1 (%2)").arg(name).arg(count);
    };
    setTabText(2, title(tr("Evaluations"), loaded.evaluations.size()));
    setTabText(3, title(tr("Checkpoints"), loaded.checkpoints.size()));
    setTabText(4, title(tr("Alarms"), loaded.alarms.size()));
    QStringList lines;
    for (const MessageEvent& message : loaded.messages) {
        lines << (message.level == "info" ? QString() : toQString(message.level) + QStringLiteral(": ")) +
                     toQString(message.text);
    }
    setTextKeepingPlace(m_messages, lines.join(QLatin1Char('\n')));
    setTextKeepingPlace(m_output, loaded.output);
    const bool isNews =
        m_job.has_value() != loaded.job.has_value() || (m_job && jobText(*m_job) != jobText(*loaded.job));
    const bool isOther =
        m_priority.state != loaded.priority.state || m_priority.asked != loaded.priority.asked;
    m_job = loaded.job;
    m_priority = loaded.priority;
    if (isNews || isOther) fillOverview();
}

}  // namespace retort
