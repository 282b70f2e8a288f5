// Tiny runs for the tests of recipes: seconds of training, real in every other way.
#pragma once

#include <QTemporaryDir>
#include <map>
#include <string>
#include <vector>

#include "core/config/load.h"
#include "core/runlog/follower.h"
#include "core/runlog/run_directory.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace retort::test {

inline RunConfig tinyConfig(const std::string& recipe) {
    RunConfig config;
    config.recipe = recipe;
    config.model.hidden_size = 32;
    config.model.num_hidden_layers = 2;
    config.model.num_attention_heads = config.model.num_key_value_heads = 2;
    config.model.intermediate_size = 64;
    config.model.max_position_embeddings = 64;
    config.training.max_length = 64;
    config.training.batch_size = 8;
    config.training.max_steps = 30;
    config.training.warmup_steps = 1;
    config.training.learning_rate = 5e-3;
    config.training.save_steps = 4;
    config.training.num_threads = 1;
    config.training.precision = "fp32";
    config.evaluation.eval_steps = 10;
    config.evaluation.num_problems = 8;
    config.evaluation.max_completion_length = 12;
    config.evaluation.traces = 2;
    config.grpo.prompts_per_step = 4;
    config.grpo.num_generations = 4;
    config.grpo.max_completion_length = 12;
    config.grpo.min_start_accuracy = 0;
    config.grpo.rewards = {{"format", 1, Json::object()}, {"correctness", 1, Json::object()}};
    static_cast<RolloutSettings&>(config.ppo) = config.grpo;
    config.ppo.num_generations = 2;
    TaskSettings addition;
    addition.task = "addition";
    addition.worked_share = 0.5;
    addition.parameters = Json{{"min_digits", 1}, {"max_digits", 2}};
    TaskSettings chain;
    chain.task = "modular_chain";
    chain.parameters = Json::object();
    config.data.tasks = {addition, chain};
    return config;
}

/// Sums of two digits without their working: learned within seconds.
inline void takeEasyProblems(RunConfig& config) {
    config.data.tasks.resize(1);
    config.data.tasks[0].worked_share = 0;
    config.data.tasks[0].parameters = Json{{"min_digits", 1}, {"max_digits", 1}};
}

/// Of a checkpoint that answers some of them right.
inline RunConfig teacherConfig() {
    RunConfig config = tinyConfig("sft");
    takeEasyProblems(config);
    config.training.max_steps = 150;
    config.training.batch_size = 32;
    config.evaluation.eval_steps = 0;
    return config;
}

/// A kind of run, as a change of a tiny one.
struct Variant {
    const char *name, *recipe;
    void (*change)(RunConfig& config);
};

inline RunDirectory makeRun(const QTemporaryDir& folder, const RunConfig& config) {
    RunIdentity identity;
    identity.recipe = config.recipe;
    identity.program = "test";
    return RunDirectory::create(folder.path().toStdString(), config.name, toYaml(config), identity);
}

inline std::vector<Event> eventsOf(const RunDirectory& run) {
    const RunLogFollower follower(run.eventsFile());
    std::vector<Event> events;
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        events.insert(events.end(), batch.events.begin(), batch.events.end());
    } while (!batch.atEnd);
    return events;
}

template <class Payload>
std::vector<Payload> payloadsOf(const RunDirectory& run) {
    std::vector<Payload> found;
    for (const Event& event : eventsOf(run))
        if (const auto* payload = std::get_if<Payload>(&event.payload)) found.push_back(*payload);
    return found;
}

using Metrics = std::map<std::string, double>;

/// Metrics that no two runs share.
inline bool isTiming(const std::string& name) {
    return name == "step_time" || name.starts_with("perf/") || name.starts_with("timing_s/");
}

/// What was logged at a step.
inline Metrics metricsAt(const RunDirectory& run, std::int64_t step) {
    Metrics metrics;
    for (const ScalarsEvent& scalars : payloadsOf<ScalarsEvent>(run))
        if (scalars.step == step) metrics.insert(scalars.values.begin(), scalars.values.end());
    return metrics;
}

inline std::filesystem::path lastCheckpoint(const RunDirectory& run) {
    return run.checkpointFolder(run.checkpointSteps().back());
}

/// The error's text; empty when nothing was thrown.
template <class Action>
std::string errorOf(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

}  // namespace retort::test
