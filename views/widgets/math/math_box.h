// Boxes of a formula and how they are put together (TeX's rules in outline, TeXbook appendix G, simplified).
#pragma once

#include <QFont>
#include <QPainterPath>
#include <QString>
#include <vector>

#include "views/widgets/math/math_node.h"

namespace retort {

/// What is drawn, with places relative to the box's baseline at its left end.
struct MathBox {
    struct Glyphs {
        QPointF at;  ///< on the baseline
        QString text;
        QFont font;
    };
    struct Stroke {
        QPainterPath path;
        qreal width = 1;  ///< 0: filled
    };
    qreal width = 0, ascent = 0, descent = 0;
    qreal slant = 0;  ///< by which a superscript moves to the right
    std::vector<Glyphs> glyphs;
    std::vector<Stroke> strokes;

    /// Puts another box at a place of this one; ascent and descent grow, the width does not.
    void put(MathBox other, qreal x, qreal y);
    /// Puts it behind what is there.
    void append(MathBox other);
};

MathBox layOutMath(const MathNode& node, const QFont& font, bool display);

}  // namespace retort
