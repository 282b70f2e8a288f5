// A merge bench with a known optimum, and what the page is told of methods and tensors in the tests.
#pragma once

#include <QString>
#include <QThread>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/util/error.h"
#include "training/api/merge_bench.h"
#include "views/merge/bench_services.h"
#include "views/merge/recipe_text.h"

namespace retort::test {

/// What the fake bench did, read by the tests while it runs.
struct Log {
    std::atomic<int> opened{0}, coarse{0}, refined{0}, stopped{0};
    std::atomic<int> coarseMs{0}, refinedMs{0}, openMs{0};
};

/// The sum of the weights w: the first task is best at w = 1, the second at w =
/// 0.4; the mean of both losses at 0.7.
class FakeBench final : public MergeBench {
  public:
    FakeBench(Log& log, MergeBenchRequest request) : m_log(log), m_request(std::move(request)) {}

    std::optional<MergeBenchPoint> measure(const std::string& recipe, MergeBenchEffort effort,
                                           std::stop_token stop) override {
        const bool refined = effort == MergeBenchEffort::Refined;
        ++(refined ? m_log.refined : m_log.coarse);
        for (int ms = refined ? m_log.refinedMs : m_log.coarseMs; ms > 0; --ms) {
            if (stop.stop_requested()) {
                ++m_log.stopped;
                return std::nullopt;
            }
            QThread::msleep(1);
        }
        const RecipeView view = readRecipe(recipe);
        if (recipe.find("explode") != std::string::npos)
            throw Error("the weights sum to zero", "layer 3", "move one");
        double w = 0, weights = 0;
        for (const RecipeModel& model : view.models) weights += model.values.numbers.contains("weight");
        if (!view.models.empty() && view.models.back().values.numbers.contains("weight"))
            w = view.models.back().values.numbers.at("weight");
        if (view.values.numbers.contains("lambda")) w *= view.values.numbers.at("lambda");
        MergeBenchPoint point;
        for (std::size_t i = 0; i < m_request.tasks.size(); ++i) {
            const double off = w - (i == 0 ? 1.0 : 0.4);
            MergeBenchTask task;
            task.name = m_request.tasks[i].name.empty() ? m_request.tasks[i].task : m_request.tasks[i].name;
            task.loss = 0.1 + off * off;
            if (refined) {
                task.problems = m_request.numProblems;
                task.accuracy =
                    std::round(std::max(0.0, 1 - off * off) * double(task.problems)) / double(task.problems);
                task.meanLength = 10 + 20 * w;
            }
            point.tasks.push_back(task);
        }
        point.seconds = 0.01;
        return point;
    }

  private:
    Log& m_log;
    MergeBenchRequest m_request;
};

inline BenchParameter perModel(const char* name, std::optional<double> fallback) {
    return {name, true, fallback, false, "of one model"};
}
inline BenchParameter ofMerge(const char* name, std::optional<double> fallback, bool isFlag = false) {
    return {name, false, fallback, isFlag, "of the whole merge"};
}

inline std::vector<BenchMethod> someMethods() {
    return {{"linear",
             "The weighted mean.",
             {perModel("weight", std::nullopt), ofMerge("normalize", 1, true)},
             false,
             2},
            {"slerp", "Along the arc between two.", {ofMerge("t", std::nullopt)}, true, 1, 1},
            {"task_arithmetic",
             "Adds task vectors.",
             {perModel("weight", std::nullopt), ofMerge("normalize", 0, true), ofMerge("lambda", 1)},
             true,
             1},
            {"ties",
             "Trims, elects signs, and adds what agrees.",
             {perModel("weight", std::nullopt), perModel("density", 1), ofMerge("normalize", 1, true),
              ofMerge("lambda", 1)},
             true,
             1}};
}

inline std::vector<TensorConflict> someTensors() {
    std::vector<TensorConflict> all{
        {"model.embed_tokens.weight", -1, "embed_tokens.weight", 100, 0.5, 3, 4, 0.2}};
    for (int layer = 0; layer < 4; ++layer)
        for (const char* module : {"self_attn.q_proj.weight", "mlp.up_proj.weight"})
            all.push_back({"model.layers." + std::to_string(layer) + "." + module, layer, module, 200,
                           layer == 3 ? std::numeric_limits<double>::quiet_NaN() : 0.8 - 0.5 * layer,
                           layer == 3 ? 0.0 : 1.0, 2,
                           layer == 3 ? std::numeric_limits<double>::quiet_NaN() : 0.1 * layer});
    return all;
}

inline const QString kFlat = QStringLiteral(
    "# mine\nmerge_method: ties\nbase_model: /b\nmodels:\n  - "
    "model: /x  # first\n    parameters:\n      weight: 0.5\n"
    "  - model: /y\n    parameters: {weight: 0.25, density: "
    "0.5}\nparameters:\n  lambda: 0.8\ndtype: float32\n");

}  // namespace retort::test
