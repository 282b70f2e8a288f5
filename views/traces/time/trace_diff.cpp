#include "views/traces/time/trace_diff.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "views/compare/answer_diff.h"
#include "views/models/format.h"

namespace retort {

namespace {

ShownAnswer shownOf(const TraceDiff::Side& side) {
    ShownAnswer shown;
    shown.checkpoint = sideName(side);
    shown.trace = side.trace;
    return shown;
}

}  // namespace

QString sideName(const TraceDiff::Side& side) {
    QStringList parts;
    if (!side.run.isEmpty()) parts << side.run;
    parts << TraceDiff::tr("step %1").arg(side.trace.step);
    if (side.trace.phase == "eval") parts << TraceDiff::tr("evaluation");
    parts << TraceDiff::tr("sample %1").arg(side.trace.sample + 1);
    return parts.join(QStringLiteral(" · "));
}

TraceDiff::TraceDiff(QWidget* parent)
    : QWidget(parent),
      m_head(new QLabel(this)),
      m_goTo(new QPushButton(tr("Open the pinned one"), this)),
      m_unpin(new QPushButton(tr("Unpin"), this)),
      m_copy(new QPushButton(tr("Copy both"), this)),
      m_answers(new AnswerDiff(this)) {
    m_head->setTextFormat(Qt::PlainText);
    m_head->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    connect(m_goTo, &QPushButton::clicked, this, [this] {
        if (m_pinned) Q_EMIT pinnedOpened(m_pinned->id);
    });
    connect(m_unpin, &QPushButton::clicked, this, &TraceDiff::unpinned);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    auto* line = new QHBoxLayout;
    line->addWidget(m_head, 1);
    for (QPushButton* button : {m_goTo, m_unpin, m_copy}) line->addWidget(button);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(line);
    layout->addWidget(m_answers, 1);
    render();
}

void TraceDiff::setPinned(std::optional<Side> side) {
    m_pinned = std::move(side);
    renderSoon();
}

void TraceDiff::setOpen(std::optional<Side> side) {
    m_open = std::move(side);
    renderSoon();
}

void TraceDiff::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) render();
}

/// Words are compared when somebody looks.
void TraceDiff::renderSoon() {
    m_stale = true;
    if (isVisible()) render();
}

QString TraceDiff::asText() const {
    return m_answers->asText();
}

void TraceDiff::render() {
    m_stale = false;
    for (QPushButton* button : {m_goTo, m_unpin, m_copy}) button->setEnabled(m_pinned.has_value());
    if (!m_pinned) {
        m_head->setText(tr("Nothing is pinned"));
        m_answers->showNothing(
            tr("Press P to pin the open trace, then open another one: an earlier or later step with [ and ], "
               "another sample of the group with Shift+J and Shift+K, or any trace of the list. D shows the "
               "two side by side."));
        return;
    }
    m_head->setText(tr("Pinned: %1").arg(sideName(*m_pinned)));
    if (!m_open || m_open->id == m_pinned->id) {
        m_answers->showNothing(
            tr("The open trace is the pinned one. Open another one to see where they part."));
        return;
    }
    ShownProblem problem{toQString(m_open->trace.problemId)};
    if (m_open->trace.prompt != m_pinned->trace.prompt)
        problem.hint = tr("The two are answers to different prompts; the one shown is the pinned one's.");
    m_answers->showAnswers(problem, {shownOf(*m_pinned), shownOf(*m_open)});
}

}  // namespace retort
