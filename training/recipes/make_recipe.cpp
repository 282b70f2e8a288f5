// Which class does which recipe.
#include <map>
#include <string>

#include "core/util/error.h"
#include "training/recipes/recipe.h"

namespace retort {

std::unique_ptr<Recipe> makeRecipe(TrainerParts& parts, RunSession& session) {
    using Make = std::unique_ptr<Recipe> (*)(TrainerParts&, RunSession&);
    static const std::map<std::string, Make> makers = {
        {"pretrain", makeSupervised},
        {"sft", makeSupervised},
        {"dpo", makePairwise},
        {"simpo", makePairwise},
        {"orpo", makePairwise},
        {"redi", makePairwise},
        {"kto", makeKto},
        {"distill", makeDistill},
        {"grpo", makeGrpo},
        {"ppo", makePpo},
        {"reward_model", makeRewardModel},
        {"prm", makePrm},
        {"evaluate", makeEvaluate},
        {"merge", makeEvaluate},  // it is merged before (merge_run.h)
    };
    const auto maker = makers.find(parts.config.recipe);
    if (maker == makers.end()) throw Error("there is no trainer for this recipe", parts.config.recipe);
    return maker->second(parts, session);
}

}  // namespace retort
