// The recipe "grpo": how it samples, what it rewards, and the losses of its family.
#include "core/config/checks.h"
#include "core/config/recipes/declarations.h"
#include "core/config/recipes/rollouts.h"

namespace retort {
namespace {

using G = GrpoSettings;
using Declarations = SectionDeclarations<GrpoSettings>;

void declareSampling(Declarations& grpo) {
    declareRollouts(grpo, 2);
    grpo("num_iterations", &G::num_iterations)
        .help("Optimizer passes over each step's completions.")
        .between(1, 64);
    grpo("strict_on_policy", &G::strict_on_policy)
        .help("Refuses whatever would train on completions of an older policy.")
        .advanced();
    grpo("completion_length_stages", &G::completion_length_stages)
        .help(
            "Longest completion in each of several stages of equal length; empty: max_completion_length "
            "throughout.")
        .unit("tokens")
        .between(1, 1 << 20)
        .advanced();
}

void declareAdvantages(Declarations& grpo) {
    grpo("advantage_estimator", &G::advantage_estimator)
        .help(
            "Rewards against their group (grpo), its other members (rloo), or the whole batch (REINFORCE++).")
        .choices({"grpo", "rloo", "reinforce_plus_plus", "reinforce_plus_plus_baseline"});
    grpo("scale_rewards", &G::scale_rewards)
        .help("Advantages are divided by the standard deviation of the group, of the batch, or not.")
        .choices({"group", "batch", "none"});
    grpo("multi_objective_aggregation", &G::multi_objective_aggregation)
        .help("Whether terms are summed before they are normalised, or each by itself first (GDPO).")
        .choices({"sum_then_normalize", "normalize_then_sum"})
        .advanced();
}

void declareLoss(Declarations& grpo) {
    grpo("loss_type", &G::loss_type)
        .help("The token loss, and how it is averaged: by sequence, by the fixed length, or over all tokens.")
        .choices({"grpo", "dr_grpo", "dapo", "bnpo", "cispo", "sapo", "luspo"});
    grpo("importance_sampling_level", &G::importance_sampling_level)
        .help("Probability ratios of tokens, or of whole completions (GSPO).")
        .choices({"token", "sequence"})
        .advanced();
    grpo("epsilon", &G::epsilon).help("Lower clip range of the probability ratio.").above(0).atMost(1);
    grpo("epsilon_high", &G::epsilon_high)
        .help("Upper clip range; above epsilon: clip-higher (DAPO).")
        .above(0)
        .atMost(10);
    grpo("delta", &G::delta)
        .help("Upper bound of the ratio where the advantage is negative, above 1 + epsilon_high; 0: none.")
        .between(0, 1000)
        .advanced();
    grpo("sapo_temperature_pos", &G::sapo_temperature_pos)
        .help("sapo: sharpness of the gate for positive advantages.")
        .above(0)
        .atMost(100)
        .advanced();
    grpo("sapo_temperature_neg", &G::sapo_temperature_neg)
        .help("sapo: sharpness of the gate for negative advantages.")
        .above(0)
        .atMost(100)
        .advanced();
    grpo("off_policy_mask_threshold", &G::off_policy_mask_threshold)
        .help("Leaves out bad completions that the policy has moved away from by more than this; 0: none.")
        .unit("nats")
        .between(0, 1000)
        .advanced();
    grpo("mask_truncated_completions", &G::mask_truncated_completions)
        .help("Completions that were cut off bear no loss.")
        .advanced();
    grpo("top_entropy_quantile", &G::top_entropy_quantile)
        .help("Share of the tokens, those with the highest entropy, that bear the policy loss.")
        .above(0)
        .atMost(1)
        .advanced();
}

void declareEntropy(Declarations& grpo) {
    grpo("entropy_coef", &G::entropy_coef).help("Weight of the entropy bonus.").between(0, 100).advanced();
    grpo("use_adaptive_entropy", &G::use_adaptive_entropy)
        .help("Steers the weight of the bonus so that the entropy stays near its target.")
        .advanced();
    grpo("entropy_coef_min", &G::entropy_coef_min).help("Lowest adaptive weight.").between(0, 100).advanced();
    grpo("entropy_coef_max", &G::entropy_coef_max)
        .help("Highest adaptive weight.")
        .between(0, 100)
        .advanced();
    grpo("entropy_coef_delta", &G::entropy_coef_delta)
        .help("Change of the adaptive weight at each step.")
        .between(0, 100)
        .advanced();
    grpo("entropy_target", &G::entropy_target)
        .help("Entropy of a token under which the bonus is applied and raised.")
        .unit("nats")
        .between(0, 100)
        .advanced();
}

void declareReference(Declarations& grpo) {
    grpo("beta", &G::beta)
        .help("Weight of the KL to the start policy; 0: no reference is kept.")
        .between(0, 100);
    grpo("kl_estimator", &G::kl_estimator)
        .help("Estimator of the KL; with +, its gradient is that of k2.")
        .choices({"k1", "k2", "k3", "k1+", "k3+"})
        .advanced();
    grpo("use_bias_correction_kl", &G::use_bias_correction_kl)
        .help("Multiplies the KL by the probability ratio.")
        .advanced();
    grpo("kl_target", &G::kl_target)
        .help("Steers beta so that the KL of a token comes near this; 0: beta stays.")
        .unit("nats")
        .between(0, 100)
        .advanced();
    grpo("kl_horizon", &G::kl_horizon)
        .help("Completions over which the steering acts.")
        .above(0)
        .atMost(1e9)
        .advanced();
    grpo("sync_ref_model", &G::sync_ref_model)
        .help("The reference follows the policy (a moving anchor).")
        .advanced();
    grpo("ref_model_mixup_alpha", &G::ref_model_mixup_alpha)
        .help("Share of the policy in the reference at each synchronisation; 1: all of it.")
        .between(0, 1)
        .advanced();
    grpo("ref_model_sync_steps", &G::ref_model_sync_steps)
        .help("Steps between synchronisations.")
        .unit("steps")
        .between(1, 1e9)
        .advanced();
}

void declareFilter(Declarations& grpo) {
    grpo("filter_groups", &G::filter_groups)
        .help("Dynamic sampling (DAPO): groups that teach nothing are replaced by others.");
    grpo("filter_groups_metric", &G::filter_groups_metric)
        .help("A group is kept when its rewards differ, or when its accuracy lies in the range below.")
        .choices({"reward", "accuracy"})
        .advanced();
    grpo("filter_accuracy_min", &G::filter_accuracy_min)
        .help("Lowest accuracy of a kept group; 0 is never kept.")
        .between(0, 1)
        .advanced();
    grpo("filter_accuracy_max", &G::filter_accuracy_max)
        .help("Highest accuracy of a kept group; 1 is never kept.")
        .between(0, 1)
        .advanced();
    grpo("max_num_gen_batches", &G::max_num_gen_batches)
        .help("Batches of prompts sampled for one step, at most.")
        .between(1, 10000)
        .advanced();
}

void declareTeacher(Declarations& grpo) {
    grpo("sasr_gamma", &G::sasr_gamma)
        .help("Mixes in supervised steps on worked examples (SASR), the fewer the higher this is; 0: none.")
        .between(0, 1e6)
        .advanced();
    grpo("teacher", &G::teacher)
        .checkpoint()
        .help(
            "Checkpoint of a teacher of the same vocabulary whose KL is added to the loss (KDRL); empty: "
            "none.")
        .advanced();
    grpo("teacher_beta", &G::teacher_beta)
        .help("Weight of the KL to the teacher at the first step.")
        .between(0, 100)
        .advanced();
    grpo("teacher_beta_end", &G::teacher_beta_end)
        .help("… and at the last step; it changes evenly.")
        .between(0, 100)
        .advanced();
    grpo("teacher_kl_estimator", &G::teacher_kl_estimator)
        .help("Estimator of the KL to the teacher; the gradient of k2 is that of the reverse KL.")
        .choices({"k1", "k2", "k3"})
        .advanced();
    grpo("teacher_mask", &G::teacher_mask)
        .help("The teacher teaches all completions, the wrong ones, or groups without a right one.")
        .choices({"none", "wrong", "wrong_groups"})
        .advanced();
}

void checkGrpo(const RunConfig& config, const ReportContradiction& report) {
    const GrpoSettings& grpo = config.grpo;
    checkLength(config, "grpo.max_completion_length", grpo.max_completion_length, report);
    for (std::int64_t length : grpo.completion_length_stages)
        checkLength(config, "grpo.completion_length_stages", length, report);
    checkRollouts(grpo, "grpo", report);
    if (grpo.loss_type == "luspo" && grpo.importance_sampling_level != "sequence")
        report("grpo.loss_type", "luspo weighs whole completions",
               "set grpo.importance_sampling_level: sequence");
    if (grpo.strict_on_policy && grpo.num_iterations > 1)
        report("grpo.num_iterations", "a second pass is off-policy, and grpo.strict_on_policy is set", "");
    if (grpo.strict_on_policy && grpo.beta > 0)
        report("grpo.beta", "strictly on-policy training has no reference", "set it to 0");
    if (grpo.delta > 0 && grpo.delta <= 1 + grpo.epsilon_high)
        report("grpo.delta", "must be above 1 + grpo.epsilon_high", "");
    if (grpo.sync_ref_model && grpo.beta == 0)
        report("grpo.sync_ref_model", "there is no reference to follow the policy", "set grpo.beta above 0");
    if (grpo.kl_target > 0 && grpo.beta == 0)
        report("grpo.kl_target", "there is no reference whose KL could be steered", "set grpo.beta above 0");
    if (grpo.off_policy_mask_threshold > 0 && grpo.num_iterations == 1)
        report("grpo.off_policy_mask_threshold", "a single pass is on-policy: there is nothing to mask",
               "set grpo.num_iterations above 1");
    if (grpo.loss_type == "cispo" && grpo.epsilon_high < 1)
        report("grpo.epsilon_high", "cispo bounds the ratio itself by it, and would bound every token",
               "for example 5");
    if (grpo.filter_accuracy_min > grpo.filter_accuracy_max)
        report("grpo.filter_accuracy_min", "is above grpo.filter_accuracy_max", "");
    if (grpo.entropy_coef_min > grpo.entropy_coef_max)
        report("grpo.entropy_coef_min", "is above grpo.entropy_coef_max", "");
}

}  // namespace

std::vector<BoundRecipe> grpoRecipes() {
    BoundRecipe recipe = newRecipe(
        "grpo",
        "Reinforcement learning with verifiable rewards: groups of completions, judged and compared.");
    recipe.defaults = rolloutDefaults(recipe.defaults);
    recipe.defaults.grpo.rewards = {{"correctness", 1.0, Json::object()}};
    recipe.check = checkGrpo;
    declareBeginning(recipe, StepInput::Rollouts);
    Declarations grpo(recipe, "grpo.", "GRPO", &RunConfig::grpo);
    declareSampling(grpo);
    declareAdvantages(grpo);
    declareLoss(grpo);
    grpo.group("Entropy");
    declareEntropy(grpo);
    grpo.group("Reference");
    declareReference(grpo);
    grpo.group("Dynamic sampling");
    declareFilter(grpo);
    grpo.group("Teacher");
    declareTeacher(grpo);
    declareEnd(recipe, StepInput::Rollouts);
    return {recipe};
}

}  // namespace retort
