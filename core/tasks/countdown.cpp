// Countdown: reach the target with every number exactly once. `c3 5 7:22=` -> `<3*5=15;15+7=22;>3*5+7`.
//
// A step combines two numbers that are still there into one; any valid steps and any expression that gives
// the target count, not only the reference's.
#include <algorithm>
#include <charconv>

#include "core/tasks/arithmetic_expression.h"
#include "core/tasks/equation.h"
#include "core/tasks/generated_task.h"
#include "core/tasks/generators.h"
#include "core/tasks/task_parameters.h"
#include "core/util/error.h"

namespace retort {
namespace {

using Numbers = std::vector<std::int64_t>;

std::string joined(const Numbers& numbers, const char* separator) {
    std::string text;
    for (std::int64_t number : numbers) {
        if (!text.empty()) text += separator;
        text += std::to_string(number);
    }
    return text;
}

// A number on the table with the expression that made it.
struct Term {
    std::int64_t value = 0;
    std::string text;
    int precedence = 3;  // 1: a sum or difference, 2: a product or quotient, 3: a number
};

int precedenceOf(char sign) {
    return sign == '+' || sign == '-' ? 1 : 2;
}

// Results stay natural numbers from 1 on, quotients exact: 0 does not combine.
std::int64_t combine(std::int64_t a, char sign, std::int64_t b) {
    switch (sign) {
        case '+':
            return a + b;
        case '-':
            return a > b ? a - b : 0;
        case '*':
            return a * b;
        default:
            return b != 0 && a % b == 0 ? a / b : 0;
    }
}

std::string expressionOf(const Term& a, char sign, const Term& b) {
    const int precedence = precedenceOf(sign);
    const bool rightParentheses =
        b.precedence < precedence || (b.precedence == precedence && sign != '+' && sign != '*');
    const auto operand = [](const Term& term, bool parentheses) {
        return parentheses ? std::string("(").append(term.text).append(")") : term.text;
    };
    return operand(a, a.precedence < precedence).append(1, sign).append(operand(b, rightParentheses));
}

// "countdown:3,5,7:22": what the verifier goes by.
struct Puzzle {
    Numbers numbers;  // sorted
    std::int64_t target = 0;
};

Puzzle parsePuzzle(std::string_view id) {
    Puzzle puzzle;
    std::int64_t value = 0;
    for (std::size_t at = std::string_view("countdown:").size(); at < id.size(); ++at) {
        const auto [end, code] = std::from_chars(id.data() + at, id.data() + id.size(), value);
        if (code != std::errc()) break;
        at = std::size_t(end - id.data());
        if (at < id.size())
            puzzle.numbers.push_back(value);
        else
            puzzle.target = value;
    }
    return puzzle;
}

bool take(Numbers& numbers, std::int64_t value) {
    const auto found = std::find(numbers.begin(), numbers.end(), value);
    if (found == numbers.end()) return false;
    numbers.erase(found);
    return true;
}

class Countdown : public GeneratedTask {
  public:
    explicit Countdown(const Json& values)
        : GeneratedTask("countdown"),
          m_minNumbers(values["min_numbers"]),
          m_maxNumbers(values["max_numbers"]),
          m_maxNumber(values["max_number"]),
          m_maxTarget(values["max_target"]),
          m_signs(values["operators"]) {}

    std::string alphabet() const override { return "0123456789c :+-*/()=<;>"; }

  protected:
    Problem draw(Random& random) const override {
        const std::int64_t count = random.integer(m_minNumbers, m_maxNumbers);
        for (int attempt = 0; attempt < 10'000; ++attempt) {
            Numbers numbers;
            for (std::int64_t i = 0; i < count; ++i) numbers.push_back(random.integer(1, m_maxNumber));
            if (auto problem = play(random, numbers)) return *problem;
        }
        throw Error("no target can be reached", "task countdown", "raise max_target or allow more operators");
    }

    std::string fault(const StepContext& context) const override {
        const auto step = parseEquation(context.text());
        if (!step) return "not a step: expected a+b=c, a-b=c, a*b=c or a/b=c";
        const std::string operation = std::to_string(step->left) + step->sign + std::to_string(step->right);
        const std::int64_t value = combine(step->left, step->sign, step->right);
        const bool zero = step->sign == '-' && step->left == step->right;
        if (value == 0 && !zero) return operation + " is not a natural number";
        if (value == step->result) return "";
        return std::string(operation)
            .append(" is ")
            .append(std::to_string(value))
            .append(", not ")
            .append(std::to_string(step->result));
    }

