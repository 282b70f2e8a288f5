#include "core/answers/simplify.h"

#include "core/answers/limits.h"
#include "core/answers/numeric.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

bool isTrigonometric(const std::string& name) {
    for (std::string_view known : {"sin", "cos", "tan", "cot", "sec", "csc"})
        if (name == known) return true;
    return false;
}

class Simplifier {
  public:
    explicit Simplifier(Algebra& algebra) : m_algebra(algebra) {}

    Value operator()(const Node& node) {
        switch (node.op) {
            case Op::Number:
                return m_algebra.number(node.value);
            case Op::Symbol:
                return symbol(node.name);
            case Op::Sum: {
                Value total;
                for (const Node& term : node.args) total = m_algebra.add(total, (*this)(term));
                return total;
            }
            case Op::Negative:
                return m_algebra.scaled((*this)(node.args[0]), -1);
            case Op::Product:
                return m_algebra.multiply((*this)(node.args[0]), (*this)(node.args[1]));
            case Op::Quotient:
                return m_algebra.divide((*this)(node.args[0]), (*this)(node.args[1]));
            case Op::Power:
                return power(node);
            case Op::Root:
                return m_algebra.power((*this)(node.args[0]),
                                       m_algebra.divide(m_algebra.number(1), (*this)(node.args[1])));
            case Op::Function:
                return function(node);
            case Op::Percent:
                return m_algebra.scaled((*this)(node.args[0]), mpq_class(1, 100));
            case Op::Degree:
                if (!m_angle) throw Error("degrees inside of an expression");
                return m_algebra.multiply((*this)(node.args[0]),
                                          m_algebra.scaled(m_algebra.pi(), mpq_class(1, 180)));
            case Op::Infinity:
                throw Error("infinity inside of an expression");
            case Op::Unit:  // `x^{2 m}`: letters, of which a unit could be made
                if (node.args.size() < 2) throw Error("a unit inside of an expression");
                return m_algebra.multiply((*this)(node.args[0]), (*this)(node.args[1]));
            case Op::PlusMinus:
                throw Error("a sign ± that does not stand for two values");
            case Op::Text:
                throw Error("words inside of an expression: " + node.name.substr(0, 40));
            case Op::Based:
                throw Error("a number in base " + node.value.get_str() + " inside of an expression");
            default:
                throw Error("a part that is no number and no expression");
        }
    }

  private:
    Value symbol(const std::string& name) {
        if (name == "pi") return m_algebra.pi();
        if (name == "e") return m_algebra.euler();
        if (name == "i") return m_algebra.imaginary();
        return m_algebra.variable(name);
    }

    // 9^{9^9}: towers of numbers are refused before anything is computed.
    Value power(const Node& node) {
        const Value exponent = (*this)(node.args[1]);
        const auto number = Algebra::rational(exponent);
        if (number && abs(*number) > maxExponent) throw Error("an exponent that is too large");
        return m_algebra.power((*this)(node.args[0]), exponent);
    }

    Value function(const Node& node) {
        const std::string& name = node.name;
        if (name == "sum" || name == "prod") return bound(node);
        const bool outer = m_angle;
        m_angle = isTrigonometric(name);
        std::vector<Value> args;
        for (const Node& argument : node.args) args.push_back((*this)(argument));
        m_angle = outer;
        if (name == "log") return logarithm(args);
        if (name == "lg") return m_algebra.divide(ln(args[0]), ln(m_algebra.number(10)));
        if (name == "max" || name == "min" || name == "gcd" || name == "lcm") return chosen(name, args);
        if (name == "mod") return residue(args);
        if (name == "binom" || name == "binomial") return binomial(args);
        if (name.starts_with("apply ")) return m_algebra.call(name, std::move(args));
        if (args.size() != 1) throw Error(name + " of several arguments");
        const Value& x = args[0];
        if (name == "ln") return ln(x);
        if (name == "exp") return m_algebra.power(m_algebra.euler(), x);
        if (name == "abs") return absolute(x);
        if (name == "floor" || name == "ceil") return rounded(name, x);
        if (name == "factorial") return factorial(x);
        if (name == "double factorial") return doubleFactorial(x);
        return m_algebra.call(name, std::move(args));
    }

