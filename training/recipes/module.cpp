// The training module's entry: what the programs load.
#include "training/api/training_module.h"
#include "training/judging/judge_traces.h"
#include "training/recipes/checkpoint_use.h"
#include "training/recipes/environment.h"
#include "training/recipes/merge_adapter.h"
#include "training/recipes/train_run.h"
#include "training/search/merge_bench_session.h"
#include "training/selftest/selftest.h"

namespace retort {
namespace {

class Module final : public TrainingModule {
  public:
    TrainOutcome train(const RunDirectory& run, bool resume, std::stop_token stop) override {
        return trainRun(run, resume, std::move(stop));
    }
    std::vector<GeneratedText> generate(const GenerateRequest& request, std::stop_token stop) override {
        return generateFrom(request, std::move(stop));
    }
    std::vector<EvaluationReport> evaluate(const EvaluateRequest& request, std::stop_token stop) override {
        return evaluateCheckpoint(request, std::move(stop));
    }
    void mergeAdapter(const MergeAdapterRequest& request) override { retort::mergeAdapter(request); }
    std::unique_ptr<MergeBench> openMergeBench(const MergeBenchRequest& request,
                                               std::stop_token stop) override {
        return openMergeBenchSession(request, std::move(stop));
    }
    void judge(const JudgeRequest& request, const std::function<void(JudgedTrace)>& done,
               std::stop_token stop) override {
        judgeTraces(request, done, std::move(stop));
    }
    std::vector<SelfTestResult> selftest(const std::string& device) override { return runSelfTest(device); }
    Json environment() override { return measuredEnvironment(); }
};

}  // namespace
}  // namespace retort

extern "C" retort::TrainingModule* retort_training_module() {
    static retort::Module module;
    return &module;
}
