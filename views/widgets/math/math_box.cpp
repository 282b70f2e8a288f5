#include "views/widgets/math/math_box.h"

#include <QFontMetricsF>
#include <QHash>
#include <algorithm>
#include <cmath>

namespace retort {

namespace {

using Kind = MathNode::Kind;
using Class = MathClass;

constexpr qreal scriptScale = 0.72, smallestScale = 0.5;

struct Style {
    QFont font;
    qreal scale = 1;
    bool display = false;
    bool script = false;

    Style smaller() const {
        Style style = *this;
        style.scale = std::max(smallestScale, scale * scriptScale);
        style.display = false;
        style.script = true;
        return style;
    }
    Style inner() const {  // of fractions
        Style style = display ? *this : smaller();
        style.display = false;
        return style;
    }
    QFont sized(qreal by = 1) const {
        QFont sized = font;
        sized.setPointSizeF(std::max(4.0, font.pointSizeF() * scale * by));
        return sized;
    }
    qreal em() const { return QFontMetricsF(sized()).height() * 0.8; }
    qreal axis() const { return QFontMetricsF(sized()).strikeOutPos(); }  ///< of minus signs and bars
    qreal rule() const { return std::max(1.0, em() * 0.055); }
};

/// Space between neighbours, in em (TeXbook, chapter 18): none in scripts but around operators' names.
qreal spaceBetween(Class left, Class right, bool script) {
    const auto isOperator = [](Class c) { return c == Class::Operator || c == Class::Function; };
    if ((isOperator(left) && (right == Class::Ordinary || isOperator(right))) ||
        (isOperator(right) && (left == Class::Ordinary || left == Class::Close)))
        return 0.17;
    if (script) return 0;
    if (left == Class::Relation || right == Class::Relation) return left == right ? 0 : 0.28;
    if (left == Class::Binary || right == Class::Binary) return 0.22;
    if (left == Class::Punctuation) return 0.17;
    return 0;
}

class Layouter {
  public:
    MathBox layOut(const MathNode& node, const Style& style) {
        switch (node.kind) {
            case Kind::Row:
                return row(node.children, style);
            case Kind::Atom:
                return atom(node, style);
            case Kind::Space: {
                MathBox box;
                box.width = node.amount * style.em();
                return box;
            }
            case Kind::Fraction:
                return fraction(node, style);
            case Kind::Root:
                return root(node, style);
            case Kind::Scripts:
                return node.limits && style.display
                           ? stack(node.children[0], node.children[1], node.children[2], style)
                           : scripts(node, style);
            case Kind::Stack:
                return stack(node.children[0], node.children[1], node.children[2], style);
            case Kind::Fenced:
                return fenced(node, style);
            case Kind::Matrix:
                return matrix(node, style);
            case Kind::Accent:
                return accent(node, style);
            case Kind::Line:
                return lined(node, style);
            case Kind::Boxed:
                return boxed(node, style);
        }
        return {};
    }

  private:
    static Class classOf(const MathNode& node) {
        if (node.kind == Kind::Fenced) return Class::Ordinary;
        return node.type;
    }

    MathBox row(const std::vector<MathNode>& nodes, const Style& style) {
        MathBox box;
        bool first = true;
        Class before = Class::Open;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            Class now = classOf(nodes[i]);
            if (nodes[i].kind == Kind::Space) {
                box.append(layOut(nodes[i], style));
                continue;
            }
            // A sign in front is no operation: -1, (-1), = -1.
            if (now == Class::Binary &&
                (first || before == Class::Binary || before == Class::Relation || before == Class::Open ||
                 before == Class::Punctuation || before == Class::Operator || i + 1 == nodes.size()))
                now = Class::Ordinary;
            if (!first) box.width += spaceBetween(before, now, style.script) * style.em();
            box.append(layOut(nodes[i], style));
            before = now;
            first = false;
        }
        return box;
    }

    struct Ink {
        qreal advance = 0, xHeight = 0, height = 0;
        QRectF rect;
    };
    /// Measuring a glyph's ink costs ten times as much as all else of it; a trace has the same ones over and
    /// over.
    static const Ink& inkOf(const QString& text, const QFont& font) {
        static QHash<QString, Ink> known;
        const QString key = font.family() + QChar(static_cast<char16_t>(qRound(font.pointSizeF() * 64))) +
                            QChar(static_cast<char16_t>(1 + font.italic() + 2 * font.bold())) + text;
        auto found = known.constFind(key);
        if (found == known.constEnd()) {
            if (known.size() > 5000) known.clear();
            const QFontMetricsF metrics(font);
            found = known.insert(key, {metrics.horizontalAdvance(text), metrics.xHeight(), metrics.height(),
                                       metrics.tightBoundingRect(text)});
        }
        return *found;
    }

