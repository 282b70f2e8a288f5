// Particle filtering over steps, guided by a process reward model: #81 (Puri, Sudalairaj, Xu, Xu and
// Srivastava, "A Probabilistic Inference Approach to Inference-Time Scaling of LLMs using Particle-Based
// Monte Carlo Methods", arXiv 2502.01618).
#pragma once

#include <cstdint>
#include <vector>

#include "training/recipes/step_search.h"

namespace retort {

enum class Resampling { Systematic, Multinomial };

struct ParticleSettings : StepSettings {
    std::int64_t count = 8;  ///< particles
    Resampling resampling = Resampling::Systematic;
    double weightTemperature = 1;  ///< divides the logits of the values
};

/// One result a problem, in their order. `count` particles begin with the prompt. In each round all that are
/// not over take a step, every particle's weight is the softmax of its value's logit (resampling.h), and as
/// many particles are drawn by these weights, with replacement. One that is over keeps its value and takes
/// part in the drawing each time. When all are over, nothing is drawn any more: `last` are the
/// particles with their `weights`: a sample of the policy's solutions, each weighted by the product of the
/// odds at its steps (those of its last step also in every round that it waits for others). `best` is the
/// finished one of the highest value.
///
/// The record has a node for each step that was sampled, with its weight in its round; it is kept when it was
/// drawn at least once. Curves: "ess", the effective sample size of the weights; "unique_ancestors", from how
/// many first steps the particles of a round come; "best_value".
std::vector<SearchResult> filterParticles(const std::vector<SearchProblem>& problems,
                                          const ParticleSettings& settings, const SampleFunction& sample,
                                          const ValueFunction& values);

}  // namespace retort
