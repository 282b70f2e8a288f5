#include "views/traces/trace_view.h"

#include <QAction>
#include <QFontDatabase>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPromise>
#include <QScrollArea>
#include <QSplitter>
#include <QThreadPool>
#include <QVBoxLayout>
#include <algorithm>

#include "core/util/error.h"
#include "views/actions.h"
#include "views/models/format.h"
#include "views/traces/reader/find_bar.h"
#include "views/traces/reader/inspector.h"
#include "views/traces/reader/reader_bar.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int widthForBoth = 820;  // px, of text and inspector side by side

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

/// Without what gives the verdict away, when blind.
QString metaText(const Trace& trace, const QString& runName, bool blind) {
    QStringList parts;
    if (!runName.isEmpty()) parts << runName;
    parts << toQString(trace.task) << TraceView::tr("step %1").arg(trace.step);
    parts << (trace.phase == "eval" ? TraceView::tr("evaluation")
                                    : TraceView::tr("sample %1").arg(trace.sample + 1));
    if (trace.reward && !blind) parts << TraceView::tr("reward %1").arg(formatNumber(*trace.reward));
    if (trace.advantage && !blind) parts << TraceView::tr("advantage %1").arg(formatNumber(*trace.advantage));
    parts << TraceView::tr("%n token(s)", nullptr, trace.numTokens);
    if (trace.stepAccuracy && !blind) {
        parts << TraceView::tr("%1 % of the steps right").arg(qRound(*trace.stepAccuracy * 100));
    }
    // Lines break between the parts, not in "100 %".
    for (QString& part : parts) part.replace(QLatin1Char(' '), QChar(QChar::Nbsp));
    return parts.join(QStringLiteral(" · "));
}

/// Runs `work` on another thread; `watcher` has the result, or an earlier one is dropped.
template <class Result, class Work>
void runFor(QFutureWatcher<Result>& watcher, Work work) {
    auto promise = std::make_shared<QPromise<Result>>();
    watcher.setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->addResult(work());
        promise->finish();
    });
}