    static MathBox glyphs(const QString& text, const QFont& font, bool tight) {
        MathBox box;
        if (text.isEmpty()) return box;
        const Ink& ink = inkOf(text, font);
        box.width = ink.advance;
        box.ascent = tight ? -ink.rect.top() : std::max(-ink.rect.top(), ink.xHeight);
        box.descent = std::max(0.0, ink.rect.bottom());
        if (font.italic()) {
            box.slant = std::max(0.0, ink.rect.right() - box.width) + ink.height * 0.02;
            box.width = std::max(box.width, ink.rect.right());
        }
        box.glyphs.push_back({QPointF(0, 0), text, font});
        return box;
    }

    MathBox atom(const MathNode& node, const Style& style) {
        QFont font = style.sized(node.type == Class::Operator ? (style.display ? 1.5 : 1.15) : 1);
        font.setItalic(node.italic);
        font.setBold(node.bold);
        MathBox box = glyphs(node.text, font, false);
        if (node.type == Class::Operator) {  // in the middle of the axis
            const qreal middle = (box.ascent - box.descent) / 2;
            MathBox moved;
            moved.width = box.width;
            moved.put(std::move(box), 0, middle - style.axis());
            return moved;
        }
        return box;
    }

    static MathBox::Stroke line(qreal x1, qreal y1, qreal x2, qreal y2, qreal width) {
        QPainterPath path(QPointF(x1, y1));
        path.lineTo(x2, y2);
        return {path, width};
    }

    MathBox fraction(const MathNode& node, const Style& style) {
        MathBox above = layOut(node.children[0], style.inner()),
                below = layOut(node.children[1], style.inner());
        const qreal rule = style.rule(), gap = style.em() * (style.display ? 0.16 : 0.1) + rule;
        const qreal pad = style.em() * 0.1, wide = std::max(above.width, below.width) + 2 * pad;
        MathBox box;
        const qreal axis = style.axis();
        const qreal aboveX = (wide - above.width) / 2, belowX = (wide - below.width) / 2;
        box.put(std::move(above), pad + aboveX, -axis - gap - above.descent);
        box.put(std::move(below), pad + belowX, -axis + gap + below.ascent);
        if (!node.bare) box.strokes.push_back(line(pad, -axis, pad + wide, -axis, rule));
        box.width = wide + 2 * pad;
        return box;
    }

    MathBox root(const MathNode& node, const Style& style) {
        MathBox inside = layOut(node.children[0], style);
        const qreal rule = style.rule(), gap = style.em() * 0.14;
        const QFontMetricsF metrics(style.sized());
        const qreal top = std::max(inside.ascent, metrics.xHeight() * 1.1) + gap + rule,
                    bottom = inside.descent + gap / 2;
        const qreal hook = style.em() * 0.5;
        MathBox box;
        qreal x = 0;
        if (node.children.size() > 1) {
            MathBox degree = layOut(node.children[1], style.smaller().smaller());
            const qreal wide = degree.width;
            box.put(std::move(degree), 0, -(top - bottom) / 2);
            x = std::max(0.0, wide - hook * 0.45);
        }
        QPainterPath path(QPointF(x, -(top - bottom) * 0.38));
        path.lineTo(x + hook * 0.28, -(top - bottom) * 0.45);
        path.lineTo(x + hook * 0.58, bottom);
        path.lineTo(x + hook, -top + rule / 2);
        path.lineTo(x + hook + inside.width + gap, -top + rule / 2);
        box.strokes.push_back({path, rule});
        const qreal wide = x + hook + inside.width + gap;
        box.put(std::move(inside), x + hook + gap / 2, 0);
        box.ascent = std::max(box.ascent, top + rule);
        box.descent = std::max(box.descent, bottom);
        box.width = wide + gap / 2;
        return box;
    }

    MathBox scripts(const MathNode& node, const Style& style) {
        MathBox base = layOut(node.children[0], style);
        MathBox upper = layOut(node.children[1], style.smaller()),
                lower = layOut(node.children[2], style.smaller());
        const bool hasUpper = !node.children[1].children.empty(),
                   hasLower = !node.children[2].children.empty();
        const QFontMetricsF metrics(style.sized());
        const qreal em = style.em();
        qreal up = std::max(metrics.xHeight() * 0.75, base.ascent - em * 0.3);
        qreal down = std::max(em * 0.16, base.descent + em * 0.05);
        up = std::max(up, upper.descent + metrics.xHeight() * 0.3);
        if (hasUpper && hasLower) {
            const qreal clash = em * 0.12 - ((up - upper.descent) - (lower.ascent - down));
            if (clash > 0) down += clash;
        }
        MathBox box = std::move(base);
        const qreal from = box.width, slant = box.slant;
        const qreal wide = std::max(hasUpper ? upper.width + slant * 0.5 : 0, hasLower ? lower.width : 0);
        if (hasUpper) box.put(std::move(upper), from + slant * 0.5, -up);
        if (hasLower) box.put(std::move(lower), from, down);
        box.width = from + wide + em * 0.04;
        box.slant = 0;
        return box;
    }

