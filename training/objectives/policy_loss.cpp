#include "training/objectives/policy_loss.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {

KlEstimator klEstimatorFrom(const std::string& name) {
    if (name == "k1") return KlEstimator::K1;
    if (name == "k2") return KlEstimator::K2;
    if (name == "k3") return KlEstimator::K3;
    throw Error("unknown KL estimator '" + name + "'", "grpo.kl_estimator", "k1, k2 or k3");
}

LossType lossTypeFrom(const std::string& name) {
    if (name == "grpo") return LossType::Grpo;
    if (name == "bnpo") return LossType::Bnpo;
    if (name == "dr_grpo") return LossType::DrGrpo;
    if (name == "dapo") return LossType::Dapo;
    throw Error("unknown loss '" + name + "'", "grpo.loss_type", "grpo, bnpo, dr_grpo or dapo");
}

PolicyLossSettings PolicyLossSettings::from(const GrpoSettings& settings) {
    return {lossTypeFrom(settings.loss_type),
            klEstimatorFrom(settings.kl_estimator),
            settings.epsilon,
            settings.epsilon_high,
            settings.beta,
            settings.max_completion_length};
}

namespace {

double includedTokens(const std::vector<std::int64_t>& lengths, const std::vector<bool>& included) {
    double tokens = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i)
        if (included[i]) tokens += double(lengths[i]);
    return tokens;
}

}  // namespace

std::vector<double> tokenWeights(const PolicyLossSettings& settings, const std::vector<std::int64_t>& lengths,
                                 const std::vector<bool>& included, const StepTotals& totals) {
    const double localTokens = includedTokens(lengths, included);
    std::vector<double> weights;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        double divisor = 1;
        switch (settings.lossType) {
            case LossType::Grpo:
                divisor = std::max(double(lengths[i]), 1.0) * totals.completions;
                break;
            case LossType::Bnpo:
                divisor = std::max(localTokens, 1.0) * totals.microBatches;
                break;
            case LossType::DrGrpo:
                divisor = totals.completions * double(settings.maxCompletionLength);
                break;
            case LossType::Dapo:
                divisor = totals.tokens;
                break;
        }
        weights.insert(weights.end(), std::size_t(lengths[i]),
                       included[i] ? 1 / std::max(divisor, 1e-12) : 0.0);
    }
    return weights;
}

torch::Tensor klEstimate(KlEstimator estimator, const torch::Tensor& logprobs,
                         const torch::Tensor& reference) {
    const torch::Tensor logRatio = logprobs - reference;
    switch (estimator) {
        case KlEstimator::K1: {
            const torch::Tensor k2 = logRatio.square() / 2;
            return k2 + (logRatio - k2).detach();
        }
        case KlEstimator::K2:
            return logRatio.square() / 2;
        case KlEstimator::K3:
            break;
    }
    return torch::exp(-logRatio) + logRatio - 1;
}

PolicyLoss policyLoss(const PolicyLossSettings& settings, const PolicyTokens& tokens) {
    const torch::Tensor old = tokens.oldLogprobs.defined() ? tokens.oldLogprobs : tokens.logprobs.detach();
    const torch::Tensor ratio = torch::exp(tokens.logprobs - old);
    const torch::Tensor clipped = ratio.clamp(1 - settings.epsilonLow, 1 + settings.epsilonHigh);
    const torch::Tensor tokenLoss = -torch::minimum(ratio * tokens.advantages, clipped * tokens.advantages);

    PolicyLoss result;
    result.loss = (tokenLoss * tokens.weights).sum();
    result.policy = result.loss.item<double>();
    result.tokens = double(tokens.logprobs.numel());
    if (tokens.referenceLogprobs.defined()) {
        const torch::Tensor kl = klEstimate(settings.klEstimator, tokens.logprobs, tokens.referenceLogprobs);
        result.klSum = kl.detach().sum().item<double>();
        if (settings.beta != 0) result.loss = result.loss + settings.beta * (kl * tokens.weights).sum();
    }
    if (tokens.oldLogprobs.defined()) {  // without, every ratio is 1 and nothing is clipped
        const torch::NoGradGuard noGrad;
        const torch::Tensor low = (ratio < 1 - settings.epsilonLow) & (tokens.advantages < 0);
        const torch::Tensor high = (ratio > 1 + settings.epsilonHigh) & (tokens.advantages > 0);
        result.clippedLow = low.sum().item<double>();
        result.clippedHigh = high.sum().item<double>();
    }
    return result;
}

}  // namespace retort
