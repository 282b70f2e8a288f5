#include "training/search/merge_bench_session.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "training/api/available_cores.h"
#include "training/api/merge_bench_rows.h"
#include "training/merging/merge_executor.h"
#include "training/recipes/data_source.h"
#include "training/recipes/token_sequence.h"
#include "training/search/merge_evaluator.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* place = "merge bench";

class Session final : public MergeBench {
  public:
    explicit Session(const MergeBenchRequest& request) : m_seed(request.seed) {
        m_threads = int(request.threads > 0 ? request.threads : std::max(1, availableCores() - 1));
        at::set_num_threads(m_threads);
        const MergePlan plan = planOf(request.recipe);
        if (plan.models.empty()) throw Error("names no model", place);
        const fs::path first = plan.models.front()->folder();
        m_sources = makeDataSources(request.tasks, request.files, DialogueFormat(first));
        const std::shared_ptr<const Tokenizer> tokenizer = loadTokenizer(first);
        checkCoverage(*tokenizer, m_sources);
        MergeEvaluatorSettings settings;
        settings.seed = request.seed;
        settings.lossRows = mergeBenchLossRows;
        settings.coarseRows = mergeBenchCoarseRows;
        settings.generation.num_problems = request.numProblems;
        settings.generation.max_completion_length = request.maxCompletionLength;
        settings.generation.num_samples = 1;
        settings.generation.temperature = 0;
        settings.generation.traces = 0;
        settings.generation.trees = 0;
        // Merges are made tensor by tensor from the mapped files: of weights in memory there is one set.
        m_evaluator = std::make_unique<MergeEvaluator>(MergeParents::load({}, {first}), tokenizer, m_sources,
                                                       std::move(settings));
    }

    std::optional<MergeBenchPoint> measure(const std::string& recipe, MergeBenchEffort effort,
                                           std::stop_token stop) override {
        const auto begin = std::chrono::steady_clock::now();
        at::set_num_threads(m_threads);  // a setting of the calling thread
        const torch::NoGradGuard noGrad;
        if (!merge(recipe, stop)) return std::nullopt;
        const bool refined = effort == MergeBenchEffort::Refined;
        const std::optional<MergeResult> loss = m_evaluator->loss(refined ? 0 : mergeBenchCoarseRows, stop);
        if (!loss) return std::nullopt;
        MergeBenchPoint point;
        for (const TaskScore& task : loss->tasks) point.tasks.push_back({task.name, task.loss, {}, {}, 0});
        if (refined) {
            const std::optional<MergeResult> accuracy = m_evaluator->accuracy(stop);
            if (!accuracy) return std::nullopt;
            addAccuracies(point, *accuracy);
        }
        point.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return point;
    }

  private:
    MergePlan planOf(const std::string& recipe) {
        MergePlanOptions options;
        options.seed = m_seed;
        return planMerge(parseMergeRecipe(recipe, place, {}), m_models, options);
    }

    bool merge(const std::string& recipe, const std::stop_token& stop) {
        const MergePlan plan = planOf(recipe);
        MergeRunOptions options;
        options.threads = m_threads;
        const std::unique_ptr<MergeSurvey> survey = surveyMerge(plan, options, stop);
        MergeWorkspace workspace;
        std::vector<float> values;
        std::size_t found = 0;
        const auto weights = m_evaluator->model()->namedWeights();
        for (const PlannedTensor& tensor : plan.tensors) {
            if (stop.stop_requested()) return false;
            const auto weight = std::find_if(weights.begin(), weights.end(),
                                             [&](const auto& each) { return each.first == tensor.name; });
            if (weight == weights.end()) continue;  // output embeddings that are the input's
            if (weight->second.sizes().vec() != tensor.shape) refuse("another shape");
            values.resize(std::size_t(tensor.elements()));
            mergeTensor(plan, tensor, survey.get(), workspace, values);
            weight->second.copy_(torch::from_blob(values.data(), tensor.shape, torch::kFloat32));
            ++found;
        }
        if (found != weights.size()) refuse("other layers");
        return true;
    }

    [[noreturn]] static void refuse(const std::string& what) {
        throw Error("the merge has " + what + " than its parents, and cannot be measured here", place,
                    "keep it as a checkpoint, which is evaluated");
    }

    static void addAccuracies(MergeBenchPoint& point, const MergeResult& accuracy) {
        for (const TaskScore& task : accuracy.tasks)
            for (MergeBenchTask& each : point.tasks)
                if (each.name == task.name && std::isfinite(task.accuracy)) {
                    each.accuracy = task.accuracy;
                    each.meanLength = task.meanLength;
                    each.problems = task.rows;
                }
    }

    std::uint64_t m_seed;
    int m_threads = 1;
    MergeModels m_models;
    std::vector<DataSource> m_sources;
    std::unique_ptr<MergeEvaluator> m_evaluator;
};

}  // namespace

std::unique_ptr<MergeBench> openMergeBenchSession(const MergeBenchRequest& request, std::stop_token) {
    return std::make_unique<Session>(request);
}

}  // namespace retort
