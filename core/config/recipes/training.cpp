// How a run trains: steps, optimiser, machine, logging and checkpoints.
#include "core/config/recipes/declarations.h"

namespace retort {
namespace {

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

}  // namespace

void declareMachine(SectionDeclarations<TrainingSettings>& training) {
    using T = TrainingSettings;
    training.group("Machine");
    training("precision", &T::precision)
        .help("auto: bf16 mixed precision where a short measurement at the start shows that it is faster.")
        .choices({"auto", "fp32", "bf16"});
    training("device", &T::device)
        .help("auto: the GPU where there is one and LibTorch can use it.")
        .choices({"auto", "cpu", "cuda"})
        .advanced();
    training("gradient_checkpointing", &T::gradient_checkpointing)
        .help(
            "Computes layers again in the backward pass instead of keeping them: less memory, a third more "
            "time.")
        .advanced();
    training("num_threads", &T::num_threads)
        .help("Threads of the trainer; 0: chosen by the machine's load.")
        .unit("threads")
        .between(0, 1024)
        .advanced();
}

void declareTraining(BoundRecipe& recipe, StepInput input) {
    using T = TrainingSettings;
    const bool sampled = input == StepInput::Rollouts, pairs = input == StepInput::Pairs;
    SectionDeclarations training(recipe, "training.", "Training", &RunConfig::training);
    training("max_steps", &T::max_steps).help("Optimizer steps.").unit("steps").between(1, 1e9);
    if (!sampled) {
        training("batch_size", &T::batch_size)
            .help(pairs ? "Pairs an accumulation step." : "Sequences an accumulation step.")
            .unit(pairs ? "pairs" : "sequences")
            .between(1, 65536);
        training("max_length", &T::max_length)
            .help("Longer examples are dropped, and counted.")
            .unit("tokens")
            .between(4, 1 << 20);
    }
    if (recipe.schema.name != "ppo")  // its mini-batches are the parts
        training("gradient_accumulation_steps", &T::gradient_accumulation_steps)
            .help(sampled ? "Parts into which a step's completions are split to need less memory."
                          : "Batches whose gradients are summed for an optimizer step.")
            .between(1, 4096)
            .advanced();
    if (recipe.schema.name == "sft")
        training("completion_only_loss", &T::completion_only_loss).help("The prompt's tokens bear no loss.");
    declareOptimisation(training);
    declareMachine(training);
    if (input == StepInput::Rollouts)
        training("rollout_precision", &T::rollout_precision)
            .help(
                "Weights that completions are sampled with; bf16: half the memory, not quite the trained "
                "policy.")
            .choices({"fp32", "bf16"})
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

}  // namespace retort
