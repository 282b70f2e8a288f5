// retort-cli eval: held-out accuracy of a checkpoint.
#include <algorithm>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/api/training_module.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

// A checkpoint or run by path, or a run of the store by name, with "@step" or without.
fs::path checkpointNamed(const Context& context, const std::string& reference) {
    std::error_code code;
    const bool isPath = fs::exists(reference, code) || reference.rfind("run:", 0) == 0;
    return findCheckpoint(isPath ? reference : "run:" + reference, fs::current_path(), context.runFinder());
}

// The options are overrides of a configuration, so that they get its checks and its messages.
std::vector<std::string> overridesOf(const Arguments& arguments, bool grpo) {
    std::vector<std::string> overrides;
    const std::vector<std::string> tasks = arguments.all("--task");
    if (!tasks.empty()) overrides = {"data.tasks=[]", "data.files=[]"};
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const std::string path = "data.tasks." + std::to_string(i);
        const bool isMap = tasks[i].find_first_of("{:") != std::string::npos;
        overrides.push_back(isMap ? path + "=" + tasks[i] : path + ".task=" + tasks[i]);
    }
    const auto add = [&](const char* option, const char* path) {
        if (arguments.has(option)) overrides.push_back(std::string(path) + "=" + arguments.text(option));
    };
    add("--problems", "evaluation.num_problems");
    add("--samples", "evaluation.num_samples");
    add("--temperature", "evaluation.temperature");
    add("--max-tokens", "evaluation.max_completion_length");
    add("--seed", "seed");
    // The shape and the schedule play no part here, and the checkpoint need not have been trained by us.
    overrides.push_back("training.warmup_steps=0");
    if (!grpo) overrides.push_back("training.max_length=8");
    for (const std::string& each : arguments.all("--set")) overrides.push_back(each);
    return overrides;
}

RunConfig configurationFor(const Context& context, const fs::path& checkpoint) {
    const fs::path run = runOfCheckpoint(checkpoint);
    const std::string yaml = run.empty() ? "recipe: sft\n" : readFile(run / "config.yaml", 4u << 20);
    if (run.empty() && context.arguments().all("--task").empty())
        throw Error("this checkpoint lies in no run, so there are no tasks to evaluate it on",
                    checkpoint.string(), "name some with --task");
    const bool grpo = parseConfig(yaml, "config.yaml").config.recipe == "grpo";
    const ParsedConfig parsed = parseConfig(yaml, "config.yaml", overridesOf(context.arguments(), grpo));
    throwProblems(parsed);
    return parsed.config;
}

std::string jsonLine(const EvaluationReport& report) {
    Json json = {{"name", report.event.name},
                 {"set", report.event.setHash},
                 {"problems", report.event.items.size()},
                 {"asked", report.asked}};
    for (const auto& [name, value] : report.event.metrics) json["metrics"][name] = value;
    return json.dump();
}

// "all of addition and the first 37 of 128 problems of sorting"
std::string answeredText(const std::vector<EvaluationReport>& reports) {
    if (reports.empty()) return "no problem was answered";
    std::string text = "these are of ";
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const EvaluationReport& report = reports[i];
        if (i > 0) text += i + 1 == reports.size() ? " and " : ", ";
        text += report.isComplete() ? "all"
                                    : "the first " + std::to_string(report.event.items.size()) + " of " +
                                          std::to_string(report.asked);
        text += " problems of " + report.event.name;
    }
    return text;
}

void printReports(const std::vector<EvaluationReport>& reports) {
    std::vector<std::string> head = {"task", "problems"};
    const auto columnOf = [&](const std::string& label) {
        return std::size_t(std::find(head.begin(), head.end(), label) - head.begin());
    };
    for (const EvaluationReport& report : reports)
        for (const auto& [name, value] : report.event.metrics)
            if (const char* label = evaluationLabel(name); label != nullptr && columnOf(label) == head.size())
                head.emplace_back(label);
    std::vector<std::vector<std::string>> rows;
    for (const EvaluationReport& report : reports) {
        std::vector<std::string> row(head.size(), "–");
        row[0] = report.event.name;
        row[1] = std::to_string(report.event.items.size());
        for (const auto& [name, value] : report.event.metrics)
            if (const char* label = evaluationLabel(name); label != nullptr)
                row[columnOf(label)] = shortNumber(value);
        rows.push_back(std::move(row));
    }
    std::fputs(formatTable(head, rows).c_str(), stdout);
}

}  // namespace

int runEval(Context& context) {
    const fs::path checkpoint = checkpointNamed(context, context.arguments().positional(0));
    const RunConfig config = configurationFor(context, checkpoint);
    EvaluateRequest request;
    request.checkpoint = checkpoint;
    request.tasks = config.data.tasks;
    request.files = config.data.files;
    request.settings = config.evaluation;
    request.seed = std::uint64_t(config.seed);
    request.threads = config.training.num_threads;
    const InterruptStop interrupt;
    std::vector<EvaluationReport> reports = loadTrainingModule().evaluate(request, interrupt.token());
    std::erase_if(reports, [](const EvaluationReport& report) { return report.event.items.empty(); });
    if (context.json())
        for (const EvaluationReport& report : reports) std::puts(jsonLine(report).c_str());
    else if (!reports.empty())
        printReports(reports);
    if (!interrupt.isAsked()) return exitOk;
    context.note("interrupted: " + answeredText(reports));
    return exitInterrupted;
}

}  // namespace retort::cli
