#include "views/traces/reader/trace_canvas.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <algorithm>

#include "views/models/format.h"
#include "views/traces/reader/minimap.h"
#include "views/widgets/theme.h"

namespace retort {

TraceCanvas::TraceCanvas(QWidget* parent)
    : QAbstractScrollArea(parent), m_trace(std::make_shared<Trace>()), m_minimap(new Minimap(*this)) {
    setObjectName(QStringLiteral("traceCanvas"));
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Reasoning, step by step"));
    setFrameShape(QFrame::StyledPanel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);  // a bar that comes and goes would wrap lines anew
    setViewportMargins(0, 0, Minimap::columnWidth, 0);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::IBeamCursor);
    m_autoScroll.setInterval(40);
    connect(&m_autoScroll, &QTimer::timeout, this, [this] {
        const QPoint at = viewport()->mapFromGlobal(QCursor::pos());
        const int beyond = at.y() < 0 ? at.y() : std::max(0, at.y() - viewport()->height());
        scrollTo(m_top + beyond);
        if (const Hit hit = hitAt(at); hit.byte >= 0) moveCaret(hit.byte, true);
    });
    rebuild();
}

TraceCanvas::~TraceCanvas() = default;

void TraceCanvas::setTrace(std::shared_ptr<const Trace> trace, TraceDocument document) {
    m_trace = std::move(trace);
    m_tokens = TokenTable(*m_trace);
    m_document = std::move(document);
    m_lanes = m_trace->lanes;
    m_marks.clear();
    m_hits.clear();
    m_hit = m_hovered = -1;
    m_caret = m_selectionStart = 0;
    m_folds.reset(m_document);
    m_place = {};
    m_step = m_step < 0 ? -1 : std::min(m_step, stepCount() - 1);
    if (m_lane && !m_tokens.has(*m_lane)) m_shares.clear();
    rebuild();
    if (m_step >= 0) {
        m_caret = m_selectionStart = stepRange(m_step).first;
        reveal(m_caret, false);
    }
    Q_EMIT currentStepChanged(m_step);
    Q_EMIT caretMoved();
}

void TraceCanvas::setDocument(TraceDocument document) {
    const qint64 at = m_rows.empty() ? 0 : m_rows[static_cast<std::size_t>(m_place.row)].begin;
    const qint64 judged = m_step >= 0 ? stepRange(m_step).first : -1;
    m_document = std::move(document);
    m_folds.reset(m_document);
    m_step = judged >= 0 ? m_document.stepAt(judged) : -1;
    m_hovered = -1;
    rebuild();
    if (const int row = rowOfByte(m_rows, at); row >= 0) settle({row, 0});
    viewport()->update();
    Q_EMIT currentStepChanged(m_step);
    Q_EMIT foldsChanged();
}

void TraceCanvas::setCurrentStep(int step) {
    if (stepCount() == 0) return;
    step = std::clamp(step, 0, stepCount() - 1);
    const bool other = step != m_step;
    m_step = step;
    m_caret = m_selectionStart = stepRange(step).first;
    const DocumentStep& now = m_document.steps()[static_cast<std::size_t>(step)];
    if (m_folds.regions[static_cast<std::size_t>(now.region)]) toggleRegionFold(now.region);
    reveal(m_caret, false);
    viewport()->update();
    updateAccessible();
    if (!other) return;
    Q_EMIT currentStepChanged(m_step);
    Q_EMIT caretMoved();
}

std::pair<qint64, qint64> TraceCanvas::stepRange(int step) const {
    if (step < 0 || step >= stepCount()) return {0, 0};
    const DocumentStep& of = m_document.steps()[static_cast<std::size_t>(step)];
    return {of.begin, of.end};
}