    Value ln(const Value& x) {
        if (Algebra::isZero(x)) throw Error("the logarithm of zero");
        if (x.above.size() == 1 && x.below.size() == 1) {
            const auto& [monomial, coefficient] = *x.above.begin();
            if (monomial.empty() && coefficient > 0) return lnOfRational(coefficient);
            const bool powerOfE =
                monomial.size() == 1 && m_algebra.kernel(monomial[0].first).kind == Kernel::Kind::Euler;
            if (powerOfE && coefficient > 0)
                return m_algebra.add(lnOfRational(coefficient), m_algebra.number(monomial[0].second));
        }
        return m_algebra.call("ln", {x});
    }

    Value lnOfRational(const mpq_class& x) {
        if (mpz_sizeinbase(x.get_num_mpz_t(), 2) > maxBits / 16) throw Error("a number that is too large");
        Value total;
        for (const auto& [prime, count] : Algebra::factors(x))
            total = m_algebra.add(total,
                                  m_algebra.scaled(m_algebra.call("ln", {m_algebra.number(mpq_class(prime))}),
                                                   mpq_class(count)));
        return total;
    }

    // Without a base it is an unknown one: \log 8 / \log 2 is 3 in each, \log 100 is not 2.
    Value logarithm(const std::vector<Value>& args) {
        if (args.size() > 2) throw Error("a logarithm of several arguments");
        if (args.size() == 1) return m_algebra.multiply(ln(args[0]), m_algebra.variable("base of log"));
        return m_algebra.divide(ln(args[0]), ln(args[1]));
    }

    Value absolute(const Value& x) {
        if (const auto number = Algebra::rational(x)) return m_algebra.number(abs(*number));
        if (m_algebra.isConstant(x))
            if (const auto value = realValue(m_algebra, x); value && !value->isZero())
                return value->sign() < 0 ? m_algebra.scaled(x, -1) : x;
        const bool negative = x.above.begin()->second < 0;  // |-x| = |x|
        return m_algebra.call("abs", {negative ? m_algebra.scaled(x, -1) : x});
    }

    Value rounded(const std::string& name, const Value& x) {
        const auto number = Algebra::rational(x);
        if (!number) return m_algebra.call(name, {x});
        mpz_class whole;
        if (name == "floor")
            mpz_fdiv_q(whole.get_mpz_t(), number->get_num_mpz_t(), number->get_den_mpz_t());
        else
            mpz_cdiv_q(whole.get_mpz_t(), number->get_num_mpz_t(), number->get_den_mpz_t());
        return m_algebra.number(mpq_class(whole));
    }

    Value chosen(const std::string& name, const std::vector<Value>& args) {
        mpq_class result;
        for (std::size_t i = 0; i < args.size(); ++i) {
            const auto x = Algebra::rational(args[i]);
            const bool whole = x && x->get_den() == 1;
            if (!x || ((name == "gcd" || name == "lcm") && !whole)) return m_algebra.call(name, args);
            if (i == 0)
                result = *x;
            else if (name == "max")
                result = std::max(result, *x);
            else if (name == "min")
                result = std::min(result, *x);
            else if (name == "gcd")
                result = mpq_class(gcd(result.get_num(), x->get_num()));
            else
                result = mpq_class(lcm(result.get_num(), x->get_num()));
            checkSize(result);
        }
        return m_algebra.number(result);
    }

    Value residue(std::vector<Value> args) {
        const auto x = Algebra::rational(args[0]), of = Algebra::rational(args[1]);
        if (x && of && x->get_den() == 1 && of->get_den() == 1 && *of > 0) {
            mpz_class rest;
            mpz_fdiv_r(rest.get_mpz_t(), x->get_num_mpz_t(), of->get_num_mpz_t());
            args[0] = m_algebra.number(mpq_class(rest));
        }
        return m_algebra.call("mod", std::move(args));
    }

