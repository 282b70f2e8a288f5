#include "core/answers/algebra.h"

#include <algorithm>

#include "core/answers/limits.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

enum FixedKernel { piKernel = 0, eulerKernel = 1, imaginaryKernel = 2 };

bool isOne(const Polynomial& polynomial) {
    return polynomial.size() == 1 && polynomial.begin()->first.empty() && polynomial.begin()->second == 1;
}

Monomial combined(const Monomial& a, const Monomial& b) {
    Monomial result;
    result.reserve(a.size() + b.size());
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (j == b.size() || (i < a.size() && a[i].first < b[j].first)) {
            result.push_back(a[i++]);
        } else if (i == a.size() || b[j].first < a[i].first) {
            result.push_back(b[j++]);
        } else {
            mpq_class exponent = a[i].second + b[j].second;
            if (exponent != 0) result.emplace_back(a[i].first, std::move(exponent));
            ++i, ++j;
        }
    }
    return result;
}

mpz_class floorOf(const mpq_class& value) {
    mpz_class result;
    mpz_fdiv_q(result.get_mpz_t(), value.get_num_mpz_t(), value.get_den_mpz_t());
    return result;
}

}  // namespace

void checkSize(const mpq_class& value) {
    if (mpz_sizeinbase(value.get_num_mpz_t(), 2) > maxBits ||
        mpz_sizeinbase(value.get_den_mpz_t(), 2) > maxBits)
        throw Error("a number that is too large");
}

Algebra::Algebra() {
    for (Kernel::Kind kind : {Kernel::Kind::Pi, Kernel::Kind::Euler, Kernel::Kind::Imaginary}) {
        Kernel fixed;
        fixed.kind = kind;
        m_kernels.push_back(fixed);
    }
}

void Algebra::spend(std::int64_t work) {
    m_work += work;
    if (m_work > maxWork) throw Error("the expression takes too much work");
}

// --- kernels

int Algebra::intern(Kernel kernel) {
    std::string name = std::to_string(int(kernel.kind)) + ":" + kernel.name + ":" + kernel.number.get_str(36);
    for (const Value& argument : kernel.args) name.append(",").append(key(argument));
    if (name.size() > (std::size_t(1) << 20)) throw Error("the expression is too large");
    const auto [entry, isNew] = m_ids.emplace(std::move(name), int(m_kernels.size()));
    if (isNew) m_kernels.push_back(std::move(kernel));
    return entry->second;
}

std::string Algebra::key(const Polynomial& polynomial) const {
    std::string text;
    for (const auto& [monomial, coefficient] : polynomial) {
        text.append("+").append(coefficient.get_str(36));
        for (const auto& [id, exponent] : monomial)
            text.append("k").append(std::to_string(id)).append("^").append(exponent.get_str());
    }
    return text;
}

std::string Algebra::key(const Value& value) const {
    return key(value.above).append("/").append(key(value.below));
}

bool Algebra::isPositive(int id) const {
    const Kernel::Kind kind = kernel(id).kind;
    return kind == Kernel::Kind::Pi || kind == Kernel::Kind::Euler || kind == Kernel::Kind::Prime;
}

// --- making values

Value Algebra::number(const mpq_class& value) const {
    Value result;
    if (value != 0) result.above.emplace(Monomial(), value);
    return result;
}

Value Algebra::ofKernel(int id, const mpq_class& exponent) const {
    Value result;
    result.above.emplace(Monomial{{id, exponent}}, mpq_class(1));
    return result;
}

Value Algebra::variable(const std::string& name) {
    Kernel kernel;
    kernel.name = name;
    return ofKernel(intern(std::move(kernel)));
}

Value Algebra::pi() const {
    return ofKernel(piKernel);
}
Value Algebra::euler() const {
    return ofKernel(eulerKernel);
}
Value Algebra::imaginary() const {
    return ofKernel(imaginaryKernel);
}

Value Algebra::call(const std::string& name, std::vector<Value> args) {
    Kernel kernel;
    kernel.kind = Kernel::Kind::Function;
    kernel.name = name;
    kernel.args = std::move(args);
    return ofKernel(intern(std::move(kernel)));
}

// --- ring operations

void Algebra::addInto(Polynomial& sum, const Monomial& monomial, const mpq_class& coefficient) const {
    if (coefficient == 0) return;
    mpq_class& total = sum[monomial];
    total += coefficient;
    checkSize(total);
    if (total == 0) sum.erase(monomial);
    if (sum.size() > maxTerms) throw Error("the expression has too many terms");
}

Value Algebra::scaled(Value value, const mpq_class& factor) const {
    if (factor == 0) return {};
    for (auto& [monomial, coefficient] : value.above) {
        coefficient *= factor;
        checkSize(coefficient);
    }
    return value;
}

