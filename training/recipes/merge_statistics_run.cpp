#include "training/recipes/merge_statistics_run.h"

#include <map>

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "training/recipes/data_source.h"
#include "training/search/calibration.h"
#include "training/search/merge_statistics.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

std::vector<TokenSequence> examplesFor(const RunConfig& config, const fs::path& model) {
    const auto sources = makeDataSources(config.data.tasks, config.data.files, DialogueFormat(model));
    const auto tokenizer = loadTokenizer(model);
    std::vector<TokenSequence> examples;
    for (CalibrationTask& task :
         makeCalibration(sources, *tokenizer, config.merge.calibration_examples, std::uint64_t(config.seed)))
        examples.insert(examples.end(), task.sequences.begin(), task.sequences.end());
    return examples;
}

WeightStatistics measure(const RunConfig& config, RunSession& session, const MergeRecipe& recipe,
                         const fs::path& folder) {
    const auto model = CausalLM::load(folder);
    const auto examples = examplesFor(config, folder);
    const auto progress = [&](std::int64_t done) { session.status("measuring", done); };
    if (recipe.method == "fisher") return diagonalFisher(*model, examples, {}, progress, session.stopToken());
    return gramMatrices(*model, examples, progress, session.stopToken());
}

}  // namespace

bool wantsStatistics(const MergeRecipe& recipe) {
    if (recipe.method != "fisher" && recipe.method != "regmean") return false;
    for (const MergeSlice& slice : recipe.slices)
        for (const MergeInput& input : slice.sources)
            if (input.statistics.empty()) return true;
    return false;
}

bool addStatistics(const RunConfig& config, RunSession& session, MergeRecipe& recipe) {
    if (config.data.tasks.empty() && config.data.files.empty())
        throw Error(recipe.method + " weighs by what the models saw, and there is nothing to show them",
                    recipe.where, "add a task or file to data, or name a file of statistics for each model");
    const fs::path folder = session.run().path() / "statistics";
    fs::create_directories(folder);
    std::map<std::string, std::string> measured;  // file by model
    for (MergeSlice& slice : recipe.slices)
        for (MergeInput& input : slice.sources) {
            if (!input.statistics.empty()) continue;
            std::string& file = measured[input.model];
            if (file.empty()) {
                const WeightStatistics statistics =
                    measure(config, session, recipe, fs::absolute(recipe.folder / input.model));
                if (session.isStopped()) return false;
                file = (folder / (recipe.method + "-" + std::to_string(measured.size()) + ".safetensors"))
                           .string();
                statistics.save(file);
            }
            input.statistics = file;
        }
    return true;
}

}  // namespace retort
