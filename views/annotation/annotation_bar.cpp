#include "views/annotation/annotation_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

#include "views/annotation/annotation_session.h"
#include "views/annotation/key_button.h"
#include "views/models/format.h"
#include "views/widgets/flow_layout.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

using C = AnnotationCommand;

constexpr C kFaces[] = {C::Bad,         C::Okay,      C::Great,      C::ClearRating, C::FirstError,
                        C::NoError,     C::ErrorType, C::Unsure,     C::Note,        C::Correct,
                        C::AutoAdvance, C::Skip,      C::BadProblem, C::GiveUp,      C::Submit};

QString outcomeText(const std::string& outcome) {
    if (outcome == "submitted") return AnnotationBar::tr("Submitted");
    if (outcome == "skipped") return AnnotationBar::tr("Skipped");
    if (outcome == "bad_problem") return AnnotationBar::tr("Bad problem");
    if (outcome == "give_up") return AnnotationBar::tr("Given up");
    return {};
}

}  // namespace

AnnotationBar::AnnotationBar(AnnotationSession& session, std::function<QAction*(C)> commandOf,
                             QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_chord(new QLabel(this)),
      m_status(new QLabel(this)),
      m_saved(new QLabel(this)) {
    setObjectName(QStringLiteral("annotationBar"));
    setAccessibleName(tr("Annotation"));
    auto* flow = new FlowLayout(nullptr);
    for (const C command : kFaces) {
        auto* button = new KeyButton(commandOf(command), faceText(annotationKey(command)), this);
        m_buttons.insert(command, button);
        flow->addWidget(button);
    }
    m_chord->setWordWrap(true);
    m_chord->setTextFormat(Qt::PlainText);
    m_chord->hide();
    m_status->setWordWrap(true);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setAccessibleName(tr("What is said of the step"));
    auto* line = new QHBoxLayout;
    line->addWidget(m_status, 1);
    line->addWidget(m_saved, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 4, 2, 2);
    layout->setSpacing(4);
    layout->addWidget(m_chord);
    layout->addLayout(line);
    layout->addLayout(flow);
    connect(&session, &AnnotationSession::labelsChanged, this, [this] {
        m_refusal.clear();
        refresh();
    });
    connect(&session, &AnnotationSession::stepChanged, this, [this] {
        m_refusal.clear();
        refresh();
    });
    connect(&session, &AnnotationSession::historyChanged, this, &AnnotationBar::refresh);
    connect(&session, &AnnotationSession::readyChanged, this, &AnnotationBar::refresh);
    connect(&session, &AnnotationSession::concealedChanged, this, &AnnotationBar::refresh);
    connect(&session, &AnnotationSession::advancesChanged, this, &AnnotationBar::refresh);
    connect(&session.writes(), &LabelWrites::pendingChanged, this, &AnnotationBar::refresh);
    connect(&session, &AnnotationSession::refused, this, &AnnotationBar::showRefusal);
    refresh();
}

void AnnotationBar::showChord(const QString& letters) {
    m_chord->setText(letters);
    m_chord->setVisible(!letters.isEmpty());
}

void AnnotationBar::showRefusal(const QString& why) {
    m_refusal = why;
    refresh();
}

QString AnnotationBar::status() const {
    return m_status->text();
}

QString AnnotationBar::describeStep() const {
    const TraceLabels& labels = m_session.labels();
    const int step = m_session.step();
    QStringList parts;
    if (const QString outcome = outcomeText(labels.outcome()); !outcome.isEmpty()) parts << outcome;
    if (labels.firstError() == -1) parts << tr("no step is wrong");
    if (const int first = labels.firstError().value_or(-1); first >= 0)
        parts << tr("first error: %1").arg(m_session.placeName(labels.at(first)));
    int rated = 0, all = 0;
    for (int i = 0; i < labels.stepCount(); ++i) {
        if (!labels.at(i).required) continue;
        ++all;
        rated += labels.rating(i).has_value() || labels.isUnsure(i);
    }
    parts << tr("%1 of %n step(s) rated", nullptr, all).arg(rated);
    if (step < 0) return parts.join(QStringLiteral(" · "));
    QStringList said;
    if (const auto rating = labels.rating(step))
        said << (*rating < 0 ? tr("bad") : *rating == 0 ? tr("okay") : tr("great"));
    if (labels.isUnsure(step)) said << tr("unsure");
    for (const std::string& id : labels.errorTypes(step)) {
        QString text = toQString(id);
        for (const ErrorType& type : errorTaxonomy())
            if (type.id == id) text = toQString(type.text).section(QLatin1Char(':'), 0, 0).toLower();
        said << text;
    }
    if (said.isEmpty()) said << tr("not rated");
    QString place = m_session.placeName(labels.at(step));
    place[0] = place[0].toUpper();
    parts.prepend(QStringLiteral("%1: %2").arg(place, said.join(QStringLiteral(", "))));
    return parts.join(QStringLiteral(" · "));
}

void AnnotationBar::refresh() {
    const TraceLabels& labels = m_session.labels();
    const int step = m_session.step();
    const std::optional<int> rating = step < 0 ? std::nullopt : labels.rating(step);
    const auto suggestion = m_session.suggestion(step);
    const std::pair<C, int> ratings[] = {{C::Bad, -1}, {C::Okay, 0}, {C::Great, 1}};
    for (const auto& [command, value] : ratings) {
        m_buttons[command]->setTone(value < 0 ? tones().bad : value > 0 ? tones().good : tones().warning);
        m_buttons[command]->setOn(rating == value);
        m_buttons[command]->setSuggestion(suggestion && suggestion->rating == value ? suggestion->from
                                                                                    : QString());
    }
    m_buttons[C::FirstError]->setTone(tones().bad);
    m_buttons[C::FirstError]->setOn(step >= 0 && labels.firstError() == step);
    m_buttons[C::NoError]->setTone(tones().good);
    m_buttons[C::NoError]->setOn(labels.firstError() == -1);
    m_buttons[C::Unsure]->setTone(tones().warning);
    m_buttons[C::Unsure]->setOn(step >= 0 && labels.isUnsure(step));
    m_buttons[C::ErrorType]->setOn(step >= 0 && !labels.errorTypes(step).empty());
    m_buttons[C::Note]->setOn(m_session.trace() != 0 && !labels.note(m_session.noteRange()).empty());
    m_buttons[C::Correct]->setOn(step >= 0 && !labels.correction(step).empty());
    m_buttons[C::AutoAdvance]->setOn(m_session.advances());
    m_buttons[C::Submit]->setOn(labels.outcome() == "submitted");
    m_buttons[C::Skip]->setOn(labels.outcome() == "skipped");
    m_buttons[C::BadProblem]->setOn(labels.outcome() == "bad_problem");
    m_buttons[C::GiveUp]->setOn(labels.outcome() == "give_up");
    m_status->setText(m_session.trace() == 0 ? tr("No trace is open.")
                      : m_refusal.isEmpty()  ? describeStep()
                                             : m_refusal);
    QPalette palette = this->palette();
    if (!m_refusal.isEmpty()) palette.setColor(QPalette::WindowText, tones().warning);
    m_status->setPalette(palette);
    QPalette faint = this->palette();
    faint.setColor(QPalette::WindowText, tones().muted);
    m_saved->setPalette(faint);
    m_saved->setText(m_session.writes().pending() > 0 ? tr("Saving…")
                     : labels.isEmpty()               ? QString()
                                                      : tr("Saved"));
}

}  // namespace retort
