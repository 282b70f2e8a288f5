// What bounds the answer checker's time and memory. Text beyond a limit is refused with a reason, never cut.
#pragma once

#include <cstddef>
#include <cstdint>

namespace retort::answers {

constexpr std::size_t maxAnswerBytes = 4096;           ///< of one extracted answer
constexpr int maxDepth = 64;                           ///< of nested groups
constexpr int maxRecursion = 6 * maxDepth;             ///< of the parser, which takes several steps a group
constexpr int maxNodes = 512;                          ///< of one syntax tree
constexpr std::size_t maxLiteralDigits = 256;          ///< of one number
constexpr long maxExponent = 10000;                    ///< of a number that is evaluated
constexpr std::size_t maxBits = std::size_t(1) << 18;  ///< of a numerator or denominator
constexpr std::size_t maxTerms = 2000;                 ///< of a polynomial
constexpr std::int64_t maxWork = 100000;               ///< of one comparison, in products of two terms
constexpr std::size_t maxEvaluatedTerms = 500;         ///< of what is compared at random points

}  // namespace retort::answers
