// Values as numbers of many bits, at points chosen at random: what decides where algebra has no normal form.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "core/answers/algebra.h"
#include "core/answers/real.h"

namespace retort::answers {

struct Complex {
    Real re, im;
};

struct Sum {
    Complex total;
    mpfr_exp_t largestTerm;  ///< its binary exponent
};

/// Evaluates at one point: unknowns get numbers that depend on `point` and the unknown only.
class Evaluator {
  public:
    Evaluator(const Algebra& algebra, mpfr_prec_t bits, std::uint64_t point)
        : m_algebra(algebra), m_bits(bits), m_point(point) {}

    /// Principal branches; nothing where the value is undefined or not finite.
    std::optional<Complex> operator()(const Value& value);
    /// The sum above the line, with the size of its largest term: what is left of it may be rounding errors.
    std::optional<Sum> above(const Value& value);
    /// Something that was evaluated added numbers whose sizes are hundreds of bits apart, or the like.
    bool losesDigits() const { return m_losesDigits; }

  private:
    std::optional<Complex> sum(const Polynomial& polynomial, mpfr_exp_t* size = nullptr);
    std::optional<Complex> kernel(int id);
    std::optional<Complex> power(int id, const mpq_class& exponent);
    std::optional<Complex> compute(const Kernel& kernel, int id);
    std::optional<Complex> function(const Kernel& kernel);
    Complex number(const mpq_class& value) const;
    mpq_class choice(int id) const;

    const Algebra& m_algebra;
    mpfr_prec_t m_bits;
    std::uint64_t m_point;
    bool m_losesDigits = false;
    std::unordered_map<int, std::optional<Complex>> m_known;
};

/// The real number that a constant is; nothing for complex and undefined ones, and ones with unknowns.
std::optional<Real> realValue(const Algebra& algebra, const Value& value, mpfr_prec_t bits = 256);

/// Sign of the difference of two real constants; 0: equal as far as 512 bits can tell. Nothing: not
/// comparable. Throws Error where those bits cannot tell.
std::optional<int> order(Algebra& algebra, const Value& a, const Value& b);

/// Equal at eight points in 256 and 512 bits, where both are defined at the same points.
/// Throws Error for what is too large, too far apart in size, or after too many comparisons.
bool equalNumerically(Algebra& algebra, const Value& a, const Value& b);

}  // namespace retort::answers