Value Algebra::add(const Value& a, const Value& b) {
    spend(std::int64_t(a.above.size() + b.above.size()));
    if (a.below != b.below) {
        const Value left = product(a.above, b.below), right = product(b.above, a.below);
        return divide(add(left, right), product(a.below, b.below));
    }
    Value result = a;
    for (const auto& [monomial, coefficient] : b.above) addInto(result.above, monomial, coefficient);
    if (result.above.empty()) result.below = Value().below;
    return result;
}

// Roots of primes and powers of i that have left their range go into the coefficient; radicals into a factor.
Value Algebra::term(mpq_class coefficient, const Monomial& monomial) {
    Monomial kept;
    std::vector<std::pair<int, mpz_class>> unfolded;
    for (const auto& [id, exponent] : monomial) {
        const Kernel& kernel = this->kernel(id);
        mpq_class rest = exponent;
        if (kernel.kind == Kernel::Kind::Prime) {
            const mpz_class whole = floorOf(exponent);
            coefficient *= integerPower(mpq_class(kernel.number), whole);
            rest = exponent - whole;
        } else if (kernel.kind == Kernel::Kind::Imaginary && exponent.get_den() == 1) {
            mpz_class quarter;
            mpz_fdiv_r_ui(quarter.get_mpz_t(), exponent.get_num_mpz_t(), 4);
            if (quarter >= 2) coefficient = -coefficient;
            rest = quarter % 2;
        } else if (kernel.kind == Kernel::Kind::Radical) {
            const mpz_class whole = floorOf(exponent / kernel.number);
            if (whole != 0) unfolded.emplace_back(id, whole);
            rest = exponent - whole * kernel.number;
        }
        if (abs(rest) > maxExponent) throw Error("an exponent that is too large");
        if (rest != 0) kept.emplace_back(id, std::move(rest));
    }
    checkSize(coefficient);
    Value result;
    if (coefficient != 0) result.above.emplace(std::move(kept), std::move(coefficient));
    for (const auto& [id, whole] : unfolded) {
        const Value radicand = kernel(id).args[0];  // a copy: new kernels move the table
        result = multiply(result, integerPower(radicand, whole));
    }
    return result;
}

Value Algebra::product(const Polynomial& a, const Polynomial& b) {
    spend(std::int64_t(a.size()) * std::int64_t(b.size()));
    Value sum, unfolded;
    for (const auto& [left, x] : a)
        for (const auto& [right, y] : b) {
            // Large coefficients cost more than small ones.
            spend(std::int64_t(mpz_size(x.get_num_mpz_t()) + mpz_size(y.get_num_mpz_t())) / 16);
            const Value part = term(x * y, combined(left, right));
            if (isOne(part.below))
                for (const auto& [monomial, coefficient] : part.above)
                    addInto(sum.above, monomial, coefficient);
            else
                unfolded = add(unfolded, part);
        }
    return isZero(unfolded) ? sum : add(sum, unfolded);
}

// A denominator of one term goes above with negative exponents.
Value Algebra::normalized(Value value) {
    if (value.above.empty()) return {};
    if (isOne(value.below)) return value;
    if (value.below.size() > 1) {
        const mpq_class lead = value.below.begin()->second;
        for (auto& [monomial, coefficient] : value.below) coefficient /= lead;
        return scaled(std::move(value), 1 / lead);
    }
    Monomial monomial = value.below.begin()->first;
    for (auto& [id, exponent] : monomial) exponent = -exponent;
    return product(value.above, {{monomial, 1 / value.below.begin()->second}});
}

Value Algebra::multiply(const Value& a, const Value& b) {
    const Value above = product(a.above, b.above);
    if (isOne(a.below) && isOne(b.below)) return above;
    return divide(above, product(a.below, b.below));
}

Value Algebra::inverse(const Value& value) {
    if (isZero(value)) throw Error("a division by zero");
    return normalized({value.below, value.above});
}

Value Algebra::divide(const Value& a, const Value& b) {
    if (isZero(b)) throw Error("a division by zero");
    if (isOne(a.below) && isOne(b.below)) return normalized({a.above, b.above});
    const Value above = product(a.above, b.below), below = product(a.below, b.above);
    if (!isOne(above.below) || !isOne(below.below)) return multiply(above, inverse(below));
    if (isZero(below)) throw Error("a division by zero");
    return normalized({above.above, below.above});
}

// --- powers

