// Addition of natural numbers. With both operands of three digits (engine.md e.2 measured
// `reversed_scratchpad`):
//
//   format               prompt      completion
//   plain                a123+456=   579
//   scratchpad           a123+456=   <3+6+0=09;2+5+0=07;1+4+0=05;>579
//   reversed             A321+654=   975
//   reversed_scratchpad  A321+654=   <3+6+0=09;2+5+0=07;1+4+0=05;>975
//
// A step is a column, units first, as an equation: the operands' digits plus the carry in are a number of two
// digits, the carry out and the sum's digit. The marker tells how numbers are written: `a` most significant
// digit first, `A` least, `r` operands most and answer least.
#include "core/tasks/digits.h"
#include "core/tasks/generated_task.h"
#include "core/tasks/generators.h"
#include "core/tasks/task_parameters.h"

namespace retort {
namespace {

class Addition : public GeneratedTask {
  public:
    explicit Addition(const Json& values)
        : GeneratedTask("addition"),
          m_minDigits(values["min_digits"]),
          m_maxDigits(values["max_digits"]),
          m_operands(values["operands"]),
          m_equalLength(values["equal_length"]),
          m_style(NumberStyle::from(values)) {}

    std::string alphabet() const override { return "0123456789aAr+=<;>"; }

  protected:
    Problem draw(Random& random) const override {
        const std::int64_t digits = random.integer(m_minDigits, m_maxDigits);
        std::vector<std::string> operands;
        for (std::size_t i = 0; i < m_operands; ++i)
            operands.push_back(
                randomNumber(random, m_equalLength || i == 0 ? digits : random.integer(1, digits)));
        // The longest one is not always the first.
        if (!m_equalLength) std::swap(operands[0], operands[std::size_t(random.integer(0, m_operands - 1))]);
        return pose(operands, int(digits));
    }

    std::string fault(const StepContext& context) const override {
        const std::string_view step = context.text();
        const std::string form = columnForm();
        if (!hasForm(step, form)) return "not a column: expected the digits and the carry as in " + form;
        const std::string_view terms = step.substr(0, step.find('='));
        int sum = 0;
        for (std::size_t i = 0; i < terms.size(); i += 2) sum += terms[i] - '0';
        const int written = (step[step.size() - 2] - '0') * 10 + (step.back() - '0');
        if (sum == written) return "";
        return std::string(terms)
            .append(" is ")
            .append(twoDigits(sum))
            .append(", not ")
            .append(twoDigits(written));
    }

  private:
    // "0+0+0=00" for two operands.
    std::string columnForm() const {
        std::string form;
        for (std::size_t i = 0; i < m_operands; ++i) form += "0+";
        return form + "0=00";
    }

    Problem pose(const std::vector<std::string>& operands, int digits) const {
        std::string canonical, written;
        std::size_t width = 0;
        for (const std::string& operand : operands) {
            (canonical += canonical.empty() ? "" : "+") += operand;
            (written += written.empty() ? "" : "+") += m_style.operand(operand);
            width = std::max(width, operand.size());
        }
        std::vector<std::string> steps;
        std::string sum;  // units first
        int carry = 0;
        for (std::size_t place = 0; place < width; ++place) {
            std::string step;
            int column = carry;
            for (const std::string& operand : operands) {
                step.append(1, char('0' + digitAt(operand, place))).append("+");
                column += digitAt(operand, place);
            }
            steps.push_back(step.append(1, char('0' + carry)).append("=").append(twoDigits(column)));
            carry = column / 10;
            sum += char('0' + column % 10);
        }
        if (carry > 0) sum += char('0' + carry);
        const std::string answer = m_style.answer(canonicalNumber(reversed(sum)));
        return {"addition:" + canonical, marker() + written + "=", answer,
                m_style.worked ? workedCompletion(steps, answer) : answer, digits};
    }

    std::string marker() const { return m_style.reversedOperands ? "A" : m_style.reversedAnswer ? "r" : "a"; }

    std::int64_t m_minDigits, m_maxDigits;
    std::size_t m_operands;
    bool m_equalLength;
    NumberStyle m_style;
};

}  // namespace

ParameterVariant additionVariant() {
    ParameterVariant variant{
        "addition",
        "Sums of natural numbers, plain or reversed, with or without the columns written out",
        {integerParameter("min_digits", 1, 1, 64, "Fewest digits of the longest operand"),
         integerParameter("max_digits", 4, 1, 64, "Most digits of the longest operand"),
         integerParameter("operands", 2, 2, 9, "Numbers to add"),
         boolParameter("equal_length", true, "All operands have the same number of digits")}};
    for (Parameter& parameter : NumberStyle::parameters()) variant.parameters.push_back(std::move(parameter));
    return variant;
}

std::unique_ptr<Task> makeAddition(const Json& values) {
    requireOrdered(additionVariant(), values, "min_digits", "max_digits");
    return std::make_unique<Addition>(values);
}

}  // namespace retort
