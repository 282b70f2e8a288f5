// A number of many bits (MPFR) with the operators of arithmetic.
#pragma once

#include <gmpxx.h>
#include <mpfr.h>

#include <utility>

namespace retort::answers {

class Real {
  public:
    explicit Real(mpfr_prec_t bits) { mpfr_init2(m_value, bits), mpfr_set_zero(m_value, 1); }
    Real(mpfr_prec_t bits, double value) : Real(bits) { mpfr_set_d(m_value, value, MPFR_RNDN); }
    Real(mpfr_prec_t bits, const mpq_class& value) : Real(bits) {
        mpfr_set_q(m_value, value.get_mpq_t(), MPFR_RNDN);
    }
    Real(const Real& other) : Real(other.bits()) { mpfr_set(m_value, other.m_value, MPFR_RNDN); }
    Real(Real&& other) noexcept {
        mpfr_init2(m_value, MPFR_PREC_MIN);
        mpfr_swap(m_value, other.m_value);
    }
    Real& operator=(Real other) noexcept {
        mpfr_swap(m_value, other.m_value);
        return *this;
    }
    ~Real() { mpfr_clear(m_value); }

    mpfr_ptr get() { return m_value; }
    mpfr_srcptr get() const { return m_value; }
    mpfr_prec_t bits() const { return mpfr_get_prec(m_value); }
    bool isZero() const { return mpfr_zero_p(m_value) != 0; }
    bool isFinite() const { return mpfr_number_p(m_value) != 0; }
    int sign() const { return mpfr_sgn(m_value); }
    /// |value| < 2^exponent; the least there is for zero.
    mpfr_exp_t exponent() const { return isZero() ? mpfr_get_emin() : mpfr_get_exp(m_value); }

    friend Real operator+(const Real& a, const Real& b) { return binary(mpfr_add, a, b); }
    friend Real operator-(const Real& a, const Real& b) { return binary(mpfr_sub, a, b); }
    friend Real operator*(const Real& a, const Real& b) { return binary(mpfr_mul, a, b); }
    friend Real operator/(const Real& a, const Real& b) { return binary(mpfr_div, a, b); }
    friend Real operator-(const Real& a) { return unary(mpfr_neg, a); }

    using Unary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
    using Binary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);
    static Real unary(Unary function, const Real& a) {
        Real result(a.bits());
        function(result.m_value, a.m_value, MPFR_RNDN);
        return result;
    }
    static Real binary(Binary function, const Real& a, const Real& b) {
        Real result(a.bits());
        function(result.m_value, a.m_value, b.m_value, MPFR_RNDN);
        return result;
    }

  private:
    mpfr_t m_value;
};

}  // namespace retort::answers
