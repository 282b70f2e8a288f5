// A formula laid out: a box that can stand in a line of text.
#pragma once

#include <QColor>
#include <QFont>
#include <QLineF>
#include <QPainterPath>
#include <QPointF>
#include <QStaticText>
#include <QStringView>
#include <memory>
#include <vector>

class QPainter;

namespace retort {

/// Widths and heights in px; ascent and descent are from the baseline.
class MathFormula {
  public:
    /// Null for what cannot be read (see parseMath): then the source is to be shown. `display`: limits of
    /// sums stand above and below, fractions are tall.
    static std::shared_ptr<const MathFormula> make(QStringView tex, bool display, const QFont& font);

    qreal width() const { return m_width; }
    qreal ascent() const { return m_ascent; }
    qreal descent() const { return m_descent; }
    qreal height() const { return m_ascent + m_descent; }

    void paint(QPainter* painter, const QPointF& baseline, const QColor& ink, qreal scale = 1) const;

    struct Glyphs {
        QPointF at;  ///< upper left corner
        QStaticText text;
        QFont font;
    };
    struct Stroke {
        QPainterPath path;
        qreal width = 1;  ///< 0: filled
    };
    const std::vector<Glyphs>& glyphs() const { return m_glyphs; }

  private:
    qreal m_width = 0, m_ascent = 0, m_descent = 0;
    std::vector<Glyphs> m_glyphs;
    std::vector<Stroke> m_strokes;
};

/// The family in which formulas are set: the first mathematical one that is installed.
QFont mathFont(const QFont& beside);

}  // namespace retort
