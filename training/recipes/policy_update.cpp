#include "training/recipes/policy_update.h"

#include <algorithm>

namespace retort {
namespace {

double perToken(double sum, const UpdateSums& sums) {
    return sum / std::max(sums.tokens, 1.0);
}

void addUpdateMetrics(const UpdateSums& sums, bool hasReference, bool hasTeacher, Metrics& metrics) {
    metrics.emplace_back("loss", sums.loss);
    metrics.emplace_back("policy_loss", sums.policy);
    metrics.emplace_back("entropy", perToken(sums.entropy, sums));
    metrics.emplace_back("logits/max", sums.maxLogit);
    if (hasReference) metrics.emplace_back("kl", perToken(sums.kl, sums));
    if (hasTeacher) metrics.emplace_back("teacher_kl", perToken(sums.teacherKl, sums));
    metrics.emplace_back("clip_ratio/low_mean", perToken(sums.clippedLow, sums));
    metrics.emplace_back("clip_ratio/low_min", sums.lowMin);
    metrics.emplace_back("clip_ratio/high_mean", perToken(sums.clippedHigh, sums));
    metrics.emplace_back("clip_ratio/high_max", sums.highMax);
    metrics.emplace_back("clip_ratio/region_mean", perToken(sums.clippedLow + sums.clippedHigh, sums));
    metrics.emplace_back("sampling/sampling_logp_difference/mean",
                         sums.sampledDifference / std::max(sums.sampledTokens, 1.0));
    metrics.emplace_back("sampling/sampling_logp_difference/max", sums.sampledDifferenceMax);
    if (sums.sampledTokens == 0) return;
    metrics.emplace_back("sampling/importance_sampling_ratio/min", sums.sampledRatioMin);
    metrics.emplace_back("sampling/importance_sampling_ratio/mean", sums.sampledRatio / sums.sampledTokens);
    metrics.emplace_back("sampling/importance_sampling_ratio/max", sums.sampledRatioMax);
}

/// The numbers of a batch's tokens, to the completions among the first `noted` ones.
void note(const PolicyBatch& batch, const PolicyLoss& loss, Rollouts& rollouts, std::size_t noted) {
    if (batch.first >= noted) return;
    rollouts.tokenNumbers.resize(rollouts.completions.size());
    const auto each = [&](const auto& values, auto member) {
        for (std::size_t i = 0; i < values.size() && batch.first + i < noted; ++i)
            rollouts.tokenNumbers[batch.first + i].*member = values[i];
    };
    each(perCompletion<float>(batch, batch.advantages), &TokenNumbers::advantages);
    if (batch.referenceLogprobs.defined())
        each(perCompletion<float>(batch, batch.referenceLogprobs), &TokenNumbers::referenceLogprobs);
    const bool onPolicy = !loss.ratios.defined();
    each(perCompletion<float>(batch, onPolicy ? torch::ones_like(batch.advantages) : loss.ratios),
         &TokenNumbers::ratios);
    each(perCompletion<std::int32_t>(
             batch, onPolicy ? torch::zeros_like(batch.advantages, torch::kInt32) : loss.clipped),
         &TokenNumbers::clipped);
}

}  // namespace

void UpdateSums::addClipping(double batchTokens, double low, double high) {
    clipping.tokens.push_back(batchTokens);
    clipping.low.push_back(low);
    clipping.high.push_back(high);
}

void UpdateSums::finish(ProcessGroup& group) {
    group.sum({&policy, &kl, &entropy, &teacherKl, &sampledDifference, &sampledTokens, &sampledRatio});
    group.max({&maxLogit, &sampledDifferenceMax, &sampledRatioMax});
    group.min({&sampledRatioMin});
    group.sum(clipping.tokens);
    group.sum(clipping.low);
    group.sum(clipping.high);
    for (std::size_t i = 0; i < clipping.tokens.size(); ++i) {
        const double of = std::max(clipping.tokens[i], 1.0);
        tokens += clipping.tokens[i];
        clippedLow += clipping.low[i];
        clippedHigh += clipping.high[i];
        lowMin = std::min(lowMin, clipping.low[i] / of);
        highMax = std::max(highMax, clipping.high[i] / of);
    }
}

void addSampledDifference(const PolicyBatch& batch, const torch::Tensor& logprobs, UpdateSums& sums) {
    if (batch.sampledLogprobs.numel() != logprobs.numel() || logprobs.numel() == 0) return;
    const torch::Tensor signedDifference = logprobs - batch.sampledLogprobs;
    const torch::Tensor difference = signedDifference.abs(), ratio = signedDifference.exp();
    sums.sampledDifference += difference.sum().item<double>();
    sums.sampledDifferenceMax = std::max(sums.sampledDifferenceMax, difference.max().item<double>());
    sums.sampledRatio += ratio.sum().item<double>();
    sums.sampledRatioMin = std::min(sums.sampledRatioMin, ratio.min().item<double>());
    sums.sampledRatioMax = std::max(sums.sampledRatioMax, ratio.max().item<double>());
    sums.sampledTokens += double(logprobs.numel());
}

PolicyUpdate::PolicyUpdate(TrainerParts& parts, RunSession& session, const GrpoSettings& settings)
    : m_parts(parts), m_session(session), m_settings(settings), m_loss(PolicyLossSettings::from(settings)) {}

UpdateSums PolicyUpdate::run(Rollouts& rollouts, const std::vector<PolicyBatch>& batches,
                             const UpdateWeights& weights, std::int64_t step, std::size_t noted,
                             Metrics& metrics) {
    const StepTotals totals{double(rollouts.completions.size()), double(rollouts.completionTokens()),
                            double(batches.size())};
    m_loss.beta = weights.beta;
    m_loss.maxCompletionLength = weights.maxCompletionLength;
    UpdateSums sums;
    Metrics lastUpdate;
    for (std::int64_t iteration = 0; iteration < m_settings.num_iterations; ++iteration) {
        const bool isLast = iteration + 1 == m_settings.num_iterations;
        m_parts.optimizer->zeroGradients();
        double loss = 0;
        for (const PolicyBatch& batch : batches)
            loss += backward(batch, weights, totals, sums, rollouts, {iteration == 0, isLast, noted});
        m_parts.group->sum({&loss});
        lastUpdate.clear();
        updateParameters(m_parts, m_session, step, loss, lastUpdate);
        sums.loss += loss / double(m_settings.num_iterations);
    }
    sums.finish(*m_parts.group);
    shareNotes(*m_parts.group, batches, noted, rollouts);
    addUpdateMetrics(sums, m_settings.beta > 0, !m_settings.teacher.empty(), metrics);
    metrics.insert(metrics.end(), lastUpdate.begin(), lastUpdate.end());
    return sums;
}

double PolicyUpdate::backward(const PolicyBatch& batch, const UpdateWeights& weights, StepTotals totals,
                              UpdateSums& sums, Rollouts& rollouts, const Pass& pass) const {
    if (batch.lengths.empty()) {  // other ranks have it all
        sums.addClipping(0, 0, 0);
        return 0;
    }
    totals.batchTokens = batch.includedTokens;
    const TokenScores scores =
        m_parts.model->score(batch.batch, m_settings.temperature, weights.entropyCoefficient != 0);
    const torch::Tensor tokenWeight =
        torch::tensor(tokenWeights(m_loss, batch.lengths, batch.included, totals), torch::kFloat64)
            .to(torch::kFloat32);
    const PolicyLoss loss =
        policyLoss(m_loss, {scores.logprobs, batch.oldLogprobs, batch.referenceLogprobs, batch.advantages,
                            tokenWeight, batch.lengths, scores.entropies});
    torch::Tensor total = loss.loss;
    if (weights.entropyCoefficient != 0)
        total = total - weights.entropyCoefficient * scores.entropies.sum() / totals.tokens;
    if (batch.teacherLogprobs.defined()) {
        const torch::Tensor kl = klEstimate(klEstimatorFrom(m_settings.teacher_kl_estimator), scores.logprobs,
                                            batch.teacherLogprobs) *
                                 batch.teacherMask;
        sums.teacherKl += kl.detach().sum().item<double>();
        total = total + weights.teacherBeta * (kl * tokenWeight).sum();
    }
    total.backward();
    // The first iteration is still the policy that sampled.
    if (pass.first) addSampledDifference(batch, scores.logprobs.detach(), sums);
    sums.policy += loss.policy / double(m_settings.num_iterations);
    sums.kl += loss.klSum;
    sums.entropy += scores.entropies.detach().sum().item<double>();
    sums.maxLogit = std::max(sums.maxLogit, largest(scores.maxLogits));
    sums.addClipping(loss.tokens, loss.clippedLow, loss.clippedHigh);
    if (pass.last) note(batch, loss, rollouts, pass.noted);
    return total.item<double>();
}

}  // namespace retort
