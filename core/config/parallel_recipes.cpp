#include "core/config/parallel_recipes.h"

#include <set>
#include <string>

#include "core/util/error.h"

namespace retort {
namespace {

[[noreturn]] void refuse(int ranks, const std::string& what, const std::string& where) {
    throw Error(what + " cannot be trained by " + std::to_string(ranks) + " processes yet", where,
                "start one process: without torchrun or srun, or with one task");
}

/// Losses that sort or count over a whole micro-batch, of which a rank has only a part.
void requireLossByExample(const RunConfig& config, int ranks) {
    for (const std::string& loss : config.dpo.loss_type)
        if (config.recipe == "dpo" && (loss == "aot" || loss == "aot_unpaired"))
            refuse(ranks, "a loss that compares all pairs of a batch", "dpo.loss_type: " + loss);
    if (config.recipe == "grpo" && config.grpo.top_entropy_quantile < 1)
        refuse(ranks, "the tokens of highest entropy of a whole batch", "grpo.top_entropy_quantile");
    if (config.recipe != "distill") return;
    const DistillationSettings& distillation = config.distillation;
    if (distillation.token_share < 1)
        refuse(ranks, "a share of a whole batch's tokens", "distillation.token_share");
    if (distillation.keep_share < 1) refuse(ranks, "a share of the examples", "distillation.keep_share");
    if (!distillation.cache_folder.empty())
        refuse(ranks, "a cache of the teacher's probabilities", "distillation.cache_folder");
}

}  // namespace

void requireParallelRecipe(const RunConfig& config, int ranks) {
    // Those where every rank must have something of each micro-batch, and the others.
    static const std::set<std::string> full = {"dpo", "simpo", "orpo", "redi", "kto", "reward_model", "prm"};
    static const std::set<std::string> others = {"pretrain", "sft", "distill", "grpo", "ppo"};
    if (ranks == 1) return;
    if (config.recipe == externalRecipe)
        throw Error("a command is started once", "recipe: external", "let the command itself call torchrun");
    if (!full.contains(config.recipe) && !others.contains(config.recipe))
        refuse(ranks, "the recipe " + config.recipe, "recipe: " + config.recipe);
    requireLossByExample(config, ranks);
    if (full.contains(config.recipe) && config.training.batch_size < ranks)
        throw Error("a batch of " + std::to_string(config.training.batch_size) + " cannot be shared by " +
                        std::to_string(ranks) + " processes",
                    "training.batch_size", "make it larger, and gradient_accumulation_steps smaller");
}

}  // namespace retort
