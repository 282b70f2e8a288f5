// Chained modular arithmetic, left to right, without precedence: `m7 3+5*4=` -> `<3+5=1;1*4=4;>4`.
//
// A step is one operation: the value so far, the sign, the next term, '=', the result modulo m.
#include "core/tasks/equation.h"
#include "core/tasks/generated_task.h"
#include "core/tasks/generators.h"
#include "core/tasks/task_parameters.h"
#include "core/util/error.h"

namespace retort {
namespace {

std::int64_t applyModulo(std::int64_t left, char sign, std::int64_t right, std::int64_t modulus) {
    const std::int64_t value = sign == '+' ? left + right : sign == '-' ? left - right : left * right;
    return ((value % modulus) + modulus) % modulus;
}

class ModularChain : public GeneratedTask {
  public:
    explicit ModularChain(const Json& values)
        : GeneratedTask("modular_chain"),
          m_modulus(values["modulus"]),
          m_minOperations(values["min_operations"]),
          m_maxOperations(values["max_operations"]),
          m_signs(values["operators"]) {}

    std::string alphabet() const override { return "0123456789m +-*=<;>"; }

  protected:
    Problem draw(Random& random) const override {
        const std::int64_t operations = random.integer(m_minOperations, m_maxOperations);
        std::int64_t value = random.integer(0, m_modulus - 1);
        std::string chain = std::to_string(value);
        std::vector<std::string> steps;
        for (std::int64_t i = 0; i < operations; ++i) {
            const char sign = m_signs[std::size_t(random.integer(0, std::int64_t(m_signs.size()) - 1))];
            const std::int64_t term = random.integer(0, m_modulus - 1);
            const std::int64_t next = applyModulo(value, sign, term, m_modulus);
            const std::string operation = sign + std::to_string(term);
            steps.push_back(std::to_string(value) + operation + "=" + std::to_string(next));
            chain += operation;
            value = next;
        }
        const std::string modulus = std::to_string(m_modulus), answer = std::to_string(value);
        return {"modular_chain:" + modulus + ":" + chain, "m" + modulus + " " + chain + "=", answer,
                workedCompletion(steps, answer), int(operations)};
    }

    std::string fault(const StepContext& context) const override {
        const auto step = parseEquation(context.text());
        if (!step || step->sign == '/') return "not a step: expected a+b=c, a-b=c or a*b=c";
        const std::int64_t value = applyModulo(step->left, step->sign, step->right, m_modulus);
        if (value == step->result) return "";
        return std::to_string(step->left) + step->sign + std::to_string(step->right) + " is " +
               std::to_string(value) + " modulo " + std::to_string(m_modulus) + ", not " +
               std::to_string(step->result);
    }

  private:
    std::int64_t m_modulus, m_minOperations, m_maxOperations;
    std::string m_signs;
};

}  // namespace

ParameterVariant modularChainVariant() {
    return {"modular_chain",
            "Chains of modular operations, worked from left to right",
            {integerParameter("modulus", 7, 2, 97, "Results are taken modulo this number"),
             integerParameter("min_operations", 1, 1, 64, "Fewest operations in a chain"),
             integerParameter("max_operations", 4, 1, 64, "Most operations in a chain"),
             choiceParameter("operators", "+-*", {"+", "-", "*", "+-", "+*", "-*", "+-*"},
                             "Operations to draw from")}};
}

std::unique_ptr<Task> makeModularChain(const Json& values) {
    requireOrdered(modularChainVariant(), values, "min_operations", "max_operations");
    return std::make_unique<ModularChain>(values);
}

}  // namespace retort
