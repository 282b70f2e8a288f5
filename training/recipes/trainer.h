// The loop around a recipe: steps, metrics, evaluations, checkpoints, requests.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/runlog/run_directory.h"
#include "training/api/training_module.h"
#include "training/recipes/alarm_watch.h"
#include "training/recipes/evaluation.h"
#include "training/recipes/recipe.h"
#include "training/recipes/trainer_state.h"

namespace retort {

class Trainer {
  public:
    /// The references must outlive the trainer.
    Trainer(RunSession& session, TrainerParts& parts, Recipe& recipe, TrainerState state);

    /// From the state's step to the end or to a stop, with a checkpoint at either.
    TrainOutcome run();

  private:
    bool isOver() const { return m_state.step >= m_parts.config.training.max_steps; }
    /// False when a stop came first.
    bool takeStep();
    bool evaluateWhenDue();
    bool isEvaluationDue() const;
    bool isSaveDue() const;
    void save();
    void logStep(StepReport report, double seconds);
    void logEvaluation(const std::vector<EvaluationReport>& reports, double seconds);

    RunSession& m_session;
    TrainerParts& m_parts;
    Recipe& m_recipe;
    TrainerState m_state;
    AlarmWatch m_alarms;
    std::vector<EvaluationSet> m_evaluationSets;
    std::int64_t m_savedStep = -1;
};

}  // namespace retort
