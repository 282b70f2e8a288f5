// AdamW over a model's flat parameter buffer, or over its adapter's: gradient norm, clipping, decay and
// update in two passes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "training/model/causal_lm.h"

namespace retort {

struct AdamWSettings {
    double beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8;
    double weightDecay = 0.1;  ///< on matrices only, never on norms and biases
};

class AdamW {
  public:
    AdamW(std::shared_ptr<CausalLM> model, const AdamWSettings& settings);

    /// One update from the model's gradient, scaled down to `maxGradNorm` when its norm is larger (0: never).
    /// Returns the norm before clipping. When that is not finite, nothing is changed: the caller decides.
    double step(double learningRate, double maxGradNorm);
    /// Sets the gradient to zero and keeps its memory.
    void zeroGradients();

    /// The state by parameter: "exp_avg.<name>" and "exp_avg_sq.<name>", as views. Copy into them to restore.
    std::vector<std::pair<std::string, torch::Tensor>> namedState() const;
    std::int64_t steps() const { return m_steps; }
    void setSteps(std::int64_t steps);

  private:
    void announce();  // the dropout of an adapter counts updates

    std::shared_ptr<CausalLM> m_model;
    AdamWSettings m_settings;
    torch::Tensor m_average, m_square;
    std::int64_t m_steps = 0;
};

}  // namespace retort
