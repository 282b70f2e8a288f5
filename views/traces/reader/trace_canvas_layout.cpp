// Heights of rows and where the viewport is among them.
#include <QFontDatabase>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "views/traces/reader/canvas_metrics.h"
#include "views/traces/reader/minimap.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/widgets/theme.h"

namespace retort {

using namespace canvas;

void TraceCanvas::rebuild() {
    m_facts = stepFacts(m_document, m_lanes);
    m_rows = readerRows(m_document, m_trace->completion);
    refreshShares();
    layOutGutter();
    relayout();
    updateAccessible();
}

void TraceCanvas::layOutGutter() {
    const QFontMetrics metrics(font());
    const int em = metrics.height(), gap = 6;
    const auto any = [this](auto says) { return std::any_of(m_facts.begin(), m_facts.end(), says); };
    Gutter g;
    int x = margin + foldWidth;
    const auto column = [&x, gap](int& at, int& width, int wanted) {
        at = x;
        width = wanted;
        if (wanted > 0) x += wanted + gap;
    };
    const int last = m_document.steps().empty() ? 0 : stepCount();
    column(g.index, g.indexWidth, metrics.horizontalAdvance(QString::number(std::max(last, 10))) + 2);
    const bool checked =
        std::any_of(m_document.steps().begin(), m_document.steps().end(),
                    [](const DocumentStep& s) { return s.verdict != StepVerdict::Unchecked; });
    column(g.check, g.checkWidth, checked ? em : 0);
    const bool rated = any([](const StepFacts& f) { return f.human.has_value(); });
    column(g.rating, g.ratingWidth, m_ratingEnabled ? 3 * (em + 2) : rated ? em : 0);
    column(g.prm, g.prmWidth, any([](const StepFacts& f) { return f.prm.has_value(); }) ? 30 : 0);
    const bool carlo = any([](const StepFacts& f) { return f.rollouts > 0; });
    column(g.carlo, g.carloWidth, carlo ? metrics.horizontalAdvance(QStringLiteral("16/16")) : 0);
    column(g.critic, g.criticWidth, any([](const StepFacts& f) { return f.critic.has_value(); }) ? em : 0);
    column(g.dispute, g.disputeWidth,
           any([](const StepFacts& f) { return f.disagree; }) ? metrics.horizontalAdvance(QStringLiteral("≠"))
                                                              : 0);
    g.width = x + 2;
    m_gutter = g;
}

int TraceCanvas::textWidth() const {
    const int right = m_marks.empty() ? margin + 2 : markWidth;
    return std::max(80, viewport()->width() - m_gutter.width - right);
}

RowStyle TraceCanvas::styleOf(const ReaderRow& row) const {
    const DocumentStep& step = m_document.steps()[static_cast<std::size_t>(row.step)];
    RowStyle style;
    style.font = m_font;
    style.faint = tones().muted;
    style.width = textWidth();
    style.marks = isShaded();
    style.first = row.first;
    style.last = row.last;
    style.oneLine = m_folds.isFolded(row);
    style.math = m_mathSet && !isShaded() && !m_document.isPlain();
    style.bold = step.kind == DocumentStep::Kind::Answer && m_document.regions().size() > 1 &&
                 step.end - step.begin < 160;
    return style;
}

const RowLayout& TraceCanvas::layoutOf(int row) const {
    std::unique_ptr<RowLayout>& layout = m_layouts[row];
    if (!layout) {
        const ReaderRow& of = m_rows[static_cast<std::size_t>(row)];
        const DocumentStep& step = m_document.steps()[static_cast<std::size_t>(of.step)];
        const std::string_view text =
            std::string_view(m_trace->completion)
                .substr(static_cast<std::size_t>(of.begin), static_cast<std::size_t>(of.end - of.begin));
        layout = std::make_unique<RowLayout>(text, std::pair(step.begin - of.begin, step.end - of.begin),
                                             styleOf(of));
    }
    return *layout;
}

int TraceCanvas::reasonHeight(const ReaderRow& row) const {
    if (!row.last) return 0;
    const std::string& reason = m_document.steps()[static_cast<std::size_t>(row.step)].reason;
    if (reason.empty()) return 0;
    const QFontMetrics metrics(smaller(font()));
    const QRect box(0, 0, textWidth(), 1 << 20);
    const QString text = QString::fromStdString(reason).left(longestReason);
    return metrics.boundingRect(box, Qt::TextWordWrap, text).height() + 2;
}

int TraceCanvas::exactHeight(int row) const {
    const ReaderRow& of = m_rows[static_cast<std::size_t>(row)];
    if (!m_folds.isShown(of)) return 0;
    if (of.kind == ReaderRow::Kind::RegionHead) return QFontMetrics(font()).height() + headPadding;
    if (m_folds.isFolded(of)) return layoutOf(row).height() + 2 * rowPadding;
    return layoutOf(row).height() + (of.first ? rowPadding : 0) + (of.last ? rowPadding : 0) +
           reasonHeight(of);
}

int TraceCanvas::estimate(const ReaderRow& row, const Measures& of) const {
    if (row.kind == ReaderRow::Kind::RegionHead) return of.head;
    if (m_folds.isFolded(row)) return of.line + 2 * rowPadding;
    qint64 lines = 0;
    if (m_document.isPlain()) {
        lines = (row.end - row.begin) / of.columns + 2;
    } else {
        std::string_view text =
            std::string_view(m_trace->completion)
                .substr(static_cast<std::size_t>(row.begin), static_cast<std::size_t>(row.end - row.begin));
        while (text.ends_with('\n')) text.remove_suffix(1);
        for (std::size_t at = 0; at <= text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            lines += static_cast<qint64>(end - at) / of.columns + 1;
            at = end + 1;
        }
    }
    return static_cast<int>(lines) * of.line + (row.first ? rowPadding : 0) + (row.last ? rowPadding : 0) +
           reasonHeight(row);
}

void TraceCanvas::estimateAll() {
    const QFontMetrics metrics(m_font);
    const Measures of{static_cast<int>(std::ceil(metrics.height() * lineSpacing)),
                      std::max(4, textWidth() / std::max(1, metrics.averageCharWidth())),
                      QFontMetrics(font()).height() + headPadding};
    std::vector<std::int32_t> heights;
    heights.reserve(m_rows.size());
    for (const ReaderRow& row : m_rows) heights.push_back(m_folds.isShown(row) ? estimate(row, of) : 0);
    m_heights.reset(std::move(heights));
    m_exact.assign(m_rows.size(), false);
}

void TraceCanvas::makeExact(int row) {
    const auto at = static_cast<std::size_t>(row);
    if (m_exact[at]) return;
    m_exact[at] = true;
    m_heights.set(at, exactHeight(row));
}

int TraceCanvas::nextShown(int row, int by) const {
    for (int next = row + by; next >= 0 && next < static_cast<int>(m_rows.size()); next += by)
        if (m_folds.isShown(m_rows[static_cast<std::size_t>(next)])) return next;
    return -1;
}

void TraceCanvas::relayout() {
    m_font = m_proportional ? font() : QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (!m_proportional) m_font.setPointSizeF(std::max(m_font.pointSizeF(), font().pointSizeF()));
    m_layouts.clear();
    estimateAll();
    Place place = m_place;
    if (place.row >= static_cast<int>(m_rows.size())) place = {};
    if (!m_rows.empty() && !m_folds.isShown(m_rows[static_cast<std::size_t>(place.row)])) {
        const int shown = nextShown(place.row, -1);
        place = {shown >= 0 ? shown : 0, 0};
    }
    settle(place);
    viewport()->update();
    Q_EMIT changed();
}

TraceCanvas::Place TraceCanvas::placeAt(qint64 contentY) const {
    const std::size_t row = m_heights.rowAt(contentY);
    if (row >= m_heights.size()) return {};
    return {static_cast<int>(row), std::max<qint64>(0, contentY - m_heights.before(row))};
}

// Rows above and below the place get their exact heights as they come into view; what is in view stays where
// it is, and the bar follows.
void TraceCanvas::settle(Place place) {
    m_settling = true;
    const int view = viewport()->height();
    const auto height = [this](int row) -> qint64 { return m_heights.height(static_cast<std::size_t>(row)); };
    if (m_heights.total() <= 0) {
        m_place = {};
        m_top = 0;
    } else {
        for (int attempt = 0; attempt < 3; ++attempt) {
            makeExact(place.row);
            while (place.offset < 0) {
                const int above = nextShown(place.row, -1);
                if (above < 0) {
                    place.offset = 0;
                    break;
                }
                makeExact(above);
                place = {above, place.offset + height(above)};
            }
            while (place.offset >= height(place.row)) {
                const int below = nextShown(place.row, 1);
                if (below < 0) {
                    place.offset = std::max<qint64>(0, height(place.row) - 1);
                    break;
                }
                place = {below, place.offset - height(place.row)};
                makeExact(below);
            }
            qint64 y = -place.offset;
            for (int row = place.row; row >= 0 && y < view; row = nextShown(row, 1)) {
                makeExact(row);
                y += height(row);
            }
            const qint64 missing = view - y;
            if (missing <= 0 || (place.offset == 0 && nextShown(place.row, -1) < 0)) break;
            place.offset -= missing;  // the end of the text shall be at the lower edge
        }
        m_place = {place.row, std::max<qint64>(0, place.offset)};
        m_top = m_heights.before(static_cast<std::size_t>(m_place.row)) + m_place.offset;
    }
    QScrollBar* bar = verticalScrollBar();
    const QSignalBlocker quiet(bar);
    bar->setRange(0, static_cast<int>(std::clamp<qint64>(m_heights.total() - view, 0, 1 << 30)));
    bar->setPageStep(view);
    bar->setSingleStep(static_cast<int>(QFontMetrics(m_font).height() * lineSpacing));
    bar->setValue(static_cast<int>(m_top));
    bar->update();
    forgetUnseen();
    m_settling = false;
}

void TraceCanvas::forgetUnseen() {
    constexpr std::size_t most = 300;
    if (m_layouts.size() <= most) return;
    for (auto it = m_layouts.begin(); it != m_layouts.end();)
        it = std::abs(it->first - m_place.row) > 100 ? m_layouts.erase(it) : std::next(it);
}

void TraceCanvas::scrollContentsBy(int, int) {
    if (m_settling) return;
    const QScrollBar* bar = verticalScrollBar();
    const qint64 delta = bar->value() - m_top;
    const int view = viewport()->height();
    const Place old = m_place;
    // Small moves keep what is on the screen; far ones go by the estimates.
    const bool near = std::abs(delta) <= 3 * view && bar->value() > 0 && bar->value() < bar->maximum();
    settle(near ? Place{old.row, old.offset + delta} : placeAt(bar->value()));
    const qint64 moved =
        m_rows.empty() ? 0 : m_heights.before(static_cast<std::size_t>(old.row)) + old.offset - m_top;
    if (std::abs(moved) < view)
        viewport()->scroll(0, static_cast<int>(moved));
    else
        viewport()->update();
    m_minimap->update();
}

void TraceCanvas::scrollTo(qint64 contentY) {
    verticalScrollBar()->setValue(static_cast<int>(std::clamp<qint64>(contentY, 0, 1 << 30)));
}

QRect TraceCanvas::rectOfByte(qint64 byte) const {
    const int row = rowOfByte(m_rows, byte);
    if (row < 0 || !m_folds.isShown(m_rows[static_cast<std::size_t>(row)])) return {};
    const ReaderRow& of = m_rows[static_cast<std::size_t>(row)];
    const int y = static_cast<int>(m_heights.before(static_cast<std::size_t>(row)) - m_top);
    return layoutOf(row)
        .caretAt(byte - of.begin)
        .translated(m_gutter.width, y + (of.first ? rowPadding : 0))
        .toAlignedRect();
}

void TraceCanvas::reveal(qint64 byte, bool middle) {
    const int row = rowOfByte(m_rows, byte);
    if (row < 0) return;
    const ReaderRow& of = m_rows[static_cast<std::size_t>(row)];
    bool unfolded = false;
    if (m_folds.regions[static_cast<std::size_t>(of.region)]) {
        m_folds.regions[static_cast<std::size_t>(of.region)] = false;
        unfolded = true;
    }
    const auto step = static_cast<std::size_t>(of.step);
    if (m_folds.steps[step] && byte > m_document.steps()[step].begin) {
        m_folds.steps[step] = false;
        unfolded = true;
    }
    if (unfolded) {
        relayout();
        Q_EMIT foldsChanged();
    }
    makeExact(row);
    const int view = viewport()->height();
    const QRectF caret = layoutOf(row).caretAt(byte - of.begin);
    const qint64 inRow = static_cast<qint64>(caret.top()) + (of.first ? rowPadding : 0);
    const qint64 y = m_heights.before(static_cast<std::size_t>(row)) - m_top + inRow;
    const int room = std::min(view / 4, 3 * static_cast<int>(caret.height()));
    const bool above = y<room, below = y + caret.height()> view - room;
    if (!above && !below) return;
    const qint64 wanted = middle  ? view / 3
                          : above ? room
                                  : view - room - static_cast<qint64>(caret.height());
    settle({row, inRow - wanted});
    viewport()->update();
    m_minimap->update();
}

void TraceCanvas::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    m_minimap->setGeometry(viewport()->geometry().right() + 1, viewport()->geometry().top(),
                           Minimap::columnWidth, viewport()->height());
    if (event->oldSize().width() != event->size().width())
        relayout();
    else
        settle(m_place);
    Q_EMIT changed();
}

}  // namespace retort