std::size_t keyOf(const Trace& trace) {
    const std::hash<std::string_view> hash;
    std::size_t key = hash(trace.prompt) ^ static_cast<std::size_t>(trace.step * 1'000'003 + trace.sample);
    const std::string_view text = trace.completion;
    // The ends tell long ones apart well enough.
    key = key * 31 + hash(text.substr(0, 100'000)) + text.size();
    return key;
}

}  // namespace

TraceView::TraceView(QWidget* parent) : QWidget(parent) {
    m_canvas = new TraceCanvas(this);
    m_bar = new ReaderBar(*m_canvas, this);
    m_find = new FindBar(*m_canvas, this);
    m_inspector = new Inspector(*m_canvas, this);
    m_verdict = new QLabel(this);
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_verdict->setWordWrap(true);
    m_verdict->setAccessibleName(tr("Verdict"));  // it has no text while no trace is shown

    auto* reading = new QWidget(this);
    auto* readingLayout = new QVBoxLayout(reading);
    readingLayout->setContentsMargins(0, 0, 0, 0);
    readingLayout->addWidget(makeHead());
    readingLayout->addWidget(m_bar);
    readingLayout->addWidget(m_find);
    readingLayout->addWidget(m_canvas, 1);
    readingLayout->addWidget(m_verdict);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(QStringLiteral("traceInspectorSplitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(reading);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({600, 250});
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_splitter);
    makeCommands();

    connect(m_bar, &ReaderBar::cuttingChanged, this, &TraceView::recut);
    connect(m_canvas, &TraceCanvas::foldsChanged, this, &TraceView::rememberFolds);
    connect(&m_checking, &QFutureWatcher<AnswerCheck>::finished, this, [this] {
        if (m_checking.future().resultCount() == 0) return;
        m_check = m_checking.result();
        showVerdict();
    });
    connect(&m_cutting, &QFutureWatcher<Cut>::finished, this, [this] {
        if (m_cutting.future().resultCount() > 0) takeDocument(m_cutting.result());
    });
}

TraceView::~TraceView() = default;

// Beside the text while there is room for both, else below it.
void TraceView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const Qt::Orientation wanted = width() < widthForBoth ? Qt::Vertical : Qt::Horizontal;
    if (m_splitter->orientation() == wanted) return;
    m_splitter->setOrientation(wanted);
    const int whole = wanted == Qt::Vertical ? height() : width(),
              inspector = wanted == Qt::Vertical ? 190 : 250;
    m_splitter->setSizes({std::max(100, whole - inspector), inspector});
}

QWidget* TraceView::makeHead() {
    auto* head = new QFrame(this);
    head->setFrameShape(QFrame::StyledPanel);
    m_meta = new QLabel(head);
    m_meta->setTextFormat(Qt::PlainText);
    m_meta->setWordWrap(true);
    m_prompt = fixedLabel(tr("Problem"), head);
    m_prompt->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    // A long prompt scrolls instead of pushing the reasoning out of the window.
    m_promptArea = new QScrollArea(head);
    m_promptArea->setWidget(m_prompt);
    m_promptArea->setWidgetResizable(true);
    m_promptArea->setFrameShape(QFrame::NoFrame);
    m_promptArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_promptArea->setFocusPolicy(Qt::NoFocus);
    m_promptArea->viewport()->setAutoFillBackground(false);
    m_prompt->setAutoFillBackground(false);
    m_gold = fixedLabel(tr("Reference answer"), head);
    auto* title = new QLabel(tr("reference"), head);
    m_goldTitle = title;
    auto* line = new QHBoxLayout;
    line->addWidget(m_promptArea, 1);
    line->addWidget(title, 0, Qt::AlignTop);
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

QAction* TraceView::add(const char* id, const QString& text, const QKeySequence& key,
                        std::function<void()> act) {
    QAction* action = addCommand(this, {id, text, tr("Traces"), key}, std::move(act));
    m_commands.push_back(action);
    return action;
}

void TraceView::makeCommands() {
    add("traces.nextStep", tr("Next step"), Qt::Key_J, [this] { moveStep(1); });
    add("traces.previousStep", tr("Previous step"), Qt::Key_K, [this] { moveStep(-1); });
    add("traces.firstWrong", tr("First error (person, judge, lowest PRM)"), Qt::Key_F,
        [this] { goToFirstWrong(); });
    add("traces.nextDisagreement", tr("Next step at which judges disagree"), Qt::SHIFT | Qt::Key_F,
        [this] { goToDisagreement(); });
    add("traces.foldStep", tr("Fold or unfold the step"), Qt::Key_Z,
        [this] { m_canvas->toggleStepFold(m_canvas->currentStep()); });
    add("traces.foldRegion", tr("Fold or unfold the thinking"), Qt::SHIFT | Qt::Key_Z, [this] {
        const int step = std::max(m_canvas->currentStep(), 0);
        const auto& steps = m_canvas->document().steps();
        if (!steps.empty()) m_canvas->toggleRegionFold(steps[static_cast<std::size_t>(step)].region);
    });
    QAction* foldAll = add("traces.foldAll", tr("Fold all steps, or unfold everything"), Qt::ALT | Qt::Key_Z,
                           [this] { m_canvas->toggleAllFolds(); });
    add("traces.find", tr("Find in the trace"), Qt::Key_Slash, [this] { openSearch(); });
    add("traces.findNext", tr("Next hit"), Qt::Key_F3, [this] { m_find->next(); });
    add("traces.findPrevious", tr("Previous hit"), Qt::SHIFT | Qt::Key_F3, [this] { m_find->previous(); });
    add("traces.lane", tr("Next token lane"), Qt::Key_T, [this] { m_bar->cycleLane(1); });
    add("traces.laneBack", tr("Previous token lane"), Qt::SHIFT | Qt::Key_T,
        [this] { m_bar->cycleLane(-1); });
    QAction* math = add("traces.math", tr("Set formulas, or show their source"), Qt::Key_M, [] {});
    math->setCheckable(true);
    math->setChecked(true);
    connect(math, &QAction::toggled, m_canvas, &TraceCanvas::setMathSet);
    QAction* proportional = add("traces.proportional", tr("Proportional font"), {}, [] {});
    proportional->setCheckable(true);
    connect(proportional, &QAction::toggled, m_canvas, &TraceCanvas::setProportional);
    m_inspect = add("traces.inspector", tr("Inspector"), Qt::Key_I, [] {});
    m_inspect->setCheckable(true);
    m_inspect->setChecked(true);
    connect(m_inspect, &QAction::toggled, this, [this](bool shown) {
        m_inspector->setVisible(shown);
        m_inspector->showToken(-1);
        m_inspector->showStep();
    });
    addCommand(
        m_canvas,
        {"traces.copySteps", tr("Copy the selected text, or the step"), tr("Traces"), QKeySequence::Copy},
        [this] { m_canvas->copy(); });
    for (QAction* action : {foldAll, math, proportional, m_inspect}) m_bar->menu()->addAction(action);
}

void TraceView::addInspectorTab(QWidget* tab, const QString& title) {
    m_inspector->addTab(tab, title);
}

const Trace& TraceView::trace() const {
    return m_canvas->trace();
}

void TraceView::clear() {
    setTrace({}, {});
    m_hasTrace = false;
    m_verdict->clear();
}

void TraceView::setTrace(Trace trace, const QString& runName) {
    const auto shared = std::make_shared<const Trace>(std::move(trace));
    m_hasTrace = true;
    m_runName = runName;
    m_key = 0;  // what follows is no folding of the reader's
    m_meta->setText(metaText(*shared, runName, m_blind));
    const QString prompt = toQString(shared->prompt.substr(0, 100'000));
    m_prompt->setText(prompt);
    const int lines =
        static_cast<int>(std::min<qsizetype>(prompt.count(QLatin1Char('\n')) + 1 + prompt.size() / 70, 7));
    m_promptArea->setFixedHeight(QFontMetrics(m_prompt->font()).lineSpacing() * lines + 4);
    m_gold->setText(toQString(shared->gold).left(200));
    m_check.reset();

    const StepCutting cutting = m_bar->cutting();
    const bool slow = cutting.rule == StepRule::Expression;  // an expression may take seconds
    m_cutting.setFuture({});                                 // of the trace before
    TraceDocument document(*shared, slow ? StepCutting{} : cutting);
    if (m_blind) document.hideVerdicts();
    m_canvas->setTrace(shared, std::move(document));
    m_bar->traceChanged();
    m_key = keyOf(*shared);
    if (const auto known = m_foldsOf.constFind(m_key); known != m_foldsOf.constEnd())
        m_canvas->setFolds(*known);
    if (slow) recut();
    m_find->searchAgain();
    checkTheAnswer();
    showVerdict();
    m_inspector->showStep();
    Q_EMIT documentChanged();
}

void TraceView::recut() {
    if (!m_hasTrace) return;
    const StepCutting cutting = m_bar->cutting();
    const auto cut = [trace = m_canvas->sharedTrace(), cutting] {
        try {
            return Cut{TraceDocument(*trace, cutting), {}};
        } catch (const Error& error) {
            return Cut{TraceDocument(*trace), toQString(error.what())};
        }
    };
    m_cutting.setFuture({});
    if (cutting.rule == StepRule::Expression)
        runFor(m_cutting, cut);
    else
        takeDocument(cut());
}

void TraceView::takeDocument(Cut cut) {
    m_bar->setProblem(cut.problem);
    if (m_blind) cut.document.hideVerdicts();
    m_canvas->setDocument(std::move(cut.document));
    m_find->searchAgain();
    Q_EMIT documentChanged();
}

void TraceView::rememberFolds() {
    if (m_key != 0) m_foldsOf.insert(m_key, m_canvas->folds());
}

// --- the answer ---

void TraceView::checkTheAnswer() {
    m_checking.setFuture({});
    const auto shared = m_canvas->sharedTrace();
    if (shared->gold.empty() || shared->completion.empty()) return;
    runFor(m_checking, [shared] {
        AnswerCheck check = checkAnswer(shared->completion, shared->gold);
        // Completions in a task's own notation: what the task found in them is an answer still.
        if (check.verdict == AnswerVerdict::Unparsed && !shared->extracted.empty())
            check = checkAnswer(shared->extracted, shared->gold);
        return check;
    });
}

void TraceView::setBlind(bool blind) {
    if (m_blind == blind) return;
    m_blind = blind;
    m_gold->setVisible(!blind);
    m_goldTitle->setVisible(!blind);
    if (!m_hasTrace) return;
    m_meta->setText(metaText(trace(), m_runName, m_blind));
    recut();
    showVerdict();
}

QString TraceView::verdictText() const {
    return m_verdict->text();
}

void TraceView::showVerdict() {
    if (!m_hasTrace) return;
    const Trace& t = trace();
    const QString extracted = t.extracted.empty() ? tr("none found") : toQString(t.extracted).left(200);
    std::vector<FactTable::Fact> facts;
    if (m_blind) {
        m_verdict->setText(tr("Blind: the reference answer and its verdict are hidden."));
        setInk(m_verdict, tones().muted);
        facts.push_back({tr("Extracted"), extracted});
        return m_inspector->showSample(m_runName, facts, true);
    }
    QString text = t.gold.empty() ? tr("Answer %1; there is no reference.").arg(extracted)
                   : t.correct
                       ? tr("✓ Right: the answer %1 is the reference.").arg(extracted)
                       : tr("✗ Wrong: answer %1, reference %2.").arg(extracted, toQString(t.gold).left(200));
    facts.push_back({tr("Verdict"), t.correct ? tr("✓ right") : tr("✗ wrong"), tr("As the run recorded it"),
                     false, true});
    facts.push_back({tr("Extracted"), extracted});
    if (!t.gold.empty()) facts.push_back({tr("Reference"), toQString(t.gold)});
    if (m_check) {
        const bool other = m_check->correct != t.correct;
        QString said = toQString(m_check->rule);
        if (other)
            text += QLatin1Char(' ') +
                    tr("≠ The answer checker says otherwise: %1").arg(toQString(m_check->reason));
        else if (!m_check->rule.empty())
            text += QStringLiteral(" (%1)").arg(said);
        facts.push_back({tr("Answer checker"),
                         (m_check->correct ? QStringLiteral("✓ ") : QStringLiteral("✗ ")) +
                             toQString(name(m_check->verdict)),
                         {},
                         false,
                         other});
        facts.push_back({tr("Rule"), said, tr("Where the answer was found, and what decided")});
        facts.push_back({tr("Reason"), toQString(m_check->reason)});
        if (m_check->extracted != t.extracted)
            facts.push_back({tr("It found"), toQString(m_check->extracted).left(200)});
    }
    const int wrong = firstError(m_canvas->document(), m_canvas->facts());
    if (m_canvas->document().firstWrong() >= 0 && wrong >= 0)
        text +=
            QLatin1Char(' ') + tr("First wrong step: %1.")
                                   .arg(m_canvas->document().steps()[static_cast<std::size_t>(wrong)].number);
    if (t.finish == "length") text += QLatin1Char(' ') + tr("It was cut off at the length limit.");
    m_verdict->setText(text);
    setInk(m_verdict, t.gold.empty() ? tones().muted : t.correct ? tones().good : tones().bad);
    m_inspector->showSample(m_runName, facts, false);
}

// --- going about ---

void TraceView::moveStep(int by) {
    m_canvas->setCurrentStep(m_canvas->currentStep() < 0 ? 0 : m_canvas->currentStep() + by);
}

void TraceView::goToFirstWrong() {
    const int step = firstError(m_canvas->document(), m_canvas->facts());
    if (step >= 0) m_canvas->setCurrentStep(step);
}

void TraceView::goToDisagreement() {
    const int step = nextDisagreement(m_canvas->facts(), m_canvas->currentStep());
    if (step >= 0) m_canvas->setCurrentStep(step);
}

void TraceView::openSearch() {
    m_find->open();
}

}  // namespace retort
