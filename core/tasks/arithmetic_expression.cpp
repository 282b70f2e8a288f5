#include "core/tasks/arithmetic_expression.h"

#include <numeric>
#include <optional>
#include <utility>

#include "core/tasks/digits.h"

namespace retort {
namespace {

constexpr std::size_t maxCharacters = 512, maxDigits = 9;
constexpr int maxDepth = 64;

std::optional<Rational> normalised(__int128 numerator, __int128 denominator) {
    if (denominator == 0) return std::nullopt;
    if (denominator < 0) numerator = -numerator, denominator = -denominator;
    __int128 a = numerator < 0 ? -numerator : numerator, b = denominator;
    while (b != 0) a = std::exchange(b, a % b);
    if (a != 0) numerator /= a, denominator /= a;
    constexpr __int128 limit = std::int64_t(1) << 62;
    if (numerator > limit || numerator < -limit || denominator > limit) return std::nullopt;
    return Rational{std::int64_t(numerator), std::int64_t(denominator)};
}

// Products of two 62-bit numbers fit into 127 bits, and so does the sum of two of them.
std::optional<Rational> apply(const Rational& a, char sign, const Rational& b) {
    const __int128 an = a.numerator, ad = a.denominator, bn = b.numerator, bd = b.denominator;
    switch (sign) {
        case '+':
            return normalised(an * bd + bn * ad, ad * bd);
        case '-':
            return normalised(an * bd - bn * ad, ad * bd);
        case '*':
            return normalised(an * bn, ad * bd);
        default:
            return normalised(an * bd, ad * bn);
    }
}

class Parser {
  public:
    explicit Parser(std::string_view text) : m_text(text) {}

    EvaluatedExpression parse() {
        const auto value = chain("+-", 0);
        if (value && m_at < m_text.size()) fail("unexpected '" + std::string(1, m_text[m_at]) + "'");
        if (value) m_result.value = *value;
        return std::move(m_result);
    }

  private:
    // Left-associative operations of one precedence.
    std::optional<Rational> chain(std::string_view signs, int depth) {
        const auto operand = [&] { return signs == "+-" ? chain("*/", depth) : factor(depth); };
        auto value = operand();
        while (value && m_at < m_text.size() && signs.find(m_text[m_at]) != std::string_view::npos) {
            const char sign = m_text[m_at++];
            const auto right = operand();
            if (!right) return std::nullopt;
            if (sign == '/' && right->numerator == 0) return fail("division by zero");
            value = apply(*value, sign, *right);
            if (!value) return fail("a number is too large");
        }
        return value;
    }

    std::optional<Rational> factor(int depth) {
        if (depth > maxDepth) return fail("too many parentheses");
        if (m_at >= m_text.size()) return fail("ends where a number is expected");
        if (m_text[m_at] == '(') {
            ++m_at;
            const auto value = chain("+-", depth + 1);
            if (!value) return std::nullopt;
            if (m_at >= m_text.size() || m_text[m_at] != ')') return fail("a parenthesis is not closed");
            ++m_at;
            return value;
        }
        return number();
    }

    std::optional<Rational> number() {
        std::int64_t value = 0;
        const std::size_t begin = m_at;
        for (; m_at < m_text.size() && isDigit(m_text[m_at]); ++m_at) {
            if (m_at - begin >= maxDigits) return fail("a number is too large");
            value = value * 10 + (m_text[m_at] - '0');
        }
        if (m_at == begin) return fail("a number is expected");
        m_result.numbers.push_back(value);
        return Rational{value, 1};
    }

    std::optional<Rational> fail(std::string reason) {
        if (m_result.error.empty()) m_result.error = std::move(reason);
        return std::nullopt;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    EvaluatedExpression m_result;
};

}  // namespace

std::string Rational::text() const {
    return denominator == 1 ? std::to_string(numerator)
                            : std::to_string(numerator) + "/" + std::to_string(denominator);
}

EvaluatedExpression evaluateExpression(std::string_view text) {
    if (text.size() > maxCharacters) return {"too long for an expression", {}, {}};
    return Parser(text).parse();
}

}  // namespace retort
