// The recipe "distill": a student learns a teacher's distribution, token by token, on examples, on the
// teacher's samples, or on its own.
#include "core/config/checks.h"
#include "core/config/recipes/declarations.h"

namespace retort {
namespace {

using D = DistillationSettings;

void declareLoss(SectionDeclarations<D>& distillation) {
    distillation("teacher", &D::teacher)
        .help("Checkpoint to learn from; its tokenizer must be the student's.")
        .checkpoint();
    distillation("alpha", &D::alpha)
        .help("Weight of the teacher; what is left to 1 is that of the cross entropy.")
        .between(0, 1);
    distillation("beta", &D::beta)
        .help("0: KL(teacher, student), 1: KL(student, teacher), between: generalised Jensen-Shannon.")
        .between(0, 1);
    distillation("temperature", &D::temperature)
        .help("Temperature of both distributions.")
        .above(0)
        .atMost(100);
    distillation("temperature_squared", &D::temperature_squared)
        .help("The distance is multiplied by the temperature's square, so that gradients keep their size.")
        .advanced();
    distillation("top_k", &D::top_k)
        .help("The teacher's k likeliest tokens, and one number for the rest; 0: its whole distribution.")
        .between(0, 65536);
    distillation("cache_folder", &D::cache_folder)
        .help(
            "Keeps the top_k in this folder (relative: in the run's), to be read again instead of computed.")
        .advanced();
}

void declareSamples(SectionDeclarations<D>& distillation) {
    distillation.group("Distillation samples");
    distillation("lmbda", &D::lmbda)
        .help("Share of the steps that learn from the student's own samples: on-policy.")
        .between(0, 1);
    distillation("seq_kd", &D::seq_kd)
        .help("The teacher's samples take the place of the examples' completions.");
    distillation("num_generations", &D::num_generations)
        .help("The teacher's samples of a prompt.")
        .between(1, 4096);
    distillation("selection", &D::selection)
        .help(
            "Which of the teacher's samples are learned: all, those that are right, the shortest right one.")
        .choices({"all", "correct", "shortest_correct"});
    distillation("sampling_temperature", &D::sampling_temperature)
        .help("Sampling temperature.")
        .above(0)
        .atMost(100);
    distillation("max_completion_length", &D::max_completion_length)
        .help("Longest completion.")
        .unit("tokens")
        .between(1, 1 << 20);
}

void declareSelection(SectionDeclarations<D>& distillation) {
    distillation.group("Distillation selection");
    distillation("keep_share", &D::keep_share)
        .help("Share of the examples that is kept; needs tasks with a number of examples.")
        .above(0)
        .atMost(1);
    distillation("pruning", &D::pruning)
        .help(
            "Which are kept: a random choice, those of the highest loss, of the highest error norm, or those "
            "most often forgotten.")
        .choices({"random", "loss", "el2n", "forgetting"});
    distillation("pruning_steps", &D::pruning_steps)
        .help("A copy of the student learns from all examples for so long before they are scored.")
        .unit("steps")
        .between(0, 1e9);
    distillation("token_share", &D::token_share)
        .help(
            "Share of the tokens that bears loss: those at which the student is farthest behind the "
            "reference.")
        .above(0)
        .atMost(1);
    distillation("reference", &D::reference)
        .help("Checkpoint of the student's kind, distilled before on all tokens, for token_share below 1.")
        .checkpoint();
}

void declareDistances(SectionDeclarations<D>& distillation) {
    distillation.group("Teacher hacking");
    distillation("oracle", &D::oracle)
        .help("Checkpoint that the teacher learned from: the distance to it is the one that counts.")
        .checkpoint();
    distillation("distance_steps", &D::distance_steps)
        .help("Distances to teacher and oracle are measured every n-th step; 0: never.")
        .unit("steps")
        .between(0, 1e9);
    distillation("distance_problems", &D::distance_problems)
        .help("Held-out prompts on which they are measured.")
        .unit("problems")
        .between(1, 1e6);
}

void checkDistillation(const RunConfig& config, const ReportContradiction& report) {
    const D& distillation = config.distillation;
    if (distillation.teacher.empty())
        report("distillation.teacher", "is missing", "name a checkpoint to learn from");
    if (distillation.token_share < 1 && distillation.reference.empty())
        report("distillation.reference", "token_share below 1 needs one", "name a checkpoint");
    if (!distillation.cache_folder.empty() && distillation.top_k == 0)
        report("distillation.cache_folder", "only top_k probabilities are kept",
               "set distillation.top_k, for example 64");
    if (distillation.seq_kd && distillation.keep_share < 1)
        report("distillation.keep_share", "prunes examples, and seq_kd does not learn them", "");
    if (distillation.keep_share < 1 && distillation.pruning == "forgetting" &&
        distillation.pruning_steps == 0)
        report("distillation.pruning_steps", "nothing is forgotten where nothing is learnt",
               "set it above 0, for example 100");
    if (distillation.keep_share < 1)
        for (std::size_t i = 0; i < config.data.tasks.size(); ++i)
            if (config.data.tasks[i].examples == 0)
                report("data.tasks." + std::to_string(i) + ".examples",
                       "keep_share below 1 needs a number of them", "");
    if (distillation.keep_share < 1 && !config.data.files.empty())
        report("distillation.keep_share", "prunes the examples of tasks, not of files", "");
    if (!distillation.oracle.empty() && distillation.distance_steps == 0)
        report("distillation.distance_steps", "nothing is measured against the oracle",
               "set it above 0, for example 25");
    // A resumed run takes the distances so far from its log.
    if (distillation.distance_steps % config.training.logging_steps != 0)
        report("distillation.distance_steps",
               "must be a multiple of training.logging_steps (" +
                   std::to_string(config.training.logging_steps) + ")",
               "");
    checkLength(config, "distillation.max_completion_length", distillation.max_completion_length, report);
}

}  // namespace

std::vector<BoundRecipe> distillationRecipes() {
    BoundRecipe recipe =
        newRecipe("distill", "Distillation: learns a teacher's distribution, token by token.");
    recipe.check = checkDistillation;
    declareBeginning(recipe, StepInput::Examples);
    SectionDeclarations distillation(recipe, "distillation.", "Distillation", &RunConfig::distillation);
    declareLoss(distillation);
    declareSamples(distillation);
    declareSelection(distillation);
    declareDistances(distillation);
    declareEnd(recipe, StepInput::Examples);
    return {recipe};
}

}  // namespace retort
