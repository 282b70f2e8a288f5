#include "views/traces/reader/row_layout.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "views/widgets/math/math_spans.h"

namespace retort {

namespace {

/// Where the shown part of a row begins and ends: line breaks at a step's ends would be empty lines, and the
/// last break of a row is the row's own.
std::pair<std::int32_t, std::int32_t> shownPart(std::string_view utf8, const RowStyle& style) {
    const auto isBreak = [utf8](std::size_t at) { return utf8[at] == '\n' || utf8[at] == '\r'; };
    std::size_t begin = 0, end = utf8.size();
    if (style.marks) return {0, static_cast<std::int32_t>(end)};
    if (end > 0 && utf8[end - 1] == '\n') --end;
    while (style.last && end > 0 && isBreak(end - 1)) --end;
    while (style.first && begin < end && isBreak(begin)) ++begin;
    return {static_cast<std::int32_t>(begin), static_cast<std::int32_t>(end)};
}

/// A formula wider than the text is made smaller, down to this; then its source is shown.
constexpr qreal smallestFormula = 0.6;

/// Of the letter that stands for a formula: invisible, and as wide as it.
QTextCharFormat placeholderFormat(QFont font, qreal width) {
    font.setPixelSize(1);
    QTextCharFormat format;
    format.setFont(font);
    format.setFontLetterSpacingType(QFont::AbsoluteSpacing);
    format.setFontLetterSpacing(width - QFontMetricsF(font).horizontalAdvance(QLatin1Char('x')));
    format.setForeground(QColor(Qt::transparent));
    return format;
}

}  // namespace

RowLayout::RowLayout(std::string_view utf8, std::pair<std::int64_t, std::int64_t> strong,
                     const RowStyle& style) {
    QFont font = style.font;
    font.setBold(style.bold);
    if (style.oneLine) {
        const std::string_view line =
            utf8.substr(0, std::min(utf8.find('\n', static_cast<std::size_t>(strong.first)), utf8.size()));
        m_shown = shownText(line);
        const QString elided =
            QFontMetricsF(font).elidedText(m_shown.text + QStringLiteral(" …"), Qt::ElideRight, style.width);
        m_shown.text = elided;
        m_shown.bytes.resize(static_cast<std::size_t>(elided.size()) + 1, static_cast<int>(line.size()));
    } else if (style.math) {
        const auto [begin, end] = shownPart(utf8, style);
        appendMath(utf8.substr(0, static_cast<std::size_t>(end)), begin, style, font);
    } else {
        const auto [begin, end] = shownPart(utf8, style);
        appendShown(m_shown, utf8, begin, end, style.marks);
        m_shown.bytes.push_back(end);
        // With marks the last break is shown by its sign alone.
        if (m_shown.text.endsWith(QChar(0x2028))) {
            m_shown.text.chop(1);
            m_shown.bytes.erase(m_shown.bytes.end() - 2);
        }
    }
    m_layout.setText(m_shown.text);
    m_layout.setFont(font);
    m_layout.setCacheEnabled(true);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTabStopDistance(QFontMetricsF(font).horizontalAdvance(QLatin1Char(' ')) * 4);
    m_layout.setTextOption(option);
    QTextCharFormat faint;
    faint.setForeground(style.faint);
    const int strongBegin = m_shown.unitAt(strong.first), strongEnd = m_shown.unitAt(strong.second);
    QList<QTextLayout::FormatRange> formats;
    if (strongBegin > 0) formats.append({0, strongBegin, faint});
    if (strongEnd < m_shown.text.size())
        formats.append({strongEnd, static_cast<int>(m_shown.text.size()) - strongEnd, faint});
    for (Placed& one : m_formulas) {
        one.strong = one.unit >= strongBegin && one.unit < strongEnd;
        formats.append({one.unit, 1, placeholderFormat(font, one.formula->width() * one.scale)});
    }
    m_layout.setFormats(formats);
    breakLines(std::max<qreal>(style.width, 20));
    m_height = std::max(m_height, static_cast<int>(std::ceil(QFontMetricsF(font).height())));
}

void RowLayout::appendMath(std::string_view utf8, std::int32_t at, const RowStyle& style, const QFont& font) {
    m_faint = style.faint;
    const QFont set = mathFont(font);
    const auto size = static_cast<std::int32_t>(utf8.size());
    for (const MathSpan& span : findMath(utf8)) {
        const std::string_view tex = utf8.substr(static_cast<std::size_t>(span.texBegin),
                                                 static_cast<std::size_t>(span.texEnd - span.texBegin));
        const QString source = QString::fromUtf8(tex.data(), static_cast<qsizetype>(tex.size()));
        auto formula = MathFormula::make(source, span.display, set);
        if (!formula) continue;  // it stays in the text as it is
        const qreal scale = std::min(1.0, style.width / std::max(formula->width(), 1.0));
        if (scale < smallestFormula) continue;
        const auto begin = static_cast<std::int32_t>(span.begin), end = static_cast<std::int32_t>(span.end);
        appendShown(m_shown, utf8, at, begin, false);
        const QChar lineBreak(0x2028);
        if (span.display && !m_shown.text.isEmpty() && !m_shown.text.endsWith(lineBreak))
            m_shown.append(QStringView(&lineBreak, 1), begin);
        m_formulas.push_back({static_cast<int>(m_shown.text.size()), true, scale, std::move(formula)});
        m_shown.append(u"x", begin);
        at = end;
        if (span.display && end < size && utf8[static_cast<std::size_t>(end)] != '\n')
            m_shown.append(QStringView(&lineBreak, 1), end);
    }
    appendShown(m_shown, utf8, at, size, false);
    m_shown.bytes.push_back(size);
}

void RowLayout::breakLines(qreal width) {
    m_layout.beginLayout();
    qreal y = 0;
    auto formula = m_formulas.begin();
    for (QTextLine line = m_layout.createLine(); line.isValid(); line = m_layout.createLine()) {
        line.setLineWidth(width);
        qreal above = line.ascent(), below = line.descent();
        for (; formula != m_formulas.end() && formula->unit < line.textStart() + line.textLength();
             ++formula) {
            above = std::max(above, formula->formula->ascent() * formula->scale + 1);
            below = std::max(below, formula->formula->descent() * formula->scale + 1);
        }
        const qreal room = std::ceil(std::max(line.height() * lineSpacing, above + below + 2));
        const qreal spare = room - above - below;
        line.setPosition(QPointF(0, y + std::floor(spare / 2 + above - line.ascent())));
        y += room;
    }
    m_layout.endLayout();
    m_height = static_cast<int>(std::ceil(y));
}

std::vector<QRectF> RowLayout::rectsOf(std::int64_t begin, std::int64_t end) const {
    std::vector<QRectF> rects;
    const int from = m_shown.unitAt(begin), to = m_shown.unitAt(end);
    if (from >= to) return rects;
    for (int i = m_layout.lineForTextPosition(from).lineNumber(); i >= 0 && i < m_layout.lineCount(); ++i) {
        const QTextLine line = m_layout.lineAt(i);
        const int lineBegin = line.textStart(), lineEnd = lineBegin + line.textLength();
        if (lineBegin >= to) break;
        const qreal left = line.cursorToX(std::max(from, lineBegin));
        const qreal right = line.cursorToX(std::min(to, lineEnd));
        if (right != left)
            rects.emplace_back(std::min(left, right), line.y(), std::abs(right - left), line.height());
    }
    return rects;
}

QRectF RowLayout::caretAt(std::int64_t byte) const {
    const int unit = m_shown.unitAt(byte);
    const QTextLine line = m_layout.lineForTextPosition(unit);
    if (!line.isValid()) return QRectF(0, 0, 1, m_height);
    return QRectF(line.cursorToX(unit), line.y(), 1, line.height());
}

QTextLine RowLayout::lineAt(qreal y) const {
    for (int i = 0; i + 1 < m_layout.lineCount(); ++i)
        if (y < m_layout.lineAt(i + 1).y() - 1) return m_layout.lineAt(i);
    return m_layout.lineCount() > 0 ? m_layout.lineAt(m_layout.lineCount() - 1) : QTextLine();
}

std::int64_t RowLayout::byteAt(const QPointF& place) const {
    const QTextLine line = lineAt(place.y());
    if (!line.isValid()) return 0;
    int unit = line.xToCursor(place.x());
    // Behind the line break is the next line.
    const int lineEnd = line.textStart() + line.textLength();
    if (unit == lineEnd && unit > line.textStart() && m_shown.text.at(unit - 1) == QChar(0x2028)) --unit;
    return m_shown.byteAt(unit);
}

std::int64_t RowLayout::characterAt(const QPointF& place) const {
    const QTextLine line = lineAt(place.y());
    if (!line.isValid() || place.y() < 0 || place.y() > m_height) return -1;
    if (place.x() < 0 || place.x() > line.cursorToX(line.textStart() + line.textLength())) return -1;
    const int unit = line.xToCursor(place.x(), QTextLine::CursorOnCharacter);
    return unit < m_shown.text.size() ? m_shown.byteAt(unit) : -1;
}

void RowLayout::draw(QPainter* painter, const QPointF& at, const std::vector<Ink>& inks,
                     const QRectF& clip) const {
    QList<QTextLayout::FormatRange> ranges;
    for (const Ink& ink : inks) {
        const int from = m_shown.unitAt(ink.begin), to = m_shown.unitAt(ink.end);
        if (from < to) ranges.append({from, to - from, ink.format});
    }
    const QColor ink = painter->pen().color();
    m_layout.draw(painter, at, ranges, clip);
    for (const Placed& one : m_formulas) {
        const QTextLine line = m_layout.lineForTextPosition(one.unit);
        QColor color = one.strong ? ink : m_faint;
        for (const QTextLayout::FormatRange& range : ranges)
            if (one.unit >= range.start && one.unit < range.start + range.length)
                color = range.format.foreground().color();
        one.formula->paint(painter, at + QPointF(line.cursorToX(one.unit), line.y() + line.ascent()), color,
                           one.scale);
    }
}

}  // namespace retort
