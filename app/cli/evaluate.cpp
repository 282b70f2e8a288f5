// retort-cli eval: held-out accuracy of a checkpoint.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "core/config/parameter.h"
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
std::vector<std::string> overridesOf(const Arguments& arguments, const std::string& recipe) {
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
    if (recipeSchema(recipe).find("training.max_length")) overrides.push_back("training.max_length=8");
    for (const std::string& each : arguments.all("--set")) overrides.push_back(each);
    return overrides;
}

RunConfig configurationFor(const Context& context, const fs::path& checkpoint) {
    const fs::path run = runOfCheckpoint(checkpoint);
    std::string yaml = run.empty() ? "recipe: sft\n" : readFile(run / "config.yaml", 4u << 20);
    std::string recipe = parseConfig(yaml, "config.yaml").config.recipe;
    const bool hasTasks = !run.empty() && recipeSchema(recipe).find("evaluation.num_problems");
    if (!hasTasks && context.arguments().all("--task").empty())
        throw Error(run.empty() ? "this checkpoint lies in no run, so there are no tasks to evaluate it on"
                                : "a command made this checkpoint, so there are no tasks to evaluate it on",
                    checkpoint.string(), "name some with --task");
    if (!hasTasks) {
        yaml = "recipe: sft\n";
        recipe = "sft";
    }
    const ParsedConfig parsed = parseConfig(yaml, "config.yaml", overridesOf(context.arguments(), recipe));
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

// Of "beam@8" what is before and behind the "@"; of another name all of it, and nothing.
std::pair<std::string, std::string> splitBudget(const std::string& metric) {
    const std::size_t at = metric.find('@');
    if (at == std::string::npos) return {metric, ""};
    return {metric.substr(0, at), metric.substr(at + 1)};
}

// A table whose columns are added as they are met.
class Columns {
  public:
    explicit Columns(std::vector<std::string> head) : m_head(std::move(head)) {}

    void newRow(std::vector<std::string> begin) { m_rows.push_back(std::move(begin)); }
    void set(const std::string& label, double value) {
        const std::size_t column =
            std::size_t(std::find(m_head.begin(), m_head.end(), label) - m_head.begin());
        if (column == m_head.size()) m_head.push_back(label);
        m_rows.back().resize(std::max(m_rows.back().size(), column + 1), "–");
        m_rows.back()[column] = shortNumber(value);
    }
    void print() {
        for (auto& row : m_rows) row.resize(m_head.size(), "–");
        std::fputs(formatTable(m_head, m_rows).c_str(), stdout);
    }

  private:
    std::vector<std::string> m_head;
    std::vector<std::vector<std::string>> m_rows;
};

// What each way to spend N completions finds, and the tokens that it takes, a row each N.
void printBudgets(const EvaluationReport& report, const std::vector<std::int64_t>& budgets) {
    Columns table({"completions"});
    for (const std::int64_t budget : budgets) {
        table.newRow({std::to_string(budget)});
        for (const auto& [name, value] : report.event.metrics)
            if (const auto [way, at] = splitBudget(name); at == std::to_string(budget)) table.set(way, value);
    }
    std::printf("\n%s\n", report.event.name.c_str());
    table.print();
}

void printReports(const std::vector<EvaluationReport>& reports, const std::vector<std::int64_t>& budgets) {
    const auto isBudget = [&](const std::string& metric) {
        const std::string at = splitBudget(metric).second;
        return std::any_of(budgets.begin(), budgets.end(),
                           [&](std::int64_t budget) { return at == std::to_string(budget); });
    };
    Columns table({"task", "problems"});
    for (const EvaluationReport& report : reports) {
        table.newRow({report.event.name, std::to_string(report.event.items.size())});
        for (const auto& [name, value] : report.event.metrics)
            if (const char* label = evaluationLabel(name); label != nullptr && !isBudget(name))
                table.set(label, value);
    }
    table.print();
    if (budgets.empty()) return;
    for (const EvaluationReport& report : reports) printBudgets(report, budgets);
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
    if (std::string& verifier = request.settings.verifier; !verifier.empty())
        verifier = findCheckpoint(verifier, fs::current_path(), context.runFinder()).string();
    request.seed = std::uint64_t(config.seed);
    request.threads = config.training.num_threads;
    const InterruptStop interrupt;
    std::vector<EvaluationReport> reports = loadTrainingModule().evaluate(request, interrupt.token());
    std::erase_if(reports, [](const EvaluationReport& report) { return report.event.items.empty(); });
    if (context.json())
        for (const EvaluationReport& report : reports) std::puts(jsonLine(report).c_str());
    else if (!reports.empty())
        printReports(reports, request.settings.search_budgets);
    if (!interrupt.isAsked()) return exitOk;
    context.note("interrupted: " + answeredText(reports));
    return exitInterrupted;
}

}  // namespace retort::cli
