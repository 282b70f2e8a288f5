// What the recipes' declarations share. Each family of recipes has a file of its own here: its defaults, its
// own section, and the contradictions that only it can have.
#pragma once

#include <string>
#include <vector>

#include "core/config/binding.h"

namespace retort {

/// A parameter of a list's items (data.tasks, grpo.rewards).
Parameter itemParameter(const char* name, Json defaultValue, ParameterType type, const char* help);
/// The same for a number between 0 and `high`.
Parameter itemShare(const char* name, double defaultValue, const char* help, double high);

/// What a step consumes: batches of examples or of pairs, or completions that it samples itself.
enum class StepInput { Examples, Pairs, Rollouts };

BoundRecipe newRecipe(const char* name, const char* help);
/// Run, model, tokenizer, data, training and adapters.
void declareBeginning(BoundRecipe& recipe, StepInput input);
/// Its name, its study, its tags and its seed.
void declareRun(BoundRecipe& recipe);
/// precision and num_threads.
void declareMachine(SectionDeclarations<TrainingSettings>& training);
/// Every declaration takes its default from recipe.defaults.
void declareDefaults(BoundRecipe& recipe);
/// Evaluation and traces; then every declaration takes its default from recipe.defaults.
void declareEnd(BoundRecipe& recipe, StepInput input);

void declareModel(BoundRecipe& recipe);
void declareData(BoundRecipe& recipe);
void declareTraining(BoundRecipe& recipe, StepInput input);
/// Where pairs of a better and a worse completion come from.
void declarePairs(BoundRecipe& recipe);
void declareLora(BoundRecipe& recipe);
void declareEvaluation(BoundRecipe& recipe);
void declareTraces(BoundRecipe& recipe, StepInput input);

// The families, in the order in which the window offers them.
std::vector<BoundRecipe> supervisedRecipes();    ///< pretrain, sft
std::vector<BoundRecipe> distillationRecipes();  ///< distill
std::vector<BoundRecipe> preferenceRecipes();    ///< dpo, simpo, orpo, kto, redi
std::vector<BoundRecipe> grpoRecipes();          ///< grpo
std::vector<BoundRecipe> ppoRecipes();           ///< ppo
std::vector<BoundRecipe> judgeRecipes();         ///< reward_model, prm
std::vector<BoundRecipe> evaluationRecipes();    ///< evaluate
std::vector<BoundRecipe> mergeRecipes();         ///< merge
std::vector<BoundRecipe> externalRecipes();      ///< external

}  // namespace retort
