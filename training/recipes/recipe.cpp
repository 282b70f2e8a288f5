#include "training/recipes/recipe.h"

#include <cmath>
#include <limits>

#include "core/config/schedule.h"
#include "core/util/error.h"
#include "training/recipes/checkpoint.h"

namespace retort {
namespace {

/// The first weight with a value that is not finite, else the first gradient; empty: none, the norm alone
/// overflowed.
std::string firstNonFinite(const CausalLM& model) {
    if (const std::string name = nonFiniteWeight(model); !name.empty()) return "the weight " + name;
    if (!model.trainableGradients().defined()) return {};
    for (const auto& [name, gradient] : model.trainableViews(model.trainableGradients()))
        if (!torch::isfinite(gradient).all().item<bool>()) return "the gradient of " + name;
    return {};
}

[[noreturn]] void failNonFinite(RunSession& session, const CausalLM& model, std::int64_t step,
                                const std::string& what) {
    const std::string first = firstNonFinite(model);
    const std::string text = what + " is not finite at step " + std::to_string(step) +
                             (first.empty() ? "" : ": " + first + " is the first of what is not") +
                             "; training ended before this step changed the weights";
    session.log().write(AlarmEvent{step, "non_finite", "error", text});
    throw Error(text, session.run().path().string(),
                "resume from the last checkpoint with a lower learning rate, or a lower max_grad_norm");
}

/// Every rank has that of its share of the step, divided by what the whole step is divided by: they add up.
void sumGradients(const TrainerParts& parts) {
    if (parts.group->isAlone()) return;
    const torch::Tensor weights = parts.model->trainableParameters();
    // A rank whose share was empty so far has none yet.
    if (!weights.grad().defined()) weights.mutable_grad() = torch::zeros_like(weights);
    torch::Tensor gradient = weights.grad();
    parts.group->sum(gradient);
}

}  // namespace

Recipe::~Recipe() = default;
void Recipe::save(const std::filesystem::path&) const {}
void Recipe::restore(const std::filesystem::path&) {}

void updateParameters(TrainerParts& parts, RunSession& session, std::int64_t step, double loss,
                      Metrics& metrics) {
    if (!std::isfinite(loss)) failNonFinite(session, *parts.model, step, "the loss");
    sumGradients(parts);
    const TrainingSettings& training = parts.config.training;
    const double rate = scheduledLearningRate(training, step);
    const double norm = parts.optimizer->step(rate, training.max_grad_norm);
    if (!std::isfinite(norm)) failNonFinite(session, *parts.model, step, "the gradient's norm");
    metrics.emplace_back("grad_norm", norm);
    metrics.emplace_back("learning_rate", rate);
}

double largest(const torch::Tensor& values) {
    return values.numel() == 0 ? -std::numeric_limits<double>::infinity() : values.max().item<double>();
}

double Stopwatch::lap() {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - m_last).count();
    m_last = now;
    return seconds;
}

double Stopwatch::total() const {
    return std::chrono::duration<double>(Clock::now() - m_start).count();
}

}  // namespace retort
