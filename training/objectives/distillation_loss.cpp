#include "training/objectives/distillation_loss.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace retort {
namespace {

using torch::Tensor;

/// A bucket with nothing in it must weigh nothing, and not be 0 · (-inf).
constexpr double emptiest = -1e4;

/// KL(p ‖ q) of each row.
Tensor divergence(const Tensor& p, const Tensor& q) {
    return (p.exp() * (p - q)).sum(-1);
}

/// log(1 - e^x) for x < 0.
Tensor log1mexp(const Tensor& x) {
    const Tensor near = x > -std::log(2.0), safe = torch::full_like(x, -1.0);
    return torch::where(near, torch::log(-torch::expm1(torch::where(near, x, safe))),
                        torch::log1p(-torch::exp(torch::where(near, safe, x))));
}

}  // namespace

Tensor generalizedJsd(const Tensor& student, const Tensor& teacher, double beta) {
    if (beta <= 0) return divergence(teacher, student);
    if (beta >= 1) return divergence(student, teacher);
    const Tensor mixture = torch::logaddexp(student + std::log1p(-beta), teacher + std::log(beta));
    return beta * divergence(teacher, mixture) + (1 - beta) * divergence(student, mixture);
}

TopProbabilities topProbabilities(const Tensor& logprobs, std::int64_t k) {
    const Tensor ids = std::get<1>(logprobs.topk(k, -1));
    return {ids, inBuckets(logprobs, ids)};
}

Tensor inBuckets(const Tensor& logprobs, const Tensor& ids) {
    const Tensor taken =
        torch::zeros(logprobs.sizes(), logprobs.options().dtype(torch::kBool)).scatter(-1, ids, true);
    const Tensor others = logprobs.masked_fill(taken, -std::numeric_limits<double>::infinity());
    const Tensor rest = others.logsumexp(-1, true).clamp_min(emptiest);
    return torch::cat({logprobs.gather(-1, ids), rest}, -1);
}

Tensor learnableTokens(const Tensor& studentLoss, const Tensor& referenceLoss, double share) {
    const Tensor gap = (studentLoss - referenceLoss).detach();
    const auto kept = std::max<std::int64_t>(std::int64_t(std::llround(share * double(gap.numel()))), 1);
    const Tensor chosen = std::get<1>(gap.topk(std::min(kept, gap.numel())));
    return torch::zeros_like(gap).index_fill(0, chosen, 1.0);
}

Tensor passAtNLoss(const Tensor& logprobs, double samples) {
    // In float64: (1 - p)^N of a p near 0 or 1 leaves few digits in float32. Certainty itself has no loss and
    // no slope.
    const Tensor logP = logprobs.to(torch::kFloat64).clamp_max(-1e-12);
    // Where N·p is far under 1, -log(N·p), without the exponentials that would underflow.
    constexpr double small = -40;
    const Tensor tiny = logP < small;
    const Tensor exact =
        -log1mexp(samples * log1mexp(torch::where(tiny, torch::full_like(logP, -1.0), logP)));
    return torch::where(tiny, -(logP + std::log(samples)), exact).to(logprobs.scalar_type());
}

}  // namespace retort
