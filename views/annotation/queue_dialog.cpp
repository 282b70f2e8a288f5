#include "views/annotation/queue_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "views/lab.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr QueuePreset kPresets[] = {
    QueuePreset::Listed,           QueuePreset::LaneDisagreement, QueuePreset::PrmNearThreshold,
    QueuePreset::RightWithLowStep, QueuePreset::ConvincingWrong,  QueuePreset::RewardFlipped,
    QueuePreset::ZeroVariance,     QueuePreset::LongestDecile,    QueuePreset::GraderDisagreement};

}  // namespace

QString presetText(QueuePreset preset) {
    switch (preset) {
        case QueuePreset::Listed:
            return QueueDialog::tr("The list as it is filtered");
        case QueuePreset::LaneDisagreement:
            return QueueDialog::tr("Judges disagree on a step");
        case QueuePreset::PrmNearThreshold:
            return QueueDialog::tr("A step's PRM score is near one half");
        case QueuePreset::RightWithLowStep:
            return QueueDialog::tr("Right answer with a low-scored step");
        case QueuePreset::ConvincingWrong:
            return QueueDialog::tr("Convincing wrong answers (PRM800K)");
        case QueuePreset::RewardFlipped:
            return QueueDialog::tr("The reward flipped between training steps");
        case QueuePreset::ZeroVariance:
            return QueueDialog::tr("Groups in which all rewards are equal");
        case QueuePreset::LongestDecile:
            return QueueDialog::tr("The longest tenth");
        case QueuePreset::GraderDisagreement:
            return QueueDialog::tr("Reward and exact checker disagree");
    }
    return {};
}

QString ratingRules() {
    return QueueDialog::tr(
        "## Rating steps (PRM800K)\n\n"
        "Rate each step in order until the first bad one.\n\n"
        "- **Great (+1)**: correct, verifiable in about 30 seconds, appropriate here, and it advances the "
        "solution. A sensible approach that fails later still counts.\n"
        "- **Okay (0)**: reasonable and correct, but it adds nothing: restating, encouragement, stalling.\n"
        "- **Bad (−1)**: wrong, even partly; hard to verify; gibberish; off topic; an unreasonable approach, "
        "an "
        "obvious dead end or circle; a repetition that should stop; depends on a link or a missing figure.\n"
        "- **Unsure**: not covered by these rules. Use it sparingly; where it is a matter of degree, just "
        "choose.\n\n"
        "### Where people differ\n\n"
        "- Substance over nitpicks: mark the error at the first step that makes the solution actually wrong, "
        "not "
        "at an earlier slip whose meaning is clear.\n"
        "- The step with the final answer: without an earlier error, judge there whether the solution is "
        "complete. An incomplete one is bad at that step even if the number is right.\n"
        "- Grade the solution, not its answer: the reference answer can be wrong.\n"
        "- **Bad problem** and **Give up** are different things; say why. Four or more parts: bad "
        "problem.\n");
}

std::optional<std::int64_t> knownFirstError(const Trace& trace) {
    if (trace.steps.empty()) return std::nullopt;
    for (const TraceStep& step : trace.steps) {
        if (step.verdict == StepVerdict::Unchecked) return std::nullopt;
        if (step.verdict == StepVerdict::Wrong) return step.begin;
    }
    return -1;
}

