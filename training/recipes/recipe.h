// What a recipe is made of and what it does: one step of a run after the other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/config/run_config.h"
#include "training/engine/adamw.h"
#include "training/engine/generator.h"
#include "training/recipes/data_source.h"
#include "training/recipes/run_session.h"

namespace retort {

/// Everything that trains, shared by the recipe, the evaluation and the checkpoints.
struct TrainerParts {
    RunConfig config;
    DialogueFormat dialogue;  ///< of the checkpoint that the run starts from
    std::vector<DataSource> sources;
    std::shared_ptr<const Tokenizer> tokenizer;
    std::shared_ptr<CausalLM> model;
    std::unique_ptr<AdamW> optimizer;
    std::unique_ptr<Generator> generator;
    std::shared_ptr<ProcessGroup> group = ProcessGroup::alone();  ///< the ranks that train this run
};

using Metrics = std::vector<std::pair<std::string, double>>;

struct StepReport {
    Metrics metrics;
    std::int64_t tokens = 0;  ///< that this step trained on
    std::vector<Trace> traces;
};

class Recipe {
  public:
    virtual ~Recipe();
    /// Does step `step` (1 …) or, when a stop comes first, nothing at all (absent). Throws Error.
    virtual std::optional<StepReport> step(std::int64_t step) = 0;
    /// What the recipe keeps between steps besides the model and its optimizer, as files of its own in a
    /// checkpoint's folder; by default nothing.
    virtual void save(const std::filesystem::path& folder) const;
    virtual void restore(const std::filesystem::path& folder);
    /// Whether what is trained still writes completions: only then are held-out problems put to it.
    virtual bool generates() const { return true; }
};

/// The one that the configuration names.
std::unique_ptr<Recipe> makeRecipe(TrainerParts& parts, RunSession& session);

std::unique_ptr<Recipe> makeSupervised(TrainerParts& parts, RunSession& session);  ///< pretrain, sft
std::unique_ptr<Recipe> makeDistill(TrainerParts& parts, RunSession& session);
std::unique_ptr<Recipe> makePairwise(TrainerParts& parts, RunSession& session);  ///< dpo, simpo, orpo, redi
std::unique_ptr<Recipe> makeKto(TrainerParts& parts, RunSession& session);
std::unique_ptr<Recipe> makeGrpo(TrainerParts& parts, RunSession& session);
std::unique_ptr<Recipe> makePpo(TrainerParts& parts, RunSession& session);
std::unique_ptr<Recipe> makeRewardModel(TrainerParts& parts, RunSession& session);
std::unique_ptr<Recipe> makeEvaluate(TrainerParts& parts, RunSession& session);
std::unique_ptr<Recipe> makePrm(TrainerParts& parts, RunSession& session);

/// The optimizer's step at the schedule's learning rate, after a look at loss and gradient: when one of them
/// is not finite, nothing is changed, an alarm says which tensor it was, and Error is thrown. Adds grad_norm
/// and learning_rate to `metrics`. The gradients of all ranks are added up; `loss` is that of all ranks.
void updateParameters(TrainerParts& parts, RunSession& session, std::int64_t step, double loss,
                      Metrics& metrics);

/// The largest of a tensor's values; minus infinity of none.
double largest(const torch::Tensor& values);

/// Seconds since an earlier call; for the timing_s metrics.
class Stopwatch {
  public:
    /// Seconds since the last lap, or since the start.
    double lap();
    double total() const;

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point m_start = Clock::now(), m_last = m_start;
};

}  // namespace retort
