// The recipe "ppo": its loss, its values, and the KL in its reward.
#include "core/config/checks.h"
#include "core/config/recipes/declarations.h"
#include "core/config/recipes/rollouts.h"

namespace retort {
namespace {

using P = PpoSettings;
using Declarations = SectionDeclarations<PpoSettings>;

void declareUpdate(Declarations& ppo) {
    ppo("num_ppo_epochs", &P::num_ppo_epochs).help("Passes over each step's completions.").between(1, 4096);
    ppo("num_mini_batches", &P::num_mini_batches).help("Optimizer steps of a pass.").between(1, 4096);
    ppo("cliprange", &P::cliprange).help("Clip range of the probability ratio.").above(0).atMost(1);
    ppo("kl_coef", &P::kl_coef)
        .help("Weight of the KL to the start policy in the reward; 0: no reference is kept.")
        .between(0, 100);
    ppo("kl_estimator", &P::kl_estimator).help("Estimator of the KL.").choices({"k1", "k2", "k3"}).advanced();
    ppo("kl_target", &P::kl_target)
        .help("Steers kl_coef so that the KL of a token comes near this; 0: kl_coef stays.")
        .unit("nats")
        .between(0, 100)
        .advanced();
    ppo("kl_horizon", &P::kl_horizon)
        .help("Completions over which the steering acts.")
        .above(0)
        .atMost(1e9)
        .advanced();
    ppo("whiten_rewards", &P::whiten_rewards).help("Scales the tokens' rewards to variance 1.").advanced();
    ppo("missing_eos_penalty", &P::missing_eos_penalty)
        .help("Taken from the score of completions that were cut off.")
        .between(0, 1e6)
        .advanced();
}

void declareValues(Declarations& ppo) {
    ppo("gamma", &P::gamma).help("Discount of later rewards, a token.").between(0, 1).advanced();
    ppo("lam", &P::lam).help("GAE's λ: 0 trusts the values, 1 the rewards.").between(0, 1);
    ppo("vf_coef", &P::vf_coef).help("Weight of the value loss.").between(0, 100);
    ppo("cliprange_value", &P::cliprange_value)
        .help("Values move at most this far from the old ones within a step.")
        .above(0)
        .atMost(1e6)
        .advanced();
    ppo("value_from", &P::value_from)
        .checkpoint()
        .help("Reward model to start the values from; empty: the policy's weights and a new head.")
        .advanced();
    ppo("value_learning_rate", &P::value_learning_rate)
        .help("Peak learning rate of the values; 0: that of the policy.")
        .between(0, 10)
        .advanced();
    ppo("value_warmup_steps", &P::value_warmup_steps)
        .help("First steps, in which only the values learn.")
        .unit("steps")
        .between(0, 1e9)
        .advanced();
}

void checkPpo(const RunConfig& config, const ReportContradiction& report) {
    checkLength(config, "ppo.max_completion_length", config.ppo.max_completion_length, report);
    checkRollouts(config.ppo, "ppo", report);
    if (config.ppo.kl_target > 0 && config.ppo.kl_coef == 0)
        report("ppo.kl_target", "there is no reference whose KL could be steered", "set ppo.kl_coef above 0");
    if (config.ppo.num_mini_batches > config.ppo.prompts_per_step * config.ppo.num_generations)
        report("ppo.num_mini_batches", "is more than a step has completions", "");
}

}  // namespace

std::vector<BoundRecipe> ppoRecipes() {
    BoundRecipe recipe = newRecipe(
        "ppo", "Reinforcement learning with a learned value of each state, and the KL in the reward.");
    recipe.defaults = rolloutDefaults(recipe.defaults);
    recipe.defaults.ppo.rewards = {{"correctness", 1.0, Json::object()}};
    recipe.defaults.ppo.prompts_per_step = 64;
    recipe.defaults.ppo.num_generations = 1;
    recipe.check = checkPpo;
    declareBeginning(recipe, StepInput::Rollouts);
    Declarations ppo(recipe, "ppo.", "PPO", &RunConfig::ppo);
    declareRollouts(ppo, 1);
    declareUpdate(ppo);
    ppo.group("Values");
    declareValues(ppo);
    declareEnd(recipe, StepInput::Rollouts);
    return {recipe};
}

}  // namespace retort
