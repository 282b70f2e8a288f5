#include "training/objectives/policy_loss.h"

#include <algorithm>

#include "core/util/error.h"
#include "training/objectives/entropy.h"
#include "training/objectives/segments.h"

namespace retort {

using torch::Tensor;

LossType lossTypeFrom(const std::string& name) {
    if (name == "grpo") return LossType::Grpo;
    if (name == "bnpo") return LossType::Bnpo;
    if (name == "dr_grpo") return LossType::DrGrpo;
    if (name == "dapo") return LossType::Dapo;
    if (name == "cispo") return LossType::Cispo;
    if (name == "sapo") return LossType::Sapo;
    if (name == "luspo") return LossType::Luspo;
    throw Error("unknown loss '" + name + "'", "grpo.loss_type",
                "grpo, bnpo, dr_grpo, dapo, cispo, sapo or luspo");
}

RatioLevel ratioLevelFrom(const std::string& name) {
    if (name == "token") return RatioLevel::Token;
    if (name == "sequence") return RatioLevel::Sequence;
    throw Error("unknown level '" + name + "'", "grpo.importance_sampling_level", "token or sequence");
}

PolicyLossSettings PolicyLossSettings::from(const GrpoSettings& settings) {
    PolicyLossSettings loss;
    loss.lossType = lossTypeFrom(settings.loss_type);
    loss.klEstimator = klEstimatorFrom(settings.kl_estimator);
    loss.epsilonLow = settings.epsilon;
    loss.epsilonHigh = settings.epsilon_high;
    loss.beta = settings.beta;
    loss.maxCompletionLength = settings.max_completion_length;
    loss.level = ratioLevelFrom(settings.importance_sampling_level);
    loss.delta = settings.delta;
    loss.sapoTemperaturePos = settings.sapo_temperature_pos;
    loss.sapoTemperatureNeg = settings.sapo_temperature_neg;
    loss.topEntropyQuantile = settings.top_entropy_quantile;
    loss.offPolicyMaskThreshold = settings.off_policy_mask_threshold;
    loss.useBiasCorrectionKl = settings.use_bias_correction_kl;
    return loss;
}

namespace {

double includedTokens(const std::vector<std::int64_t>& lengths, const std::vector<bool>& included) {
    double tokens = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i)
        if (included[i]) tokens += double(lengths[i]);
    return tokens;
}

Tensor ratiosOf(const PolicyLossSettings& settings, const PolicyTokens& tokens, const Tensor& old) {
    const Tensor logRatios = tokens.logprobs - old;
    if (settings.level == RatioLevel::Token) return torch::exp(logRatios);
    return torch::exp(segmentMeans(logRatios, tokens.lengths));
}

/// The smooth gate of SAPO; its slope at ratio 1 is 1 whatever the temperature.
Tensor sapoGate(const PolicyLossSettings& settings, const Tensor& ratio, const Tensor& advantages) {
    const Tensor temperature =
        torch::where(advantages > 0, torch::full_like(advantages, settings.sapoTemperaturePos),
                     torch::full_like(advantages, settings.sapoTemperatureNeg));
    return 4 / temperature * torch::sigmoid(temperature * (ratio - 1));
}

Tensor tokenLosses(const PolicyLossSettings& settings, const PolicyTokens& tokens, const Tensor& ratio) {
    if (settings.lossType == LossType::Cispo)
        return -ratio.clamp_max(settings.epsilonHigh).detach() * tokens.advantages * tokens.logprobs;
    if (settings.lossType == LossType::Sapo)
        return -sapoGate(settings, ratio, tokens.advantages) * tokens.advantages;
    const Tensor clipped = ratio.clamp(1 - settings.epsilonLow, 1 + settings.epsilonHigh);
    const Tensor bounded = settings.delta > 0 ? ratio.clamp_max(settings.delta) : ratio;
    return -torch::minimum(bounded * tokens.advantages, clipped * tokens.advantages);
}

/// Weights of the policy term: some masks take tokens out of it and leave them in the KL, as in TRL.
Tensor policyWeights(const PolicyLossSettings& settings, const PolicyTokens& tokens) {
    Tensor weights = tokens.weights;
    if (settings.topEntropyQuantile < 1)
        weights = weights * highEntropyMask(tokens.entropies, settings.topEntropyQuantile);
    if (settings.offPolicyMaskThreshold > 0 && tokens.oldLogprobs.defined())
        weights = weights * offPolicyMask(tokens, settings.offPolicyMaskThreshold);
    return weights;
}

void countClipped(const PolicyLossSettings& settings, const PolicyTokens& tokens, const Tensor& ratio,
                  PolicyLoss& result) {
    const torch::NoGradGuard noGrad;
    const bool cispo = settings.lossType == LossType::Cispo;
    const Tensor high =
        (ratio > (cispo ? settings.epsilonHigh : 1 + settings.epsilonHigh)) & (tokens.advantages > 0);
    Tensor low = (ratio < 1 - settings.epsilonLow) & (tokens.advantages < 0);
    if (cispo) low = torch::zeros_like(low);  // it has no lower bound
    result.clippedLow = low.sum().item<double>();
    result.clippedHigh = high.sum().item<double>();
    result.ratios = ratio.detach();
    result.clipped = high.to(torch::kInt32) - low.to(torch::kInt32);
}

}  // namespace

