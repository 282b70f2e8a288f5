// Exact arithmetic on values. One Algebra holds the kernels of one comparison; its work is bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/answers/value.h"

namespace retort::answers {

/// Everything that is too large, and division by zero, throws Error.
class Algebra {
  public:
    Algebra();

    Value number(const mpq_class& value) const;
    Value variable(const std::string& name);
    Value pi() const;
    Value euler() const;
    Value imaginary() const;
    /// An uninterpreted call: equal to one of the same name with equal arguments.
    Value call(const std::string& name, std::vector<Value> args);

    Value add(const Value& a, const Value& b);
    Value subtract(const Value& a, const Value& b) { return add(a, scaled(b, -1)); }
    Value multiply(const Value& a, const Value& b);
    Value divide(const Value& a, const Value& b);
    /// Radicals are principal; an odd root of a negative number is the real one.
    Value power(const Value& base, const Value& exponent);
    Value scaled(Value value, const mpq_class& factor) const;

    static bool isZero(const Value& value) { return value.above.empty(); }
    /// The same after cross-multiplication. False does not prove that they differ, unless isExact() of both.
    bool same(const Value& a, const Value& b);
    static std::optional<mpq_class> rational(const Value& value);
    /// Only rationals, roots of primes and i: such values have one form, so that same() decides.
    bool isExact(const Value& value) const;
    /// No variable and no call that cannot be evaluated.
    bool isConstant(const Value& value) const;
    /// The unknowns that occur, also inside of kernels.
    std::vector<int> unknowns(const Value& value) const;

    /// A variable, or a call that has no value of its own (`f(x)`, a sum): evaluation chooses one.
    static bool isUnknown(const Kernel& kernel);
    /// Counts work that is done elsewhere; throws Error when there was too much.
    void spend(std::int64_t work);

    const Kernel& kernel(int id) const { return m_kernels[std::size_t(id)]; }
    /// Its factors: prime (or what could not be factored) and exponent. `value` > 0.
    static std::vector<std::pair<mpz_class, mpz_class>> factors(const mpq_class& value);
    static mpq_class integerPower(const mpq_class& base, const mpz_class& exponent);

  private:
    int intern(Kernel kernel);
    std::string key(const Polynomial& polynomial) const;
    std::string key(const Value& value) const;
    Value ofKernel(int id, const mpq_class& exponent = 1) const;
    Value ofPrimes(const mpq_class& base, const mpq_class& exponent, const Monomial& symbolic);

    /// coefficient × monomial, with kernels' exponents brought into their range.
    Value term(mpq_class coefficient, const Monomial& monomial);
    Value product(const Polynomial& a, const Polynomial& b);
    Value normalized(Value value);
    Value inverse(const Value& value);
    Value integerPower(const Value& base, const mpz_class& exponent);
    Value rationalPower(const Value& base, const mpq_class& exponent);
    Value radical(const Value& base, const mpq_class& exponent);
    Value symbolicPower(const Value& base, const mpq_class& coefficient, const Monomial& exponent);
    void addInto(Polynomial& sum, const Monomial& monomial, const mpq_class& coefficient) const;
    bool isPositive(int id) const;
    void collectKernels(const Value& value, std::vector<int>& seen) const;

    std::vector<Kernel> m_kernels;
    std::unordered_map<std::string, int> m_ids;
    std::int64_t m_work = 0;
};

/// Throws Error when a number has become too large.
void checkSize(const mpq_class& value);

}  // namespace retort::answers
