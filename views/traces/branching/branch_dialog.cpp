#include "views/traces/branching/branch_dialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeView>
#include <QVBoxLayout>
#include <limits>
#include <utility>

#include "views/compare/answer_session.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/row_delegate.h"
#include "views/models/verdict_glyph.h"
#include "views/models/value_table_model.h"

namespace retort {

namespace {
/// So many answers are asked for at once: what is done stays when the rest is cancelled.
constexpr int kBatch = 4;
}  // namespace

BranchDialog::BranchDialog(Lab& lab, AnswerService service, BranchPoint from, QWidget* parent)
    : QDialog(parent),
      m_lab(lab),
      m_from(std::move(from)),
      m_session(new AnswerSession(this)),
      m_about(new QLabel(this)),
      m_status(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_model(new ValueTableModel(this)),
      m_results(new QTreeView(this)) {
    setWindowTitle(tr("Go on from here"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(820, 620);
    m_session->setService(std::move(service));
    m_results->setModel(m_model);
    m_results->setItemDelegate(new RowDelegate(m_results));
    m_results->setRootIsDecorated(false);
    m_results->setUniformRowHeights(true);
    m_results->setAccessibleName(tr("Branches"));
    m_results->header()->setStretchLastSection(true);
    m_progress->setAccessibleName(tr("Answers so far"));
    m_progress->setFormat(QStringLiteral("%v / %m"));
    m_status->setWordWrap(true);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_run = buttons->addButton(tr("&Generate"), QDialogButtonBox::ActionRole);
    m_run->setDefault(true);
    connect(m_run, &QPushButton::clicked, this, [this] { isGenerating() ? cancel() : generate(); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(makeText(), 1);
    layout->addWidget(makeSettings());
    layout->addWidget(m_results, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_status);
    layout->addWidget(buttons);
    connect(m_session, &AnswerSession::answered, this,
            [this](int, const AnswerOutcome& outcome) { answered(outcome); });
    connect(m_session, &AnswerSession::ended, this, &BranchDialog::ended);
    connect(m_checkpoint, &QComboBox::currentTextChanged, this, &BranchDialog::showState);
    connect(m_text, &QPlainTextEdit::textChanged, this, &BranchDialog::showState);
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, &BranchDialog::showState);
    connect(&m_lab, &Lab::failed, this, [this](const QString& message) {
        if (!std::exchange(m_keeping, false)) return;
        m_error = message;
        if (m_closing) return QDialog::done(QDialog::Rejected);
        showState();
    });
    readAround();
    showResults();
    showState();
}

QWidget* BranchDialog::makeText() {
    auto* box = new QWidget(this);
    m_text = new QPlainTextEdit(box);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Given text"));
    m_text->setPlainText(toQString(ownPrefix(m_from)));
    m_text->moveCursor(QTextCursor::End);
    m_about->setTextFormat(Qt::PlainText);
    m_about->setWordWrap(true);
    auto* prompt = new QLabel(toQString(m_from.trace.prompt), box);
    prompt->setFont(m_text->font());
    prompt->setTextFormat(Qt::PlainText);
    prompt->setWordWrap(true);
    prompt->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* label =
        new QLabel(tr("The answer so &far. Edit it, or write what the model is to go on from:"), box);
    label->setBuddy(m_text);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(prompt);
    layout->addWidget(label);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_about);
    return box;
}

QWidget* BranchDialog::makeSettings() {
    auto* box = new QWidget(this);
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    const auto field = [&](const QString& text, QWidget* widget) {
        auto* label = new QLabel(text, box);
        label->setBuddy(widget);
        widget->setAccessibleName(QString(text).remove(QLatin1Char('&')));
        line->addWidget(label);
        line->addWidget(widget);
    };
    const auto whole = [&](int low, int high, int value) {
        auto* spin = new QSpinBox(box);
        spin->setRange(low, high);
        spin->setValue(value);
        return spin;
    };
    m_checkpoint = new CheckpointBox(box);
    m_temperature = new QDoubleSpinBox(box);
    m_temperature->setRange(0, 10);
    m_temperature->setSingleStep(0.1);
    m_temperature->setValue(1);
    m_temperature->setSpecialValueText(tr("0 (greedy)"));
    m_samples = whole(1, 1024, 4);
    m_maxTokens = whole(1, 1 << 20, 256);
    m_seed = whole(0, std::numeric_limits<int>::max(), 1);
    field(tr("&Checkpoint"), m_checkpoint);
    field(tr("Sam&ples"), m_samples);
    field(tr("&Temperature"), m_temperature);
    field(tr("Ma&x. tokens"), m_maxTokens);
    field(tr("S&eed"), m_seed);
    line->addStretch(1);
    return box;
}

void BranchDialog::readAround() {
    struct Around {
        std::vector<CheckpointChoice> checkpoints;
        BranchJudge judge;
    };
    m_lab.read(
        this,
        [from = m_from](StoreReader& reader) {
            return Around{readCheckpoints(reader), judgeOf(from)};
        },
        [this](Around around) {
            m_isRead = true;
            m_judge = std::move(around.judge);
            if (m_judge.maxTokens > 0) m_maxTokens->setValue(static_cast<int>(m_judge.maxTokens));
            const int near = checkpointNear(around.checkpoints, m_from.run, m_from.trace.step);
            m_checkpoint->setCheckpoints(std::move(around.checkpoints), near);
            showState();
        });
}

// --- generating ---

bool BranchDialog::isGenerating() const {
    return m_session->isBusy();
}

void BranchDialog::generate() {
    const CheckpointChoice* chosen = m_checkpoint->checkpoint();
    if (!chosen || !m_session->hasService() || isGenerating() || m_keeping) return;
    m_prefix = m_text->toPlainText().toStdString();
    m_usedCheckpoint = chosen->path;
    m_usedStep = chosen->step;
    m_error.clear();
    m_asked = m_temperature->value() > 0 ? m_samples->value() : 1;
    std::vector<AnswerRequest> requests;
    for (int first = 0; first < m_asked; first += kBatch) {
        AnswerRequest request;
        request.checkpoint = m_usedCheckpoint;
        request.prompt = m_from.trace.prompt + m_prefix;
        request.settings.temperature = m_temperature->value();
        request.settings.maxTokens = m_maxTokens->value();
        request.settings.samples = std::min(kBatch, m_asked - first);
        // Batches must not repeat each other.
        request.settings.seed =
            static_cast<std::uint64_t>(m_seed->value()) + static_cast<std::uint64_t>(first) * 1000003u;
        requests.push_back(std::move(request));
    }
    m_session->start(std::move(requests));
    showState();
}

void BranchDialog::answered(const AnswerOutcome& outcome) {
    if (!outcome.error.isEmpty()) m_error = outcome.error;
    for (const GeneratedAnswer& answer : outcome.answers) {
        m_new.push_back(branchTrace(m_from, m_judge, m_prefix, m_usedCheckpoint, m_usedStep, answer));
        m_shown.push_back(m_new.back());
    }
    showResults();
    showState();
    if (!m_error.isEmpty()) cancel();
}

void BranchDialog::ended() {
    // Another seed at the next time: the same branches once more are of no use.
    m_seed->setValue(m_seed->value() == std::numeric_limits<int>::max() ? 0 : m_seed->value() + 1);
    keep();
}

void BranchDialog::cancel() {
    if (!isGenerating()) return;
    m_session->cancel();
    keep();
}

void BranchDialog::keep() {
    showState();
    if (m_new.empty() || m_keeping) return;
    m_keeping = true;
    const int count = static_cast<int>(m_new.size());
    Lab* lab = &m_lab;
    m_lab.read(
        this,
        [lab, folder = m_lab.runsFolder(), from = m_from, traces = std::exchange(m_new, {})](
            StoreReader& reader) { return keepBranches(lab->writer(), reader, folder, from, traces); },
        [this, count](RowId run) {
            m_keeping = false;
            m_kept += count;
            showState();
            Q_EMIT kept(run);
            if (m_closing) QDialog::done(QDialog::Accepted);
        });
    showState();
}

/// What is done is kept, too, when the dialog is closed meanwhile.
void BranchDialog::done(int result) {
    if (isGenerating()) cancel();
    if (!m_keeping) return QDialog::done(result);
    m_closing = true;
    hide();
}

// --- showing ---

void BranchDialog::showResults() {
    ValueTable table;
    table.headers = {tr("Verdict"), tr("Answer"), tr("Tokens"), tr("Text")};
    for (const Trace& trace : m_shown) {
        const auto tone = trace.correct ? TableCell::Tone::Good : TableCell::Tone::Bad;
        const auto byte = static_cast<std::size_t>(trace.branch->byte);
        table.rows.push_back(
            {{verdictGlyph(trace.correct ? StepVerdict::Correct : StepVerdict::Wrong), trace.correct, tone},
             {toQString(trace.extracted)},
             numberCell(trace.numTokens),
             {toQString(std::string_view(trace.completion).substr(byte)).simplified()}});
    }
    m_model->setTable(std::move(table));
}

void BranchDialog::showState() {
    const bool busy = isGenerating();
    const CheckpointChoice* chosen = m_checkpoint->checkpoint();
    m_run->setText(busy ? tr("&Cancel") : tr("&Generate"));
    m_run->setEnabled(busy || (chosen && m_session->hasService() && !m_keeping));
    m_samples->setEnabled(m_temperature->value() > 0);
    const bool edited = m_text->toPlainText().toStdString() != ownPrefix(m_from);
    m_about->setText(edited ? tr("This differs from the trace's own text, and is kept as edited.")
                            : tr("The trace's own text up to the chosen step."));
    m_progress->setVisible(busy);
    m_progress->setRange(0, m_asked);
    m_progress->setValue(static_cast<int>(m_new.size()));
    QString text;
    if (!m_session->hasService()) {
        text = tr("This window has no training module, so nothing can be generated.");
    } else if (!m_error.isEmpty()) {
        text = m_error;
    } else if (m_isRead && m_checkpoint->checkpoints().empty()) {
        text = tr("No run has a checkpoint on the disk.");
    } else if (m_keeping) {
        text = tr("Keeping the branches…");
    } else if (m_kept > 0) {
        text = tr("%n branch(es) kept in the run “branches of %1”.", nullptr, m_kept)
                   .arg(toQString(m_from.runName));
    } else if (m_isRead && !m_judge.task && m_from.trace.gold.empty()) {
        text = tr("There is no task and no reference answer: what comes is kept without a verdict.");
    }
    m_status->setText(text);
}

}  // namespace retort
