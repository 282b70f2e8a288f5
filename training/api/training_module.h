// The seam between the programs and training: the programs link none of LibTorch; they load the module at the
// first launch and never unload it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/run_config.h"
#include "core/runlog/event.h"
#include "core/runlog/run_directory.h"
#include "core/traces/search_tree.h"
#include "core/traces/trace.h"
#include "core/util/json.h"
#include "training/api/merge_bench.h"
#include "training/api/trace_judging.h"

namespace retort {

enum class TrainOutcome { Finished, Stopped };

struct GenerateRequest {
    std::filesystem::path checkpoint;
    std::vector<std::string> prompts;
    std::int64_t samples = 1;  ///< per prompt
    std::int64_t maxNewTokens = 128;
    double temperature = 1.0, topP = 1.0;
    std::int64_t topK = 0;
    std::vector<std::string> stop;
    std::uint64_t seed = 1;
    std::int64_t threads = 0;
};

struct GeneratedText {
    std::int64_t prompt = 0;  ///< index into the request's prompts
    std::string text, finish;
    std::vector<std::string> tokens;
    std::vector<float> logprobs;
};

struct EvaluateRequest {
    std::filesystem::path checkpoint;
    std::vector<TaskSettings> tasks;
    std::vector<FileSettings> files;
    EvaluationSettings settings;
    std::uint64_t seed = 1;
    std::int64_t threads = 0;
};

struct EvaluationReport {
    EvaluationEvent event;   ///< of the first problems of the set, where a stop came before all were answered
    std::int64_t asked = 0;  ///< problems of the set
    bool isComplete() const { return std::int64_t(event.items.size()) == asked; }
    std::vector<Trace> traces;
    std::vector<SearchTree> trees;  ///< of the first problems, one for each search
};

/// One numeric check of `retort-cli selftest`.
struct SelfTestResult {
    std::string name, device;
    double worst = 0, limit = 0;  ///< largest error found, and what is allowed
    std::string error;            ///< what the check threw; empty: nothing

    bool passed() const { return error.empty() && worst <= limit; }  // a NaN does not pass
};

/// A PEFT adapter into its base model.
struct MergeAdapterRequest {
    std::filesystem::path base, adapter, out;  ///< folders; `out` is made
    std::string dtype;                         ///< "float32", "float16", "bfloat16"; empty: the base's
};

class TrainingModule {
  public:
    virtual ~TrainingModule();

    /// Trains in the calling thread until the end, a stop request (control/stop or `stop`) or an error, and
    /// says everything through the run directory's events.jsonl. `resume`: continue from the last complete
    /// checkpoint. Holds the run's lock. Throws Error; the end event with the error is in the log by then.
    virtual TrainOutcome train(const RunDirectory& run, bool resume, std::stop_token stop) = 0;

    /// What is done when `stop` comes: the completions that are whole, and the reports of the problems
    /// answered so far.
    virtual std::vector<GeneratedText> generate(const GenerateRequest& request, std::stop_token stop) = 0;
    virtual std::vector<EvaluationReport> evaluate(const EvaluateRequest& request, std::stop_token stop) = 0;

    virtual void mergeAdapter(const MergeAdapterRequest& request) = 0;

    /// Opens the models of a recipe, to measure merges of them. Throws Error.
    virtual std::unique_ptr<MergeBench> openMergeBench(const MergeBenchRequest& request,
                                                       std::stop_token stop) = 0;

    /// Judges the steps of traces. `done` is called in this thread with one trace after the other as they are
    /// ready, in any order; a stop ends it within a second between batches, and what was said before stands.
    /// Throws Error.
    virtual void judge(const JudgeRequest& request, const std::function<void(JudgedTrace)>& done,
                       std::stop_token stop) = 0;

    /// `device`: "auto", "cpu" or "cuda". Throws Error when there is no such device.
    virtual std::vector<SelfTestResult> selftest(const std::string& device) = 0;

    /// Versions, threads, instruction sets, the measured GEMM rates: what `retort-cli env` prints and
    /// run.json keeps.
    virtual Json environment() = 0;
};

/// Loads libretort_training once (beside the program, then in the library folder; $RETORT_TRAINING_MODULE
/// names another), after setting what must be in the environment before LibTorch and libgomp load
/// (ATEN_CPU_CAPABILITY, GOMP_SPINCOUNT, OPENBLAS_NUM_THREADS …, unless the user has set them). Throws Error.
/// Thread-safe.
TrainingModule& loadTrainingModule();
bool isTrainingModuleLoaded();

}  // namespace retort

/// What the module exports.
extern "C" retort::TrainingModule* retort_training_module();
