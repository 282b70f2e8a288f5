// The recipes that learn from pairs of a better and a worse completion: dpo, simpo, orpo, kto and redi.
#include "core/config/checks.h"
#include "core/config/recipes/declarations.h"

namespace retort {
namespace {

void declareDpo(BoundRecipe& recipe) {
    using D = DpoSettings;
    SectionDeclarations dpo(recipe, "dpo.", "DPO", &RunConfig::dpo);
    dpo("loss_type", &D::loss_type)
        .help("Losses that are added up; sft: the cross entropy of the chosen completions.")
        .choices({"sigmoid", "hinge", "ipo", "exo_pair", "nca_pair", "robust", "bco_pair", "sppo_hard", "aot",
                  "aot_unpaired", "apo_zero", "apo_down", "discopop", "sft", "sigmoid_norm"});
    dpo("loss_weights", &D::loss_weights).help("Weight of each loss; empty: 1 each.").between(-1e6, 1e6);
    dpo("beta", &D::beta).help("How closely the policy is held to the reference.").above(0).atMost(1e6);
    dpo("label_smoothing", &D::label_smoothing)
        .help("Share of pairs that are taken to be the wrong way round (robust, exo_pair, aot).")
        .between(0, 0.499);
    dpo("discopop_tau", &D::discopop_tau).help("Temperature of discopop.").above(0).atMost(1e6).advanced();
    dpo("precompute_ref_log_probs", &D::precompute_ref_log_probs)
        .help("The reference's log-probabilities of a file's pairs are computed once, at the start.")
        .advanced();
    dpo("sync_ref_model", &D::sync_ref_model)
        .help("The reference follows the policy (TR-DPO; with mixup 1, iterative DPO).")
        .advanced();
    dpo("ref_model_mixup_alpha", &D::ref_model_mixup_alpha)
        .help("Share of the policy in the reference at each synchronisation.")
        .between(0, 1)
        .advanced();
    dpo("ref_model_sync_steps", &D::ref_model_sync_steps)
        .help("Steps from one synchronisation to the next.")
        .unit("steps")
        .between(1, 1e9)
        .advanced();
}

void declareSimpo(BoundRecipe& recipe) {
    using S = SimpoSettings;
    SectionDeclarations simpo(recipe, "simpo.", "SimPO", &RunConfig::simpo);
    simpo("beta", &S::beta).help("Scale of the length-normalised rewards.").above(0).atMost(1e6);
    simpo("simpo_gamma", &S::simpo_gamma)
        .help("Margin by which the chosen reward is to lead.")
        .between(0, 1e6);
    simpo("cpo_alpha", &S::cpo_alpha)
        .help("Weight of the cross entropy of the chosen completions; above 0: CPO-SimPO.")
        .between(0, 1e6);
    simpo("label_smoothing", &S::label_smoothing)
        .help("Share of pairs that are taken to be the wrong way round.")
        .between(0, 0.5)
        .advanced();
}

void declareOrpo(BoundRecipe& recipe) {
    SectionDeclarations orpo(recipe, "orpo.", "ORPO", &RunConfig::orpo);
    orpo("beta", &OrpoSettings::beta)
        .help("Weight of the odds ratio beside the cross entropy.")
        .between(0, 1e6);
}

void declareKto(BoundRecipe& recipe) {
    using K = KtoSettings;
    SectionDeclarations kto(recipe, "kto.", "KTO", &RunConfig::kto);
    kto("loss_type", &K::loss_type)
        .help("Values are measured from the policy's KL, or from 0.")
        .choices({"kto", "apo_zero_unpaired"});
    kto("beta", &K::beta).help("How closely the policy is held to the reference.").above(0).atMost(1e6);
    kto("desirable_weight", &K::desirable_weight).help("Weight of the good completions.").between(0, 1e6);
    kto("undesirable_weight", &K::undesirable_weight).help("Weight of the bad completions.").between(0, 1e6);
}

void declareRedi(BoundRecipe& recipe) {
    using R = RediSettings;
    SectionDeclarations redi(recipe, "redi.", "REDI", &RunConfig::redi);
    redi("reinforce_chosen_coef", &R::reinforce_chosen_coef)
        .help("Weight of the chosen completions' mean log-probability.")
        .between(0, 1e6);
    redi("reinforce_rejected_coef", &R::reinforce_rejected_coef)
        .help("Weight of the rejected ones'; 1 is symmetric and unstable.")
        .between(0, 1e6);
}

void checkPairs(const RunConfig& config, const ReportContradiction& report) {
    const PairSettings& pairs = config.pairs;
    if (pairs.source == "file" && pairs.file.empty())
        report("pairs.file", "is missing", "name a JSONL file, or choose another pairs.source");
    if (pairs.source != "file" && !pairs.file.empty())
        report("pairs.file", "is not read with pairs.source " + pairs.source, "set pairs.source to file");
    if (pairs.sampled_share > 0 && pairs.source != "error_injection")
        report("pairs.sampled_share", "has no effect with pairs.source " + pairs.source,
               "set pairs.source to error_injection");
    if (pairs.step_values != "checker" && pairs.source != "first_bad_step")
        report("pairs.step_values", "has no effect with pairs.source " + pairs.source,
               "set pairs.source to first_bad_step");
    checkLength(config, "pairs.max_completion_length", pairs.max_completion_length, report);
}

void checkDpo(const RunConfig& config, const ReportContradiction& report) {
    checkPairs(config, report);
    const DpoSettings& dpo = config.dpo;
    if (dpo.loss_type.empty()) report("dpo.loss_type", "names no loss", "for example [sigmoid]");
    if (!dpo.loss_weights.empty() && dpo.loss_weights.size() != dpo.loss_type.size())
        report("dpo.loss_weights",
               "has " + std::to_string(dpo.loss_weights.size()) + " weights for " +
                   std::to_string(dpo.loss_type.size()) + " losses",
               "give one a loss, or none");
    for (const std::string& loss : dpo.loss_type)
        if (loss == "exo_pair" && dpo.label_smoothing == 0)
            report("dpo.label_smoothing", "exo_pair needs one above 0", "for example 0.001");
    if (dpo.precompute_ref_log_probs && config.pairs.source != "file")
        report("dpo.precompute_ref_log_probs", "only the pairs of a file are known at the start", "");
    if (dpo.precompute_ref_log_probs && dpo.sync_ref_model)
        report("dpo.precompute_ref_log_probs", "the reference must not change",
               "turn dpo.sync_ref_model off");
}

// TRL's, which fit models of a billion weights; far smaller ones want more.
void setDefaults(RunConfig& config, double learningRate) {
    config.training.learning_rate = learningRate;
    config.training.lr_scheduler_type = "linear";
    config.training.warmup_steps = 0;
    config.training.weight_decay = 0;
    config.training.max_steps = 200;
    config.training.batch_size = 8;
    config.training.save_steps = 100;
    config.evaluation.eval_steps = 50;
}

BoundRecipe declarePreferences(const char* name, const char* help, void (*section)(BoundRecipe&),
                               decltype(BoundRecipe::check) check = checkPairs) {
    BoundRecipe recipe = newRecipe(name, help);
    setDefaults(recipe.defaults, 1e-6);
    recipe.check = std::move(check);
    declareBeginning(recipe, StepInput::Pairs);
    declarePairs(recipe);
    section(recipe);
    declareEnd(recipe, StepInput::Pairs);
    return recipe;
}

}  // namespace

void declarePairs(BoundRecipe& recipe) {
    using P = PairSettings;
    SectionDeclarations pairs(recipe, "pairs.", "Preferences", &RunConfig::pairs);
    pairs("source", &P::source)
        .help(
            "A file; a worked example and its copy with one error; right and wrong samples of the policy; "
            "its first "
            "wrong step and the right one; its shortest right answer and a longer or wrong one.")
        .choices({"file", "error_injection", "self_sampling", "first_bad_step", "shortest_correct"});
    pairs("file", &P::file)
        .help(recipe.schema.name == "kto"
                  ? "JSONL of prompt, completion, label, or of prompt, chosen, rejected."
                  : "JSONL of prompt, chosen, rejected.")
        .file();
    // A reward model cannot be sampled: its pairs are those of the start policy.
    if (recipe.schema.name != "reward_model")
        pairs("round_steps", &P::round_steps)
            .help("The policy is sampled for new pairs every n-th step; 1: on-policy.")
            .unit("steps")
            .between(1, 1e9);
    pairs("prompts_per_round", &P::prompts_per_round)
        .help("Prompts that are sampled for each round of pairs.")
        .unit("prompts")
        .between(1, 1 << 20);
    pairs("num_generations", &P::num_generations).help("Completions a prompt.").between(2, 4096);
    pairs("max_completion_length", &P::max_completion_length)
        .help("Longest completion.")
        .unit("tokens")
        .between(1, 1 << 20);
    pairs("temperature", &P::temperature).help("Sampling temperature.").above(0).atMost(100);
    pairs("top_p", &P::top_p).help("Nucleus sampling; 1: off.").above(0).atMost(1).advanced();
    pairs("sampled_share", &P::sampled_share)
        .help("error_injection: share of the pairs that are right and wrong samples of the policy.")
        .between(0, 1)
        .advanced();
    pairs("step_values", &P::step_values)
        .help(
            "first_bad_step: a step is bad by the task's checker, or because completions from its end "
            "succeed "
            "less often.")
        .choices({"checker", "monte_carlo"})
        .advanced();
    pairs("step_rollouts", &P::step_rollouts)
        .help("monte_carlo: completions from the end of each step.")
        .between(1, 4096)
        .advanced();
    pairs("step_drop", &P::step_drop)
        .help("monte_carlo: the bad step is the first that lowers the rate of success by as much.")
        .above(0)
        .atMost(1)
        .advanced();
}

std::vector<BoundRecipe> preferenceRecipes() {
    return {
        declarePreferences("dpo", "Direct preference optimisation: pairs, against a frozen reference.",
                           declareDpo, checkDpo),
        declarePreferences("simpo", "SimPO: pairs by their mean log-probability, without a reference.",
                           declareSimpo),
        declarePreferences("orpo", "ORPO: cross entropy and an odds ratio at once, without a reference.",
                           declareOrpo),
        declarePreferences("kto", "KTO: single completions that are good or bad, against a frozen reference.",
                           declareKto),
        declarePreferences("redi", "REDI's second stage: likelier right traces, less likely wrong ones.",
                           declareRedi)};
}

}  // namespace retort
