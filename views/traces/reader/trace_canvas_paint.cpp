// What the reading view looks like.
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/analysis/estimators.h"
#include "views/models/format.h"
#include "views/traces/reader/canvas_metrics.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/widgets/theme.h"

namespace retort {

using namespace canvas;

namespace {

QString ratingGlyph(int rating) {
    return rating < 0 ? QStringLiteral("✗") : rating == 0 ? QStringLiteral("○") : QStringLiteral("✓");
}

QColor ratingTone(int rating) {
    return rating < 0 ? tones().bad : rating == 0 ? tones().muted : tones().good;
}

}  // namespace

void TraceCanvas::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), palette().color(QPalette::Base));
    if (m_rows.empty()) {
        painter.setPen(tones().muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("The completion is empty."));
        return;
    }
    qint64 y = -m_place.offset;
    for (int row = m_place.row; row >= 0 && y < viewport()->height(); row = nextShown(row, 1)) {
        const int tall = m_heights.height(static_cast<std::size_t>(row));
        const QRect rect(0, static_cast<int>(y), viewport()->width(), tall);
        if (rect.intersects(event->rect())) paintRow(painter, row, static_cast<int>(y), event->rect());
        y += tall;
    }
}

void TraceCanvas::paintRow(QPainter& painter, int row, int y, const QRect& clip) {
    const ReaderRow& of = m_rows[static_cast<std::size_t>(row)];
    const QRect rect(0, y, viewport()->width(), m_heights.height(static_cast<std::size_t>(row)));
    if (of.kind == ReaderRow::Kind::RegionHead) return paintHead(painter, of, rect);
    if (of.step == m_step) {
        painter.fillRect(rect, blend(palette().color(QPalette::Base), tones().accent, 0.07));
        painter.fillRect(QRect(0, rect.top(), 3, rect.height()), tones().accent);
    } else if (m_document.steps()[static_cast<std::size_t>(of.step)].verdict == StepVerdict::Wrong) {
        painter.fillRect(QRect(0, rect.top(), 3, rect.height()), tones().bad);
    }
    paintGutter(painter, of, rect);
    paintText(painter, row, rect, clip);
}

QString TraceCanvas::headText(const TraceRegion& region, int index) const {
    const bool think = region.kind == TraceRegion::Kind::Think;
    QStringList parts{think ? tr("Thinking") : tr("Answer")};
    if (!m_tokens.empty()) {
        const auto [first, last] = m_tokens.tokensIn(region.begin, region.end);
        parts << tr("%n token(s)", nullptr, static_cast<int>(last - first));
    } else {
        parts << tr("%n byte(s)", nullptr, static_cast<int>(region.end - region.begin));
    }
    const auto [first, last] = m_document.stepsOf(index);
    const auto count = std::count_if(m_document.steps().begin() + first, m_document.steps().begin() + last,
                                     [](const DocumentStep& s) { return s.number > 0; });
    if (count > 0) parts << tr("%n step(s)", nullptr, static_cast<int>(count));
    if (!region.closed) parts << tr("never ended");
    return parts.join(QStringLiteral(" · "));
}

void TraceCanvas::paintHead(QPainter& painter, const ReaderRow& row, const QRect& rect) {
    const auto region = static_cast<std::size_t>(row.region);
    painter.fillRect(rect, palette().color(QPalette::AlternateBase));
    painter.setPen(tones().border);
    painter.drawLine(rect.topLeft(), rect.topRight());
    painter.drawLine(rect.bottomLeft(), rect.bottomRight());
    QFont font = smaller(this->font());
    font.setBold(true);
    painter.setFont(font);
    painter.setPen(tones().muted);
    const QRect fold(margin, rect.top(), foldWidth, rect.height());
    painter.drawText(fold, Qt::AlignVCenter,
                     m_folds.regions[region] ? QStringLiteral("▸") : QStringLiteral("▾"));
    painter.drawText(rect.adjusted(margin + foldWidth, 0, -margin, 0), Qt::AlignVCenter,
                     headText(m_document.regions()[region], row.region));
}

