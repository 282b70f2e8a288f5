#include "core/answers/number_literal.h"

#include "core/answers/lexer.h"
#include "core/answers/limits.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

mpz_class powerOfTen(unsigned long exponent) {
    mpz_class power;
    mpz_ui_pow_ui(power.get_mpz_t(), 10, exponent);
    return power;
}

class Reader {
  public:
    Reader(std::string_view text, std::size_t begin, bool inBrackets, const Reading& reading)
        : m_text(text), m_at(begin), m_inBrackets(inBrackets), m_reading(reading) {}

    NumberLiteral read() {
        whole();
        fraction();
        if (m_digits.size() > maxLiteralDigits) throw Error("a number of too many digits");
        NumberLiteral literal;
        literal.digits = m_digits.empty() ? "0" : m_digits;
        literal.value = mpq_class(mpz_class(literal.digits, 10), powerOfTen(m_places > 0 ? m_places : 0));
        literal.value.canonicalize();
        literal.places = m_places;
        repetend(literal);
        exponent(literal);
        literal.end = m_at;
        return literal;
    }

  private:
    char at(std::size_t i) const { return i < m_text.size() ? m_text[i] : '\0'; }
    bool digitsAt(std::size_t i, int count) const {
        for (int k = 0; k < count; ++k)
            if (!isDigit(at(i + k))) return false;
        return !isDigit(at(i + count));
    }

    void digits() {
        const std::size_t begin = m_at;
        while (isDigit(at(m_at))) ++m_at;
        if (m_at - begin > maxLiteralDigits) throw Error("a number of too many digits");
        m_digits.append(m_text.substr(begin, m_at - begin));
    }

    void whole() {
        digits();
        if (!m_reading.grouping || m_digits.empty() || m_digits.size() > 3 || m_digits[0] == '0') return;
        while (const std::size_t separator = separatorLength()) {
            m_at += separator;
            digits();
        }
    }

    // Length of a thousands separator here, with exactly three digits after it; else 0.
    std::size_t separatorLength() const {
        for (std::string_view mark : {",\\!", "{,}", "\\,", ",", " "}) {
            if (!m_text.substr(m_at).starts_with(mark)) continue;
            std::size_t end = m_at + mark.size();
            if (mark.size() > 1)
                while (at(end) == ' ') ++end;
            if (!digitsAt(end, 3)) return 0;
            if (mark.size() == 1 && (m_inBrackets || m_reading.decimalComma)) return 0;
            // "1 234/5" is a mixed number, if anything.
            if (mark == " " && at(end + 3) == '/') return 0;
            return end - m_at;
        }
        return 0;
    }

    void fraction() {
        const bool comma = m_reading.decimalComma && at(m_at) == ',' && isDigit(at(m_at + 1));
        const bool repeats =
            at(m_at) == '.' && (at(m_at + 1) == '\\' || at(m_at + 1) == '(') && repetendAt(m_at + 1) > 0;
        if (!comma && !repeats && !(at(m_at) == '.' && isDigit(at(m_at + 1)))) {
            // "5." at the end of a sentence, or as Fortran writes it.
            if (at(m_at) == '.' && (at(m_at + 1) == '\0' || at(m_at + 1) == ' ')) ++m_at;
            return;
        }
        ++m_at;
        const std::size_t before = m_digits.size();
        digits();
        m_places = int(m_digits.size() - before);
    }

    // Position of the first repeated digit when a repetend is written at `i`; else 0.
    std::size_t repetendAt(std::size_t i) const {
        for (std::string_view mark : {"\\overline{", "\\bar{", "\\dot{", "("})
            if (m_text.substr(i).starts_with(mark)) {
                std::size_t end = i + mark.size();
                while (isDigit(at(end))) ++end;
                const bool closed = at(end) == (mark == "(" ? ')' : '}') && end > i + mark.size();
                return closed ? i + mark.size() : 0;
            }
        return 0;
    }

    void repetend(NumberLiteral& literal) {
        const std::size_t begin = m_places >= 0 ? repetendAt(m_at) : 0;
        if (begin == 0) return;
        std::size_t end = begin;
        while (isDigit(at(end))) ++end;
        if (end - begin > maxLiteralDigits) throw Error("a number of too many digits");
        mpq_class tail(mpz_class(std::string(m_text.substr(begin, end - begin)), 10),
                       (powerOfTen(end - begin) - 1) * powerOfTen(m_places));
        tail.canonicalize();
        literal.value += tail;
        literal.places = -1;  // exact: no digit is left out
        m_at = end + 1;
        if (at(m_at - 1) != '}' && at(m_at - 1) != ')') throw Error("a repeating decimal that is not closed");
    }

    void exponent(NumberLiteral& literal) {
        if (at(m_at) != 'e' && at(m_at) != 'E') return;
        std::size_t i = m_at + 1;
        const bool negative = at(i) == '-';
        if (at(i) == '-' || at(i) == '+') ++i;
        if (!isDigit(at(i))) return;
        long value = 0;
        while (isDigit(at(i))) {
            value = value * 10 + (at(i++) - '0');
            if (value > maxExponent) throw Error("a power of ten that is too large");
        }
        if (isLetter(at(i)) || at(i) == '.') return;
        m_at = i;
        if (negative)
            literal.value /= powerOfTen(value);
        else
            literal.value *= powerOfTen(value);
        const long places = (literal.places < 0 ? 0 : literal.places) + (negative ? value : -value);
        literal.places = places > 0 ? int(places) : -1;
    }

    std::string_view m_text;
    std::size_t m_at;
    bool m_inBrackets;
    const Reading& m_reading;
    std::string m_digits;
    int m_places = -1;
};

}  // namespace

NumberLiteral readNumberLiteral(std::string_view text, std::size_t begin, bool inBrackets,
                                const Reading& reading) {
    return Reader(text, begin, inBrackets, reading).read();
}

}  // namespace retort::answers
