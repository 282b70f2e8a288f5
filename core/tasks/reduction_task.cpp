#include "core/tasks/reduction_task.h"

#include "core/tasks/task_parameters.h"
#include "core/util/error.h"

namespace retort {

std::vector<Parameter> ReductionTask::parameters() {
    return {integerParameter("min_depth", 1, 1, 16, "Least nesting: operations on the longest path"),
            integerParameter("max_depth", 3, 1, 16, "Most nesting: operations on the longest path"),
            integerParameter("max_operations", 6, 1, 64, "Most operations in an expression")};
}

void ReductionTask::check(const ParameterVariant& variant, const Json& values) {
    requireOrdered(variant, values, "min_depth", "max_depth");
    requireOrdered(variant, values, "max_depth", "max_operations");
}

ReductionTask::ReductionTask(std::string kind, const Json& values, ReductionRules rules)
    : GeneratedTask(std::move(kind)),
      m_minDepth(values["min_depth"]),
      m_maxDepth(values["max_depth"]),
      m_maxOperations(values["max_operations"]),
      m_rules(std::move(rules)) {}

bool ReductionTask::wanted(Random&, const std::string&) const {
    return true;
}

Problem ReductionTask::draw(Random& random) const {
    const int depth = int(random.integer(m_minDepth, m_maxDepth));
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const std::string expression = drawExpression(random, m_rules, depth, m_maxOperations);
        std::vector<std::string> steps = reduceAll(expression, m_rules);
        // Integers that grow too large stop the rewriting before there is a value.
        const std::string answer = steps.empty() ? expression : steps.back();
        const bool complete = answer.find_first_of("()") == std::string::npos &&
                              answer.find_first_of(m_rules.signs, 1) == std::string::npos;
        if (!complete || !wanted(random, answer)) continue;
        return {kind() + ":" + idPrefix() + expression, promptPrefix() + expression + "=", answer,
                workedCompletion(steps, answer), depth};
    }
    throw Error("the numbers grow too large", "task " + kind(), "lower max_depth or max_number");
}

std::string ReductionTask::fault(const StepContext& context) const {
    std::string_view before = context.previous();
    if (context.index == 0) {
        before = context.problem.prompt;
        before.remove_prefix(std::min(before.size(), promptPrefix().size()));
        if (before.ends_with('=')) before.remove_suffix(1);
    }
    const auto expected = reduceOnce(before, m_rules);
    if (!expected) return "there is nothing to reduce in " + shown(before);
    if (context.text() == *expected) return "";
    std::string reason = shown(before);
    return reason.append(" reduces to ")
        .append(shown(*expected))
        .append(", not ")
        .append(shown(context.text()));
}

}  // namespace retort
