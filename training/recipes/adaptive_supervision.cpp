#include "training/recipes/adaptive_supervision.h"

#include <algorithm>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/objectives/sft_loss.h"

namespace retort {
namespace {

std::optional<double> gradientNorm(const Metrics& metrics) {
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [](const auto& metric) { return metric.first == "grad_norm"; });
    return found == metrics.end() ? std::nullopt : std::optional(found->second);
}

Json optionalNumber(const std::optional<double>& value) {
    return value ? Json(*value) : Json();
}

std::optional<double> numberIn(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

}  // namespace

AdaptiveSupervision::AdaptiveSupervision(TrainerParts& parts, RunSession& session, double gamma,
                                         std::int64_t examples)
    : m_parts(parts),
      m_session(session),
      m_gamma(gamma),
      m_examples(examples),
      m_mixture(parts.sources, stableHash("sasr", std::uint64_t(parts.config.seed))) {}

double AdaptiveSupervision::probability() const {
    if (!m_supervisedNorm) return 1;
    if (!m_reinforcedNorm) return 0;
    const double both = *m_supervisedNorm + m_gamma * *m_reinforcedNorm;
    return both > 0 ? *m_supervisedNorm / both : 0;
}

bool AdaptiveSupervision::isSupervised(std::int64_t step) const {
    Random random(stableHash("sasr step", std::uint64_t(m_parts.config.seed)), std::uint64_t(step));
    return random.uniform() < probability();
}

std::vector<TokenSequence> AdaptiveSupervision::draw(std::int64_t step, std::int64_t& tokens) const {
    std::vector<TokenSequence> sequences;
    for (std::int64_t i = 0; i < m_examples; ++i) {
        const DrawnProblem drawn = m_mixture.draw(std::uint64_t((step - 1) * m_examples + i));
        std::vector<std::int32_t> completion = m_parts.tokenizer->encode(drawn.completion());
        completion.push_back(m_parts.tokenizer->eosId());
        sequences.push_back(
            TokenSequence::of(m_parts.tokenizer->encode(drawn.problem.prompt), completion, false));
        tokens += std::int64_t(sequences.back().ids.size());
    }
    return sequences;
}

StepReport AdaptiveSupervision::learn(std::int64_t step) {
    m_session.status("training", step);
    Stopwatch watch;
    StepReport report;
    const double chance = probability();
    const std::vector<TokenSequence> sequences = draw(step, report.tokens);
    double targets = 0, loss = 0, hits = 0;
    for (const TokenSequence& sequence : sequences) targets += double(sequence.targetCount());
    const auto parts =
        std::min(std::size_t(m_parts.config.training.gradient_accumulation_steps), sequences.size());
    m_parts.optimizer->zeroGradients();
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t begin = sequences.size() * part / parts,
                          end = sequences.size() * (part + 1) / parts;
        const auto [first, last] = m_parts.group->share(end - begin);
        if (first == last) continue;
        const TokenScores scores =
            m_parts.model->score(packSequences({sequences.begin() + std::ptrdiff_t(begin + first),
                                                sequences.begin() + std::ptrdiff_t(begin + last)}));
        const torch::Tensor share = sftLoss(scores.logprobs, targets);
        share.backward();
        loss += share.item<double>();
        hits += scores.hits.sum().item<double>();
    }
    m_parts.group->sum({&loss, &hits});
    report.metrics = {{"sasr/sft_probability", chance},
                      {"nll_loss", loss},
                      {"mean_token_accuracy", hits / std::max(targets, 1.0)}};
    Metrics updated;
    updateParameters(m_parts, m_session, step, loss, updated);
    m_supervisedNorm = gradientNorm(updated);
    // Under a name of its own: the curve of the RL gradient's norm is another one.
    for (auto& [name, value] : updated)
        report.metrics.emplace_back(name == "grad_norm" ? "sasr/sft_grad_norm" : name, value);
    report.metrics.emplace_back("timing_s/update", watch.total());
    return report;
}

void AdaptiveSupervision::noteReinforcement(const Metrics& metrics) {
    if (const auto norm = gradientNorm(metrics)) m_reinforcedNorm = norm;
}

Json AdaptiveSupervision::state() const {
    return {{"sft_grad_norm", optionalNumber(m_supervisedNorm)},
            {"rl_grad_norm", optionalNumber(m_reinforcedNorm)}};
}

void AdaptiveSupervision::restore(const Json& state) {
    m_supervisedNorm = numberIn(state.at("sft_grad_norm"));
    m_reinforcedNorm = numberIn(state.at("rl_grad_norm"));
}

}  // namespace retort