    MathBox stack(const MathNode& base, const MathNode& above, const MathNode& below, const Style& style) {
        MathBox middle = layOut(base, style), top = layOut(above, style.smaller()),
                bottom = layOut(below, style.smaller());
        const qreal gap = style.em() * 0.12;
        const qreal wide = std::max({middle.width, top.width, bottom.width});
        const qreal ascent = middle.ascent, descent = middle.descent;
        const qreal middleX = (wide - middle.width) / 2, topX = (wide - top.width) / 2,
                    bottomX = (wide - bottom.width) / 2;
        MathBox box;
        box.put(std::move(middle), middleX, 0);
        if (!top.glyphs.empty() || !top.strokes.empty())
            box.put(std::move(top), topX, -ascent - gap - top.descent);
        if (!bottom.glyphs.empty() || !bottom.strokes.empty())
            box.put(std::move(bottom), bottomX, descent + gap + bottom.ascent);
        box.width = wide;
        return box;
    }

    // --- delimiters ---

    /// As tall as asked for: the font's own where that reaches, else drawn.
    MathBox delimiter(const QString& text, qreal ascent, qreal descent, const Style& style) {
        MathBox box;
        if (text.isEmpty()) {
            box.width = style.em() * 0.08;
            return box;
        }
        MathBox own = glyphs(text, style.sized(), true);
        if (own.ascent + own.descent >= (ascent + descent) * 0.95 || text == QLatin1String("/") ||
            text == QLatin1String("\\"))
            return own;
        const qreal top = -ascent, bottom = descent, tall = bottom - top, pen = std::max(1.1, style.rule());
        const qreal wide = std::min(style.em() * 0.36, style.em() * 0.22 + tall * 0.04),
                    middle = (top + bottom) / 2;
        const qreal l = pen, r = wide - pen / 2;
        QPainterPath path;
        switch (text[0].unicode()) {
            case u'(':
                path.moveTo(r, top);
                path.cubicTo(l - wide * 0.2, top + tall * 0.28, l - wide * 0.2, bottom - tall * 0.28, r,
                             bottom);
                break;
            case u')':
                path.moveTo(l, top);
                path.cubicTo(r + wide * 0.2, top + tall * 0.28, r + wide * 0.2, bottom - tall * 0.28, l,
                             bottom);
                break;
            case u'{':
            case u'}': {
                const qreal outer = text == QLatin1String("{") ? r : l, spine = (l + r) / 2,
                            tip = text == QLatin1String("{") ? l : r,
                            bend = std::min(tall * 0.2, style.em() * 0.4);
                path.moveTo(outer, top);
                path.quadTo(spine, top, spine, top + bend);
                path.lineTo(spine, middle - bend);
                path.quadTo(spine, middle, tip, middle);
                path.quadTo(spine, middle, spine, middle + bend);
                path.lineTo(spine, bottom - bend);
                path.quadTo(spine, bottom, outer, bottom);
                break;
            }
            case u'⟨':
                path.moveTo(r, top);
                path.lineTo(l, middle);
                path.lineTo(r, bottom);
                break;
            case u'⟩':
                path.moveTo(l, top);
                path.lineTo(r, middle);
                path.lineTo(l, bottom);
                break;
            case u'‖':
                path.moveTo(l, top);
                path.lineTo(l, bottom);
                path.moveTo(r, top);
                path.lineTo(r, bottom);
                break;
            case u'|':
                path.moveTo((l + r) / 2, top);
                path.lineTo((l + r) / 2, bottom);
                break;
            default: {  // brackets, floors and ceilings
                const bool left = QStringView(u"[⌊⌈").contains(text[0]);
                const bool above = !QStringView(u"⌊⌋").contains(text[0]),
                           below = !QStringView(u"⌈⌉").contains(text[0]);
                const qreal spine = left ? l : r, end = left ? r : l;
                path.moveTo(above ? end : spine, top);
                path.lineTo(spine, top);
                path.lineTo(spine, bottom);
                if (below) path.lineTo(end, bottom);
                break;
            }
        }
        const qreal pad = style.em() * 0.08;
        path.translate(pad, 0);
        box.strokes.push_back({path, pen});
        box.width = wide + pen + 2 * pad;
        box.ascent = ascent;
        box.descent = descent;
        return box;
    }

    MathBox fenced(const MathNode& node, const Style& style) {
        MathBox inside = layOut(node.children[0], style);
        // Symmetric about the axis, and a little more than what is inside.
        const qreal axis = style.axis();
        const qreal half = std::max(inside.ascent - axis, inside.descent + axis) + style.em() * 0.06;
        MathBox box = delimiter(node.left, half + axis, half - axis, style);
        box.append(std::move(inside));
        box.append(delimiter(node.right, half + axis, half - axis, style));
        return box;
    }

