#include "training/judging/trace_tasks.h"

#include <filesystem>

#include "core/answers/answer_checker.h"
#include "core/config/load.h"
#include "core/tasks/jsonl_data.h"

namespace fs = std::filesystem;

namespace retort {

TraceTasks::TraceTasks(const std::string& yaml, const DialogueFormat& dialogue) {
    if (yaml.empty()) return;
    const ParsedConfig parsed = parseConfig(yaml, "config.yaml");
    throwProblems(parsed);
    m_completionLength = parsed.config.evaluation.max_completion_length;
    for (const TaskSettings& task : parsed.config.data.tasks)
        m_tasks.emplace(task.name.empty() ? task.task : task.name, makeTask(task.task, task.parameters));
    std::error_code code;
    for (const FileSettings& file : parsed.config.data.files)
        if (fs::exists(file.path, code))
            m_tasks.emplace(fs::path(file.path).stem().string(), makeFileTask(file, dialogue));
}

bool TraceTasks::isRight(const Trace& trace, std::string_view completion) const {
    const auto task = m_tasks.find(trace.task);
    if (task == m_tasks.end()) return checkAnswer(completion, trace.gold).correct;
    Problem problem;
    problem.id = trace.problemId;
    problem.prompt = trace.prompt;
    problem.answer = trace.gold;
    return task->second->verify(problem, completion).correct;
}

std::string TraceTasks::whyNot(const Trace& trace) const {
    if (trace.prompt.empty()) return "there is no prompt to continue";
    return trace.gold.empty() ? "there is no reference answer" : "";
}

}  // namespace retort
