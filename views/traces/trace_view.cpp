#include "views/traces/trace_view.h"

#include <QAction>
#include <QClipboard>
#include <QFontDatabase>
#include <QFrame>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/models/format.h"
#include "views/models/trace_delegates.h"
#include "views/models/trace_step_model.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QLabel* fixedLabel(const QString& name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setWordWrap(true);
    label->setAccessibleName(name);
    return label;
}

void setInk(QWidget* widget, const QColor& color) {
    QPalette palette = widget->palette();
    palette.setColor(QPalette::WindowText, color);
    widget->setPalette(palette);
}

QString metaText(const Trace& trace, const QString& runName) {
    QStringList parts;
    if (!runName.isEmpty()) parts << runName;
    parts << toQString(trace.task) << TraceView::tr("step %1").arg(trace.step);
    parts << (trace.phase == "eval" ? TraceView::tr("evaluation")
                                    : TraceView::tr("sample %1").arg(trace.sample + 1));
    if (trace.reward) parts << TraceView::tr("reward %1").arg(formatNumber(*trace.reward));
    if (trace.advantage) parts << TraceView::tr("advantage %1").arg(formatNumber(*trace.advantage));
    parts << TraceView::tr("%n token(s)", nullptr, trace.numTokens);
    if (trace.stepAccuracy) {
        parts << TraceView::tr("%1 % of the steps right").arg(qRound(*trace.stepAccuracy * 100));
    }
    // Lines break between the parts, not in "100 %".
    for (QString& part : parts) part.replace(QLatin1Char(' '), QChar(QChar::Nbsp));
    return parts.join(QStringLiteral(" · "));
}

}  // namespace

TraceView::TraceView(QWidget* parent)
    : QWidget(parent), m_model(new TraceStepModel(this)), m_delegate(new TraceStepDelegate(this)) {
    m_steps = new QListView(this);
    m_steps->setModel(m_model);
    m_steps->setItemDelegate(m_delegate);
    m_steps->setResizeMode(QListView::Adjust);
    m_steps->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_steps->setAccessibleName(tr("Steps"));
    m_steps->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_steps->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_steps->setToolTip(tr("Double click: select in the text. Ctrl+C: copy the selected steps."));
    m_verdict = new QLabel(this);
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_verdict->setWordWrap(true);
    m_verdict->setAccessibleName(tr("Verdict"));  // it has no text while no trace is shown

    auto* reading = new QWidget(this);
    auto* readingLayout = new QVBoxLayout(reading);
    readingLayout->setContentsMargins(0, 0, 0, 0);
    readingLayout->addWidget(makeHead());
    readingLayout->addWidget(makeSearch());
    readingLayout->addWidget(m_steps, 1);
    readingLayout->addWidget(m_verdict);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("traceTokensSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(reading);
    splitter->addWidget(makeTokens());
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    connect(m_tokens, &TokenStrip::tokenChosen, this, [this](qint64 byte) {
        const int row = m_model->rowAt(byte);
        if (row >= 0) m_steps->setCurrentIndex(m_model->index(row));
    });
}

QWidget* TraceView::makeHead() {
    auto* head = new QFrame(this);
    head->setFrameShape(QFrame::StyledPanel);
    m_meta = new QLabel(head);
    m_meta->setTextFormat(Qt::PlainText);
    m_meta->setWordWrap(true);
    m_prompt = fixedLabel(tr("Problem"), head);
    m_gold = fixedLabel(tr("Reference answer"), head);
    auto* line = new QHBoxLayout;
    line->addWidget(m_prompt, 1);
    line->addWidget(new QLabel(tr("reference"), head), 0, Qt::AlignTop);
    line->addWidget(m_gold, 0, Qt::AlignTop);
    QFont bold = m_gold->font();
    bold.setBold(true);
    m_gold->setFont(bold);
    m_gold->setWordWrap(false);
    auto* layout = new QVBoxLayout(head);
    layout->addWidget(m_meta);
    layout->addLayout(line);
    return head;
}

QWidget* TraceView::makeSearch() {
    m_searchBar = new QWidget(this);
    m_search = new QLineEdit(m_searchBar);
    m_search->setPlaceholderText(tr("Find in this trace (Enter: next, Esc: close)"));
    m_search->setAccessibleName(tr("Find in this trace"));
    m_searchResult = new QLabel(m_searchBar);
    auto* layout = new QHBoxLayout(m_searchBar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_search, 1);
    layout->addWidget(m_searchResult);
    m_searchBar->hide();
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_delegate->setSearch(text);
        m_steps->viewport()->update();
    });
    connect(m_search, &QLineEdit::returnPressed, this, &TraceView::findNext);
    auto* close = new QAction(m_searchBar);
    close->setShortcut(Qt::Key_Escape);
    close->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_searchBar->addAction(close);
    connect(close, &QAction::triggered, this, [this] {
        m_search->clear();
        m_searchBar->hide();
        m_steps->setFocus();
    });
    return m_searchBar;
}

