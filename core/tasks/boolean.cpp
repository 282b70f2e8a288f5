// Propositional chains: fully parenthesised formulas over T and F with & | ^ and, before an operand, !.
// Worked by rewriting as in expression.cpp: `b(T&!F)|F=` -> `<(T&T)|F;T|F;T;>T`.
#include "core/tasks/generators.h"
#include "core/tasks/reduction_task.h"
#include "core/tasks/task_parameters.h"

namespace retort {
namespace {

bool applyBoolean(bool left, char sign, bool right) {
    return sign == '&' ? left && right : sign == '|' ? left || right : left != right;
}

ReductionRules propositions(const Json& values) {
    ReductionRules rules;
    rules.signs = values["operators"];
    rules.negation = values["negation"];
    rules.isValueCharacter = [](char c) { return c == 'T' || c == 'F'; };
    rules.literal = [](Random& random) { return std::string(random.integer(0, 1) == 1 ? "T" : "F"); };
    rules.apply = [](std::string_view left, char sign, std::string_view right) -> std::optional<std::string> {
        if (left.size() != 1 || right.size() != 1) return std::nullopt;
        return applyBoolean(left[0] == 'T', sign, right[0] == 'T') ? "T" : "F";
    };
    return rules;
}

class Boolean : public ReductionTask {
  public:
    explicit Boolean(const Json& values) : ReductionTask("boolean", values, propositions(values)) {}

    std::string alphabet() const override { return "bTF&|^!()=<;>"; }

  protected:
    std::string idPrefix() const override { return ""; }
    std::string promptPrefix() const override { return "b"; }
    // Deep formulas over `|` are nearly always true: draw the value first, so that a guess is right in half
    // the cases.
    bool wanted(Random& random, const std::string& answer) const override {
        return answer == (random.integer(0, 1) == 1 ? "T" : "F");
    }
};

}  // namespace

ParameterVariant booleanVariant() {
    ParameterVariant variant{"boolean",
                             "Propositional formulas, worked one operation at a time; half of them are true",
                             ReductionTask::parameters()};
    variant.parameters.push_back(choiceParameter("operators", "&|^", {"&", "|", "^", "&|", "&^", "|^", "&|^"},
                                                 "Operations to draw from"));
    variant.parameters.push_back(boolParameter("negation", true, "Negate some operands with !"));
    return variant;
}

std::unique_ptr<Task> makeBoolean(const Json& values) {
    ReductionTask::check(booleanVariant(), values);
    return std::make_unique<Boolean>(values);
}

}  // namespace retort
