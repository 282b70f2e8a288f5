#include "views/widgets/math/math_formula.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

#include "views/widgets/math/math_box.h"

namespace retort {

QFont mathFont(const QFont& beside) {
    static const QString family = [] {
        for (const char* name :
             {"STIX Two Text", "XITS", "Latin Modern Roman", "Liberation Serif", "DejaVu Serif"})
            if (QFontDatabase::hasFamily(QLatin1String(name))) return QString::fromLatin1(name);
        return QString();
    }();
    QFont font = beside;
    if (!family.isEmpty()) font.setFamily(family);
    font.setPointSizeF(beside.pointSizeF() * 1.08);  // serifs look smaller
    return font;
}

std::shared_ptr<const MathFormula> MathFormula::make(QStringView tex, bool display, const QFont& font) {
    const auto node = parseMath(tex);
    if (!node) return nullptr;
    MathBox box = layOutMath(*node, font, display);
    auto formula = std::make_shared<MathFormula>();
    formula->m_width = box.width;
    formula->m_ascent = box.ascent;
    formula->m_descent = box.descent;
    formula->m_glyphs.reserve(box.glyphs.size());
    for (MathBox::Glyphs& one : box.glyphs) {
        Glyphs glyphs;
        glyphs.font = one.font;
        glyphs.text.setText(one.text);
        glyphs.text.setTextFormat(Qt::PlainText);
        glyphs.text.setPerformanceHint(QStaticText::AggressiveCaching);
        glyphs.at = one.at - QPointF(0, QFontMetricsF(one.font).ascent());
        formula->m_glyphs.push_back(std::move(glyphs));
    }
    for (MathBox::Stroke& stroke : box.strokes)
        formula->m_strokes.push_back({std::move(stroke.path), stroke.width});
    return formula;
}

void MathFormula::paint(QPainter* painter, const QPointF& baseline, const QColor& ink, qreal scale) const {
    painter->save();
    painter->translate(baseline);
    if (scale != 1) painter->scale(scale, scale);
    painter->setPen(ink);
    for (const Glyphs& one : m_glyphs) {
        painter->setFont(one.font);
        painter->drawStaticText(one.at, one.text);
    }
    if (!m_strokes.empty()) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setBrush(Qt::NoBrush);
        for (const Stroke& stroke : m_strokes) {
            painter->setPen(QPen(ink, stroke.width, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
            painter->drawPath(stroke.path);
        }
    }
    painter->restore();
}

}  // namespace retort
