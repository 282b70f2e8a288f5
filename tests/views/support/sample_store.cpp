#include "tests/views/support/sample_store.h"

#include <cmath>
#include <limits>
#include <string>

#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/store/store.h"
#include "core/util/clock.h"
#include "core/util/random.h"
#include "core/util/uuid.h"

namespace retort::sample {

namespace {

constexpr int kGroupSize = 4;

struct RunPlan {
    int index = 0;
    bool grpo = false;
    int steps = 0, traces = 0;
    std::string outcome;  ///< "finished", "failed", "stopped"; empty: still running
    Random random{1};
};

/// From 0 to 1 over the run, with the S-shape of something being learned.
double learned(const RunPlan& plan, int step) {
    const double x = static_cast<double>(step) / plan.steps;
    return 1 / (1 + std::exp(-9 * (x - 0.4 - 0.03 * (plan.index % 5))));
}

ScalarsEvent commonScalars(RunPlan& plan, int step) {
    ScalarsEvent event;
    event.step = step;
    event.tokens = static_cast<std::int64_t>(step) * 6144;
    const double x = static_cast<double>(step) / plan.steps;
    event.values = {{"learning_rate", 1e-3 * std::min(1.0, step / 20.0) * (0.5 + 0.5 * std::cos(3.1416 * x))},
                    {"grad_norm", 0.4 + 2 * std::exp(-6 * x) + 0.15 * std::abs(plan.random.normal())},
                    {"step_time", 0.21 + 0.01 * plan.random.normal()},
                    {"perf/train_tokens_per_s", 29000 + 700 * plan.random.normal()}};
    return event;
}

void addSftScalars(ScalarsEvent& event, RunPlan& plan, int step) {
    const double done = learned(plan, step);
    event.values.insert(event.values.begin(),
                        {{"loss", 0.02 + 2.2 * (1 - done) * (1 + 0.06 * plan.random.normal())},
                         {"mean_token_accuracy", 0.35 + 0.63 * done},
                         {"entropy", 0.05 + 1.6 * (1 - done)}});
}

void addGrpoScalars(ScalarsEvent& event, RunPlan& plan, int step) {
    const double done = learned(plan, step), noise = 0.05 * plan.random.normal();
    event.values.insert(event.values.begin(),
                        {{"loss", 0.02 * plan.random.normal()},
                         {"reward", 0.25 + 0.85 * done + noise},
                         {"reward_std", 0.4 * (1 - done) + 0.05},
                         {"rewards/correctness/mean", std::min(1.0, 0.2 + 0.72 * done + noise)},
                         {"rewards/format/mean", std::min(1.0, 0.25 + 0.74 * done)},
                         {"completions/mean_length", 14 + 24 * done + plan.random.normal()},
                         {"completions/max_length", 40 + 20 * done},
                         {"completions/clipped_ratio", 0.02 * (1 - done)},
                         {"kl", 0.09 * done + 0.005 * std::abs(plan.random.normal())},
                         {"entropy", 0.9 - 0.7 * done},
                         {"clip_ratio/high_mean", 0.03 * std::abs(plan.random.normal())},
                         {"perf/gen_tokens_per_s", 9100 + 200 * plan.random.normal()},
                         {"timing_s/gen", 0.38 + 0.02 * plan.random.normal()},
                         {"timing_s/update", 0.12 + 0.01 * plan.random.normal()}});
    if (plan.index == 3 && step == plan.steps / 2)
        event.values.front().second = std::numeric_limits<double>::quiet_NaN();
}

Trace makeTrace(RunPlan& plan, int step, int group, int sample) {
    const auto a = plan.random.integer(100, 999), b = plan.random.integer(100, 999);
    const bool correct = plan.random.uniform() < 0.2 + 0.75 * learned(plan, step);
    Trace trace;
    trace.step = step;
    trace.task = group % 2 ? "modular_chain" : "addition";
    trace.problemId = trace.task + ":" + std::to_string(a) + "+" + std::to_string(b);
    trace.group = group;
    trace.sample = sample;
    trace.prompt = std::to_string(a) + "+" + std::to_string(b) + "=";
    trace.gold = std::to_string(a + b);
    trace.extracted = correct ? trace.gold : std::to_string(a + b + plan.random.integer(1, 9));
    trace.correct = correct;
    trace.worked = correct || plan.random.uniform() < 0.5;
    auto addStep = [&trace](const std::string& text, bool right) {
        TraceStep part;
        part.begin = static_cast<std::int64_t>(trace.completion.size());
        trace.completion += text;
        part.end = static_cast<std::int64_t>(trace.completion.size());
        part.verdict = right ? StepVerdict::Correct : StepVerdict::Wrong;
        if (!right) part.reason = "the carry is missing";
        trace.steps.push_back(part);
    };
    if (trace.worked) {
        trace.completion = "<think>";
        addStep(std::to_string(a % 10) + "+" + std::to_string(b % 10) + "=" +
                    std::to_string(a % 10 + b % 10) + ";",
                true);
        addStep(std::to_string(a / 10) + "+" + std::to_string(b / 10) + "=" +
                    std::to_string(a / 10 + b / 10) + ";",
                correct);
        trace.completion += "</think>";
        trace.stepAccuracy = correct ? 1.0 : 0.5;
    }
    trace.completion += trace.extracted;
    trace.reward = correct ? 1.0 : (trace.worked ? 0.1 : 0.0);
    trace.advantage = correct ? 0.7 : -0.7;
    trace.rewards = {{"correctness", correct ? 1.0 : 0.0}, {"format", trace.worked ? 1.0 : 0.0}};
    trace.numTokens = static_cast<std::int32_t>(trace.completion.size()) + 1;
    for (std::size_t i = 0; i < trace.completion.size(); ++i) {
        trace.tokens.ids.push_back(static_cast<unsigned char>(trace.completion[i]));
        trace.tokens.ends.push_back(static_cast<std::int32_t>(i + 1));
        trace.tokens.logprobs.push_back(-0.3f * static_cast<float>(std::abs(plan.random.normal())));
        trace.tokens.entropies.push_back(0.4f * static_cast<float>(std::abs(plan.random.normal())));
    }
    return trace;
}

EvaluationEvent makeEvaluation(RunPlan& plan, int step, const std::string& task) {
    const double accuracy = std::min(1.0, 0.2 + 0.72 * learned(plan, step) + 0.02 * plan.random.normal());
    EvaluationEvent event;
    event.step = step;
    event.name = task;
    event.setHash = "sample";
    event.metrics = {{"accuracy", accuracy},
                     {"step_accuracy", std::min(1.0, accuracy + 0.05)},
                     {"pass@1", accuracy},
                     {"mean_length", 14 + 22 * learned(plan, step)}};
    for (int i = 0; i < 16; ++i)
        event.items.push_back({task + ":" + std::to_string(i), 1, i < accuracy * 16 ? 1 : 0, 20.0});
    return event;
}

void writeStep(RunLogWriter& log, RunPlan& plan, int step) {
    ScalarsEvent scalars = commonScalars(plan, step);
    plan.grpo ? addGrpoScalars(scalars, plan, step) : addSftScalars(scalars, plan, step);
    log.write(std::move(scalars));
    const int every = std::max(1, plan.steps / 8);
    if (step % every == 0) {
        log.write(makeEvaluation(plan, step, "addition"));
        log.write(makeEvaluation(plan, step, "modular_chain"));
    }
    if (step % (2 * every) == 0) {
        std::string digits = std::to_string(step);
        digits.insert(0, 8 - digits.size(), '0');
        log.write(CheckpointEvent{step, "checkpoints/step-" + digits});
    }
    const int groups = std::max(1, plan.traces / kGroupSize);
    const int traceEvery = std::max(1, plan.steps / groups);
    if (plan.traces > 0 && step % traceEvery == 0)
        for (int sample = 0; sample < kGroupSize; ++sample)
            log.write(TraceEvent{makeTrace(plan, step, step / traceEvery, sample)});
}

void writeLog(const RunDirectory& directory, RunPlan& plan) {
    RunLogWriter log(directory.eventsFile());
    log.write(StartEvent{1, 0, plan.steps, 4242, "sample-host", "retort-cli 0.1.0"});
    const int until = plan.outcome == "finished" ? plan.steps : plan.steps * 6 / 10;
    for (int step = 1; step <= until; ++step) writeStep(log, plan, step);
    if (plan.index % 4 == 3)
        log.write(
            AlarmEvent{until / 2, "length_collapse", "warning", "Mean length fell by half within 20 steps"});
    if (plan.outcome == "failed") {
        log.write(AlarmEvent{until, "non_finite", "error", "The loss is not a number"});
        log.write(EndEvent{"failed", "the loss became NaN at step " + std::to_string(until)});
    } else if (plan.outcome.empty()) {
        log.write(StatusEvent{"training", until, plan.steps, 95.0});
    } else {
        log.write(EndEvent{plan.outcome, ""});
    }
    log.sync();
}

RunDirectory makeDirectory(const std::filesystem::path& root, const RunPlan& plan) {
    static const char* const studies[] = {"carry study", "reward shaping", ""};
    RunIdentity identity;
    identity.id = newUuid();
    identity.created = unixTime() - 600.0 * (1000 - plan.index % 1000);
    identity.recipe = plan.grpo ? "grpo" : "sft";
    identity.name =
        std::string(plan.grpo ? "grpo-addition-" : "sft-addition-") + std::to_string(plan.index + 1);
    identity.study = studies[plan.index % 3];
    identity.host = "sample-host";
    identity.program = "retort 0.1.0";
    const std::string config =
        "recipe: " + identity.recipe + "\nname: " + identity.name +
        "\ndata:\n  tasks:\n    - task: addition\ntraining:\n  max_steps: " + std::to_string(plan.steps) +
        "\n";
    return RunDirectory::create(root, identity.name, config, identity);
}

}  // namespace

std::vector<RowId> fillStore(const std::filesystem::path& store, const Options& options) {
    const std::filesystem::path root = store.parent_path() / "runs";
    std::filesystem::create_directories(root);
    StoreWriter writer(store);
    std::vector<RowId> ids;
    for (int i = 0; i < options.runs; ++i) {
        RunPlan plan;
        plan.index = i;
        plan.grpo = i % 2 == 1;
        plan.steps = options.steps;
        plan.traces = options.tracesPerRun;
        plan.outcome = i % 10 == 4 ? "failed" : i % 10 == 9 ? "stopped" : "finished";
        if (options.lastIsRunning && i + 1 == options.runs) plan.outcome.clear();
        plan.random = Random(options.seed, static_cast<std::uint64_t>(i));
        const RunDirectory directory = makeDirectory(root, plan);
        writeLog(directory, plan);
        ids.push_back(writer.addRun(directory, "local-process").get());
        writer.ingest(ids.back()).get();
        if (i % 3 == 0) writer.setTags(ids.back(), {"baseline"}).get();
        if (i % 7 == 2) writer.setNotes(ids.back(), "Longer warm-up after the loss spike").get();
    }
    return ids;
}

}  // namespace retort::sample
