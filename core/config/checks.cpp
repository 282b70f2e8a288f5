#include "core/config/checks.h"

#include <map>

#include "core/config/binding.h"
#include "core/tasks/task.h"
#include "core/util/error.h"

namespace retort {
namespace {

std::string text(std::int64_t number) {
    return std::to_string(number);
}

void checkModel(const ModelSettings& model, const ReportContradiction& report) {
    // The shape of an existing checkpoint is its own.
    if (!model.from.empty()) return;
    const std::int64_t heads = model.num_attention_heads;
    if (model.head_dim == 0 && model.hidden_size % heads != 0)
        report("model.hidden_size",
               "must be a multiple of model.num_attention_heads (" + text(heads) + "), found " +
                   text(model.hidden_size),
               "or set model.head_dim");
    else if (const std::int64_t width = model.head_dim ? model.head_dim : model.hidden_size / heads;
             model.position_embedding == "rope" && width % 2 != 0)
        report(model.head_dim ? "model.head_dim" : "model.hidden_size",
               "rotary positions need heads of even width, found " + text(width), "");
    if (heads % model.num_key_value_heads != 0)
        report("model.num_key_value_heads",
               "must divide model.num_attention_heads (" + text(heads) + "), found " +
                   text(model.num_key_value_heads),
               "");
}

void checkTasks(const DataSettings& data, bool needsTasks, const ReportContradiction& report) {
    std::map<std::string, std::size_t> names;
    double weight = 0;
    for (std::size_t i = 0; i < data.tasks.size(); ++i) {
        const TaskSettings& task = data.tasks[i];
        const std::string path = "data.tasks." + std::to_string(i),
                          name = task.name.empty() ? task.task : task.name;
        weight += task.weight;
        if (const auto [first, isNew] = names.emplace(name, i); !isNew)
            report(path,
                   "has the same name as data.tasks." + std::to_string(first->second) + ": '" + name + "'",
                   "give one of them another name");
        try {
            makeTask(task.task, task.parameters);
        } catch (const Error& error) {
            report(path, error.what_happened(), error.hint());
        }
    }
    for (std::size_t i = 0; i < data.files.size(); ++i) {
        weight += data.files[i].weight;
        if (data.files[i].path.empty())
            report("data.files." + std::to_string(i), "path is missing", "name a JSONL file");
    }
    const bool isEmpty = data.tasks.empty() && data.files.empty();
    if (isEmpty && needsTasks)
        report("data.tasks", "there is nothing to learn from", "add at least one task or file");
    else if (!isEmpty && weight <= 0)
        report("data.tasks", "the weights sum to 0", "give one task or file a weight above 0");
}

void checkTraining(const RunConfig& config, const ReportContradiction& report) {
    const TrainingSettings& training = config.training;
    if (training.warmup_steps > training.max_steps)
        report("training.warmup_steps",
               "is more than training.max_steps (" + text(training.max_steps) + "), found " +
                   text(training.warmup_steps),
               "");
}

void checkSampleCounts(const char* path, const char* what, const std::vector<std::int64_t>& counts,
                       const EvaluationSettings& evaluation, const ReportContradiction& report) {
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > evaluation.num_samples)
            report(std::string(path) + "." + std::to_string(i),
                   what + text(counts[i]) + " needs as many samples; evaluation.num_samples is " +
                       text(evaluation.num_samples),
                   "");
}

/// Without a verifier.
void checkNothingChooses(const EvaluationSettings& evaluation, const ReportContradiction& report) {
    const auto check = [&](bool isAsked, const char* path, const char* needed) {
        if (isAsked)
            report(path, "there is nothing to choose by",
                   std::string("name a ") + needed + " as evaluation.verifier");
    };
    check(!evaluation.best_at.empty(), "evaluation.best_at", "reward model");
    check(!evaluation.weighted_at.empty(), "evaluation.weighted_at", "reward model");
    check(evaluation.beam_size > 0, "evaluation.beam_size", "process reward model");
    check(evaluation.num_particles > 0, "evaluation.num_particles", "process reward model");
}

void checkEvaluation(const EvaluationSettings& evaluation, const ReportContradiction& report) {
    checkSampleCounts("evaluation.pass_at", "pass@", evaluation.pass_at, evaluation, report);
    checkSampleCounts("evaluation.maj_at", "maj@", evaluation.maj_at, evaluation, report);
    checkSampleCounts("evaluation.best_at", "best of ", evaluation.best_at, evaluation, report);
    checkSampleCounts("evaluation.weighted_at", "a weighted vote of ", evaluation.weighted_at, evaluation,
                      report);
    checkSampleCounts("evaluation.search_budgets", "a budget of ", evaluation.search_budgets, evaluation,
                      report);
    if (evaluation.verifier.empty()) checkNothingChooses(evaluation, report);
    if (evaluation.num_samples > 1 && evaluation.temperature == 0)
        report("evaluation.num_samples", "greedy samples of a problem are all the same",
               "set evaluation.temperature above 0");
}

}  // namespace

void checkLength(const RunConfig& config, const char* path, std::int64_t length,
                 const ReportContradiction& report) {
    const std::int64_t longest = config.model.max_position_embeddings;
    if (config.model.from.empty() && length > longest)
        report(path,
               "is longer than model.max_position_embeddings (" + text(longest) + "), found " + text(length),
               "");
}

void checkContradictions(const RunConfig& config, const ReportContradiction& report) {
    // Its model, data and training are its command's.
    if (config.recipe == externalRecipe) return findRecipe(config.recipe)->check(config, report);
    if (config.recipe != "merge") checkModel(config.model, report);
    // Preferences from a file and merges can do without; there is nothing to evaluate on then.
    checkTasks(config.data, config.pairs.file.empty() && config.prm.file.empty() && config.recipe != "merge",
               report);
    checkTraining(config, report);
    checkLength(config, "evaluation.max_completion_length", config.evaluation.max_completion_length, report);
    checkEvaluation(config.evaluation, report);
    const BoundRecipe* recipe = findRecipe(config.recipe);
    if (recipe && recipe->schema.find("training.max_length"))
        checkLength(config, "training.max_length", config.training.max_length, report);
    if (recipe && recipe->check) recipe->check(config, report);
}

}  // namespace retort