mpq_class Algebra::integerPower(const mpq_class& base, const mpz_class& exponent) {
    if (exponent == 0 || base == 1) return 1;
    if (base == 0) {
        if (exponent < 0) throw Error("a division by zero");
        return 0;
    }
    if (base == -1) return mpz_even_p(exponent.get_mpz_t()) ? 1 : -1;
    if (abs(exponent) > maxExponent) throw Error("an exponent that is too large");
    const unsigned long count = mpz_class(abs(exponent)).get_ui();
    const std::size_t bits =
        std::max(mpz_sizeinbase(base.get_num_mpz_t(), 2), mpz_sizeinbase(base.get_den_mpz_t(), 2));
    if (bits * count > maxBits) throw Error("a number that is too large");
    mpz_class above, below;
    mpz_pow_ui(above.get_mpz_t(), base.get_num_mpz_t(), count);
    mpz_pow_ui(below.get_mpz_t(), base.get_den_mpz_t(), count);
    if (exponent < 0) std::swap(above, below);
    mpq_class result(above, below);
    result.canonicalize();
    return result;
}

Value Algebra::integerPower(const Value& base, const mpz_class& exponent) {
    if (exponent == 0) {
        if (isZero(base)) throw Error("zero to the power of zero");
        return number(1);
    }
    if (isZero(base)) {
        if (exponent < 0) throw Error("a division by zero");
        return {};
    }
    if (base.above.size() == 1 && isOne(base.below)) {
        Monomial monomial = base.above.begin()->first;
        for (auto& [id, power] : monomial) power *= exponent;
        return term(integerPower(base.above.begin()->second, exponent), monomial);
    }
    if (abs(exponent) > maxExponent) throw Error("an exponent that is too large");
    unsigned long count = mpz_class(abs(exponent)).get_ui();
    Value square = exponent < 0 ? inverse(base) : base, result = number(1);
    for (; count > 0; count >>= 1) {
        if (count & 1) result = multiply(result, square);
        if (count > 1) square = multiply(square, square);
    }
    return result;
}

std::vector<std::pair<mpz_class, mpz_class>> Algebra::factors(const mpq_class& value) {
    constexpr unsigned long largest = 1 << 14;
    std::vector<std::pair<mpz_class, mpz_class>> found;
    const auto take = [&](mpz_class rest, int sign) {
        for (unsigned long p = 2; p <= largest && rest > 1; p += p == 2 ? 1 : 2) {
            if (!mpz_divisible_ui_p(rest.get_mpz_t(), p)) continue;
            const mpz_class prime = p;
            const auto count = long(mpz_remove(rest.get_mpz_t(), rest.get_mpz_t(), prime.get_mpz_t()));
            found.emplace_back(prime, sign * count);
        }
        if (rest == 1) return;
        // A perfect power of what is left over: taken as its root.
        const std::size_t bits = mpz_sizeinbase(rest.get_mpz_t(), 2);
        for (unsigned long k = std::min<unsigned long>(bits / 14, 64); k >= 2; --k) {
            mpz_class root;
            if (mpz_root(root.get_mpz_t(), rest.get_mpz_t(), k) != 0) {
                found.emplace_back(root, sign * long(k));
                return;
            }
        }
        found.emplace_back(rest, sign);
    };
    take(value.get_num(), 1);
    take(value.get_den(), -1);
    return found;
}

// base^(exponent × symbolic) prime by prime, for base > 0.
Value Algebra::ofPrimes(const mpq_class& base, const mpq_class& exponent, const Monomial& symbolic) {
    if (mpz_sizeinbase(base.get_num_mpz_t(), 2) > maxBits / 16 ||
        mpz_sizeinbase(base.get_den_mpz_t(), 2) > maxBits / 16)
        throw Error("a number that is too large");
    Value result = number(1);
    for (const auto& [prime, count] : factors(base)) {
        Kernel kernel;
        kernel.kind = symbolic.empty() ? Kernel::Kind::Prime : Kernel::Kind::Power;
        kernel.number = prime;
        if (!symbolic.empty()) {
            Value power;
            power.above.emplace(symbolic, mpq_class(1));
            kernel.args = {number(mpq_class(prime)), std::move(power)};
            kernel.number = 0;
        }
        result = multiply(result, term(1, {{intern(std::move(kernel)), exponent * count}}));
    }
    return result;
}

// What no rule takes apart; the positive rational content comes out first, so that √(4x+4) is 2√(x+1).
Value Algebra::radical(const Value& base, const mpq_class& exponent) {
    mpz_class above = 0, below = 1;
    for (const auto& [monomial, coefficient] : base.above) {
        above = gcd(above, coefficient.get_num());
        below = lcm(below, coefficient.get_den());
        if (mpz_sizeinbase(below.get_mpz_t(), 2) > maxBits) throw Error("a number that is too large");
    }
    mpq_class content(above, below);
    content.canonicalize();
    Kernel kernel;
    kernel.kind = Kernel::Kind::Radical;
    kernel.number = exponent.get_den();
    kernel.args = {scaled(base, 1 / content)};
    const Value root = term(1, {{intern(std::move(kernel)), mpq_class(exponent.get_num())}});
    return multiply(ofPrimes(content, exponent, {}), root);
}