void TraceCanvas::paintGutter(QPainter& painter, const ReaderRow& row, const QRect& rect) {
    if (!row.first) return;
    const auto at = static_cast<std::size_t>(row.step);
    const DocumentStep& step = m_document.steps()[at];
    const StepFacts& facts = m_facts[at];
    const int tall = static_cast<int>(std::ceil(QFontMetrics(m_font).height() * lineSpacing));
    const QRect line(0, rect.top() + rowPadding, m_gutter.width, tall);
    const auto cell = [&line](int x, int width) { return QRect(x, line.top(), width, line.height()); };
    const QFont small = smaller(font());
    painter.setFont(small);
    painter.setPen(tones().muted);
    const bool folded = m_folds.steps[at];
    if (folded || row.step == m_step)
        painter.drawText(cell(margin, foldWidth), Qt::AlignVCenter,
                         folded ? QStringLiteral("▸") : QStringLiteral("▾"));
    if (step.number > 0)
        painter.drawText(cell(m_gutter.index, m_gutter.indexWidth), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(step.number));
    painter.setFont(font());
    if (m_gutter.checkWidth > 0 && step.verdict != StepVerdict::Unchecked) {
        const int rating = step.verdict == StepVerdict::Correct ? 1 : -1;
        painter.setPen(ratingTone(rating));
        painter.drawText(cell(m_gutter.check, m_gutter.checkWidth), Qt::AlignCenter, ratingGlyph(rating));
    }
    if (m_gutter.ratingWidth > 0) paintRating(painter, row.step, line);
    if (facts.prm && m_gutter.prmWidth > 0) {
        const QRect bar = cell(m_gutter.prm, m_gutter.prmWidth).adjusted(0, tall / 2 - 4, 0, -(tall / 2 - 4));
        painter.fillRect(bar, blend(palette().color(QPalette::Base), tones().muted, 0.25));
        const double score = std::clamp(*facts.prm, 0.0, 1.0);
        painter.fillRect(
            QRect(bar.topLeft(), QSize(static_cast<int>(std::lround(bar.width() * score)), bar.height())),
            score < 0.5 ? tones().bad : tones().info);
    }
    if (facts.rollouts > 0 && m_gutter.carloWidth > 0) {
        painter.setFont(small);
        painter.setPen(facts.successes == 0 ? tones().bad : palette().color(QPalette::Text));
        painter.drawText(cell(m_gutter.carlo, m_gutter.carloWidth), Qt::AlignRight | Qt::AlignVCenter,
                         QStringLiteral("%1/%2").arg(facts.successes).arg(facts.rollouts));
        painter.setFont(font());
    }
    if (facts.critic && m_gutter.criticWidth > 0) {
        painter.setPen(ratingTone(*facts.critic));
        const QRect box = cell(m_gutter.critic, m_gutter.criticWidth);
        painter.drawText(box, Qt::AlignCenter, ratingGlyph(*facts.critic));
        painter.drawRect(box.adjusted(1, 2, -2, -3));  // a box: a program's judgement, not a person's
    }
    if (facts.disagree) {
        painter.setPen(tones().warning);
        painter.drawText(cell(m_gutter.dispute, m_gutter.disputeWidth), Qt::AlignCenter, QStringLiteral("≠"));
    }
}

QRect TraceCanvas::ratingRect(int step, int rating) const {
    if (!m_ratingEnabled || step < 0 || step >= stepCount()) return {};
    const int row = rowOfByte(m_rows, m_document.steps()[static_cast<std::size_t>(step)].shownBegin);
    if (row < 0) return {};
    const int y = static_cast<int>(m_heights.before(static_cast<std::size_t>(row)) - m_top) + rowPadding;
    const int tall = static_cast<int>(std::ceil(QFontMetrics(m_font).height() * lineSpacing));
    const int width = m_gutter.ratingWidth / 3;
    return QRect(m_gutter.rating + (rating + 1) * width, y, width, tall);
}

