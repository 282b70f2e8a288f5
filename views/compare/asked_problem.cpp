#include "views/compare/asked_problem.h"

#include "core/config/load.h"
#include "core/util/error.h"

namespace retort {

void findTask(AskedProblem& problem, const std::string& config, const std::string& name) {
    const RunConfig run = parseConfig(config, "config.yaml").config;
    problem.maxTokens = run.evaluation.max_completion_length;
    for (const TaskSettings& task : run.data.tasks) {
        if ((task.name.empty() ? task.task : task.name) != name) continue;
        try {
            problem.task = makeTask(task.task, task.parameters);
        } catch (const Error&) {
            // Of a later version, say: then answers are only set beside the reference.
        }
        return;
    }
}

}  // namespace retort
