// How a run is evaluated, and which traces it keeps.
#include "core/config/checks.h"
#include "core/config/recipes/declarations.h"

namespace retort {

void declareEvaluation(BoundRecipe& recipe) {
    using E = EvaluationSettings;
    SectionDeclarations evaluation(recipe, "evaluation.", "Evaluation", &RunConfig::evaluation);
    if (recipe.defaults.training.max_steps > 0)  // nothing changes in a run of no steps
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
    evaluation("maj_at", &E::maj_at)
        .help("The k of maj@k: the answer that most of k completions give.")
        .between(1, 4096)
        .advanced();
    evaluation("best_at", &E::best_at)
        .help("The N of best-of-N: the verifier's choice among N completions.")
        .between(1, 4096)
        .advanced();
    evaluation("weighted_at", &E::weighted_at)
        .help(
            "The N of weighted votes: the answer for which the verifier's scores of N completions add up to "
            "most; a reward model's rewards count by their logistic function.")
        .between(1, 4096)
        .advanced();
    evaluation("verifier", &E::verifier)
        .checkpoint()
        .help("Checkpoint of a reward model or process reward model that chooses; empty: none.")
        .advanced();
    evaluation("verifier_score", &E::verifier_score)
        .help("A process reward model's word on a completion: its worst step, its last step, or the product.")
        .choices({"min", "last", "product"})
        .advanced();
    evaluation("beam_size", &E::beam_size)
        .help(
            "Solutions that beam search keeps after each step, those that the verifier rates highest; 0: no "
            "search. With beam_expansion this is step-level beam search: (B1, B2) in AlphaMath.")
        .between(0, 4096)
        .advanced();
    evaluation("beam_expansion", &E::beam_expansion)
        .help("Next steps that beam search samples for each solution that it keeps.")
        .between(1, 4096)
        .advanced();
    evaluation("num_particles", &E::num_particles)
        .help(
            "Solutions that particle filtering writes side by side; after each step they are drawn anew by "
            "the odds that the verifier gives them. 0: none.")
        .between(0, 4096)
        .advanced();
    evaluation("particle_resampling", &E::particle_resampling)
        .help("How particles are drawn anew: systematic has less noise, multinomial draws each by itself.")
        .choices({"systematic", "multinomial"})
        .advanced();
    evaluation("particle_temperature", &E::particle_temperature)
        .help("Divides the logits of the verifier's values: higher keeps more different particles.")
        .above(0)
        .atMost(1000)
        .advanced();
    evaluation("search_budgets", &E::search_budgets)
        .help(
            "N for which accuracy and tokens are measured of each way to spend N completions: maj@N; with a "
            "verifier best-of-N and weighted votes; with a process reward model beam search (N steps a "
            "round, "
            "beam_expansion of each kept solution) and particle filtering.")
        .between(1, 4096)
        .advanced();
    evaluation("bootstrap_samples", &E::bootstrap_samples)
        .help("Resamples of the problems behind the intervals of several completions a problem.")
        .between(1, 1000000)
        .advanced();
    evaluation("max_completion_length", &E::max_completion_length)
        .help("Longest completion.")
        .unit("tokens")
        .between(1, 1 << 20);
    evaluation("traces", &E::traces).help("Traces kept of each task and evaluation.").between(0, 1e6);
    evaluation("trees", &E::trees)
        .help("Problems of each task and evaluation whose search trees are kept, one for each search.")
        .between(0, 1e6)
        .advanced();
}

void declareTraces(BoundRecipe& recipe, StepInput input) {
    using T = TraceSettings;
    SectionDeclarations traces(recipe, "traces.", "Traces", &RunConfig::traces);
    if (input == StepInput::Rollouts) {
        traces("every_steps", &T::every_steps)
            .help("Keeps rollouts of every n-th step.")
            .unit("steps")
            .between(1, 1e9);
        traces("groups_per_step", &T::groups_per_step)
            .help("How many prompts' groups of such a step; 0: none.")
            .between(0, 16384);
    }
    if (input == StepInput::Pairs)
        traces("groups_per_step", &T::groups_per_step)
            .help("Prompts of each round of pairs whose samples are kept.")
            .between(0, 16384);
    traces("token_arrays", &T::token_arrays)
        .help("Keeps each token's log-probability and entropy.")
        .advanced();
}

std::vector<BoundRecipe> evaluationRecipes() {
    BoundRecipe recipe = newRecipe("evaluate", "Puts held-out problems to a checkpoint, and trains nothing.");
    recipe.defaults.training.max_steps = recipe.defaults.training.warmup_steps = 0;
    recipe.defaults.evaluation.num_samples = 8;
    recipe.defaults.evaluation.temperature = 1;
    recipe.defaults.evaluation.pass_at = {1, 8};
    recipe.defaults.evaluation.maj_at = {8};
    recipe.check = [](const RunConfig& config, const ReportContradiction& report) {
        if (config.model.from.empty()) report("model.from", "is missing", "name the checkpoint to evaluate");
    };
    declareRun(recipe);
    SectionDeclarations model(recipe, "model.", "Model", &RunConfig::model);
    model("from", &ModelSettings::from)
        .checkpoint()
        .help("Checkpoint to evaluate: a folder, \"run:<name or id>[@step]\", or \"@stage\" in a study.");
    declareData(recipe);
    SectionDeclarations training(recipe, "training.", "Training", &RunConfig::training);
    declareMachine(training);
    declareEnd(recipe, StepInput::Examples);
    return {recipe};
}

}  // namespace retort
