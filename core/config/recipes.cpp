// The recipes' parameters: every one declared once, with its path, help, range, unit and group.
#include "core/config/binding.h"
#include "core/config/rewards.h"
#include "core/tasks/task.h"

namespace retort {
namespace {

Parameter itemParameter(const char* name, Json defaultValue, ParameterType type, const char* help) {
    Parameter parameter;
    parameter.path = name;
    parameter.type = type;
    parameter.defaultValue = std::move(defaultValue);
    parameter.help = help;
    return parameter;
}

Parameter itemShare(const char* name, double defaultValue, const char* help, double high) {
    Parameter parameter = itemParameter(name, defaultValue, ParameterType::Real, help);
    parameter.minimum = 0;
    parameter.maximum = high;
    return parameter;
}

// What every task has besides its own parameters comes first.
std::vector<ParameterVariant> dataTaskVariants() {
    const TaskSettings defaults;
    std::vector<ParameterVariant> variants = taskVariants();
    for (ParameterVariant& variant : variants) {
        std::vector<Parameter> all = {
            itemParameter("name", defaults.name, ParameterType::Text,
                          "Label in metrics; empty: the task's kind."),
            itemShare("weight", defaults.weight, "Share in the mixture, relative to the others.", 1e6),
            itemShare("worked_share", defaults.worked_share,
                      "Share of the training examples whose completion shows its working.", 1)};
        all.insert(all.end(), variant.parameters.begin(), variant.parameters.end());
        variant.parameters = std::move(all);
    }
    return variants;
}

std::vector<ParameterVariant> dataFileVariants() {
    const FileSettings defaults;
    const auto text = [](const char* name, const char* help) {
        return itemParameter(name, "", ParameterType::Text, help);
    };
    Parameter verifier = itemParameter(
        "verifier", defaults.verifier, ParameterType::Choice,
        "How an answer is compared with the reference: math (1/2, 0.5 and \\frac{1}{2} are the same; see retort-cli "
        "verify-answers) or exact (the same text or number).");
    verifier.choices = {"math", "exact"};
    return {{"",
             "A JSONL file of your own, one example a line.",
             {text("path", "The file; relative to the configuration's folder."),
              text("prompt_field", "Key of the prompt; empty: recognised (prompt, problem, question …)."),
              text("completion_field", "Key of the completion; empty: recognised (completion, solution …)."),
              text("answer_field", "Key of the reference answer; empty: recognised (answer …)."),
              itemShare("weight", defaults.weight, "Share in the mixture, relative to the others.", 1e6),
              itemShare("held_out_share", defaults.held_out_share,
                        "Share of the rows kept for evaluation, chosen by a hash of the prompt.", 0.9),
              verifier}}};
}

std::vector<ParameterVariant> weightedRewardVariants() {
    std::vector<ParameterVariant> variants = rewardVariants();
    for (ParameterVariant& variant : variants) {
        Parameter weight = itemShare("weight", 1.0, "Factor of this term; negative punishes.", 1e6);
        weight.minimum = -1e6;
        variant.parameters.insert(variant.parameters.begin(), std::move(weight));
    }
    return variants;
}

void declareRun(BoundRecipe& recipe) {
    declareTopLevel(recipe, "name", &RunConfig::name).help("What the run is called in lists and charts.");
    declareTopLevel(recipe, "study", &RunConfig::study).help("The study that it belongs to; empty: none.");
    declareTopLevel(recipe, "tags", &RunConfig::tags).help("Words to find it by.");
    declareTopLevel(recipe, "seed", &RunConfig::seed)
        .help("Seed of everything random: the same seed gives the same run.")
        .between(0, 9007199254740991.0);
}

void declareModel(BoundRecipe& recipe) {
    using M = ModelSettings;
    SectionDeclarations model(recipe, "model.", "Model", &RunConfig::model);
    model("from", &M::from)
        .help(
            "Checkpoint to start from: a folder, \"run:<name or id>[@step]\", or \"@stage\" in a study; "
            "empty: a new "
            "model of the shape below.");
    model("hidden_size", &M::hidden_size).help("Width of the residual stream.").between(8, 16384);
    model("num_hidden_layers", &M::num_hidden_layers).help("Number of decoder layers.").between(1, 256);
    model("num_attention_heads", &M::num_attention_heads).help("Query heads a layer.").between(1, 256);
    model("num_key_value_heads", &M::num_key_value_heads)
        .help("Key/value heads; fewer than query heads: grouped-query attention.")
        .between(1, 256);
    model("head_dim", &M::head_dim)
        .help("Width of a head; 0: hidden_size / num_attention_heads.")
        .between(0, 1024)
        .advanced();
    model("intermediate_size", &M::intermediate_size).help("Width of the SwiGLU layer.").between(8, 131072);
    model("position_embedding", &M::position_embedding)
        .help("Rotary, learned absolute, or no positions (NoPE).")
        .choices({"rope", "learned", "none"});
    model("rope_theta", &M::rope_theta).help("Base of the rotary frequencies.").between(1, 1e9).advanced();
    model("max_position_embeddings", &M::max_position_embeddings)
        .help("Longest sequence, prompt and completion together.")
        .unit("tokens")
        .between(8, 1 << 20);
    model("attention_bias", &M::attention_bias)
        .help("Bias on queries, keys and values, as in Qwen2.")
        .advanced();
    model("qk_norm", &M::qk_norm).help("RMSNorm on queries and keys, as in Qwen3.").advanced();
    model("tie_word_embeddings", &M::tie_word_embeddings)
        .help("Input and output embeddings share their weights.")
        .advanced();
    model("rms_norm_eps", &M::rms_norm_eps)
        .help("Added under the root in RMSNorm.")
        .above(0)
        .atMost(0.1)
        .advanced();
    model("initializer_range", &M::initializer_range)
        .help("Standard deviation of the initial weights.")
        .above(0)
        .atMost(1)
        .advanced();
}

void declareTokenizer(BoundRecipe& recipe) {
    using T = TokenizerSettings;
    SectionDeclarations tokenizer(recipe, "tokenizer.", "Tokenizer", &RunConfig::tokenizer);
    tokenizer("kind", &T::kind)
        .help("One token a character, or byte-pair encoding.")
        .choices({"character", "bpe"});
    tokenizer("vocab_size", &T::vocab_size)
        .help("Byte-pair encoding: vocabulary to train to.")
        .unit("tokens")
        .between(16, 65536);
}

void declareData(BoundRecipe& recipe) {
    SectionDeclarations data(recipe, "data.", "Data", &RunConfig::data);
    data("tasks", &DataSettings::tasks)
        .help("Generated reasoning tasks, mixed by weight.")
        .variants("task", dataTaskVariants());
    data("files", &DataSettings::files).help("Your own examples, as JSONL.").variants("", dataFileVariants());
}

void declareOptimisation(SectionDeclarations<TrainingSettings>& training) {
    using T = TrainingSettings;
    training.group("Optimisation");
    training("learning_rate", &T::learning_rate).help("Peak learning rate of AdamW.").above(0).atMost(10);
    training("lr_scheduler_type", &T::lr_scheduler_type)
        .help("Course of the learning rate after the warm-up; wsd: constant, then a decay at the end.")
        .choices({"constant", "cosine", "linear", "wsd"});
    training("warmup_steps", &T::warmup_steps)
        .help("Steps in which the learning rate rises from 0.")
        .unit("steps")
        .between(0, 1e9);
    training("min_lr_ratio", &T::min_lr_ratio)
        .help("Final learning rate as a share of the peak.")
        .between(0, 1)
        .advanced();
    training("decay_share", &T::decay_share)
        .help("wsd: share of the steps that decays at the end.")
        .between(0, 1)
        .advanced();
    training("weight_decay", &T::weight_decay).help("Decoupled weight decay.").between(0, 10);
    training("adam_beta1", &T::adam_beta1).help("AdamW's first moment decay.").between(0, 0.9999).advanced();
    training("adam_beta2", &T::adam_beta2)
        .help("AdamW's second moment decay.")
        .between(0, 0.999999)
        .advanced();
    training("adam_epsilon", &T::adam_epsilon).help("AdamW's epsilon.").above(0).atMost(1).advanced();
    training("max_grad_norm", &T::max_grad_norm)
        .help("Gradients are clipped to this norm; 0: never.")
        .between(0, 1e6);
}

void declareTraining(BoundRecipe& recipe) {
    using T = TrainingSettings;
    const bool supervised = recipe.schema.name != "grpo";
    SectionDeclarations training(recipe, "training.", "Training", &RunConfig::training);
    training("max_steps", &T::max_steps).help("Optimizer steps.").unit("steps").between(1, 1e9);
    if (supervised) {
        training("batch_size", &T::batch_size)
            .help("Sequences an accumulation step.")
            .unit("sequences")
            .between(1, 65536);
        training("max_length", &T::max_length)
            .help("Longer examples are dropped, and counted.")
            .unit("tokens")
            .between(4, 1 << 20);
    }
    training("gradient_accumulation_steps", &T::gradient_accumulation_steps)
        .help(supervised ? "Batches whose gradients are summed for an optimizer step."
                         : "Parts into which a step's completions are split to need less memory.")
        .between(1, 4096)
        .advanced();
    if (recipe.schema.name == "sft")
        training("completion_only_loss", &T::completion_only_loss).help("The prompt's tokens bear no loss.");
    declareOptimisation(training);
    training.group("Machine");
    training("precision", &T::precision)
        .help("auto: bf16 mixed precision where a short measurement at the start shows that it is faster.")
        .choices({"auto", "fp32", "bf16"});
    training("num_threads", &T::num_threads)
        .help("Threads of the trainer; 0: chosen by the machine's load.")
        .unit("threads")
        .between(0, 1024)
        .advanced();
    training.group("Logging and checkpoints");
    training("logging_steps", &T::logging_steps)
        .help("Metrics are logged every n-th step.")
        .unit("steps")
        .between(1, 1e6);
    training("save_steps", &T::save_steps)
        .help("A checkpoint every n-th step; 0: at the end only.")
        .unit("steps")
        .between(0, 1e9);
    training("save_total_limit", &T::save_total_limit)
        .help("Older checkpoints are removed beyond this number; 0: all are kept.")
        .between(0, 1e6);
}

void declareRollouts(SectionDeclarations<GrpoSettings>& grpo) {
    using G = GrpoSettings;
    grpo("prompts_per_step", &G::prompts_per_step).help("Prompts a step.").unit("prompts").between(1, 16384);
    grpo("num_generations", &G::num_generations)
        .help("Completions a prompt: the group in which rewards are compared.")
        .between(2, 4096);
    grpo("num_iterations", &G::num_iterations)
        .help("Optimizer passes over each step's completions.")
        .between(1, 64);
    grpo("max_completion_length", &G::max_completion_length)
        .help("Longest completion.")
        .unit("tokens")
        .between(1, 1 << 20);
    grpo("temperature", &G::temperature).help("Sampling temperature.").above(0).atMost(100);
    grpo("top_p", &G::top_p).help("Nucleus sampling; 1: off.").above(0).atMost(1).advanced();
    grpo("top_k", &G::top_k)
        .help("Samples from the k likeliest tokens; 0: from all.")
        .between(0, 1e6)
        .advanced();
}

void declareGrpo(BoundRecipe& recipe) {
    using G = GrpoSettings;
    SectionDeclarations grpo(recipe, "grpo.", "GRPO", &RunConfig::grpo);
    declareRollouts(grpo);
    grpo("rewards", &G::rewards)
        .help("Terms of the reward, summed by weight; empty: correctness alone.")
        .variants("reward", weightedRewardVariants());
    grpo("loss_type", &G::loss_type)
        .help("How token losses are averaged: by sequence, by the fixed length, or over all tokens.")
        .choices({"grpo", "dr_grpo", "dapo", "bnpo"});
    grpo("scale_rewards", &G::scale_rewards)
        .help("Advantages are divided by the standard deviation of the group, of the batch, or not.")
        .choices({"group", "batch", "none"});
    grpo("epsilon", &G::epsilon).help("Lower clip range of the probability ratio.").above(0).atMost(1);
    grpo("epsilon_high", &G::epsilon_high)
        .help("Upper clip range; above epsilon: clip-higher (DAPO).")
        .above(0)
        .atMost(10);
    grpo("beta", &G::beta)
        .help("Weight of the KL to the start policy; 0: no reference is kept.")
        .between(0, 100);
    grpo("kl_estimator", &G::kl_estimator)
        .help("Estimator of the KL.")
        .choices({"k1", "k2", "k3"})
        .advanced();
    grpo("mask_truncated_completions", &G::mask_truncated_completions)
        .help("Completions that were cut off bear no loss.")
        .advanced();
    grpo("min_start_accuracy", &G::min_start_accuracy)
        .help("Refuses a start policy that succeeds less often than this: it would collapse, not learn.")
        .between(0, 1)
        .advanced();
}

void declareEvaluation(BoundRecipe& recipe) {
    using E = EvaluationSettings;
    SectionDeclarations evaluation(recipe, "evaluation.", "Evaluation", &RunConfig::evaluation);
    evaluation("eval_steps", &E::eval_steps)
        .help("Evaluates on held-out problems every n-th step; 0: at the end only.")
        .unit("steps")
        .between(0, 1e9);
    evaluation("num_problems", &E::num_problems)
        .help("Held-out problems a task.")
        .unit("problems")
        .between(1, 1e6);
    evaluation("num_samples", &E::num_samples).help("Completions a problem.").between(1, 4096);
    evaluation("temperature", &E::temperature).help("Sampling temperature; 0: greedy.").between(0, 100);
    evaluation("pass_at", &E::pass_at)
        .help("The k of pass@k, by the unbiased estimator.")
        .between(1, 4096)
        .advanced();
    evaluation("max_completion_length", &E::max_completion_length)
        .help("Longest completion.")
        .unit("tokens")
        .between(1, 1 << 20);
    evaluation("traces", &E::traces).help("Traces kept of each task and evaluation.").between(0, 1e6);
}

void declareTraces(BoundRecipe& recipe) {
    using T = TraceSettings;
    SectionDeclarations traces(recipe, "traces.", "Traces", &RunConfig::traces);
    if (recipe.schema.name == "grpo") {
        traces("every_steps", &T::every_steps)
            .help("Keeps rollouts of every n-th step.")
            .unit("steps")
            .between(1, 1e9);
        traces("groups_per_step", &T::groups_per_step)
            .help("How many prompts' groups of such a step; 0: none.")
            .between(0, 16384);
    }
    traces("token_arrays", &T::token_arrays)
        .help("Keeps each token's log-probability and entropy.")
        .advanced();
}

// Defaults stand in RunConfig's member initialisers; these are the recipes' own where they differ.
RunConfig defaultsOf(const std::string& recipe) {
    RunConfig config;
    config.recipe = recipe;
    if (recipe == "pretrain") config.training.completion_only_loss = false;
    if (recipe != "grpo") return config;
    config.training.max_steps = 100;
    config.training.learning_rate = 1e-4;
    config.training.weight_decay = 0;
    config.training.lr_scheduler_type = "constant";
    config.training.warmup_steps = 5;
    config.training.save_steps = 50;
    config.evaluation.eval_steps = 20;
    config.grpo.rewards = {{"correctness", 1.0, Json::object()}};
    return config;
}

BoundRecipe declare(const char* name, const char* help) {
    BoundRecipe recipe;
    recipe.schema.name = name;
    recipe.schema.help = help;
    recipe.defaults = defaultsOf(name);
    declareRun(recipe);
    declareModel(recipe);
    declareTokenizer(recipe);
    declareData(recipe);
    declareTraining(recipe);
    if (recipe.schema.name == "grpo") declareGrpo(recipe);
    declareEvaluation(recipe);
    declareTraces(recipe);
    for (std::size_t i = 0; i < recipe.bindings.size(); ++i)
        recipe.schema.parameters[i].defaultValue = recipe.bindings[i].read(recipe.defaults);
    return recipe;
}

}  // namespace

const std::vector<BoundRecipe>& boundRecipes() {
    static const std::vector<BoundRecipe> recipes = {
        declare("pretrain", "Next-token training on whole texts, prompts included."),
        declare("sft", "Supervised fine-tuning: learns the completions of examples."),
        declare(
            "grpo",
            "Reinforcement learning with verifiable rewards: groups of completions, judged and compared.")};
    return recipes;
}

}  // namespace retort
