// Values in the form in which equality is decided: quotients of sums of terms, each an exact rational times
// powers of kernels. A kernel is what arithmetic cannot take apart: a variable, a prime under a root, pi, e,
// i, sin(x).
#pragma once

#include <gmpxx.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace retort::answers {

/// (kernel, exponent), by kernel; exponents are not 0. May be negative or fractional.
using Monomial = std::vector<std::pair<int, mpq_class>>;

struct MonomialLess {
    bool operator()(const Monomial& a, const Monomial& b) const {
        if (a.size() != b.size()) return a.size() < b.size();
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (a[i].first != b[i].first) return a[i].first < b[i].first;
            if (const int order = cmp(a[i].second, b[i].second); order != 0) return order < 0;
        }
        return false;
    }
};

/// Coefficients, none of them 0; no term: zero.
using Polynomial = std::map<Monomial, mpq_class, MonomialLess>;

/// above / below; `below` is 1 unless it has two or more terms.
struct Value {
    Polynomial above;
    Polynomial below = {{Monomial(), mpq_class(1)}};
};

struct Kernel {
    enum class Kind {
        Variable,  ///< name
        Pi,
        Euler,
        Imaginary,  ///< its square is -1
        Prime,      ///< `number` under a root: exponents are in [0, 1)
        Radical,    ///< args[0] to the power 1/number: exponents are 0 … number - 1
        Power,      ///< args[0] to the power args[1], which is a monomial
        Function,   ///< name(args)
    } kind = Kind::Variable;
    std::string name;
    mpz_class number;
    std::vector<Value> args;
};

}  // namespace retort::answers
