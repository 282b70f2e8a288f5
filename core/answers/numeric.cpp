#include "core/answers/numeric.h"

#include <algorithm>

#include "core/answers/limits.h"
#include "core/util/error.h"
#include "core/util/random.h"

namespace retort::answers {
namespace {

using Maybe = std::optional<Complex>;

Complex operator+(const Complex& a, const Complex& b) {
    return {a.re + b.re, a.im + b.im};
}
Complex operator*(const Complex& a, const Complex& b) {
    if (a.im.isZero() && b.im.isZero()) return {a.re * b.re, a.im};
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

Maybe quotient(const Complex& a, const Complex& b) {
    if (b.re.isZero() && b.im.isZero()) return std::nullopt;
    if (a.im.isZero() && b.im.isZero()) return Complex{a.re / b.re, a.im};
    const Real size = b.re * b.re + b.im * b.im;
    if (size.isZero()) return std::nullopt;
    return Complex{(a.re * b.re + a.im * b.im) / size, (a.im * b.re - a.re * b.im) / size};
}

Maybe logarithm(const Complex& z) {
    if (z.re.isZero() && z.im.isZero()) return std::nullopt;
    if (z.im.isZero() && z.re.sign() > 0) return Complex{Real::unary(mpfr_log, z.re), z.im};
    const Real size = Real::binary(mpfr_hypot, z.re, z.im);
    return Complex{Real::unary(mpfr_log, size), Real::binary(mpfr_atan2, z.im, z.re)};
}

Complex exponential(const Complex& z) {
    const Real size = Real::unary(mpfr_exp, z.re);
    if (z.im.isZero()) return {size, z.im};
    return {size * Real::unary(mpfr_cos, z.im), size * Real::unary(mpfr_sin, z.im)};
}

Maybe power(const Complex& base, const Complex& exponent) {
    if (base.im.isZero() && exponent.im.isZero() && base.re.sign() > 0)
        return Complex{Real::binary(mpfr_pow, base.re, exponent.re), base.im};
    const Maybe log = logarithm(base);
    if (!log) return std::nullopt;
    return exponential(*log * exponent);
}

Maybe integerPower(Complex base, const mpz_class& exponent) {
    if (!exponent.fits_slong_p()) return std::nullopt;
    const long count = exponent.get_si();
    if (base.im.isZero()) {
        if (base.re.isZero() && count <= 0) return std::nullopt;
        mpfr_pow_si(base.re.get(), base.re.get(), count, MPFR_RNDN);
        return base;
    }
    Complex result{Real(base.re.bits(), 1.0), Real(base.re.bits())};
    for (unsigned long left = count < 0 ? 0UL - (unsigned long)count : (unsigned long)count; left > 0;
         left >>= 1) {
        if (left & 1) result = result * base;
        base = base * base;
    }
    if (count >= 0) return result;
    return quotient({Real(base.re.bits(), 1.0), Real(base.re.bits())}, result);
}

// Sines of numbers of astronomical size would need as many bits as those have digits.
bool finite(const Complex& z) {
    constexpr mpfr_exp_t largest = 1 << 16;
    return z.re.isFinite() && z.im.isFinite() && z.re.exponent() < largest && z.im.exponent() < largest;
}

mpfr_exp_t exponentOf(const Complex& z) {
    return std::max(z.re.exponent(), z.im.exponent());
}

// cosh(300) - sinh(300) and cos(10^{-100}) - 1 vanish in any number of bits that is affordable.
bool hidesDigits(const Complex& z, bool hyperbolic) {
    constexpr mpfr_exp_t most = 90, mostHyperbolic = 6;
    if (!z.im.isZero() && z.im.exponent() > mostHyperbolic) return true;
    if (hyperbolic && z.re.exponent() > mostHyperbolic) return true;
    const bool zero = z.re.isZero() && z.im.isZero();
    return !zero && (exponentOf(z) > most || exponentOf(z) < -most);
}

// sin and cos of x + iy from those of x and the hyperbolic ones of y.
Complex sine(const Complex& z) {
    return {Real::unary(mpfr_sin, z.re) * Real::unary(mpfr_cosh, z.im),
            Real::unary(mpfr_cos, z.re) * Real::unary(mpfr_sinh, z.im)};
}
Complex cosine(const Complex& z) {
    return {Real::unary(mpfr_cos, z.re) * Real::unary(mpfr_cosh, z.im),
            -(Real::unary(mpfr_sin, z.re) * Real::unary(mpfr_sinh, z.im))};
}

struct RealFunction {
    std::string_view name;
    Real::Unary function;
};
constexpr RealFunction realFunctions[] = {
    {"arcsin", mpfr_asin}, {"arccos", mpfr_acos}, {"arctan", mpfr_atan},
    {"sinh", mpfr_sinh},   {"cosh", mpfr_cosh},   {"tanh", mpfr_tanh},
};

int floorReal(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t) {
    return mpfr_floor(result, x);
}
int ceilReal(mpfr_ptr result, mpfr_srcptr x, mpfr_rnd_t) {
    return mpfr_ceil(result, x);
}

}  // namespace

Complex Evaluator::number(const mpq_class& value) const {
    return {Real(m_bits, value), Real(m_bits)};
}

// Negative and positive, below and above 1: where identities that hold only for some arguments break.
mpq_class Evaluator::choice(int id) const {
    const auto random = philox(0x616e7377, m_point, std::uint64_t(id));
    const long numerator = long(random[0] % 9973) + 1;
    const bool large = random[1] % 2 == 1, negative = random[2] % 2 == 1;
    mpq_class value = large ? mpq_class(1) + mpq_class(numerator, 4999) : mpq_class(numerator, 9974);
    value.canonicalize();
    return negative ? mpq_class(-value) : value;
}

Maybe Evaluator::function(const Kernel& kernel) {
    std::vector<Complex> args;
    for (const Value& argument : kernel.args) {
        Maybe value = (*this)(argument);
        if (!value) return std::nullopt;
        if (hidesDigits(*value, kernel.name.ends_with('h'))) m_losesDigits = true;
        args.push_back(std::move(*value));
    }
    const Complex& z = args[0];
    const std::string& name = kernel.name;
    const Complex one = number(1);
    if (name == "ln") return logarithm(z);
    if (name == "sin") return sine(z);
    if (name == "cos") return cosine(z);
    if (name == "tan") return quotient(sine(z), cosine(z));
    if (name == "cot") return quotient(cosine(z), sine(z));
    if (name == "sec") return quotient(one, cosine(z));
    if (name == "csc") return quotient(one, sine(z));
    if (name == "power") return answers::power(z, args[1]);
    if (name == "abs") return Complex{Real::binary(mpfr_hypot, z.re, z.im), Real(m_bits)};
    for (const Complex& each : args)
        if (!each.im.isZero()) return std::nullopt;
    for (const RealFunction& entry : realFunctions)
        if (entry.name == name) return Complex{Real::unary(entry.function, z.re), z.im};
    if (name == "floor") return Complex{Real::unary(floorReal, z.re), z.im};
    if (name == "ceil") return Complex{Real::unary(ceilReal, z.re), z.im};
    Complex best = z;
    for (const Complex& each : args)
        if (mpfr_cmp(each.re.get(), best.re.get()) * (name == "max" ? 1 : -1) > 0) best = each;
    return best;
}

Maybe Evaluator::compute(const Kernel& kernel, int id) {
    if (Algebra::isUnknown(kernel)) return number(choice(id));
    switch (kernel.kind) {
        case Kernel::Kind::Variable:
            break;
        case Kernel::Kind::Pi: {
            Complex pi = number(0);
            mpfr_const_pi(pi.re.get(), MPFR_RNDN);
            return pi;
        }
        case Kernel::Kind::Euler:
            return exponential(number(1));
        case Kernel::Kind::Imaginary:
            return Complex{Real(m_bits), Real(m_bits, 1.0)};
        case Kernel::Kind::Prime:
            return number(mpq_class(kernel.number));
        case Kernel::Kind::Radical: {
            const Maybe base = (*this)(kernel.args[0]);
            return base ? answers::power(*base, number(mpq_class(1, kernel.number))) : std::nullopt;
        }
        case Kernel::Kind::Power: {
            const Maybe base = (*this)(kernel.args[0]), exponent = (*this)(kernel.args[1]);
            if (!base || !exponent) return std::nullopt;
            if (hidesDigits(*base, false) || hidesDigits(*exponent, false)) m_losesDigits = true;
            return answers::power(*base, *exponent);
        }
        case Kernel::Kind::Function:
            return function(kernel);
    }
    return std::nullopt;
}

Maybe Evaluator::kernel(int id) {
    if (const auto known = m_known.find(id); known != m_known.end()) return known->second;
    Maybe value = compute(m_algebra.kernel(id), id);
    if (value && !finite(*value)) value.reset();
    m_known.emplace(id, value);
    return value;
}

Maybe Evaluator::power(int id, const mpq_class& exponent) {
    const Maybe base = kernel(id);
    if (!base || exponent.get_den() == 1) return base ? integerPower(*base, exponent.get_num()) : base;
    const Kernel& whole = m_algebra.kernel(id);
    if (whole.kind != Kernel::Kind::Power) return answers::power(*base, number(exponent));
    // e^{πi/2} is not the root of e^{πi}.
    const Maybe inner = (*this)(whole.args[0]), outer = (*this)(whole.args[1]);
    return inner && outer ? answers::power(*inner, *outer * number(exponent)) : std::nullopt;
}

Maybe Evaluator::sum(const Polynomial& polynomial, mpfr_exp_t* size) {
    constexpr mpfr_exp_t mostApart = 200;
    Complex total = number(0);
    mpfr_exp_t largest = mpfr_get_emin(), smallest = mpfr_get_emax();
    for (const auto& [monomial, coefficient] : polynomial) {
        Complex term = number(coefficient);
        for (const auto& [id, exponent] : monomial) {
            const Maybe factor = this->power(id, exponent);
            if (!factor) return std::nullopt;
            term = term * *factor;
        }
        total = total + term;
        if (term.re.isZero() && term.im.isZero()) continue;
        largest = std::max(largest, exponentOf(term));
        smallest = std::min(smallest, exponentOf(term));
    }
    if (smallest < largest - mostApart) m_losesDigits = true;
    if (size) *size = largest;
    return total;
}

std::optional<Sum> Evaluator::above(const Value& value) {
    Sum result{number(0), 0};
    Maybe total = sum(value.above, &result.largestTerm);
    if (!total || !finite(*total)) return std::nullopt;
    result.total = std::move(*total);
    return result;
}

Maybe Evaluator::operator()(const Value& value) {
    const Maybe above = sum(value.above), below = sum(value.below);
    if (!above || !below) return std::nullopt;
    Maybe result = quotient(*above, *below);
    if (result && !finite(*result)) result.reset();
    return result;
}

std::optional<Real> realValue(const Algebra& algebra, const Value& value, mpfr_prec_t bits) {
    if (!algebra.isConstant(value)) return std::nullopt;
    const Maybe result = Evaluator(algebra, bits, 0)(value);
    if (!result) return std::nullopt;
    const bool real = result->im.isZero() || result->im.exponent() < result->re.exponent() - bits / 2;
    return real ? std::optional(result->re) : std::nullopt;
}

namespace {

enum class AtPoint { Equal, Different, Undefined };

// Is the sum zero? Rounding errors are small beside its largest term and shrink with the number of bits; a
// true difference stays, however small it is.
bool isNoise(const Sum& coarse, const Sum& fine) {
    const mpfr_exp_t left = exponentOf(fine.total), size = fine.largestTerm;
    if (fine.total.re.isZero() && fine.total.im.isZero()) return true;
    return left < size - 300 && (left < exponentOf(coarse.total) - 150 || left < size - 440);
}

AtPoint compareAt(const Algebra& algebra, const Value& difference, const Value& a, const Value& b,
                  std::uint64_t point) {
    Evaluator coarse(algebra, 256, point), fine(algebra, 512, point);
    const std::optional<Sum> x = coarse.above(difference), y = fine.above(difference);
    if (y && fine.losesDigits()) throw Error("sizes too different to be compared in the bits that there are");
    const bool first = fine(a).has_value(), second = fine(b).has_value();
    if (!first && !second) return AtPoint::Undefined;
    if (!first || !second || !x || !y) return AtPoint::Different;
    return isNoise(*x, *y) ? AtPoint::Equal : AtPoint::Different;
}

}  // namespace

std::optional<int> order(Algebra& algebra, const Value& a, const Value& b) {
    algebra.spend(1);
    if (const auto p = Algebra::rational(a), q = Algebra::rational(b); p && q) return cmp(*p, *q);
    const Value difference = algebra.subtract(a, b);
    if (Algebra::isZero(difference)) return 0;
    algebra.spend(50);
    if (!algebra.isConstant(difference)) return std::nullopt;
    const auto value = realValue(algebra, difference, 512);
    if (!value) return std::nullopt;
    const AtPoint zero = compareAt(algebra, difference, difference, difference, 0);
    if (zero == AtPoint::Undefined) return std::nullopt;
    return zero == AtPoint::Equal ? 0 : value->sign();
}

bool equalNumerically(Algebra& algebra, const Value& a, const Value& b) {
    const std::size_t terms = a.above.size() + a.below.size() + b.above.size() + b.below.size();
    if (terms > maxEvaluatedTerms) throw Error("too many terms to be compared at random points");
    algebra.spend(200 + 10 * std::int64_t(terms));
    constexpr int points = 8, attempts = 40;
    int equal = 0;
    const bool constants = algebra.isConstant(a) && algebra.isConstant(b);
    const Value difference = algebra.subtract(a, b);
    for (int point = 1; point <= attempts && equal < points; ++point) {
        const AtPoint result = compareAt(algebra, difference, a, b, std::uint64_t(point));
        if (result == AtPoint::Different) return false;
        if (result == AtPoint::Equal) ++equal;
        if (constants) return equal > 0;
    }
    return equal == points;
}

}  // namespace retort::answers
