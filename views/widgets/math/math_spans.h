// Where formulas stand in a text: $…$, $$…$$, \(…\), \[…\], \begin{align}…, and \boxed{…} by itself.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace retort {

struct MathSpan {
    std::int64_t begin = 0, end = 0;        ///< bytes, delimiters included
    std::int64_t texBegin = 0, texEnd = 0;  ///< what is to be set
    bool display = false;
};

/// From left to right, not overlapping. A `$` that is money is none (pandoc's rule: no white space inside
/// beside either `$`, and no digit behind the closing one); an inline formula is within a line. Linear time.
std::vector<MathSpan> findMath(std::string_view text);

}  // namespace retort
