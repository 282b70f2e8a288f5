#include "training/objectives/preference_loss.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/util/error.h"

namespace retort {
namespace {

using torch::Tensor;

/// What the losses of dpo.loss_type are made of.
struct DpoTerms {
    const DpoSettings& settings;
    const PairScores& pairs;
    const PairTotals& totals;
    Tensor chosen, rejected;  ///< log π - log π_ref
    Tensor delta;             ///< chosen - rejected

    double beta() const { return settings.beta; }
    double smoothing() const { return settings.label_smoothing; }
    /// Of the mean log-ratios a token.
    Tensor averageDelta() const {
        return chosen / pairs.chosenLengths.clamp_min(1) - rejected / pairs.rejectedLengths.clamp_min(1);
    }
};

Tensor smoothed(const Tensor& logits, double smoothing) {
    return -torch::log_sigmoid(logits) * (1 - smoothing) - torch::log_sigmoid(-logits) * smoothing;
}

Tensor exoPair(const DpoTerms& t) {
    const Tensor logits = t.beta() * t.delta;
    return torch::sigmoid(logits) * (torch::log_sigmoid(logits) - std::log1p(-t.smoothing())) +
           torch::sigmoid(-logits) * (torch::log_sigmoid(-logits) - std::log(t.smoothing()));
}

Tensor ncaPair(const DpoTerms& t) {
    const Tensor chosen = t.beta() * t.chosen, rejected = t.beta() * t.rejected;
    return -torch::log_sigmoid(chosen) - 0.5 * torch::log_sigmoid(-chosen) -
           0.5 * torch::log_sigmoid(-rejected);
}

Tensor robust(const DpoTerms& t) {
    const Tensor logits = t.beta() * t.delta;
    const double flipped = t.smoothing();
    return (-(1 - flipped) * torch::log_sigmoid(logits) + flipped * torch::log_sigmoid(-logits)) /
           (1 - 2 * flipped);
}

/// Optimal transport: the sorted margins of the policy against the sorted ones of the reference.
Tensor aot(const DpoTerms& t) {
    const Tensor policy = std::get<0>(torch::sort(t.pairs.chosen - t.pairs.rejected));
    const Tensor reference = std::get<0>(torch::sort(t.pairs.referenceChosen - t.pairs.referenceRejected));
    return smoothed(t.beta() * (policy - reference), t.smoothing());
}

Tensor aotUnpaired(const DpoTerms& t) {
    const Tensor delta = std::get<0>(torch::sort(t.chosen)) - std::get<0>(torch::sort(t.rejected));
    return smoothed(t.beta() * delta, t.smoothing());
}

Tensor discopop(const DpoTerms& t) {
    const Tensor logits = t.beta() * t.delta;
    const Tensor mix = torch::sigmoid(logits / t.settings.discopop_tau);
    return -torch::log_sigmoid(logits) * (1 - mix) + torch::exp(-logits) * mix;
}

/// The mean over the step's chosen tokens, spread over its pairs: every other loss is a mean over pairs.
Tensor chosenCrossEntropy(const DpoTerms& t) {
    return -t.pairs.chosen * (t.totals.pairs / std::max(t.totals.chosenTokens, 1.0));
}

using DpoTerm = Tensor (*)(const DpoTerms&);

/// Loss of each pair, by TRL's names.
const std::map<std::string, DpoTerm>& dpoTerms() {
    static const std::map<std::string, DpoTerm> terms = {
        {"sigmoid", [](const DpoTerms& t) { return Tensor(-torch::log_sigmoid(t.beta() * t.delta)); }},
        {"hinge", [](const DpoTerms& t) { return torch::relu(1 - t.beta() * t.delta); }},
        {"ipo", [](const DpoTerms& t) { return (t.averageDelta() - 1 / (2 * t.beta())).square(); }},
        {"exo_pair", exoPair},
        {"nca_pair", ncaPair},
        {"robust", robust},
        {"bco_pair",
         [](const DpoTerms& t) {
             return Tensor(-torch::log_sigmoid(t.beta() * t.chosen) -
                           torch::log_sigmoid(-t.beta() * t.rejected));
         }},
        {"sppo_hard",
         [](const DpoTerms& t) {
             return (t.chosen - 0.5 / t.beta()).square() + (t.rejected + 0.5 / t.beta()).square();
         }},
        {"aot", aot},
        {"aot_unpaired", aotUnpaired},
        {"apo_zero",
         [](const DpoTerms& t) {
             return 1 - torch::sigmoid(t.beta() * t.chosen) + torch::sigmoid(t.beta() * t.rejected);
         }},
        {"apo_down",
         [](const DpoTerms& t) {
             return torch::sigmoid(t.beta() * t.chosen) + 1 - torch::sigmoid(t.beta() * t.delta);
         }},
        {"discopop", discopop},
        {"sft", chosenCrossEntropy},
        {"sigmoid_norm",
         [](const DpoTerms& t) { return Tensor(-torch::log_sigmoid(t.beta() * t.averageDelta())); }},
    };
    return terms;
}

/// log(1 - e^x) for x < 0, without losing digits at either end (Mächler 2012).
Tensor log1mexp(const Tensor& x) {
    // The branch that is not taken gets a harmless value: 0 · inf would be NaN in the gradient.
    const Tensor near = x > -std::log(2.0), safe = torch::full_like(x, -1.0);
    return torch::where(near, torch::log(-torch::expm1(torch::where(near, x, safe))),
                        torch::log1p(-torch::exp(torch::where(near, safe, x))));
}

PreferenceLoss rewarded(Tensor loss, double beta, const Tensor& chosen, const Tensor& rejected) {
    return {std::move(loss), beta * chosen.detach(), beta * rejected.detach(), {}};
}

Tensor mean(const Tensor& sums, const Tensor& lengths) {
    return sums / lengths.clamp_min(1);
}

}  // namespace

PreferenceLoss dpoLoss(const DpoSettings& settings, const PairScores& pairs, const PairTotals& totals) {
    const Tensor chosen = pairs.chosen - pairs.referenceChosen;
    const Tensor rejected = pairs.rejected - pairs.referenceRejected;
    const DpoTerms terms{settings, pairs, totals, chosen, rejected, chosen - rejected};
    Tensor loss = torch::zeros({}, chosen.options());
    for (std::size_t i = 0; i < settings.loss_type.size(); ++i) {
        const auto term = dpoTerms().find(settings.loss_type[i]);
        if (term == dpoTerms().end())
            throw Error("there is no loss '" + settings.loss_type[i] + "'", "dpo.loss_type");
        const double weight = i < settings.loss_weights.size() ? settings.loss_weights[i] : 1;
        loss = loss + weight / totals.pairs * term->second(terms).sum();
    }
    return rewarded(loss, settings.beta, chosen, rejected);
}

PreferenceLoss simpoLoss(const SimpoSettings& settings, const PairScores& pairs, const PairTotals& totals) {
    const Tensor chosen = mean(pairs.chosen, pairs.chosenLengths);
    const Tensor rejected = mean(pairs.rejected, pairs.rejectedLengths);
    const Tensor logits = settings.beta * (chosen - rejected) - settings.simpo_gamma;
    const Tensor crossEntropy = -pairs.chosen.sum() / std::max(totals.chosenTokens, 1.0);
    Tensor loss = smoothed(logits, settings.label_smoothing).sum() / totals.pairs;
    if (settings.cpo_alpha > 0) loss = loss + settings.cpo_alpha * crossEntropy;
    PreferenceLoss result = rewarded(loss, settings.beta, chosen, rejected);
    result.metrics = {{"nll_loss", crossEntropy.item<double>()}};
    return result;
}

PreferenceLoss orpoLoss(const OrpoSettings& settings, const PairScores& pairs, const PairTotals& totals) {
    const Tensor chosen = mean(pairs.chosen, pairs.chosenLengths);
    const Tensor rejected = mean(pairs.rejected, pairs.rejectedLengths);
    const Tensor logOdds = (chosen - rejected) - (log1mexp(chosen) - log1mexp(rejected));
    const Tensor ratio = torch::log_sigmoid(logOdds);
    const Tensor crossEntropy = -pairs.chosenTexts.sum() / std::max(totals.chosenTextTokens, 1.0);
    PreferenceLoss result =
        rewarded(crossEntropy - settings.beta * ratio.sum() / totals.pairs, settings.beta, chosen, rejected);
    result.metrics = {{"nll_loss", crossEntropy.item<double>()},
                      {"log_odds_ratio", ratio.sum().item<double>() / totals.pairs},
                      {"log_odds_chosen", logOdds.sum().item<double>() / totals.pairs}};
    return result;
}

PreferenceLoss rediLoss(const RediSettings& settings, const PairScores& pairs, const PairTotals& totals) {
    const Tensor chosen = mean(pairs.chosen, pairs.chosenLengths);
    const Tensor rejected = mean(pairs.rejected, pairs.rejectedLengths);
    const Tensor loss =
        settings.reinforce_rejected_coef * rejected.sum() - settings.reinforce_chosen_coef * chosen.sum();
    return rewarded(loss / totals.pairs, 1, chosen, rejected);
}

PreferenceLoss ktoLoss(const KtoSettings& settings, const LabelledScores& scores, double completions) {
    const Tensor chosen = scores.chosen - scores.referenceChosen;
    const Tensor rejected = scores.rejected - scores.referenceRejected;
    const bool withKl = settings.loss_type == "kto";
    if (!withKl && settings.loss_type != "apo_zero_unpaired")
        throw Error("there is no loss '" + settings.loss_type + "'", "kto.loss_type");
    const double kl =
        withKl && scores.mismatched.numel() > 0 ? std::max(scores.mismatched.mean().item<double>(), 0.0) : 0;
    const Tensor good = 1 - torch::sigmoid(settings.beta * (chosen - kl));
    const Tensor bad = 1 - torch::sigmoid(settings.beta * (kl - rejected));
    const Tensor loss = settings.desirable_weight * good.sum() + settings.undesirable_weight * bad.sum();
    PreferenceLoss result = rewarded(loss / completions, settings.beta, chosen, rejected);
    result.metrics = {{"kl", kl}};
    return result;
}

}  // namespace retort
