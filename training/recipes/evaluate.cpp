// The recipe "evaluate": a run of no steps. The trainer's evaluation at its end is all that it does.
#include "training/recipes/recipe.h"

namespace retort {
namespace {

class Evaluate final : public Recipe {
  public:
    std::optional<StepReport> step(std::int64_t) override { return std::nullopt; }
};

}  // namespace

std::unique_ptr<Recipe> makeEvaluate(TrainerParts&, RunSession&) {
    return std::make_unique<Evaluate>();
}

}  // namespace retort
