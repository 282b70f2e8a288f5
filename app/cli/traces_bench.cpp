// retort-cli traces bench: how well a judge finds first errors, in ProcessBench's numbers.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/lane_reference.h"
#include "app/cli/table.h"
#include "core/analysis/process_bench_score.h"
#include "core/analysis/roc.h"
#include "core/traces/judged_steps.h"
#include "core/util/error.h"
#include "core/util/random.h"

namespace retort::cli {
namespace {

constexpr std::int64_t pageRows = 20000;

/// A solution with both judges' words.
struct Solution {
    std::string split, problem;
    std::int64_t label = -1;
    StepLane lane;  ///< of the judge; empty: it said nothing
    std::vector<TraceStep> steps;
};

struct Solutions {
    std::vector<Solution> all;
    std::int64_t unlabelled = 0;  ///< traces of which the reference says nothing
};

/// By the task's checker: the first step that it calls wrong.
std::optional<std::int64_t> checkerLabel(const Trace& trace) {
    const auto isChecked = [](const TraceStep& step) { return step.verdict != StepVerdict::Unchecked; };
    if (std::none_of(trace.steps.begin(), trace.steps.end(), isChecked)) return std::nullopt;
    const auto wrong = std::find_if(trace.steps.begin(), trace.steps.end(),
                                    [](const TraceStep& step) { return step.verdict == StepVerdict::Wrong; });
    return wrong == trace.steps.end() ? -1 : wrong - trace.steps.begin();
}

Solutions readSolutions(StoreReader& reader, const TraceFilter& filter, const LaneReference& judge,
                        const LaneReference& reference) {
    Solutions solutions;
    for (std::int64_t offset = 0;; offset += pageRows) {
        const std::vector<TraceRow> rows = reader.traces(filter, offset, pageRows);
        for (const TraceRow& row : rows) {
            if (InterruptGuard::isAsked()) throw Error("interrupted");
            const std::optional<Trace> trace = reader.trace(row.id);
            if (!trace) continue;
            const std::vector<StepLane> lanes = reader.lanes(row.id);
            Solution solution;
            solution.split = trace->task;
            solution.problem = trace->problemId;
            solution.steps = cutCompletion(*trace).steps;
            std::optional<std::int64_t> label;
            if (reference.kind == LaneKind::Checker)
                label = checkerLabel(*trace);
            else if (const StepLane* lane = findLane(lanes, reference))
                label = firstErrorOf(*lane, solution.steps);
            if (!label) {
                ++solutions.unlabelled;
                continue;
            }
            solution.label = *label;
            if (const StepLane* lane = findLane(lanes, judge)) solution.lane = *lane;
            solutions.all.push_back(std::move(solution));
        }
        if (std::int64_t(rows.size()) < pageRows) return solutions;
    }
}

ScoredSolution scored(const Solution& solution) {
    ScoredSolution scores;
    scores.label = solution.label;
    for (const StepJudgement& step : solution.lane.steps)
        if (stepAt(solution.steps, step.begin) >= 0)
            scores.scores.push_back(step.value.value_or(std::nan("")));
    return scores;
}

/// Of values against the reference: right before its first error, wrong there; what follows is not judged.
double stepAuc(const std::vector<const Solution*>& solutions) {
    std::vector<double> scores;
    std::vector<int> right;
    for (const Solution* solution : solutions)
        for (const StepJudgement& step : solution->lane.steps) {
            const std::int64_t index = stepAt(solution->steps, step.begin);
            if (index < 0 || !step.value || (solution->label >= 0 && index > solution->label)) continue;
            scores.push_back(*step.value);
            right.push_back(index != solution->label);
        }
    return rocAuc(scores, right);
}

struct Bench {
    std::vector<ProcessBenchScore> scores;
    std::optional<ThresholdChoice> choice;
    std::optional<double> threshold;
    std::size_t validation = 0, measured = 0, silent = 0;
    double auc = 0;
};

Bench measure(const Solutions& solutions, const Arguments& arguments) {
    Bench bench;
    const bool scoresSteps = std::any_of(solutions.all.begin(), solutions.all.end(),
                                         [](const Solution& one) { return needsThreshold(one.lane); });
    std::vector<const Solution*> measured;
    std::vector<ScoredSolution> validation;
    const double share = arguments.real("--validation", 0.3);
    if (!(share > 0 && share < 1)) throw Error("expected a number between 0 and 1", "--validation");
    for (const Solution& one : solutions.all) {
        // By the problem: solutions of one are never on both sides.
        const double place = double(stableHash(one.problem, 207) % 10000) / 10000;
        const bool chooses = scoresSteps && !arguments.has("--threshold") && place < share;
        if (!chooses)
            measured.push_back(&one);
        else if (!one.lane.steps.empty())
            validation.push_back(scored(one));
    }
    if (scoresSteps && arguments.has("--threshold")) bench.threshold = arguments.real("--threshold", 0.5);
    if (scoresSteps && !bench.threshold) {
        bench.choice = chooseThreshold(validation);
        bench.threshold = bench.choice->threshold;
    }
    std::vector<ProcessBenchItem> items;
    for (const Solution* one : measured) {
        const auto prediction = firstErrorOf(one->lane, one->steps, bench.threshold.value_or(0.5));
        bench.silent += !prediction;
        items.push_back({one->split, one->label, prediction});
    }
    bench.scores = processBenchScores(items);
    if (bench.scores.size() > 1) bench.scores.push_back(averageScore(bench.scores));
    bench.validation = validation.size();
    bench.measured = measured.size();
    bench.auc = stepAuc(measured);
    return bench;
}

Json numberOrNull(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

void printJson(const Bench& bench, std::int64_t unlabelled) {
    Json splits = Json::array();
    for (const ProcessBenchScore& one : bench.scores)
        splits.push_back({{"split", one.split},
                          {"erroneous", one.erroneous},
                          {"correct", one.correct},
                          {"acc_erroneous", numberOrNull(one.erroneousAccuracy)},
                          {"acc_correct", numberOrNull(one.correctAccuracy)},
                          {"f1", numberOrNull(one.f1)}});
    Json json = {
        {"splits", splits},       {"measured", bench.measured}, {"validation", bench.validation},
        {"silent", bench.silent}, {"unlabelled", unlabelled},   {"step_auc", numberOrNull(bench.auc)},
        {"threshold", nullptr},   {"validation_f1", nullptr}};
    if (bench.threshold) json["threshold"] = *bench.threshold;
    if (bench.choice) json["validation_f1"] = numberOrNull(bench.choice->f1);
    std::puts(json.dump(2).c_str());
}

void printText(const Bench& bench, std::int64_t unlabelled) {
    const auto percent = [](double value) {
        char text[32];
        std::snprintf(text, sizeof text, "%.1f", value);
        return std::isnan(value) ? std::string("–") : std::string(text);
    };
    std::vector<std::vector<std::string>> rows;
    for (const ProcessBenchScore& one : bench.scores)
        rows.push_back({one.split, std::to_string(one.erroneous), percent(one.erroneousAccuracy),
                        std::to_string(one.correct), percent(one.correctAccuracy), percent(one.f1)});
    std::fputs(formatTable({"split", "erroneous", "acc %", "correct", "acc %", "F1"}, rows).c_str(), stdout);
    if (bench.choice)
        std::printf("threshold %s, chosen on %zu other solutions (F1 there %s)\n",
                    shortNumber(*bench.threshold).c_str(), bench.validation,
                    percent(bench.choice->f1).c_str());
    else if (bench.threshold)
        std::printf("threshold %s, as asked\n", shortNumber(*bench.threshold).c_str());
    if (!std::isnan(bench.auc))
        std::printf("AUC of the steps up to the first error: %s\n", shortNumber(bench.auc).c_str());
    if (bench.silent > 0)
        std::printf("%zu solutions that the judge says nothing of count as missed\n", bench.silent);
    if (unlabelled > 0)
        std::printf("%lld traces without the reference's word are left out\n",
                    static_cast<long long>(unlabelled));
}

}  // namespace

int runTracesBench(Context& context) {
    const InterruptGuard guard;
    const Arguments& arguments = context.arguments();
    if (!arguments.has("--lane")) {
        std::fprintf(stderr, "retort-cli: traces bench: --lane KIND:NAME is missing\n");
        return exitUsage;
    }
    StoreReader reader = context.reader();
    const LaneReference judge = laneReferenceOf(arguments.text("--lane"));
    const LaneReference reference = laneReferenceOf(arguments.text("--gold", "checker"));
    const RowId run = context.findRun(reader, arguments.positional(0)).id;
    const Solutions solutions = readSolutions(reader, traceFilterOf(arguments, run), judge, reference);
    if (solutions.all.empty())
        throw Error("no trace has a word of the reference on its steps", arguments.text("--gold", "checker"),
                    "name another one with --gold KIND:NAME");
    const bool isThere = std::any_of(solutions.all.begin(), solutions.all.end(),
                                     [](const Solution& one) { return !one.lane.steps.empty(); });
    if (!isThere)
        throw Error("no trace has this lane", arguments.text("--lane"),
                    "make it with traces label or traces score");
    const Bench bench = measure(solutions, arguments);
    context.json() ? printJson(bench, solutions.unlabelled) : printText(bench, solutions.unlabelled);
    return exitOk;
}

}  // namespace retort::cli