std::vector<double> tokenWeights(const PolicyLossSettings& settings, const std::vector<std::int64_t>& lengths,
                                 const std::vector<bool>& included, const StepTotals& totals) {
    const double localTokens =
        totals.batchTokens >= 0 ? totals.batchTokens : includedTokens(lengths, included);
    std::vector<double> weights;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        double divisor = 1;
        switch (settings.lossType) {
            case LossType::Grpo:
            case LossType::Sapo:
                divisor = std::max(double(lengths[i]), 1.0) * totals.completions;
                break;
            case LossType::Bnpo:
                divisor = std::max(localTokens, 1.0) * totals.microBatches;
                break;
            case LossType::DrGrpo:
                divisor = totals.completions * double(settings.maxCompletionLength);
                break;
            case LossType::Dapo:
            case LossType::Cispo:
                divisor = totals.tokens;
                break;
            case LossType::Luspo:  // the sequence's loss stands at each of its tokens: their sum is loss ×
                                   // length
                divisor = totals.completions;
                break;
        }
        weights.insert(weights.end(), std::size_t(lengths[i]),
                       included[i] ? 1 / std::max(divisor, 1e-12) : 0.0);
    }
    return weights;
}

Tensor offPolicyMask(const PolicyTokens& tokens, double threshold) {
    const torch::NoGradGuard noGrad;
    const Tensor left = segmentMeans(tokens.oldLogprobs - tokens.logprobs, tokens.lengths);
    return ((tokens.advantages >= 0) | (left <= threshold)).to(tokens.weights.scalar_type());
}

PolicyLoss policyLoss(const PolicyLossSettings& settings, const PolicyTokens& tokens) {
    const Tensor old = tokens.oldLogprobs.defined() ? tokens.oldLogprobs : tokens.logprobs.detach();
    const Tensor ratio = ratiosOf(settings, tokens, old);

    PolicyLoss result;
    result.loss = (tokenLosses(settings, tokens, ratio) * policyWeights(settings, tokens)).sum();
    result.policy = result.loss.item<double>();
    result.tokens = double(tokens.logprobs.numel());
    if (tokens.referenceLogprobs.defined()) {
        Tensor kl = klEstimate(settings.klEstimator, tokens.logprobs, tokens.referenceLogprobs);
        result.klSum = kl.detach().sum().item<double>();
        if (settings.useBiasCorrectionKl) kl = kl * ratio;
        if (settings.beta != 0) result.loss = result.loss + settings.beta * (kl * tokens.weights).sum();
    }
    // Without old log-probabilities every ratio is 1 and nothing is clipped.
    if (tokens.oldLogprobs.defined()) countClipped(settings, tokens, ratio, result);
    return result;
}

}  // namespace retort
