// Sorting a list of digits by selection: `s5241=` -> `<1:524;2:54;4:5;5:;>1245`.
//
// A step takes the smallest digit that is left: the digit, ':', what remains, in the order in which it stood.
#include <algorithm>

#include "core/tasks/digits.h"
#include "core/tasks/generated_task.h"
#include "core/tasks/generators.h"
#include "core/tasks/task_parameters.h"

namespace retort {
namespace {

std::string withoutFirst(std::string_view list, char digit) {
    std::string rest(list);
    if (const std::size_t at = rest.find(digit); at != std::string::npos) rest.erase(at, 1);
    return rest;
}

class Sorting : public GeneratedTask {
  public:
    explicit Sorting(const Json& values)
        : GeneratedTask("sorting"), m_minLength(values["min_length"]), m_maxLength(values["max_length"]) {}

    std::string alphabet() const override { return "0123456789s:=<;>"; }

  protected:
    Problem draw(Random& random) const override {
        const std::int64_t length = random.integer(m_minLength, m_maxLength);
        std::string list;
        for (std::int64_t i = 0; i < length; ++i) list += char('0' + random.integer(0, 9));
        std::string sorted = list, rest = list;
        std::sort(sorted.begin(), sorted.end());
        std::vector<std::string> steps;
        for (char digit : sorted) {
            rest = withoutFirst(rest, digit);
            steps.push_back(digit + (":" + rest));
        }
        return {"sorting:" + list, "s" + list + "=", sorted, workedCompletion(steps, sorted), int(length)};
    }

    std::string fault(const StepContext& context) const override {
        const std::string_view step = context.text();
        const auto isStep = [](std::string_view text) {
            return text.size() >= 2 && isDigit(text[0]) && text[1] == ':' &&
                   std::all_of(text.begin() + 2, text.end(), isDigit);
        };
        if (!isStep(step)) return "not a step: expected a digit, ':', and the digits that remain";
        std::string_view before = context.previous();
        if (context.index == 0)
            before = std::string_view(context.problem.prompt).substr(1, context.problem.prompt.size() - 2);
        else if (!isStep(before))
            return "the step before is not a list";
        else
            before.remove_prefix(2);
        if (before.empty()) return "nothing is left to take";
        const char smallest = *std::min_element(before.begin(), before.end());
        if (step[0] != smallest)
            return "the smallest digit of " + shown(before) + " is " + smallest + ", not " + step[0];
        const std::string rest = withoutFirst(before, smallest);
        return step.substr(2) == rest
                   ? ""
                   : "without " + std::string(1, smallest) + ", " + shown(rest) + " remains";
    }

  private:
    std::int64_t m_minLength, m_maxLength;
};

}  // namespace

ParameterVariant sortingVariant() {
    return {"sorting",
            "Lists of digits, sorted by taking the smallest again and again",
            {integerParameter("min_length", 2, 2, 64, "Fewest digits in a list"),
             integerParameter("max_length", 6, 2, 64, "Most digits in a list")}};
}

std::unique_ptr<Task> makeSorting(const Json& values) {
    requireOrdered(sortingVariant(), values, "min_length", "max_length");
    return std::make_unique<Sorting>(values);
}

}  // namespace retort