QueueDialog::QueueDialog(Lab& lab, const TraceFilter& filter, QWidget* parent)
    : QDialog(parent), m_lab(lab), m_filter(filter) {
    build();
    setWindowTitle(tr("New queue"));
    m_name->setText(
        tr("Queue of %1").arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HH:mm"))));
    m_name->selectAll();
    count();
}

QueueDialog::QueueDialog(Lab& lab, const QueueRow& queue, QWidget* parent)
    : QDialog(parent), m_lab(lab), m_queue(queue.id) {
    build();
    setWindowTitle(tr("Settings of the queue"));
    m_name->setText(toQString(queue.settings.name));
    m_guidelines->setPlainText(toQString(queue.settings.guidelines));
    m_blind->setChecked(queue.settings.blind);
    m_gold->setChecked(queue.settings.showGoldAfter);
    m_annotators->setValue(queue.settings.annotators);
    auto* form = static_cast<QFormLayout*>(layout()->itemAt(0)->layout());
    for (QWidget* widget : {static_cast<QWidget*>(m_preset), static_cast<QWidget*>(m_most),
                            static_cast<QWidget*>(m_found), static_cast<QWidget*>(m_controls)})
        form->removeRow(widget);
    m_preset = nullptr;
    m_buttons->button(QDialogButtonBox::Ok)->setText(tr("Save"));
}

void QueueDialog::build() {
    m_name = new QLineEdit(this);
    m_preset = new QComboBox(this);
    for (const QueuePreset preset : kPresets) m_preset->addItem(presetText(preset), static_cast<int>(preset));
    m_most = new QSpinBox(this);
    m_most->setRange(1, 100'000);
    m_most->setValue(50);
    m_found = new QLabel(this);
    m_found->setTextFormat(Qt::PlainText);
    m_annotators = new QSpinBox(this);
    m_annotators->setRange(1, 20);
    m_controls = new QSpinBox(this);
    m_controls->setRange(0, 100);
    m_controls->setSuffix(QStringLiteral(" %"));
    m_controls->setToolTip(
        tr("So many of the items whose steps the task's checker has judged are used to see how "
           "often an annotator finds the first error. Annotators are not told which."));
    m_blind = new QCheckBox(
        tr("Blind: others' labels, scores, reference and verdict are hidden until submitted"), this);
    m_blind->setChecked(true);
    m_gold = new QCheckBox(tr("Show the reference answer once the item is submitted"), this);
    m_gold->setChecked(true);
    m_guidelines = new QPlainTextEdit(this);
    m_guidelines->setPlaceholderText(tr("Markdown; empty: PRM800K's rating rules"));
    m_guidelines->setTabChangesFocus(true);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    auto* form = new QFormLayout;
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Traces"), m_preset);
    form->addRow(tr("At &most"), m_most);
    form->addRow(QString(), m_found);
    form->addRow(tr("Annotators for &each item"), m_annotators);
    form->addRow(tr("Quality &control"), m_controls);
    form->addRow(QString(), m_blind);
    form->addRow(QString(), m_gold);
    form->addRow(tr("&Guidelines"), m_guidelines);
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_buttons->button(QDialogButtonBox::Ok)->setText(tr("Make the queue"));
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QueueDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QueueDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addWidget(m_buttons);
    resize(560, 520);
    m_countTimer.setSingleShot(true);
    m_countTimer.setInterval(200);
    connect(&m_countTimer, &QTimer::timeout, this, &QueueDialog::count);
    connect(m_preset, &QComboBox::currentIndexChanged, this, [this] { m_countTimer.start(); });
    connect(m_most, &QSpinBox::valueChanged, this, [this] { m_countTimer.start(); });
    connect(m_name, &QLineEdit::textChanged, this, &QueueDialog::showCount);
}

void QueueDialog::count() {
    const quint64 question = ++m_question;
    const auto preset = static_cast<QueuePreset>(m_preset->currentData().toInt());
    m_counting = true;
    showCount();
    m_lab.read(
        this,
        [filter = m_filter, preset, most = m_most->value()](StoreReader& reader) {
            return reader.selectForQueue(filter, preset, most);
        },
        [this, question](std::vector<RowId> found) {
            if (question != m_question) return;
            m_counting = false;
            m_traces = std::move(found);
            showCount();
        });
}

void QueueDialog::showCount() {
    const bool isNew = m_queue == 0;
    if (isNew)
        m_found->setText(m_counting         ? tr("Counting…")
                         : m_traces.empty() ? tr("No trace is like this.")
                                            : tr("%n trace(s)", nullptr, static_cast<int>(m_traces.size())));
    m_buttons->button(QDialogButtonBox::Ok)
        ->setEnabled(!m_name->text().trimmed().isEmpty() && (!isNew || (!m_counting && !m_traces.empty())));
}

QueueSettings QueueDialog::settings() const {
    QueueSettings settings;
    settings.name = m_name->text().trimmed().toStdString();
    settings.guidelines = m_guidelines->toPlainText().trimmed().toStdString();
    settings.blind = m_blind->isChecked();
    settings.showGoldAfter = m_gold->isChecked();
    settings.annotators = m_annotators->value();
    return settings;
}

void QueueDialog::accept() {
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(false);
    save();
}

// Off the GUI thread: reading traces for their verdicts takes a while in a large queue.
void QueueDialog::save() {
    struct Saved {
        RowId queue = 0;
        QString error;
    };
    const auto preset =
        m_preset ? static_cast<QueuePreset>(m_preset->currentData().toInt()) : QueuePreset::Listed;
    const int share = m_preset ? m_controls->value() : 0;
    m_lab.read(
        this,
        [&writer = m_lab.writer(), settings = settings(), traces = m_traces, queue = m_queue, preset,
         share](StoreReader& reader) {
            try {
                if (queue != 0) {
                    writer.changeQueue(queue, settings).get();
                    return Saved{queue, {}};
                }
                const RowId made = writer.addQueue(settings, preset, traces).get();
                std::vector<std::pair<RowId, std::int64_t>> known;
                for (std::size_t i = 0; share > 0 && i < traces.size(); ++i)
                    if (const auto trace = reader.trace(traces[i]))
                        if (const auto error = knownFirstError(*trace)) known.emplace_back(traces[i], *error);
                // Spread over the queue, so that nobody meets all of them at the start.
                const std::size_t wanted = (known.size() * static_cast<std::size_t>(share) + 99) / 100;
                for (std::size_t i = 0; i < wanted; ++i) {
                    const auto& [trace, error] = known[i * known.size() / wanted];
                    writer.setQualityControl(made, trace, QualityControl{error}).get();
                }
                return Saved{made, {}};
            } catch (const Error& error) {
                return Saved{0, errorText(error)};
            }
        },
        [this](const Saved& saved) {
            if (saved.queue == 0) {
                m_problem->setText(saved.error);
                return showCount();
            }
            Q_EMIT made(saved.queue);
            QDialog::accept();
        });
}

}  // namespace retort
