// Commands of TeX that are one symbol.
#pragma once

#include <QStringView>
#include <optional>

#include "views/widgets/math/math_node.h"

namespace retort {

struct MathSymbol {
    const char16_t* text;
    MathClass type;
};

/// The symbol that a command stands for, without its backslash: "alpha", "leq", "{".
std::optional<MathSymbol> mathSymbol(QStringView command);
/// What a character is among others: `+` is a binary operator.
MathClass classOf(QChar character);
/// sin, log, max …
bool isMathFunction(QStringView command);
/// lim, max, min, sup … : subscripts go below in displayed formulas.
bool takesLimits(QStringView command);
/// The character that an accent command puts above: hat, bar, vec …
QString accentOf(QStringView command);
/// The delimiter behind \left, \right and \big: "(", "\\{", "\\langle", "."; nothing when it is none.
std::optional<QString> delimiterOf(QStringView token);

}  // namespace retort
