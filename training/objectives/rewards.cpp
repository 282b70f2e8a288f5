#include "training/objectives/rewards.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::int64_t defaultMaxLength = 64, defaultCache = 16;

double valueOf(const RewardSettings& term, const Verdict& verdict, std::int64_t tokens) {
    if (term.reward == "correctness") return verdict.correct ? 1 : 0;
    if (term.reward == "format") return verdict.wellFormed ? 1 : 0;
    if (term.reward == "worked") return verdict.worked ? 1 : 0;
    if (term.reward == "step_accuracy") return verdict.stepAccuracy;
    return softOverlongPunishment(tokens, term.parameters.value("max_length", defaultMaxLength),
                                  term.parameters.value("cache", defaultCache));
}

void check(const RewardSettings& term) {
    static const std::vector<std::string> kinds = {"correctness", "format", "worked", "step_accuracy",
                                                   "length"};
    if (std::find(kinds.begin(), kinds.end(), term.reward) == kinds.end())
        throw Error("unknown reward '" + term.reward + "'", "grpo.rewards",
                    "correctness, format, worked, step_accuracy or length");
    if (term.reward != "length") return;
    const auto cache = term.parameters.value("cache", defaultCache);
    if (cache < 1 || cache > term.parameters.value("max_length", defaultMaxLength))
        throw Error("cache must lie between 1 and max_length", "grpo.rewards: length");
}

}  // namespace

double softOverlongPunishment(std::int64_t tokens, std::int64_t maxLength, std::int64_t cache) {
    if (tokens <= maxLength - cache) return 0;
    if (tokens >= maxLength) return -1;
    return double(maxLength - cache - tokens) / double(cache);
}

RewardComposer::RewardComposer(const std::vector<RewardSettings>& settings) : m_terms(settings) {
    if (m_terms.empty()) m_terms.push_back({"correctness", 1, Json::object()});
    for (const RewardSettings& term : m_terms) {
        check(term);
        const auto sameKind = [&](const RewardSettings& other) { return other.reward == term.reward; };
        const auto earlier =
            std::count_if(m_terms.begin(), m_terms.begin() + std::ptrdiff_t(m_names.size()), sameKind);
        m_names.push_back(earlier == 0 ? term.reward : term.reward + "-" + std::to_string(earlier + 1));
    }
}

RewardComposer::Reward RewardComposer::operator()(const Verdict& verdict, std::int64_t tokens) const {
    Reward reward;
    for (const RewardSettings& term : m_terms) {
        reward.terms.push_back(valueOf(term, verdict, tokens));
        reward.total += term.weight * reward.terms.back();
    }
    return reward;
}

}  // namespace retort
