// One number as it is written: thousands separators, decimals, repeating decimals, scientific notation.
#pragma once

#include <gmpxx.h>

#include <string>
#include <string_view>

namespace retort::answers {

struct Reading;

struct NumberLiteral {
    mpq_class value;
    std::string digits;   ///< as written, without separators (a number in another base is read from these)
    int places = -1;      ///< digits after the decimal point; -1: there is none
    std::size_t end = 0;  ///< position after it
};

/// Reads at `begin`, where a digit (or a point before a digit) stands. Inside brackets a bare comma
/// separates. `1,234`, `1{,}234`, `1,\! 234`, `1\,234`, `1 234`, `.5`, `0.\overline{3}`, `0.1(6)`, `1.5e3`.
/// Throws Error when it is too long.
NumberLiteral readNumberLiteral(std::string_view text, std::size_t begin, bool inBrackets,
                                const Reading& reading);

}  // namespace retort::answers
