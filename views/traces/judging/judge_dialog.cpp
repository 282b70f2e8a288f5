#include "views/traces/judging/judge_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <map>
#include <utility>

#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

struct ReadTargets {
    std::vector<TargetTrace> traces;
    std::map<RowId, std::string> configs;  ///< of their runs
};

JudgeRequest::Method requestMethod(JudgeDialog::Method method) {
    switch (method) {
        case JudgeDialog::Method::OmegaPrm:
            return JudgeRequest::Method::OmegaPrm;
        case JudgeDialog::Method::Prm:
            return JudgeRequest::Method::Prm;
        case JudgeDialog::Method::Critic:
            return JudgeRequest::Method::Critic;
        default:
            return JudgeRequest::Method::MonteCarlo;
    }
}

}  // namespace

JudgeDialog::JudgeDialog(Lab& lab, JudgeService service, TraceTargets targets, QWidget* parent)
    : QDialog(parent),
      m_lab(lab),
      m_targets(std::move(targets)),
      m_session(new JudgeSession(this)),
      m_form(new QFormLayout) {
    setWindowTitle(tr("Judge traces"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(560, 0);
    m_session->setService(std::move(service));
    makeFields();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_run = buttons->addButton(tr("&Judge"), QDialogButtonBox::ActionRole);
    m_run->setDefault(true);
    connect(m_run, &QPushButton::clicked, this, [this] { isBusy() ? cancel() : start(); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(m_form);
    layout->addWidget(m_about);
    layout->addWidget(m_progress);
    layout->addWidget(m_status);
    layout->addStretch(1);
    layout->addWidget(buttons);
    m_keepTimer.setSingleShot(true);
    m_keepTimer.setInterval(500);
    connect(&m_keepTimer, &QTimer::timeout, this, &JudgeDialog::keep);
    connect(m_session, &JudgeSession::judged, this, &JudgeDialog::onJudged);
    connect(m_session, &JudgeSession::failed, this, [this](const QString& error) { m_error = error; });
    connect(m_session, &JudgeSession::ended, this, &JudgeDialog::onEnded);
    connect(m_method, &QComboBox::currentIndexChanged, this, &JudgeDialog::showMethod);
    connect(m_checkpoint, &QComboBox::currentTextChanged, this, &JudgeDialog::showState);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &JudgeDialog::showState);
    connect(&m_lab, &Lab::failed, this, [this](const QString& message) {
        if (!std::exchange(m_reading, false)) return;
        m_error = message;
        showState();
    });
    readCheckpoints();
    showMethod();
}

void JudgeDialog::makeFields() {
    const auto row = [this](const QString& text, QWidget* field) {
        m_form->addRow(text, field);
        field->setAccessibleName(QString(text).remove(QLatin1Char('&')));
    };
    const auto whole = [this](int low, int high, int value) {
        auto* spin = new QSpinBox(this);
        spin->setRange(low, high);
        spin->setValue(value);
        return spin;
    };
    m_scope = new QComboBox(this);
    if (m_targets.trace != 0) m_scope->addItem(tr("The open trace"), int(TargetScope::Trace));
    if (m_targets.group.size() > 1)
        m_scope->addItem(tr("Its group (%n trace(s))", nullptr, int(m_targets.group.size())),
                         int(TargetScope::Group));
    m_scope->addItem(tr("The list (%n trace(s))", nullptr, int(m_targets.listed)), int(TargetScope::List));
    m_most = whole(1, 1000000, 200);
    m_method = new QComboBox(this);
    m_method->addItem(tr("Monte-Carlo rollouts"), int(Method::MonteCarlo));
    m_method->addItem(tr("OmegaPRM (binary search)"), int(Method::OmegaPrm));
    m_method->addItem(tr("Process reward model"), int(Method::Prm));
    m_method->addItem(tr("Critic"), int(Method::Critic));
    m_method->addItem(tr("Detectors (no model)"), int(Method::Detectors));
    m_checkpoint = new CheckpointBox(this);
    m_rollouts = whole(1, 1024, 8);
    m_searches = whole(1, 1000, 1);
    m_temperature = new QDoubleSpinBox(this);
    m_temperature->setRange(0, 10);
    m_temperature->setSingleStep(0.1);
    m_temperature->setValue(1);
    m_lane = new QLineEdit(this);
    m_lane->setPlaceholderText(tr("after the checkpoint"));
    m_about = new QLabel(this);
    m_about->setWordWrap(true);
    m_progress = new QProgressBar(this);
    m_progress->setAccessibleName(tr("Traces that are judged"));
    m_progress->setFormat(QStringLiteral("%v / %m"));
    m_status = new QLabel(this);
    m_status->setWordWrap(true);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row(tr("&Traces"), m_scope);
    row(tr("At &most"), m_most);
    row(tr("&By"), m_method);
    row(tr("&Checkpoint"), m_checkpoint);
    row(tr("&Rollouts a step"), m_rollouts);
    row(tr("Sear&ches a trace"), m_searches);
    row(tr("T&emperature"), m_temperature);
    row(tr("&Name of the lane"), m_lane);
}

JudgeDialog::Method JudgeDialog::chosenMethod() const {
    return static_cast<Method>(m_method->currentData().toInt());
}

void JudgeDialog::readCheckpoints() {
    m_lab.read(
        this, [](StoreReader& reader) { return retort::readCheckpoints(reader); },
        [this](std::vector<CheckpointChoice> all) {
            m_allCheckpoints = std::move(all);
            showMethod();
        });
}

void JudgeDialog::showMethod() {
    const Method method = chosenMethod();
    const bool model = method != Method::Detectors,
               rolls = method == Method::MonteCarlo || method == Method::OmegaPrm;
    const auto show = [this](QWidget* field, bool on) {
        field->setVisible(on);
        m_form->labelForField(field)->setVisible(on);
    };
    show(m_checkpoint, model);
    show(m_rollouts, rolls || method == Method::Critic);
    show(m_temperature, rolls || method == Method::Critic);
    show(m_searches, method == Method::OmegaPrm);
    show(m_lane, model);
    if (auto* label = qobject_cast<QLabel*>(m_form->labelForField(m_rollouts)))
        label->setText(method == Method::Critic ? tr("Answers that &vote") : tr("&Rollouts a step"));
    // A process reward model is one that the recipe made; rollouts and criticism are for language models.
    const QString before = m_checkpoint->currentText();
    std::vector<CheckpointChoice> fitting;
    for (const CheckpointChoice& each : m_allCheckpoints) {
        const bool judges = each.recipe == "prm", scores = judges || each.recipe == "reward_model";
        if (method == Method::Prm ? judges : !scores) fitting.push_back(each);
    }
    m_checkpoint->setCheckpoints(fitting, fitting.empty() ? -1 : 0);
    if (const int same = m_checkpoint->findText(before); same >= 0 && !before.isEmpty())
        m_checkpoint->setCurrentIndex(same);
    const QString about[] = {
        tr("From the end of each step the checkpoint writes on; the value is the share of right answers: the "
           "chance to "
           "recover, not whether the step is right."),
        tr("The first step from which no rollout comes out right, found by halving (OmegaPRM)."),
        tr("The probability that each step is right, as the process reward model sees it."),
        tr("A language model is asked for the first wrong step, in ProcessBench's form."),
        tr("What can be seen without a model: flaws that repeat, an answer that does not fit the thinking, "
           "repetition, "
           "reflection and backtracking.")};
    m_about->setText(about[static_cast<int>(method)]);
    showState();
}

// --- judging ---

void JudgeDialog::start() {
    if (isBusy()) return;
    m_error.clear();
    m_note.clear();
    m_total = m_done = m_said = m_rolledOut = 0;
    m_reading = true;
    m_lab.read(
        this,
        [targets = m_targets, scope = static_cast<TargetScope>(m_scope->currentData().toInt()),
         most = std::int64_t(m_most->value())](StoreReader& reader) {
            ReadTargets read;
            read.traces = readTargets(reader, targets, scope, most);
            for (const TargetTrace& each : read.traces)
                if (!read.configs.contains(each.run))
                    if (const auto row = reader.run(each.run)) read.configs[each.run] = row->config;
            return read;
        },
        [this](const ReadTargets& read) {
            if (!std::exchange(m_reading, false)) return;  // cancelled meanwhile
            judge(jobsOf(read.traces, read.configs));
        });
    showState();
}

std::vector<JudgeJob> JudgeDialog::jobsOf(const std::vector<TargetTrace>& traces,
                                          const std::map<RowId, std::string>& configs) const {
    std::vector<JudgeJob> jobs;
    const CheckpointChoice* checkpoint = m_checkpoint->checkpoint();
    for (const TargetTrace& each : traces) {
        auto job =
            std::find_if(jobs.begin(), jobs.end(), [&](const JudgeJob& j) { return j.run == each.run; });
        if (job == jobs.end()) {
            JudgeJob made;
            made.run = each.run;
            made.withDetectors = chosenMethod() == Method::Detectors;
            made.request.method = requestMethod(chosenMethod());
            if (checkpoint) made.request.checkpoint = checkpoint->path;
            if (const auto config = configs.find(each.run); config != configs.end())
                made.request.runConfig = config->second;
            made.request.rollouts = m_rollouts->value();
            made.request.searches = m_searches->value();
            made.request.temperature = m_temperature->value();
            made.request.laneName = m_lane->text().trimmed().toStdString();
            job = jobs.insert(jobs.end(), std::move(made));
        }
        job->ids.push_back(each.id);
        job->request.traces.push_back(each.trace);
    }
    return jobs;
}

void JudgeDialog::judge(std::vector<JudgeJob> jobs) {
    for (const JudgeJob& job : jobs) m_total += static_cast<qint64>(job.ids.size());
    if (m_total > 0) m_session->start(std::move(jobs));
    showState();
}

void JudgeDialog::onJudged(const JudgedRow& row) {
    ++m_done;
    m_rolledOut += row.rollouts;
    if (row.lanes.empty()) {
        m_note = row.note;
    } else {
        ++m_said;
        m_new.emplace_back(row.id, row.lanes);
    }
    if (!m_keepTimer.isActive()) m_keepTimer.start();
    showState();
}

void JudgeDialog::onEnded() {
    keep();
    showState();
}

void JudgeDialog::cancel() {
    m_reading = false;
    m_session->cancel();
    showState();
}

/// What is said is in the store within half a second, whatever becomes of the rest.
void JudgeDialog::keep() {
    m_keepTimer.stop();
    if (m_new.empty()) return;
    ++m_keeping;
    Lab* lab = &m_lab;
    // In the lab's context: closing the dialog loses nothing.
    m_lab.compute(
        &m_lab,
        [lab, lanes = std::exchange(m_new, {})] {
            lab->writer().setLanes(lanes).get();
            return true;
        },
        [self = QPointer(this)](bool) {
            if (!self) return;
            --self->m_keeping;
            Q_EMIT self->lanesKept();
            self->showState();
        });
}

void JudgeDialog::done(int result) {
    cancel();
    keep();
    QDialog::done(result);
}

// --- showing ---

void JudgeDialog::showState() {
    const bool busy = isBusy(), model = chosenMethod() != Method::Detectors;
    const bool can = !model || (m_session->hasService() && m_checkpoint->checkpoint());
    m_run->setText(busy ? tr("&Cancel") : tr("&Judge"));
    m_run->setEnabled(busy || can);
    m_most->setEnabled(static_cast<TargetScope>(m_scope->currentData().toInt()) == TargetScope::List);
    m_progress->setVisible(busy);
    m_progress->setRange(0, static_cast<int>(m_total));
    m_progress->setValue(static_cast<int>(m_done));
    QString text;
    if (m_reading) {
        text = tr("Reading the traces…");
    } else if (!m_error.isEmpty()) {
        text = m_error;
    } else if (m_done > 0) {
        text = tr("%n trace(s) judged", nullptr, static_cast<int>(m_said));
        if (m_rolledOut > 0)
            text += QStringLiteral(", ") + tr("%n rollout(s)", nullptr, static_cast<int>(m_rolledOut));
        if (m_done > m_said)
            text += QStringLiteral(", ") +
                    tr("%n without a word (%1)", nullptr, static_cast<int>(m_done - m_said)).arg(m_note);
        if (!busy && m_done < m_total) text += tr("; cancelled before the rest");
    } else if (model && !m_session->hasService()) {
        text = tr("This window has no training module, so no model can be asked.");
    } else if (model && m_checkpoint->checkpoints().empty()) {
        text =
            chosenMethod() == Method::Prm
                ? tr("No finished run of the recipe prm has a checkpoint. Make a PRM dataset, and train one.")
                : tr("No run has a checkpoint on the disk.");
    }
    m_status->setText(text);
}

}  // namespace retort