    MathBox matrix(const MathNode& node, const Style& style) {
        const auto columns = static_cast<std::size_t>(node.columns), rows = node.children.size() / columns;
        std::vector<MathBox> cells;
        Style cellStyle = style;
        cellStyle.display = node.aligned && style.display;
        for (const MathNode& cell : node.children) cells.push_back(layOut(cell, cellStyle));
        std::vector<qreal> widths(columns), ascents(rows), descents(rows);
        const QFontMetricsF metrics(style.sized());
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i % columns] = std::max(widths[i % columns], cells[i].width);
            ascents[i / columns] = std::max({ascents[i / columns], cells[i].ascent, metrics.capHeight()});
            descents[i / columns] = std::max(descents[i / columns], cells[i].descent);
        }
        const qreal gapX = style.em() * (node.aligned ? 0.25 : 0.8), gapY = style.em() * 0.35;
        qreal tall = -gapY;
        for (std::size_t r = 0; r < rows; ++r) tall += ascents[r] + descents[r] + gapY;
        MathBox box;
        qreal y = -style.axis() - tall / 2;
        for (std::size_t r = 0; r < rows; ++r) {
            y += ascents[r];
            qreal x = 0;
            for (std::size_t c = 0; c < columns; ++c) {
                MathBox& cell = cells[r * columns + c];
                const qreal spare = widths[c] - cell.width;
                const qreal before = node.leftAligned ? 0
                                     : node.aligned   ? (c % 2 == 0 && columns > 1 ? spare : 0)
                                                      : spare / 2;
                box.put(std::move(cell), x + before, y);
                x += widths[c] + (c + 1 < columns ? gapX : 0);
            }
            box.width = std::max(box.width, x);
            y += descents[r] + gapY;
        }
        return box;
    }

    MathBox accent(const MathNode& node, const Style& style) {
        MathBox box = layOut(node.children[0], style);
        MathBox mark = glyphs(node.text, style.sized(node.text == QLatin1String("→") ? 0.7 : 1), true);
        // The mark's own place above the baseline does not matter: its ink stands a little above the child.
        const qreal lift = box.ascent + style.em() * 0.08 - std::min(0.0, mark.descent);
        const qreal inkBottom = node.text == QLatin1String("→")
                                    ? 0
                                    : QFontMetricsF(style.sized()).tightBoundingRect(node.text).bottom();
        const qreal x = (box.width - mark.width) / 2 + box.slant;
        box.put(std::move(mark), std::max(0.0, x), -(lift + inkBottom));
        return box;
    }

    MathBox lined(const MathNode& node, const Style& style) {
        MathBox box = layOut(node.children[0], style);
        const qreal gap = style.em() * 0.1, y = node.bare ? box.descent + gap : -box.ascent - gap;
        box.strokes.push_back(line(0, y, box.width, y, style.rule()));
        box.ascent = std::max(box.ascent, -y + style.rule());
        box.descent = std::max(box.descent, y + style.rule());
        return box;
    }

    MathBox boxed(const MathNode& node, const Style& style) {
        MathBox inside = layOut(node.children[0], style);
        const qreal pad = style.em() * 0.2;
        const QFontMetricsF metrics(style.sized());
        const qreal ascent = std::max(inside.ascent, metrics.capHeight()) + pad,
                    descent = inside.descent + pad;
        const qreal wide = inside.width + 2 * pad;
        MathBox box;
        box.put(std::move(inside), pad, 0);
        QPainterPath frame;
        frame.addRect(QRectF(0.5, -ascent, wide - 1, ascent + descent));
        box.strokes.push_back({frame, style.rule()});
        box.ascent = ascent + 1;
        box.descent = descent + 1;
        box.width = wide;
        return box;
    }
};

}  // namespace

void MathBox::put(MathBox other, qreal x, qreal y) {
    for (Glyphs& one : other.glyphs) {
        one.at += QPointF(x, y);
        glyphs.push_back(std::move(one));
    }
    for (Stroke& stroke : other.strokes) {
        stroke.path.translate(x, y);
        strokes.push_back(std::move(stroke));
    }
    ascent = std::max(ascent, other.ascent - y);
    descent = std::max(descent, other.descent + y);
}

void MathBox::append(MathBox other) {
    const qreal at = width, wide = other.width;
    slant = other.slant;
    put(std::move(other), at, 0);
    width = at + wide;
}

MathBox layOutMath(const MathNode& node, const QFont& font, bool display) {
    Style style;
    style.font = font;
    style.display = display;
    return Layouter().layOut(node, style);
}

}  // namespace retort
