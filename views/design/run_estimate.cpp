#include "views/design/run_estimate.h"

#include <set>

#include "core/tasks/task.h"
#include "core/util/error.h"

namespace retort {

namespace {

constexpr std::int64_t specialTokens = 3;  // <pad>, <eos>, <unk>

std::int64_t vocabularyOf(const RunConfig& config) {
    if (config.tokenizer.kind == "bpe") return config.tokenizer.vocab_size;
    std::set<char> characters;
    for (const TaskSettings& settings : config.data.tasks) {
        try {
            for (char c : makeTask(settings.task, settings.parameters)->alphabet()) characters.insert(c);
        } catch (const Error&) {
            // Its problem is shown at its own place; the estimate goes on without it.
        }
    }
    return specialTokens + static_cast<std::int64_t>(characters.size());
}

}  // namespace

std::int64_t countParameters(const ModelSettings& model, std::int64_t vocabulary) {
    const std::int64_t h = model.hidden_size;
    const std::int64_t headDim = model.head_dim > 0 ? model.head_dim : h / model.num_attention_heads;
    const std::int64_t q = model.num_attention_heads * headDim, kv = model.num_key_value_heads * headDim;
    std::int64_t layer = h * q + 2 * h * kv + q * h + 3 * h * model.intermediate_size + 2 * h;
    if (model.attention_bias) layer += q + 2 * kv;
    if (model.qk_norm) layer += 2 * headDim;
    std::int64_t total = vocabulary * h + model.num_hidden_layers * layer + h;
    if (!model.tie_word_embeddings) total += vocabulary * h;
    if (model.position_embedding == "learned") total += model.max_position_embeddings * h;
    return total;
}

RunEstimate estimateRun(const RunConfig& config) {
    RunEstimate estimate;
    if (config.recipe == externalRecipe) return estimate;  // its model and its steps are its command's
    if (config.model.from.empty() && config.model.num_attention_heads > 0) {
        estimate.parameters = countParameters(config.model, vocabularyOf(config));
    }
    const bool grpo = config.recipe == "grpo";
    const TrainingSettings& training = config.training;
    estimate.sequencesPerStep = grpo ? config.grpo.prompts_per_step * config.grpo.num_generations
                                     : training.batch_size * training.gradient_accumulation_steps;
    const std::int64_t length = grpo ? config.grpo.max_completion_length : training.max_length;
    estimate.mostTokens = training.max_steps * estimate.sequencesPerStep * length;
    return estimate;
}

}  // namespace retort
