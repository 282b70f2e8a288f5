#include <algorithm>
#include <array>

#include "core/tasks/generators.h"
#include "core/tasks/task_parameters.h"
#include "core/util/error.h"

namespace retort {
namespace {

struct Registration {
    ParameterVariant (*variant)();
    std::unique_ptr<Task> (*make)(const Json& values);
};

constexpr Registration registrations[] = {
    {additionVariant, makeAddition},     {multiplicationVariant, makeMultiplication},
    {expressionVariant, makeExpression}, {modularChainVariant, makeModularChain},
    {countdownVariant, makeCountdown},   {booleanVariant, makeBoolean},
    {sortingVariant, makeSorting},
};

}  // namespace

const std::vector<ParameterVariant>& taskVariants() {
    static const std::vector<ParameterVariant> variants = [] {
        std::vector<ParameterVariant> all;
        for (const Registration& registration : registrations) all.push_back(registration.variant());
        return all;
    }();
    return variants;
}

std::unique_ptr<Task> makeTask(const std::string& kind, const Json& parameters) {
    const std::vector<ParameterVariant>& variants = taskVariants();
    for (std::size_t i = 0; i < variants.size(); ++i) {
        if (variants[i].name != kind) continue;
        std::unique_ptr<Task> task = registrations[i].make(resolveParameters(variants[i], parameters));
        // Refuses parameters that leave a split without any problem, now and not in the middle of a run.
        for (Split split : {Split::Train, Split::Validation, Split::Test}) task->problem(split, 0, 0);
        return task;
    }
    std::string known;
    for (const ParameterVariant& variant : variants) known += (known.empty() ? "" : ", ") + variant.name;
    throw Error("unknown task '" + kind + "'", "data.tasks", "known tasks: " + known);
}

}  // namespace retort
