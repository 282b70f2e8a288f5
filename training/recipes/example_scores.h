// How much there is to learn from each example of a run (methods.md #42): by the student, or by a copy of it
// that learns for a while first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "training/recipes/recipe.h"

namespace retort {

/// Forgetting events (Toneva et al. 2019, "An Empirical Study of Example Forgetting during Deep Neural
/// Network Learning"): how often an example that was learnt at one visit was not learnt any longer at the
/// next one.
class ForgettingCounts {
  public:
    explicit ForgettingCounts(std::size_t examples) : m_examples(examples) {}
    void visit(std::size_t example, bool learnt);
    /// Number of forgetting events; infinite for an example that was learnt at no visit: it is the hardest.
    double score(std::size_t example) const;
    std::int64_t neverLearnt() const;

  private:
    struct Example {
        bool isLearnt = false, wasEverLearnt = false;
        std::int64_t forgotten = 0;
    };
    std::vector<Example> m_examples;
};

/// Scores of the examples of each of the run's sources, highest: first to be kept; empty for sources without
/// a number of examples. By distillation.pruning: "random" (uniform), "loss" (mean cross entropy a token,
/// nats), "el2n" (mean norm of p - target a token; Paul et al. 2021), "forgetting" (ForgettingCounts; learnt:
/// every target token, the end of sequence included, is the argmax). Examples longer than
/// training.max_length, from which the run does not learn, have -1.
///
/// With pruning_steps above 0, a copy of the student (with LoRA: an adapter of its own) first learns from all
/// examples that fit, by cross entropy, at the run's batch size and the run's learning rate over so many
/// steps, in an order that is a function of the seed; the scores are the copy's. The student itself is not
/// changed. Absent when a stop came first. Throws Error when no example fits, and when the copy diverges.
std::optional<std::vector<std::vector<double>>> scoreExamples(TrainerParts& parts, RunSession& session);

}  // namespace retort
