#include "views/annotation/annotation_panel.h"

#include <QComboBox>
#include <QEvent>
#include <QFontDatabase>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/annotation/annotation_session.h"
#include "views/annotation/score_field.h"
#include "views/models/format.h"
#include "views/widgets/flow_layout.h"

namespace retort {

namespace {

QPlainTextEdit* makeField(const QString& name, int lines, QWidget* parent) {
    auto* field = new QPlainTextEdit(parent);
    field->setAccessibleName(name);
    field->setTabChangesFocus(true);
    field->setFixedHeight(lines * field->fontMetrics().lineSpacing() + 12);
    return field;
}

}  // namespace

AnnotationPanel::AnnotationPanel(AnnotationSession& session, std::function<QString(int)> stepText,
                                 QWidget* parent)
    : QWidget(parent), m_session(session), m_stepText(std::move(stepText)) {
    setObjectName(QStringLiteral("annotationPanel"));
    auto* layout = new QVBoxLayout(this);
    makeStepPart(layout);
    makeScorePart(layout);
    layout->addStretch();
    for (QPlainTextEdit* field : {m_note, m_correction}) field->installEventFilter(this);
    const auto later = [this] { refresh(); };
    connect(&session, &AnnotationSession::labelsChanged, this, later);
    connect(&session, &AnnotationSession::stepChanged, this, later);
    connect(&session, &AnnotationSession::readyChanged, this, later);
    connect(&session, &AnnotationSession::historyChanged, this, &AnnotationPanel::showNotes);
    connect(&session, &AnnotationSession::concealedChanged, this, &AnnotationPanel::showNotes);
    refresh();
}

void AnnotationPanel::makeStepPart(QVBoxLayout* layout) {
    m_head = new QLabel(this);
    QFont bold = font();
    bold.setBold(true);
    m_head->setFont(bold);
    layout->addWidget(m_head);
    layout->addWidget(new QLabel(tr("Kinds of error"), this));
    auto* chips = new FlowLayout;
    for (const ErrorType& type : errorTaxonomy()) {
        auto* chip = new QToolButton(this);
        const QString text = toQString(type.text);
        // The panel may be narrow: the tool tip has all of it.
        const QString head =
            chip->fontMetrics().elidedText(text.section(QLatin1Char(':'), 0, 0), Qt::ElideRight,
                                           20 * chip->fontMetrics().averageCharWidth());
        chip->setText(QStringLiteral("%1  %2").arg(head, QChar::fromLatin1(type.key)));
        chip->setToolTip(tr("%1  (E, then %2)").arg(text, QChar::fromLatin1(type.key).toUpper()));
        chip->setAccessibleName(text);
        chip->setCheckable(true);
        chip->setFocusPolicy(Qt::TabFocus);
        connect(chip, &QToolButton::clicked, this, [this, id = type.id] {
            m_session.toggleErrorType(id);
            refresh();  // also where nothing could be said
        });
        m_chips.insert(toQString(type.id), chip);
        chips->addWidget(chip);
    }
    layout->addLayout(chips);
    m_noteHead = new QLabel(this);
    m_note = makeField(tr("Note"), 2, this);
    m_noteHead->setBuddy(m_note);
    m_notes = new QListWidget(this);
    m_notes->setAccessibleName(tr("Notes"));
    m_notes->setWordWrap(true);
    m_notes->setMaximumHeight(5 * fontMetrics().lineSpacing());
    connect(m_notes, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        if (const int step = item->data(Qt::UserRole).toInt(); step >= 0) m_session.setStep(step);
    });
    layout->addWidget(m_noteHead);
    layout->addWidget(m_note);
    layout->addWidget(m_notes);
    m_correction = makeField(tr("The step as it should be"), 3, this);
    m_correction->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* correctionHead = new QLabel(tr("The step as it should be"), this);
    correctionHead->setBuddy(m_correction);
    layout->addWidget(correctionHead);
    layout->addWidget(m_correction);
}

void AnnotationPanel::makeScorePart(QVBoxLayout* layout) {
    m_scope = new QComboBox(this);
    m_scope->addItems({tr("Scores of the trace"), tr("Scores of this step")});
    m_scope->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_scope->setAccessibleName(tr("What the scores are about"));
    m_correctness = new ScoreField(tr("Correctness"), tr("completely wrong"), tr("completely right"), this);
    m_helpfulness = new ScoreField(tr("Helpfulness"), tr("no help at all"), tr("definitely helps"), this);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &AnnotationPanel::showScores);
    connect(m_correctness, &ScoreField::chosen, this, [this](std::optional<int> score) {
        m_session.setScore(AnnotationKind::Correctness, scoreRange(), score);
        showScores();
    });
    connect(m_helpfulness, &ScoreField::chosen, this, [this](std::optional<int> score) {
        m_session.setScore(AnnotationKind::Helpfulness, scoreRange(), score);
        showScores();
    });
    layout->addSpacing(6);
    layout->addWidget(m_scope);
    layout->addWidget(m_correctness);
    layout->addWidget(m_helpfulness);
}

