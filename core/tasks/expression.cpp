// Fully parenthesised arithmetic expressions, worked by rewriting: each step is the whole expression after
// its leftmost innermost operation was replaced by its value.
//
//   modulo 10 (the default):  e10 (3+4)*(2-5)=  ->  <7*(2-5);7*7;9;>9
//   integers (modulus 0):     e (3+4)*(2-5)=    ->  <7*(2-5);7*-3;-21;>-21
//
// Modulo m every value is one of 0 … m-1, so one step is one look-up; with integers numbers grow, and a
// negative value is written with its sign.
#include <charconv>

#include "core/tasks/generators.h"
#include "core/tasks/reduction_task.h"
#include "core/tasks/task_parameters.h"
#include "core/util/error.h"

namespace retort {
namespace {

// Integers beyond this are given up: the problem is drawn again, a completion's step is called wrong.
constexpr std::int64_t largestValue = 1'000'000'000;

std::optional<std::int64_t> parseValue(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size() || std::abs(value) > largestValue)
        return std::nullopt;
    return value;
}

ReductionRules arithmetic(std::int64_t modulus, const std::string& signs, std::int64_t largestLiteral) {
    ReductionRules rules;
    rules.signs = signs;
    rules.signedValues = modulus == 0;
    rules.isValueCharacter = [](char c) { return c >= '0' && c <= '9'; };
    rules.literal = [=](Random& random) { return std::to_string(random.integer(0, largestLiteral)); };
    rules.apply = [=](std::string_view left, char sign,
                      std::string_view right) -> std::optional<std::string> {
        const auto a = parseValue(left), b = parseValue(right);
        if (!a || !b) return std::nullopt;
        std::int64_t value = sign == '+' ? *a + *b : sign == '-' ? *a - *b : *a * *b;
        if (modulus > 0) value = ((value % modulus) + modulus) % modulus;
        if (std::abs(value) > largestValue) return std::nullopt;
        return std::to_string(value);
    };
    return rules;
}

class Expression : public ReductionTask {
  public:
    explicit Expression(const Json& values)
        : ReductionTask("expression", values, rulesFor(values)), m_modulus(values["modulus"]) {}

    std::string alphabet() const override { return "0123456789e +-*()=<;>"; }

  protected:
    std::string idPrefix() const override { return modulusText().append(":"); }
    std::string promptPrefix() const override { return std::string("e").append(modulusText()).append(" "); }

  private:
    static ReductionRules rulesFor(const Json& values) {
        const std::int64_t modulus = values["modulus"];
        return arithmetic(modulus, values["operators"],
                          modulus > 0 ? modulus - 1 : values["max_number"].get<int>());
    }
    std::string modulusText() const { return m_modulus > 0 ? std::to_string(m_modulus) : ""; }

    std::int64_t m_modulus;
};

}  // namespace

ParameterVariant expressionVariant() {
    ParameterVariant variant{"expression",
                             "Parenthesised arithmetic expressions, worked one operation at a time",
                             ReductionTask::parameters()};
    variant.parameters.push_back(
        integerParameter("modulus", 10, 0, 97, "Results are taken modulo this number; 0: ordinary integers"));
    variant.parameters.push_back(
        integerParameter("max_number", 9, 1, 999, "Largest number in an expression over the integers"));
    variant.parameters.push_back(choiceParameter("operators", "+-*", {"+", "-", "*", "+-", "+*", "-*", "+-*"},
                                                 "Operations to draw from"));
    return variant;
}

std::unique_ptr<Task> makeExpression(const Json& values) {
    if (values["modulus"] == 1) throw Error("modulus: modulo 1 everything is 0", "task expression");
    ReductionTask::check(expressionVariant(), values);
    return std::make_unique<Expression>(values);
}

}  // namespace retort
