#include "training/recipes/checkpoint.h"

#include <algorithm>
#include <vector>

#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/recipes/open_model.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* optimizerFile = "optimizer.safetensors";
constexpr const char* partialSuffix = ".partial";

void syncFolder(const fs::path& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) syncPath(entry.path());
    syncPath(folder);
}

fs::path partial(fs::path folder) {
    folder += partialSuffix;
    return folder;
}

void makeFolder(const fs::path& folder) {
    std::error_code code;
    fs::remove_all(folder, code);
    fs::create_directories(folder, code);
    if (code) throw Error("cannot make the checkpoint's folder: " + code.message(), folder.string());
}

}  // namespace

void saveOptimizer(const fs::path& folder, const AdamW& optimizer) {
    std::vector<TensorData> tensors;
    std::vector<torch::Tensor> alive;  // until the file is written
    for (const auto& [name, value] : optimizer.namedState()) {
        alive.push_back(value.cpu().contiguous());
        tensors.push_back({name, Dtype::Float32, value.sizes().vec(), alive.back().data_ptr()});
    }
    writeSafetensors(folder / optimizerFile, std::move(tensors));
}

std::string nonFiniteWeight(const CausalLM& model) {
    const torch::NoGradGuard noGrad;
    for (const auto& [name, weight] : model.trainableViews(model.trainableParameters()))
        if (!torch::isfinite(weight).all().item<bool>()) return name;
    return {};
}

void saveCheckpoint(const RunDirectory& run, const TrainerState& state, const CausalLM& model,
                    const Tokenizer& tokenizer, const AdamW& optimizer,
                    const std::function<void(const fs::path&)>& saveMore) {
    const fs::path folder = run.checkpointFolder(state.step);
    const auto steps = run.checkpointSteps();
    if (std::find(steps.begin(), steps.end(), state.step) != steps.end()) return;
    if (const std::string name = nonFiniteWeight(model); !name.empty())
        throw Error("the weight " + name + " is not finite at step " + std::to_string(state.step) +
                        "; no checkpoint of it was written",
                    run.path().string(), "resume from the last checkpoint with a lower learning rate");
    const fs::path beside = partial(folder);
    makeFolder(beside);
    model.save(beside);
    tokenizer.save(beside);
    saveAdapter(model, run, beside);
    saveOptimizer(beside, optimizer);
    saveMore(beside);
    writeTrainerState(beside / "trainer.json", state);
    syncFolder(beside);
    std::error_code code;
    fs::remove_all(folder, code);  // one without a trainer.json: somebody else's
    fs::rename(beside, folder, code);
    if (code) throw Error("cannot move the checkpoint into place: " + code.message(), folder.string());
    syncPath(run.checkpointsFolder());
}

void pruneCheckpoints(const RunDirectory& run, std::int64_t limit) {
    std::error_code ignored;  // what cannot be removed now is tried again at the next checkpoint
    std::vector<fs::path> doomed;
    for (const auto& entry : fs::directory_iterator(run.checkpointsFolder(), ignored))
        if (entry.path().extension() == partialSuffix) doomed.push_back(entry.path());
    const auto steps = run.checkpointSteps();
    const std::size_t surplus =
        limit > 0 && steps.size() > std::size_t(limit) ? steps.size() - std::size_t(limit) : 0;
    for (std::size_t i = 0; i < surplus; ++i) {
        // Renamed first: a folder that is half removed must not look like a checkpoint.
        const fs::path folder = run.checkpointFolder(steps[i]);
        fs::rename(folder, partial(folder), ignored);
        if (!ignored) doomed.push_back(partial(folder));
    }
    for (const fs::path& path : doomed) fs::remove_all(path, ignored);
}

void loadOptimizer(const fs::path& folder, AdamW& optimizer) {
    const SafetensorsFile file(folder / optimizerFile);
    const torch::NoGradGuard noGrad;
    for (auto& [name, value] : optimizer.namedState()) {
        const TensorInfo& info = file.at(name);
        if (info.shape != value.sizes().vec())
            throw Error("tensor " + name + " has another shape than the model's", file.path().string());
        std::vector<float> numbers = file.readFloats(info);
        value.copy_(torch::from_blob(numbers.data(), value.sizes(), torch::kFloat32));
    }
}

}  // namespace retort
