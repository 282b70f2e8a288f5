#include "training/engine/adamw.h"

#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "training/engine/kernels/kernels.h"
#include "training/engine/parallel.h"

namespace retort {

namespace {

constexpr std::int64_t piece = 1 << 16;  // floats a task

/// The norm's partial sums are added in the order of the pieces, whatever thread computed them.
double gradientNorm(const float* gradient, std::int64_t count) {
    std::vector<double> sums(std::size_t((count + piece - 1) / piece));
    runTasks(long(sums.size()), [&](long i, int) {
        const std::int64_t begin = i * piece;
        sums[std::size_t(i)] = kernels().sumOfSquares(gradient + begin, std::min(piece, count - begin));
    });
    double total = 0;
    for (double sum : sums) total += sum;
    return std::sqrt(total);
}

struct Span {
    std::int64_t begin, end;
    bool decays;
};

/// The slices in pieces of even size.
std::vector<Span> spansOf(const std::vector<WeightSlice>& slices) {
    std::vector<Span> spans;
    for (const WeightSlice& slice : slices)
        for (std::int64_t begin = 0; begin < slice.size; begin += piece)
            spans.push_back(
                {slice.offset + begin, slice.offset + std::min(begin + piece, slice.size), slice.decays});
    return spans;
}

/// For devices other than the CPU.
void stepWithAten(const torch::Tensor& gradient, const torch::Tensor& average, const torch::Tensor& square,
                  const torch::Tensor& weights, const std::vector<WeightSlice>& slices, const AdamWStep& s) {
    const torch::Tensor g = gradient * s.gradientScale;
    average.mul_(s.beta1).add_(g, 1.0 - s.beta1);
    square.mul_(s.beta2).addcmul_(g, g, 1.0 - s.beta2);
    for (const WeightSlice& slice : slices)
        if (slice.decays)
            weights.slice(0, slice.offset, slice.offset + slice.size).mul_(1 - s.learningRate * s.decay);
    weights.addcdiv_(average / s.correction1, (square / s.correction2).sqrt_().add_(s.epsilon),
                     -s.learningRate);
}

}  // namespace

AdamW::AdamW(std::shared_ptr<CausalLM> model, const AdamWSettings& settings)
    : m_model(std::move(model)),
      m_settings(settings),
      m_average(torch::zeros_like(m_model->flatParameters().detach())),
      m_square(torch::zeros_like(m_average)) {}

double AdamW::step(double learningRate, double maxGradNorm) {
    const torch::NoGradGuard noGradient;
    const torch::Tensor gradient = m_model->flatGradients();
    if (!gradient.defined()) throw Error("an optimizer step before the first backward pass");
    const torch::Tensor weights = m_model->flatParameters().detach();
    const bool fused = weights.device().is_cpu();
    const double norm =
        fused ? gradientNorm(gradient.data_ptr<float>(), gradient.numel()) : gradient.norm().item<double>();
    if (!std::isfinite(norm)) return norm;
    ++m_steps;
    AdamWStep s{};
    s.learningRate = float(learningRate);
    s.beta1 = float(m_settings.beta1);
    s.beta2 = float(m_settings.beta2);
    s.epsilon = float(m_settings.epsilon);
    s.decay = float(m_settings.weightDecay);
    s.gradientScale = maxGradNorm > 0 && norm > maxGradNorm ? float(maxGradNorm / (norm + 1e-6)) : 1.0f;
    s.correction1 = float(1 - std::pow(m_settings.beta1, double(m_steps)));
    s.correction2 = float(1 - std::pow(m_settings.beta2, double(m_steps)));
    if (!fused) {
        stepWithAten(gradient, m_average, m_square, weights, m_model->slices(), s);
        return norm;
    }
    const std::vector<Span> spans = spansOf(m_model->slices());
    runTasks(long(spans.size()), [&](long i, int) {
        const Span& span = spans[std::size_t(i)];
        AdamWStep mine = s;
        if (!span.decays) mine.decay = 0;
        kernels().adamw(mine, gradient.data_ptr<float>() + span.begin,
                        m_average.data_ptr<float>() + span.begin, m_square.data_ptr<float>() + span.begin,
                        weights.data_ptr<float>() + span.begin, span.end - span.begin);
    });
    weights.unsafeGetTensorImpl()->bump_version();
    return norm;
}

void AdamW::zeroGradients() {
    torch::Tensor gradient = m_model->flatGradients();
    if (gradient.defined()) gradient.zero_();
}

std::vector<std::pair<std::string, torch::Tensor>> AdamW::namedState() const {
    auto state = m_model->namedViews(m_average);
    for (auto& [name, tensor] : state) name = "exp_avg." + name;
    for (auto& [name, tensor] : m_model->namedViews(m_square))
        state.emplace_back("exp_avg_sq." + name, tensor);
    return state;
}

}  // namespace retort
