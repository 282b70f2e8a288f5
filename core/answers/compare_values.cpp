#include "core/answers/compare_values.h"

#include "core/answers/numeric.h"
#include "core/answers/units.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

constexpr int leastPlaces = 6;    // of a decimal that may stand for what it rounds
constexpr int leastDigits = 5;    // … and significant digits
constexpr int doubleDigits = 15;  // so many come out of floating-point arithmetic, the last one unsure

int significantDigits(const mpq_class& decimal, int places) {
    mpz_class scale;
    mpz_ui_pow_ui(scale.get_mpz_t(), 10, (unsigned long)places);
    const mpz_class digits = abs(mpz_class(decimal * scale));
    return digits == 0 ? 0 : int(digits.get_str().size());
}

// `decimal`, written with `places` digits, is what `exact` rounds to.
bool roundsTo(const Value& exact, const mpq_class& decimal, int places, Algebra& algebra) {
    if (places < leastPlaces || significantDigits(decimal, places) < leastDigits) return false;
    mpz_class scale;
    mpz_ui_pow_ui(scale.get_mpz_t(), 10, (unsigned long)places);
    // What can be written with so many places is equal or not.
    const auto rational = Algebra::rational(exact);
    if (rational && mpz_divisible_p(scale.get_mpz_t(), rational->get_den_mpz_t()))
        return *rational == decimal;
    const std::optional<Real> value = realValue(algebra, exact, 256 + 4 * places);
    if (!value) return false;
    Real difference = (*value - Real(value->bits(), decimal)) * Real(value->bits(), mpq_class(scale));
    mpfr_abs(difference.get(), difference.get(), MPFR_RNDN);
    const bool unsureEnd = significantDigits(decimal, places) >= doubleDigits;
    return mpfr_cmp_d(difference.get(), unsureEnd ? 1.0 : 0.5) <= 0;
}

Outcome compareDecimals(const Answer& a, const Answer& b, const Value& left, Algebra& algebra) {
    // Of two decimals the shorter one may round the longer one.
    const bool first = a.decimal && (!b.decimal || a.places <= b.places);
    const Answer& rounded = first ? a : b;
    const Value& exact = first ? b.value : left;
    if (roundsTo(exact, *rounded.decimal, rounded.places, algebra))
        return accepted("equal to " + std::to_string(rounded.places) + " decimal places");
    return rejected("decimal", "not the same number, nor its rounding to at least six decimal places");
}

Outcome compareNumbers(const Answer& a, const Answer& b, const Value& left, const AnswerPolicy& policy,
                       Algebra& algebra) {
    const Outcome exact = compareExactly(left, b.value, algebra);
    if (exact.correct && policy.requireReduced && a.reducible && !b.reducible)
        return byPolicy(false, "fraction not reduced", "equal, but the fraction is not in lowest terms");
    if (exact.correct || !(a.decimal || b.decimal)) return exact;
    return compareDecimals(a, b, left, algebra);
}

Outcome comparePercent(const Answer& a, const Answer& b, const Value& left, const AnswerPolicy& policy,
                       Algebra& algebra) {
    if (a.percent == b.percent) return compareNumbers(a, b, left, policy, algebra);
    Answer value = b;
    const mpq_class hundredth(1, 100);
    if (b.percent) {
        value.value = algebra.scaled(b.value, hundredth);
        if (value.decimal) value.decimal = mpq_class(*value.decimal / 100), value.places += 2;
    }
    const Value predicted = a.percent ? algebra.scaled(left, hundredth) : left;
    const Outcome sameValue = compareExactly(predicted, value.value, algebra);
    if (sameValue.correct)
        return byPolicy(policy.percent != AnswerPolicy::Percent::Sign, "percent as a value",
                        "one side is in percent, of the same value");
    const Outcome sameNumber = compareNumbers(a, b, left, policy, algebra);
    if (!sameNumber.correct) return sameNumber;
    return byPolicy(policy.percent == AnswerPolicy::Percent::Lenient, "percent sign left out",
                    "the same number, one side without the percent sign");
}

}  // namespace

Outcome accepted(std::string rule) {
    return {AnswerVerdict::Correct, true, std::move(rule), "the same answer"};
}

Outcome rejected(std::string rule, std::string reason) {
    return {AnswerVerdict::Wrong, false, std::move(rule), std::move(reason)};
}

Outcome byPolicy(bool correct, std::string rule, std::string reason) {
    return {AnswerVerdict::Policy, correct, std::move(rule), std::move(reason)};
}

Outcome compareExactly(const Value& a, const Value& b, Algebra& algebra) {
    if (algebra.same(a, b)) return accepted("exactly equal");
    if (algebra.isExact(algebra.subtract(a, b))) return rejected("exact", "another value");
    if (!equalNumerically(algebra, a, b)) return rejected("values at random points", "another value");
    Outcome outcome{AnswerVerdict::Probable, true, "equal at random points", ""};
    outcome.reason = "equal to 90 digits wherever it was tried, but not proven";
    return outcome;
}

Outcome compareValues(const Answer& a, const Answer& b, const AnswerPolicy& policy, Algebra& algebra) {
    Value left = a.value;
    if (!a.unit.empty() && !b.unit.empty()) {
        const auto factor = conversion(a.unit, b.unit);
        if (!factor) return rejected("units", "another unit: " + a.unit + ", not " + b.unit);
        if (*factor != 1) return compareExactly(algebra.scaled(a.value, *factor), b.value, algebra);
        return comparePercent(a, b, left, policy, algebra);
    }
    if (a.unit.empty() && b.unit.empty()) return comparePercent(a, b, left, policy, algebra);
    const Answer &with = a.unit.empty() ? b : a, &without = a.unit.empty() ? a : b;
    if (with.asProduct && !algebra.isConstant(without.value))
        return compareExactly(*with.asProduct, without.value, algebra);
    const Outcome outcome = comparePercent(a, b, left, policy, algebra);
    if (!outcome.correct || !policy.requireUnits) return outcome;
    return byPolicy(false, "unit left out", "the same number, but only one side has the unit " + with.unit);
}

}  // namespace retort::answers