QString TraceCanvas::stepText(int step) const {
    const auto [begin, end] = stepRange(step);
    return toQString(std::string_view(m_trace->completion)
                         .substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
}

// --- what is said of steps ---

void TraceCanvas::setLanes(std::vector<StepLane> lanes) {
    m_lanes = std::move(lanes);
    const int before = m_gutter.width;
    m_facts = stepFacts(m_document, m_lanes);
    layOutGutter();
    if (m_gutter.width != before) relayout();
    viewport()->update();
    updateAccessible();
    Q_EMIT changed();
}

void TraceCanvas::setMarks(std::vector<CanvasMark> marks) {
    const bool margin = m_marks.empty() != marks.empty();
    m_marks = std::move(marks);
    if (margin) relayout();
    viewport()->update();
    Q_EMIT changed();
}

void TraceCanvas::setRatingEnabled(bool enabled) {
    if (m_ratingEnabled == enabled) return;
    m_ratingEnabled = enabled;
    layOutGutter();
    relayout();
}

// --- token lanes ---

void TraceCanvas::setTokenLane(std::optional<TokenLane> lane) {
    if (m_lane == lane) return;
    const bool before = isShaded();
    m_lane = lane;
    refreshShares();
    if (isShaded() != before) relayout();
    viewport()->update();
    Q_EMIT changed();
}

void TraceCanvas::setRollUp(RollUp unit, bool extreme) {
    m_rollUp = unit;
    m_extreme = extreme;
    refreshShares();
    viewport()->update();
    Q_EMIT changed();
}

void TraceCanvas::refreshShares() {
    m_shares.clear();
    if (!m_lane || !m_tokens.has(*m_lane)) return;
    std::vector<float> values = m_tokens.values(*m_lane);
    // The scale is that of the tokens, so that rolling up shows less, not more.
    m_scale = retort::laneScale(*m_lane, values);
    if (m_rollUp != RollUp::Token)
        values = rolledUp(values, unitsOf(m_tokens, m_document, m_rollUp), m_extreme, m_scale.inverted);
    m_shares.reserve(values.size());
    for (const float value : values) m_shares.push_back(static_cast<float>(m_scale.share(value)));
    m_palette = LanePalette(palette().color(QPalette::Base), m_scale.diverging);
}

int TraceCanvas::currentToken() const {
    return m_tokens.tokenAt(m_caret);
}

QString TraceCanvas::describeToken(int token) const {
    if (token < 0 || static_cast<std::size_t>(token) >= m_tokens.size()) return {};
    const auto at = static_cast<std::size_t>(token);
    const std::string_view text =
        std::string_view(m_trace->completion)
            .substr(static_cast<std::size_t>(m_tokens.begin(at)),
                    static_cast<std::size_t>(m_tokens.end(at) - m_tokens.begin(at)));
    QString shown = toQString(text);
    shown.replace(QLatin1Char('\n'), QStringLiteral("↵")).replace(QLatin1Char(' '), QStringLiteral("␣"));
    QStringList lines{tr("Token %1: %2").arg(token + 1).arg(shown.isEmpty() ? QStringLiteral("∅") : shown)};
    for (const TokenLane lane : m_tokens.lanes())
        lines << laneTitle(lane) + QStringLiteral(": ") + laneValueText(lane, m_tokens.value(lane, at));
    const auto alternatives = m_tokens.alternatives(at);
    for (const TokenTable::Alternative& one : alternatives)
        lines << tr("%1 %2 p = %3")
                     .arg(one.sampled ? QStringLiteral("▸") : QStringLiteral("  "),
                          toQString(one.text).replace(QLatin1Char('\n'), QStringLiteral("↵")),
                          formatNumber(std::exp(one.logprob)));
    return lines.join(QLatin1Char('\n'));
}

void TraceCanvas::setProportional(bool proportional) {
    if (m_proportional == proportional) return;
    m_proportional = proportional;
    relayout();
}

void TraceCanvas::setMathSet(bool set) {
    if (m_mathSet == set) return;
    m_mathSet = set;
    relayout();
}

// --- folding ---

void TraceCanvas::setFolds(const ReaderFolds& folds) {
    if (folds.steps.size() != m_folds.steps.size() || folds.regions.size() != m_folds.regions.size()) return;
    m_folds = folds;
    relayout();
    Q_EMIT foldsChanged();
}

void TraceCanvas::toggleStepFold(int step) {
    if (step < 0 || step >= stepCount()) return;
    m_folds.steps[static_cast<std::size_t>(step)].flip();
    relayout();
    Q_EMIT foldsChanged();
}

void TraceCanvas::toggleRegionFold(int region) {
    if (region < 0 || static_cast<std::size_t>(region) >= m_folds.regions.size()) return;
    const bool hasHead = std::any_of(m_rows.begin(), m_rows.end(), [](const ReaderRow& row) {
        return row.kind == ReaderRow::Kind::RegionHead;
    });
    if (!hasHead) return;  // there would be nothing to unfold it by
    m_folds.regions[static_cast<std::size_t>(region)].flip();
    relayout();
    Q_EMIT foldsChanged();
}

void TraceCanvas::toggleAllFolds() {
    const auto any = [](const std::vector<bool>& folded) {
        return std::find(folded.begin(), folded.end(), true) != folded.end();
    };
    const bool fold = !any(m_folds.steps) && !any(m_folds.regions);
    m_folds.steps.assign(m_folds.steps.size(), fold);
    m_folds.regions.assign(m_folds.regions.size(), false);
    relayout();
    Q_EMIT foldsChanged();
}

// --- text ---

void TraceCanvas::setHits(std::vector<std::pair<qint64, qint64>> hits, int current) {
    m_hits = std::move(hits);
    m_hit = current >= 0 && current < static_cast<int>(m_hits.size()) ? current : -1;
    viewport()->update();
    Q_EMIT changed();
}

void TraceCanvas::select(qint64 begin, qint64 end) {
    const auto size = static_cast<qint64>(m_trace->completion.size());
    m_selectionStart = characterStart(m_trace->completion, std::clamp<qint64>(begin, 0, size));
    m_caret = characterStart(m_trace->completion, std::clamp<qint64>(end, 0, size));
    stepToCaret();
    reveal(m_selectionStart, true);
    viewport()->update();
    Q_EMIT caretMoved();
}

std::pair<qint64, qint64> TraceCanvas::selection() const {
    return std::minmax(m_caret, m_selectionStart);
}

QString TraceCanvas::selectedText() const {
    const auto [begin, end] = selection();
    return toQString(std::string_view(m_trace->completion)
                         .substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
}

void TraceCanvas::copy() const {
    const auto [begin, end] = selection();
    const QString text = begin < end ? selectedText() : stepText(m_step);
    if (!text.isEmpty()) QGuiApplication::clipboard()->setText(text);
}

void TraceCanvas::updateAccessible() {
    if (m_step < 0) return setAccessibleDescription({});
    const DocumentStep& step = m_document.steps()[static_cast<std::size_t>(m_step)];
    const QString name = step.number > 0                           ? tr("Step %1").arg(step.number)
                         : step.kind == DocumentStep::Kind::Answer ? tr("Answer")
                                                                   : tr("Thinking");
    const std::string_view text =
        std::string_view(m_trace->completion)
            .substr(static_cast<std::size_t>(step.begin),
                    static_cast<std::size_t>(std::min<qint64>(step.end - step.begin, 400)));
    setAccessibleDescription(name + QStringLiteral(": ") + toQString(text) + QLatin1Char('\n') +
                             stepToolTip(m_step));
}

void TraceCanvas::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange ||
        event->type() == QEvent::StyleChange) {
        refreshShares();
        relayout();
    }
}

}  // namespace retort
