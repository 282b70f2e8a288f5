#include "app/window/merge_services.h"

#include <algorithm>

#include "core/lineage/merge_check.h"
#include "core/store/store.h"
#include "core/weights/checkpoint_difference.h"
#include "core/weights/layer_place.h"
#include "training/api/available_cores.h"
#include "training/api/training_module.h"
#include "training/merging/merge_method.h"
#include "training/merging/merge_plan.h"

namespace retort {
namespace {

std::vector<BenchMethod> methods() {
    std::vector<BenchMethod> all;
    for (const MergeMethod* method : mergeMethods()) {
        BenchMethod known{std::string(method->name()), std::string(method->help()), {},
                          method->needsBase(),         method->minModels(),         method->maxModels()};
        for (const MergeParameterInfo& info : method->parameters())
            known.parameters.push_back({info.name, info.scope == MergeParameterInfo::Scope::Model,
                                        info.fallback, info.isFlag, info.help});
        all.push_back(std::move(known));
    }
    return all;
}

std::vector<std::string> warnings(const std::filesystem::path& store, const std::string& base,
                                  const std::vector<std::string>& models) {
    StoreReader reader(store);
    std::vector<std::string> paths = models;
    if (!base.empty()) paths.push_back(base);
    std::vector<std::string> sentences;
    for (const MergeFinding& finding : checkMergeable(reader.lineage(), paths))
        if (finding.severity != MergeFinding::Severity::Note)
            sentences.push_back(finding.text + (finding.hint.empty() ? "" : " (" + finding.hint + ")"));
    return sentences;
}

TensorConflict conflictOf(const TensorDifference& difference) {
    const LayerPlace place = layerPlace(difference.name);
    TensorConflict conflict{difference.name, place.block, place.module, difference.elements};
    if (const auto& vectors = difference.taskVectors) {
        conflict.cosine = vectors->cosine;
        conflict.normA = vectors->normA;
        conflict.normB = vectors->normB;
        conflict.signConflict = vectors->signConflict;
    }
    return conflict;
}

std::vector<PairConflicts> conflicts(const ConflictRequest& request,
                                     const std::function<void(double)>& progress,
                                     const std::stop_token& stop) {
    const std::size_t count = request.models.size(), pairs = count * (count - 1) / 2;
    std::vector<PairConflicts> all;
    for (std::size_t a = 0; a < count; ++a)
        for (std::size_t b = a + 1; b < count; ++b) {
            WeightOptions options;
            options.base = request.base;
            options.threads = std::max(1, availableCores() - 1);  // one for the window
            options.progress = [&](std::int64_t done, std::int64_t total) {
                progress((double(all.size()) + double(done) / double(std::max<std::int64_t>(total, 1))) /
                         double(pairs));
            };
            const CheckpointDifference difference =
                compareCheckpoints(request.models[a], request.models[b], options, stop);
            if (stop.stop_requested()) return {};
            PairConflicts pair{a, b, {}};
            for (const TensorDifference& each : difference.tensors) pair.tensors.push_back(conflictOf(each));
            all.push_back(std::move(pair));
        }
    return all;
}

void addCoefficients(std::vector<TensorCoefficient>& all, const MergeMethod& method,
                     const PlannedTensor& tensor, const MergeParameters& parameters,
                     MergeParameterInfo::Scope scope, const std::string& model) {
    const LayerPlace place = layerPlace(tensor.name);
    for (const MergeParameterInfo& info : method.parameters())
        if (info.scope == scope && !info.isFlag && (parameters.has(info.name) || info.fallback))
            all.push_back({tensor.name, place.block, place.module, model, info.name,
                           parameters.number(info.name, info.fallback.value_or(0))});
}

std::vector<TensorCoefficient> coefficients(const std::string& recipe) {
    MergeModels models;
    const MergePlan plan = planMerge(parseMergeRecipe(recipe, "recipe", {}), models);
    std::vector<TensorCoefficient> all;
    for (const PlannedTensor& tensor : plan.tensors) {
        addCoefficients(all, *plan.method, tensor, tensor.parameters, MergeParameterInfo::Scope::Merge, {});
        for (const PlannedInput& input : tensor.inputs)
            if (!input.isBase)
                addCoefficients(all, *plan.method, tensor, input.parameters, MergeParameterInfo::Scope::Model,
                                input.model->reference());
    }
    return all;
}

}  // namespace

BenchServices makeBenchServices(const std::filesystem::path& store) {
    BenchServices services;
    services.methods = methods();
    services.open = [](const MergeBenchRequest& request, std::stop_token stop) {
        return loadTrainingModule().openMergeBench(request, std::move(stop));
    };
    services.warnings = [store](const std::string& base, const std::vector<std::string>& models) {
        return warnings(store, base, models);
    };
    services.conflicts = conflicts;
    services.coefficients = coefficients;
    return services;
}

}  // namespace retort
