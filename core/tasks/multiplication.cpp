// Multiplication of natural numbers. 12 × 34 in `reversed_scratchpad` (see addition.cpp for the four formats;
// the markers here are `x` most significant digit first, `X` least, `y` operands most and answer least):
//
//   X21*43= -> <2*4+0+0=08;1*4+0+0=04;=8400;2*3+4+0=10;1*3+0+1=04;=8040;>804
//
// Long multiplication into a running total. For each digit of the second operand, units first, there is one
// step for each digit of the first, units first, as an equation: the two digits multiplied, plus the digit of
// the running total at this place, plus the carry in, are a number of two digits (at most 99), the carry out
// and the total's new digit. Then `=` and the running total, units first, as wide as both operands together:
// each step needs only what is near it.
#include "core/tasks/digits.h"
#include "core/tasks/generated_task.h"
#include "core/tasks/generators.h"
#include "core/tasks/task_parameters.h"

namespace retort {
namespace {

constexpr std::string_view columnForm = "0*0+0+0=00";

class Multiplication : public GeneratedTask {
  public:
    explicit Multiplication(const Json& values)
        : GeneratedTask("multiplication"),
          m_minDigits(values["min_digits"]),
          m_maxDigits(values["max_digits"]),
          m_equalLength(values["equal_length"]),
          m_style(NumberStyle::from(values)) {}

    std::string alphabet() const override { return "0123456789xXy*+=<;>"; }

  protected:
    Problem draw(Random& random) const override {
        const std::int64_t digits = random.integer(m_minDigits, m_maxDigits);
        std::string left = randomNumber(random, digits);
        std::string right = randomNumber(random, m_equalLength ? digits : random.integer(1, digits));
        if (!m_equalLength && random.integer(0, 1) == 1) std::swap(left, right);
        const Working working = workOut(left, right);
        const std::string answer = m_style.answer(canonicalNumber(reversed(working.total)));
        return {"multiplication:" + left + "*" + right,
                marker() + m_style.operand(left) + "*" + m_style.operand(right) + "=", answer,
                m_style.worked ? workedCompletion(working.steps, answer) : answer, int(digits)};
    }

    std::string fault(const StepContext& context) const override {
        const std::string_view step = context.text();
        if (step.starts_with('='))
            return allDigits(step.substr(1)) ? ""
                                             : "not a running total: expected '=' and digits, units first";
        if (!hasForm(step, columnForm))
            return std::string("not a column: expected digits, total and carry as in ").append(columnForm);
        const auto digit = [&](std::size_t i) { return step[i] - '0'; };
        const int value = digit(0) * digit(2) + digit(4) + digit(6), written = 10 * digit(8) + digit(9);
        if (value == written) return "";
        return std::string(step.substr(0, 7))
            .append(" is ")
            .append(twoDigits(value))
            .append(", not ")
            .append(twoDigits(written));
    }

  private:
    struct Working {
        std::vector<std::string> steps;
        std::string total;  // units first, padded with zeros
    };

    static Working workOut(const std::string& left, const std::string& right) {
        Working working;
        std::string& total = working.total;
        total.assign(left.size() + right.size(), '0');
        for (std::size_t j = 0; j < right.size(); ++j) {
            int carry = 0;
            for (std::size_t i = 0; i < left.size(); ++i) {
                const int a = digitAt(left, i), b = digitAt(right, j), t = total[i + j] - '0';
                const int value = a * b + t + carry;
                working.steps.push_back(std::to_string(a) + "*" + std::to_string(b) + "+" +
                                        std::to_string(t) + "+" + std::to_string(carry) + "=" +
                                        twoDigits(value));
                carry = value / 10;
                total[i + j] = char('0' + value % 10);
            }
            total[j + left.size()] = char('0' + carry);
            working.steps.push_back("=" + total);
        }
        return working;
    }

    std::string marker() const { return m_style.reversedOperands ? "X" : m_style.reversedAnswer ? "y" : "x"; }

    std::int64_t m_minDigits, m_maxDigits;
    bool m_equalLength;
    NumberStyle m_style;
};

}  // namespace

ParameterVariant multiplicationVariant() {
    ParameterVariant variant{
        "multiplication",
        "Products of two natural numbers, plain or reversed, with or without long multiplication",
        {integerParameter("min_digits", 1, 1, 32, "Fewest digits of the longer operand"),
         integerParameter("max_digits", 2, 1, 32, "Most digits of the longer operand"),
         boolParameter("equal_length", true, "Both operands have the same number of digits")}};
    for (Parameter& parameter : NumberStyle::parameters()) variant.parameters.push_back(std::move(parameter));
    return variant;
}

std::unique_ptr<Task> makeMultiplication(const Json& values) {
    requireOrdered(multiplicationVariant(), values, "min_digits", "max_digits");
    return std::make_unique<Multiplication>(values);
}

}  // namespace retort