TextRange AnnotationPanel::scoreRange() const {
    const int step = m_session.step();
    if (m_scope->currentIndex() == 0 || step < 0) return {};
    return m_session.labels().at(step);
}

bool AnnotationPanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusOut) flush();
    return QWidget::eventFilter(watched, event);
}

void AnnotationPanel::editNote() {
    readFields();
    m_note->setFocus(Qt::ShortcutFocusReason);
    m_note->moveCursor(QTextCursor::End);
}

void AnnotationPanel::editCorrection() {
    if (m_session.step() < 0) return;
    readFields();
    if (m_correction->toPlainText().isEmpty()) m_correction->setPlainText(m_stepText(m_session.step()));
    m_correction->setFocus(Qt::ShortcutFocusReason);
    m_correction->selectAll();
}

// The fields are about what was current when they were filled, wherever the reader is by now.
void AnnotationPanel::flush() {
    if (m_fieldsTrace == 0 || m_fieldsTrace != m_session.trace() || !m_session.isReady()) return;
    const TraceLabels& labels = m_session.labels();
    const QString note = m_note->toPlainText().trimmed();
    if (note.toStdString() != labels.note(m_noteRange)) m_session.setNote(m_noteRange, note);
    if (m_correctionStep < 0 || m_correctionStep >= labels.stepCount()) return;
    QString correction = m_correction->toPlainText().trimmed();
    if (correction == m_stepText(m_correctionStep).trimmed()) correction.clear();
    if (correction.toStdString() != labels.correction(m_correctionStep))
        m_session.setCorrection(m_correctionStep, correction);
}

void AnnotationPanel::readFields() {
    const TraceLabels& labels = m_session.labels();
    m_fieldsTrace = m_session.trace();
    m_noteRange = m_session.noteRange();
    m_correctionStep = m_session.step();
    m_noteHead->setText(tr("Note on: %1").arg(m_session.placeName(m_noteRange)));
    const QSignalBlocker quiet(m_note);
    const QString note = toQString(labels.note(m_noteRange));
    if (note != m_note->toPlainText()) m_note->setPlainText(note);
    const QString correction =
        m_correctionStep < 0 ? QString() : toQString(labels.correction(m_correctionStep));
    if (correction != m_correction->toPlainText()) m_correction->setPlainText(correction);
}

void AnnotationPanel::refresh() {
    const TraceLabels& labels = m_session.labels();
    const int step = m_session.step();
    const bool can = m_session.trace() != 0;
    QString head = step < 0 ? tr("No step is chosen") : m_session.placeName(labels.at(step));
    if (!head.isEmpty()) head[0] = head[0].toUpper();
    m_head->setText(head);
    const std::vector<std::string> types = step < 0 ? std::vector<std::string>() : labels.errorTypes(step);
    for (auto chip = m_chips.begin(); chip != m_chips.end(); ++chip) {
        (*chip)->setEnabled(step >= 0);
        (*chip)->setChecked(std::find(types.begin(), types.end(), chip.key().toStdString()) != types.end());
    }
    m_correction->setEnabled(step >= 0);
    m_note->setEnabled(can);
    for (QWidget* widget : {static_cast<QWidget*>(m_correctness), static_cast<QWidget*>(m_helpfulness)})
        widget->setEnabled(can);
    // Somebody is typing: what they type is not taken from under their hands.
    if (!m_note->hasFocus() && !m_correction->hasFocus()) readFields();
    showNotes();
    showScores();
}

void AnnotationPanel::showNotes() {
    m_notes->clear();
    const TraceLabels& labels = m_session.labels();
    const auto add = [&](const TextRange& range, const QString& text, const QString& who) {
        QString line = m_session.placeName(range) + QStringLiteral(": ") + text;
        if (!who.isEmpty()) line += QStringLiteral("  — ") + who;
        auto* item = new QListWidgetItem(line, m_notes);
        int step = -1;
        for (int i = 0; i < labels.stepCount(); ++i)
            if (range.begin >= 0 && labels.at(i).begin <= range.begin) step = i;
        item->setData(Qt::UserRole, step);
    };
    for (const auto& [range, text] : labels.notes()) add(range, toQString(text), {});
    if (!m_session.concealed().labels)
        for (const Annotation& each : currentAnnotations(m_session.events()))
            if (each.target.kind == AnnotationKind::Note && each.value.is_string() &&
                each.annotator != m_session.annotator().toStdString())
                add({each.target.begin, each.target.end}, toQString(each.value.get<std::string>()),
                    toQString(each.annotator));
    m_notes->setVisible(m_notes->count() > 0);
}

void AnnotationPanel::showScores() {
    m_correctness->setScore(m_session.labels().score(AnnotationKind::Correctness, scoreRange()));
    m_helpfulness->setScore(m_session.labels().score(AnnotationKind::Helpfulness, scoreRange()));
}

}  // namespace retort