Value Algebra::rationalPower(const Value& base, const mpq_class& exponent) {
    if (exponent.get_den() == 1) return integerPower(base, exponent.get_num());
    if (exponent.get_den() > 1000) throw Error("a root of too high an index");
    if (isZero(base)) {
        if (exponent < 0) throw Error("a division by zero");
        return {};
    }
    if (base.above.size() != 1 || !isOne(base.below)) return radical(base, exponent);
    const auto& [monomial, coefficient] = *base.above.begin();
    Value result = number(1);
    mpq_class size = coefficient;
    if (coefficient < 0) {
        if (!monomial.empty() || (mpz_even_p(exponent.get_den_mpz_t()) && exponent.get_den() != 2))
            return radical(base, exponent);
        result = exponent.get_den() == 2 ? integerPower(imaginary(), exponent.get_num())
                                         : number(mpz_even_p(exponent.get_num_mpz_t()) ? 1 : -1);
        size = -coefficient;
    }
    Monomial powers;
    std::size_t unsure = 0;
    for (const auto& [id, power] : monomial) {
        if (!isPositive(id)) ++unsure;
        if (!isPositive(id) && (power != 1 || kernel(id).kind == Kernel::Kind::Imaginary)) unsure = 2;
        powers.emplace_back(id, power * exponent);
    }
    if (unsure > 1) return radical(base, exponent);
    return multiply(multiply(result, ofPrimes(size, exponent, {})), term(1, powers));
}

Value Algebra::symbolicPower(const Value& base, const mpq_class& coefficient, const Monomial& exponent) {
    if (isZero(base)) throw Error("a power of zero");
    const auto constant = rational(base);
    if (constant && *constant > 0) return ofPrimes(*constant, coefficient, exponent);
    Kernel kernel;
    kernel.kind = Kernel::Kind::Power;
    Value power;
    power.above.emplace(exponent, mpq_class(1));
    kernel.args = {base, std::move(power)};
    return term(1, {{intern(std::move(kernel)), coefficient}});
}

Value Algebra::power(const Value& base, const Value& exponent) {
    if (const auto constant = rational(exponent)) return rationalPower(base, *constant);
    if (!isOne(exponent.below)) return call("power", {base, exponent});
    Value result = number(1);
    for (const auto& [monomial, coefficient] : exponent.above)
        result = multiply(result, monomial.empty() ? rationalPower(base, coefficient)
                                                   : symbolicPower(base, coefficient, monomial));
    return result;
}

// --- questions

bool Algebra::same(const Value& a, const Value& b) {
    return isZero(subtract(a, b));
}

std::optional<mpq_class> Algebra::rational(const Value& value) {
    if (value.above.empty()) return mpq_class(0);
    if (value.above.size() > 1 || !value.above.begin()->first.empty() || !isOne(value.below))
        return std::nullopt;
    return value.above.begin()->second;
}

bool Algebra::isExact(const Value& value) const {
    for (const Polynomial* polynomial : {&value.above, &value.below})
        for (const auto& [monomial, coefficient] : *polynomial)
            for (const auto& [id, exponent] : monomial) {
                const Kernel& kernel = this->kernel(id);
                const bool smallPrime = kernel.kind == Kernel::Kind::Prime && kernel.number < (1L << 28);
                const bool unit = kernel.kind == Kernel::Kind::Imaginary && exponent == 1;
                if (!smallPrime && !unit) return false;
            }
    return true;
}

// Each kernel once: nested powers would reach one along exponentially many ways.
void Algebra::collectKernels(const Value& value, std::vector<int>& seen) const {
    for (const Polynomial* polynomial : {&value.above, &value.below})
        for (const auto& [monomial, coefficient] : *polynomial)
            for (const auto& [id, exponent] : monomial) {
                if (std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
                seen.push_back(id);
                for (const Value& argument : kernel(id).args) collectKernels(argument, seen);
            }
}

std::vector<int> Algebra::unknowns(const Value& value) const {
    std::vector<int> seen, found;
    collectKernels(value, seen);
    std::copy_if(seen.begin(), seen.end(), std::back_inserter(found),
                 [this](int id) { return isUnknown(kernel(id)); });
    return found;
}

bool Algebra::isUnknown(const Kernel& kernel) {
    if (kernel.kind == Kernel::Kind::Variable) return true;
    if (kernel.kind != Kernel::Kind::Function) return false;
    for (std::string_view known :
         {"sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
          "ln", "abs", "floor", "ceil", "max", "min", "power"})
        if (kernel.name == known) return false;
    return true;
}

bool Algebra::isConstant(const Value& value) const {
    return unknowns(value).empty();
}

}  // namespace retort::answers
