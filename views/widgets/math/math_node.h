// A formula as a tree: what the parser makes and the layout reads.
#pragma once

#include <QString>
#include <QStringView>
#include <optional>
#include <vector>

namespace retort {

/// TeX's classes of atoms; they decide the space between neighbours.
enum class MathClass { Ordinary, Operator, Binary, Relation, Open, Close, Punctuation, Function };

struct MathNode {
    enum class Kind {
        Row,       ///< children side by side
        Atom,      ///< `text`, one symbol or a word
        Space,     ///< `amount` em
        Fraction,  ///< numerator, denominator; without a bar when `bare` (binomials)
        Root,      ///< radicand and, when there is one, the degree
        Scripts,   ///< base, superscript, subscript; empty rows for what is not there
        Fenced,    ///< `left` child `right`, as tall as the child
        Matrix,    ///< cells row by row, `columns` wide
        Accent,    ///< `text` above the child
        Line,      ///< a line above the child, or below it when `bare`
        Boxed,     ///< a frame about the child
        Stack      ///< base, what stands above, what stands below
    };
    Kind kind = Kind::Row;
    MathClass type = MathClass::Ordinary;
    QString text, left, right;
    bool italic = false, bold = false;
    bool bare = false;
    bool limits = false;       ///< scripts stand above and below in displayed formulas
    bool leftAligned = false;  ///< of a matrix: cases; of aligned, columns are right, left, right …
    bool aligned = false;
    int columns = 1;
    double amount = 0;
    std::vector<MathNode> children;
};

/// Nothing for what it does not know: an unknown command, a brace that never closes, nesting over 24 levels,
/// more than 3 000 nodes or 8 000 characters. Never more time than in proportion to the length.
std::optional<MathNode> parseMath(QStringView tex);

}  // namespace retort
