// One row of the reading view laid out: its text in lines, and the way between bytes and places.
#pragma once

#include <QColor>
#include <QFont>
#include <QTextLayout>
#include <memory>
#include <string_view>
#include <vector>

#include "views/traces/reader/shown_text.h"
#include "views/widgets/math/math_formula.h"

namespace retort {

struct RowStyle {
    QFont font;
    QColor faint;                    ///< of marks and of white space that is no part of a step
    qreal width = 100;               ///< px
    bool marks = false;              ///< line breaks are visible
    bool oneLine = false;            ///< folded: the first line, elided
    bool first = true, last = true;  ///< of its step: blank lines at the step's ends are not shown
    bool bold = false;               ///< of answers
    bool math = false;               ///< formulas are set; those that cannot be read stay source
};

class RowLayout {
  public:
    /// `strong` is the range of bytes that is no mark; the rest is faint.
    RowLayout(std::string_view utf8, std::pair<std::int64_t, std::int64_t> strong, const RowStyle& style);

    int height() const { return m_height; }  ///< px
    const ShownText& shown() const { return m_shown; }
    /// Where [begin, end) is: a rectangle a line.
    std::vector<QRectF> rectsOf(std::int64_t begin, std::int64_t end) const;
    /// The place in front of the byte, as high as its line.
    QRectF caretAt(std::int64_t byte) const;
    /// The byte at which a caret goes for a click here.
    std::int64_t byteAt(const QPointF& place) const;
    /// The byte of the character below the pointer; -1: none.
    std::int64_t characterAt(const QPointF& place) const;

    struct Ink {
        std::int64_t begin = 0, end = 0;
        QTextCharFormat format;
    };
    void draw(QPainter* painter, const QPointF& at, const std::vector<Ink>& inks, const QRectF& clip) const;

    int formulas() const { return static_cast<int>(m_formulas.size()); }

  private:
    /// A formula stands in the text as one narrow letter with as much space behind it as it needs.
    struct Placed {
        int unit = 0;
        bool strong = true;
        qreal scale = 1;
        std::shared_ptr<const MathFormula> formula;
    };
    void appendMath(std::string_view utf8, std::int32_t at, const RowStyle& style, const QFont& font);
    void breakLines(qreal width);
    QTextLine lineAt(qreal y) const;

    ShownText m_shown;
    std::vector<Placed> m_formulas;
    QColor m_faint;
    mutable QTextLayout m_layout;
    int m_height = 0;
};

/// The distance from line to line over the font's own.
constexpr qreal lineSpacing = 1.2;

}  // namespace retort
