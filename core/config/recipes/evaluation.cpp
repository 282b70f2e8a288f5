// How a run is evaluated, and which traces it keeps.
#include "core/config/recipes/declarations.h"

namespace retort {

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

}  // namespace retort