QWidget* TraceView::makeTokens() {
    auto* box = new QWidget(this);
    m_tokens = new TokenStrip(box);
    m_lane = new QToolButton(box);
    m_lane->setAutoRaise(true);
    m_lane->setToolTip(tr("Switch between log-probability and entropy  (T)"));
    connect(m_lane, &QToolButton::clicked, this, &TraceView::switchLane);
    m_scale = new QLabel(box);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_lane);
    line->addStretch();
    line->addWidget(m_scale);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(line);
    layout->addWidget(m_tokens, 1);
    showLane();
    return box;
}

const Trace& TraceView::trace() const {
    return m_model->trace();
}

void TraceView::clear() {
    m_model->setTrace({});
    m_tokens->setTrace({});
    for (QLabel* label : {m_meta, m_prompt, m_gold, m_verdict}) label->clear();
}

void TraceView::setTrace(Trace trace, const QString& runName) {
    // Staying on the same step while going through samples shows where they part.
    const int row = m_steps->currentIndex().row();
    m_tokens->setTrace(trace);
    m_meta->setText(metaText(trace, runName));
    m_prompt->setText(toQString(trace.prompt));
    m_gold->setText(toQString(trace.gold));
    m_model->setTrace(std::move(trace));
    if (row >= 0 && m_model->rowCount() > 0) {
        m_steps->setCurrentIndex(m_model->index(std::min(row, m_model->rowCount() - 1)));
    }
    showVerdict();
    showLane();
}

void TraceView::showVerdict() {
    const Trace& t = trace();
    const QString extracted = t.extracted.empty() ? tr("none found") : toQString(t.extracted);
    QString text = t.correct ? tr("✓ Right: the answer %1 is the reference.").arg(extracted)
                             : tr("✗ Wrong: answer %1, reference %2.").arg(extracted, toQString(t.gold));
    const int wrong = m_model->firstWrong();
    if (wrong >= 0) {
        text += QLatin1Char(' ') +
                tr("First wrong step: %1.").arg(m_model->segments()[static_cast<std::size_t>(wrong)].number);
    }
    if (t.finish == "length") text += QLatin1Char(' ') + tr("Cut off at the length limit.");
    m_verdict->setText(text);
    setInk(m_verdict, t.correct ? tones().good : tones().bad);
}

void TraceView::showLane() {
    const bool surprise = m_tokens->lane() == TokenStrip::Lane::Surprise;
    m_lane->setText(surprise ? tr("Tokens by −log p") : tr("Tokens by entropy"));
    m_lane->setAccessibleName(m_lane->text());
    m_scale->setText(m_tokens->hasTokens()
                         ? tr("darkest: %1 nats or more").arg(formatNumber(m_tokens->scaleEnd()))
                         : QString());
}

void TraceView::switchLane() {
    m_tokens->setLane(m_tokens->lane() == TokenStrip::Lane::Surprise ? TokenStrip::Lane::Entropy
                                                                     : TokenStrip::Lane::Surprise);
    showLane();
}

void TraceView::moveStep(int by) {
    const int rows = m_model->rowCount();
    if (rows == 0) return;
    const int row = m_steps->currentIndex().row();
    m_steps->setCurrentIndex(m_model->index(row < 0 ? 0 : std::clamp(row + by, 0, rows - 1)));
}

void TraceView::copySteps() {
    QModelIndexList rows = m_steps->selectionModel()->selectedIndexes();
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const QModelIndex& row : rows) lines << row.data().toString();
    if (!lines.isEmpty()) QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void TraceView::goToFirstWrong() {
    const int row = m_model->firstWrong();
    if (row < 0) return;
    m_steps->setCurrentIndex(m_model->index(row));
    m_steps->setFocus();
}

void TraceView::openSearch() {
    m_searchBar->show();
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void TraceView::findNext() {
    const int row = m_model->find(m_search->text(), m_steps->currentIndex().row() + 1);
    m_searchResult->setText(row < 0 && !m_search->text().isEmpty() ? tr("not found") : QString());
    if (row >= 0) m_steps->setCurrentIndex(m_model->index(row));
}

}  // namespace retort