void TraceCanvas::paintRating(QPainter& painter, int step, const QRect& line) {
    const auto human = m_facts[static_cast<std::size_t>(step)].human;
    if (!m_ratingEnabled) {
        if (!human) return;
        painter.setPen(ratingTone(*human));
        painter.drawText(QRect(m_gutter.rating, line.top(), m_gutter.ratingWidth, line.height()),
                         Qt::AlignCenter, ratingGlyph(*human));
        return;
    }
    const int width = m_gutter.ratingWidth / 3;
    for (int rating = -1; rating <= 1; ++rating) {
        const QRect box(m_gutter.rating + (rating + 1) * width, line.top(), width, line.height());
        const bool chosen = human && *human == rating;
        if (!chosen && step != m_step && step != m_hovered) continue;
        if (chosen)
            painter.fillRect(box.adjusted(0, 1, 0, -1),
                             blend(palette().color(QPalette::Base), ratingTone(rating), 0.25));
        painter.setPen(chosen ? ratingTone(rating) : tones().muted);
        painter.drawText(box, Qt::AlignCenter, ratingGlyph(rating));
    }
}

// The heat map, and along the lines' lower or upper edge the same as a bar, to be read without colour.
void TraceCanvas::paintShades(QPainter& painter, const ReaderRow& row, const RowLayout& layout,
                              const QPointF& at) {
    const auto [first, last] = m_tokens.tokensIn(row.begin, row.end);
    const QColor ink = blend(palette().color(QPalette::Base), palette().color(QPalette::Text), 0.6);
    for (std::size_t i = first; i < last && i < m_shares.size(); ++i) {
        const double share = m_shares[i];
        if (std::abs(share) < 0.02) continue;
        const qreal bar = std::round(std::abs(share) * 3);
        for (const QRectF& rect :
             layout.rectsOf(m_tokens.begin(i) - row.begin, m_tokens.end(i) - row.begin)) {
            const QRectF cell = rect.translated(at).adjusted(0, 0, -0.6, 0);
            painter.fillRect(cell, m_palette.color(share));
            if (bar > 0)
                painter.fillRect(
                    QRectF(cell.left(), share > 0 ? cell.bottom() - bar : cell.top(), cell.width(), bar),
                    ink);
        }
    }
}

