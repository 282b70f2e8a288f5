// retort-cli data: what datasets hold, and making them fit for training.
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "core/datasets/inspect.h"
#include "core/datasets/prepare.h"
#include "core/util/json.h"

namespace retort::cli {
namespace {

constexpr std::size_t shownCharacters = 160;

// At most so many characters, and no half of one.
std::string beginning(const std::string& text) {
    return printable(shortened(text, shownCharacters));
}

Json toJson(const LengthSummary& lengths) {
    return {{"rows", lengths.count}, {"min", lengths.least},        {"median", lengths.median},
            {"mean", lengths.mean},  {"p95", lengths.percentile95}, {"max", lengths.most}};
}

Json toJson(const DatasetExample& example) {
    Json json = {{"line", example.line}, {"shape", name(example.shape)}, {"prompt", example.promptText()}};
    if (!example.completions.empty()) json["completion"] = example.completions[0].text;
    if (!example.chosen.empty()) json["chosen"] = example.chosen;
    if (!example.rejected.empty()) json["rejected"] = example.rejected;
    if (example.label) json["label"] = *example.label;
    for (const LabelledStep& step : example.steps)
        json["steps"].push_back({{"text", step.text}, {"label", step.correct}});
    if (!example.answer.empty()) json["answer"] = example.answer;
    return json;
}

Json toJson(const DatasetReport& report) {
    Json shapes = Json::array(), problems = Json::array(), examples = Json::array();
    for (const auto& [shape, count] : report.shapes)
        shapes.push_back({{"shape", name(shape)},
                          {"rows", count.rows},
                          {"first_line", count.firstLine},
                          {"why", count.explanation}});
    for (const LineProblem& problem : report.problems)
        problems.push_back({{"line", problem.line}, {"problem", problem.what}});
    for (const DatasetExample& example : report.examples) examples.push_back(toJson(example));
    return {{"file", report.file},
            {"shape", name(report.shape())},
            {"rows", report.rows},
            {"bad_lines", report.badLines},
            {"duplicates", report.duplicates},
            {"shapes", shapes},
            {"prompt_words", toJson(report.promptWords)},
            {"completion_words", toJson(report.completionWords)},
            {"thinking_words", toJson(report.thinkingWords)},
            {"with_answer", report.withAnswer},
            {"with_thinking", report.withThinking},
            {"unclosed_thinking", report.unclosedThinking},
            {"positive_labels", report.positiveLabels},
            {"negative_labels", report.negativeLabels},
            {"examples", examples},
            {"problems", problems}};
}

void printLengths(const DatasetReport& report) {
    std::vector<std::vector<std::string>> rows;
    const auto add = [&rows](const char* what, const LengthSummary& lengths) {
        if (lengths.count == 0) return;
        rows.push_back({what, std::to_string(lengths.count), std::to_string(lengths.least),
                        std::to_string(lengths.median), shortNumber(lengths.mean),
                        std::to_string(lengths.percentile95), std::to_string(lengths.most)});
    };
    add("prompt", report.promptWords);
    add("learned text", report.completionWords);
    add("think region", report.thinkingWords);
    std::fputs(formatTable({"words", "count", "min", "median", "mean", "p95", "max"}, rows).c_str(), stdout);
}

void printCount(const char* what, std::int64_t count) {
    if (count > 0) std::printf("%s: %lld\n", what, static_cast<long long>(count));
}

void print(const DatasetReport& report) {
    std::printf("%s: %s, %lld rows\n", report.file.c_str(), std::string(name(report.shape())).c_str(),
                static_cast<long long>(report.rows));
    for (const auto& [shape, count] : report.shapes)
        std::printf("  %s: %lld rows (line %lld %s)\n", std::string(name(shape)).c_str(),
                    static_cast<long long>(count.rows), static_cast<long long>(count.firstLine),
                    count.explanation.c_str());
    printLengths(report);
    printCount("with a reference answer", report.withAnswer);
    printCount("with a think region", report.withThinking);
    printCount("think regions that never end", report.unclosedThinking);
    printCount("labels true", report.positiveLabels);
    printCount("labels false", report.negativeLabels);
    printCount("exact duplicates", report.duplicates);
    for (const DatasetExample& example : report.examples)
        std::printf("line %lld\n  prompt: %s\n  learned: %s\n", static_cast<long long>(example.line),
                    beginning(example.promptText()).c_str(), beginning(example.learnedText()).c_str());
    printCount("lines that are wrong", report.badLines);
    for (const LineProblem& problem : report.problems)
        std::printf("  %s:%lld: %s\n", report.file.c_str(), static_cast<long long>(problem.line),
                    problem.what.c_str());
}

Json toJson(const PrepareReport& report, const std::string& output) {
    Json by = Json::object(), dropped = Json::array();
    for (const auto& [file, count] : report.contaminatedBy) by[file] = count;
    for (const DroppedRow& row : report.dropped)
        dropped.push_back({{"place", row.place}, {"reason", row.reason}});
    return {{"output", output},
            {"read", report.read},
            {"kept", report.kept},
            {"exact_duplicates", report.exactDuplicates},
            {"near_duplicates", report.nearDuplicates},
            {"contaminated", report.contaminated},
            {"contaminated_by", by},
            {"evaluation_problems", report.evaluationProblems},
            {"bad_lines", report.bad},
            {"dropped", dropped}};
}

void print(const PrepareReport& report, const std::string& output) {
    std::printf("%s: %lld of %lld rows kept\n", output.c_str(), static_cast<long long>(report.kept),
                static_cast<long long>(report.read));
    printCount("exact duplicates", report.exactDuplicates);
    printCount("near-duplicates", report.nearDuplicates);
    printCount("rows that hold an evaluation problem", report.contaminated);
    for (const auto& [file, count] : report.contaminatedBy)
        std::printf("  of %s: %lld\n", file.c_str(), static_cast<long long>(count));
    printCount("lines that are wrong", report.bad);
    for (const DroppedRow& row : report.dropped)
        std::printf("  %s: %s\n", row.place.c_str(), row.reason.c_str());
}

}  // namespace

int runDataInspect(Context& context) {
    const InterruptGuard guard;
    Json all = Json::array();
    bool problems = false;
    for (const std::string& file : context.arguments().positionals()) {
        const DatasetReport report = inspectDataset(file, InterruptGuard::isAsked);
        problems = problems || report.badLines > 0;
        if (context.json())
            all.push_back(toJson(report));
        else
            print(report);
    }
    if (context.json()) std::puts(all.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    return problems ? exitProblemsFound : exitOk;
}

int runDataPrepare(Context& context) {
    const InterruptGuard guard;
    const Arguments& arguments = context.arguments();
    if (!arguments.has("--out")) {
        std::fputs("retort-cli: data prepare: --out FILE is missing\n", stderr);
        return exitUsage;
    }
    PrepareSettings settings;
    settings.inputs.assign(arguments.positionals().begin(), arguments.positionals().end());
    for (const std::string& file : arguments.all("--against")) settings.against.emplace_back(file);
    settings.output = arguments.text("--out");
    settings.ngram = std::size_t(std::max<std::int64_t>(arguments.integer("--ngram", 13), 0));
    settings.nearDuplicates = !arguments.has("--keep-near-duplicates");
    settings.skipBadLines = arguments.has("--skip-bad");
    settings.overwrite = arguments.has("--force");
    const PrepareReport report = prepareDataset(settings, InterruptGuard::isAsked);
    if (context.json())
        std::puts(toJson(report, settings.output.string())
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
    else
        print(report, settings.output.string());
    return exitOk;
}

}  // namespace retort::cli