    // (x+3)! is (x+3)(x+2)(x+1) x!, so that quotients of factorials cancel.
    Value factorial(const Value& x) {
        if (const auto number = Algebra::rational(x)) {
            if (number->get_den() != 1 || *number < 0) throw Error("a factorial of no natural number");
            if (*number > maxExponent) throw Error("a factorial that is too large");
            mpz_class result;
            mpz_fac_ui(result.get_mpz_t(), number->get_num().get_ui());
            return m_algebra.number(mpq_class(result));
        }
        const auto constant = x.above.find(Monomial());
        const mpq_class shift =
            constant == x.above.end() || x.below.size() > 1 ? mpq_class(0) : constant->second;
        if (shift.get_den() != 1 || abs(shift) > 20) return m_algebra.call("factorial", {x});
        const long steps = shift.get_num().get_si();
        const Value base = m_algebra.subtract(x, m_algebra.number(shift));
        Value result = m_algebra.call("factorial", {base});
        for (long k = 1; k <= steps; ++k)
            result = m_algebra.multiply(result, m_algebra.add(base, m_algebra.number(k)));
        for (long k = 0; k > steps; --k)
            result = m_algebra.divide(result, m_algebra.add(base, m_algebra.number(k)));
        return result;
    }

    Value doubleFactorial(const Value& x) {
        const auto number = Algebra::rational(x);
        if (!number) return m_algebra.call("double factorial", {x});
        if (number->get_den() != 1 || *number < 0) throw Error("a factorial of no natural number");
        if (*number > maxExponent) throw Error("a factorial that is too large");
        mpz_class result;
        mpz_2fac_ui(result.get_mpz_t(), number->get_num().get_ui());
        return m_algebra.number(mpq_class(result));
    }

    Value binomial(const std::vector<Value>& args) {
        if (args.size() != 2) throw Error("a binomial coefficient of other than two numbers");
        const auto n = Algebra::rational(args[0]), k = Algebra::rational(args[1]);
        if (!n && k && k->get_den() == 1 && *k >= 0 && *k <= 12)
            return polynomialBinomial(args[0], k->get_num().get_si());
        if (!n || !k) return m_algebra.call("binom", args);
        const bool natural = n->get_den() == 1 && k->get_den() == 1 && *n >= 0 && *k >= 0;
        if (!natural || *n > maxExponent || *k > maxExponent)
            throw Error("a binomial coefficient that is not evaluated");
        mpz_class result;
        mpz_bin_uiui(result.get_mpz_t(), n->get_num().get_ui(), k->get_num().get_ui());
        return m_algebra.number(mpq_class(result));
    }

    // n(n-1)…(n-k+1)/k!
    Value polynomialBinomial(const Value& n, long k) {
        Value result = m_algebra.number(1);
        for (long i = 0; i < k; ++i)
            result = m_algebra.scaled(m_algebra.multiply(result, m_algebra.subtract(n, m_algebra.number(i))),
                                      mpq_class(1, (unsigned long)(i + 1)));
        return result;
    }

    // The bound variable gets one name, so that two sums that differ in it only are the same.
    Value bound(const Node& node) {
        const std::string name = "bound " + std::to_string(++m_bound);
        std::vector<Value> args = {(*this)(node.args[1]), (*this)(node.args[2])};
        const auto low = Algebra::rational(args[0]), high = Algebra::rational(args[1]);
        constexpr int mostTerms = 64;
        const bool few = low && high && low->get_den() == 1 && *low <= *high && *high - *low < mostTerms;
        if (few && m_bound == 1) {
            Value total = m_algebra.number(node.name == "sum" ? 0 : 1);
            for (mpq_class k = *low; k <= *high; ++k) {
                const Value each = (*this)(replaced(node.args[3], node.args[0].name, Node::number(k)));
                total = node.name == "sum" ? m_algebra.add(total, each) : m_algebra.multiply(total, each);
            }
            --m_bound;
            return total;
        }
        args.push_back((*this)(replaced(node.args[3], node.args[0].name, Node(Op::Symbol, name))));
        --m_bound;
        return m_algebra.call(node.name, std::move(args));
    }

    static Node replaced(Node node, const std::string& from, const Node& to) {
        if (node.op == Op::Symbol && node.name == from) return to;
        for (Node& child : node.args) child = replaced(std::move(child), from, to);
        return node;
    }

    Algebra& m_algebra;
    bool m_angle = false;
    int m_bound = 0;
};

}  // namespace

Value simplified(const Node& node, Algebra& algebra) {
    return Simplifier(algebra)(node);
}

}  // namespace retort::answers