void TraceCanvas::paintText(QPainter& painter, int row, const QRect& rect, const QRect& clip) {
    const ReaderRow& of = m_rows[static_cast<std::size_t>(row)];
    const RowLayout& layout = layoutOf(row);
    const bool folded = m_folds.isFolded(of);
    const QPointF at(m_gutter.width, rect.top() + (of.first ? rowPadding : 0));
    const qint64 shownEnd = folded ? of.begin + layout.shown().bytes.back() : of.end;
    if (!m_shares.empty() && !folded) paintShades(painter, of, layout, at);

    const auto fill = [&](qint64 begin, qint64 end, const QColor& color) {
        for (const QRectF& place : layout.rectsOf(begin - of.begin, end - of.begin))
            painter.fillRect(place.translated(at), color);
    };
    auto hit = std::lower_bound(m_hits.begin(), m_hits.end(), of.begin,
                                [](const auto& range, qint64 begin) { return range.second <= begin; });
    for (; hit != m_hits.end() && hit->first < shownEnd; ++hit) {
        QColor color = tones().warning;
        const bool current = static_cast<int>(hit - m_hits.begin()) == m_hit;
        color.setAlphaF(current ? 0.75f : 0.35f);
        fill(hit->first, hit->second, color);
    }
    std::vector<RowLayout::Ink> inks;
    const auto [from, to] = selection();
    if (from < to && from < shownEnd && to > of.begin) {
        QTextCharFormat selected;
        selected.setBackground(palette().color(QPalette::Highlight));
        selected.setForeground(palette().color(QPalette::HighlightedText));
        inks.push_back({from - of.begin, to - of.begin, selected});
    }
    painter.setPen(palette().color(QPalette::Text));
    layout.draw(&painter, at, inks, QRectF(clip));

    for (const CanvasMark& mark : m_marks) {
        if (mark.begin >= of.end || mark.end <= of.begin) continue;
        const auto places = layout.rectsOf(mark.begin - of.begin, mark.end - of.begin);
        painter.setPen(QPen(tones().info, 1, Qt::DotLine));
        for (const QRectF& place : places)
            painter.drawLine(place.translated(at).bottomLeft(), place.translated(at).bottomRight());
        if (mark.begin < of.begin || places.empty()) continue;
        painter.setPen(tones().info);
        painter.setFont(font());
        painter.drawText(QRectF(rect.right() - markWidth, places.front().translated(at).top(), markWidth - 2,
                                places.front().height()),
                         Qt::AlignCenter, mark.glyph);
    }
    if (hasFocus() && from == to && m_caret >= of.begin &&
        (m_caret < of.end || row + 1 == static_cast<int>(m_rows.size())) && !folded) {
        const QRectF caret = layout.caretAt(m_caret - of.begin).translated(at);
        painter.fillRect(caret, palette().color(QPalette::Text));
        if (const int token = currentToken(); token >= 0 && m_lane) {
            painter.setPen(QPen(tones().accent, 1.5));
            const auto t = static_cast<std::size_t>(token);
            for (const QRectF& place :
                 layout.rectsOf(m_tokens.begin(t) - of.begin, m_tokens.end(t) - of.begin))
                painter.drawRect(place.translated(at).adjusted(0, 0, -1, -1));
        }
    }
    const DocumentStep& step = m_document.steps()[static_cast<std::size_t>(of.step)];
    if (of.last && !folded && !step.reason.empty()) {
        painter.setFont(smaller(font()));
        painter.setPen(step.verdict == StepVerdict::Wrong ? tones().bad : tones().muted);
        const QRectF place(at.x(), at.y() + layout.height(), textWidth(), rect.bottom() - at.y());
        painter.drawText(place, Qt::TextWordWrap, QString::fromStdString(step.reason).left(longestReason));
    }
}

QString TraceCanvas::stepToolTip(int step) const {
    if (step < 0 || step >= stepCount()) return {};
    const auto at = static_cast<std::size_t>(step);
    const DocumentStep& of = m_document.steps()[at];
    const StepFacts& facts = m_facts[at];
    QStringList lines;
    if (of.verdict != StepVerdict::Unchecked) {
        QString text = of.verdict == StepVerdict::Correct ? tr("The task's checker: right")
                                                          : tr("The task's checker: wrong");
        if (!of.reason.empty()) text += QStringLiteral(" (%1)").arg(toQString(of.reason).left(200));
        lines << text;
    }
    if (facts.human)
        lines << tr("A person: %1")
                     .arg(*facts.human < 0    ? tr("bad (−1)")
                          : *facts.human == 0 ? tr("okay (0)")
                                              : tr("great (+1)"));
    if (facts.prm) lines << tr("Process reward model: %1").arg(formatNumber(*facts.prm));
    if (facts.rollouts > 0) {
        const Interval range = wilsonInterval(facts.successes, facts.rollouts);
        lines << tr("Monte Carlo: %1 of %2 rollouts from here succeed (95 %: %3 to %4)")
                     .arg(facts.successes)
                     .arg(facts.rollouts)
                     .arg(formatNumber(range.low), formatNumber(range.high));
    }
    if (facts.critic) lines << tr("Critic: %1").arg(*facts.critic < 0 ? tr("wrong") : tr("no error"));
    for (const std::string& text : facts.detected) lines << toQString(text);
    if (facts.disagree) lines << tr("These judges disagree.");
    return lines.join(QLatin1Char('\n'));
}

}  // namespace retort