    // Any step counts that is true and combines two numbers that are on the table.
    std::string stepObjection(const StepContext& context, bool) const override {
        if (std::string reason = fault(context); !reason.empty()) return reason;
        Numbers table = parsePuzzle(context.problem.id).numbers;
        if (context.index + 1 >= table.size()) return "a step too many";
        for (std::size_t k = 0; k <= context.index; ++k) {
            const auto step = parseEquation(context.steps[k].text);
            if (!step) return "follows from an earlier error";
            const bool last = k == context.index;
            for (std::int64_t operand : {step->left, step->right})
                if (!take(table, operand) && last)
                    return std::to_string(operand) + " is not among the numbers left";
            table.push_back(step->result);
        }
        return "";
    }

    std::string answerObjection(const Problem& problem, std::string_view answer) const override {
        const Puzzle puzzle = parsePuzzle(problem.id);
        EvaluatedExpression result = evaluateExpression(answer);
        if (!result.error.empty()) return std::string("not an expression: ").append(result.error);
        std::sort(result.numbers.begin(), result.numbers.end());
        std::string reason;
        if (result.numbers != puzzle.numbers)
            reason.append("uses ")
                .append(shown(joined(result.numbers, " ")))
                .append(", given are ")
                .append(joined(puzzle.numbers, " "));
        else if (result.value != Rational{puzzle.target, 1})
            reason.append("gives ")
                .append(result.value.text())
                .append(", not ")
                .append(std::to_string(puzzle.target));
        return reason;
    }

  private:
    // Combines the numbers at random until one is left, which becomes the target; nullopt when that does not
    // work out.
    std::optional<Problem> play(Random& random, const Numbers& numbers) const {
        std::vector<Term> table;
        for (std::int64_t number : numbers) table.push_back({number, std::to_string(number)});
        std::vector<std::string> steps;
        while (table.size() > 1) {
            const Term a = takeRandom(random, table), b = takeRandom(random, table);
            const char sign = m_signs[std::size_t(random.integer(0, std::int64_t(m_signs.size()) - 1))];
            const std::int64_t value = combine(a.value, sign, b.value);
            if (value == 0 || value > m_maxTarget) return std::nullopt;
            steps.push_back(std::to_string(a.value) + sign + std::to_string(b.value) + "=" +
                            std::to_string(value));
            table.push_back({value, expressionOf(a, sign, b), precedenceOf(sign)});
        }
        Numbers sorted = numbers;
        std::sort(sorted.begin(), sorted.end());
        const std::string target = std::to_string(table[0].value), answer = table[0].text;
        std::string id = "countdown:", prompt = "c";
        id.append(joined(sorted, ",")).append(":").append(target);
        prompt.append(joined(numbers, " ")).append(":").append(target).append("=");
        return Problem{id, prompt, answer, workedCompletion(steps, answer), int(numbers.size())};
    }

    static Term takeRandom(Random& random, std::vector<Term>& table) {
        const auto at = table.begin() + random.integer(0, std::int64_t(table.size()) - 1);
        Term term = *at;
        table.erase(at);
        return term;
    }

    std::int64_t m_minNumbers, m_maxNumbers, m_maxNumber, m_maxTarget;
    std::string m_signs;
};

}  // namespace

ParameterVariant countdownVariant() {
    return {
        "countdown",
        "Reach a target with each of the given numbers exactly once; verified by exact arithmetic",
        {integerParameter("min_numbers", 3, 2, 8, "Fewest numbers given"),
         integerParameter("max_numbers", 3, 2, 8, "Most numbers given"),
         integerParameter("max_number", 9, 2, 100, "Largest number given"),
         integerParameter("max_target", 99, 3, 9999, "Largest target, and largest number on the way to it"),
         choiceParameter("operators", "+-*", {"+", "+-", "+*", "+-*", "+-*/"}, "Operations to draw from")}};
}

std::unique_ptr<Task> makeCountdown(const Json& values) {
    requireOrdered(countdownVariant(), values, "min_numbers", "max_numbers");
    return std::make_unique<Countdown>(values);
}

}  // namespace retort
