#include "training/objectives/rewards.h"

#include <algorithm>

namespace retort {

RewardComposer::RewardComposer(const std::vector<RewardSettings>& settings) {
    const std::vector<RewardSettings> correctnessAlone = {{"correctness", 1, Json::object()}};
    for (const RewardSettings& term : settings.empty() ? correctnessAlone : settings) {
        const auto earlier = std::count_if(m_terms.begin(), m_terms.end(), [&](const Entry& other) {
            return other.settings.reward == term.reward;
        });
        m_terms.push_back(
            {term, term.parameters.is_object() ? term.parameters.value("start_step", std::int64_t(0)) : 0,
             makeRewardTerm(term, m_terms.size())});
        m_names.push_back(earlier == 0 ? term.reward : term.reward + "-" + std::to_string(earlier + 1));
    }
}

std::vector<double> RewardComposer::weights() const {
    std::vector<double> weights;
    for (const Entry& term : m_terms) weights.push_back(term.settings.weight);
    return weights;
}

const RewardSettings* RewardComposer::modelTerm(std::size_t term) const {
    const RewardSettings& settings = m_terms.at(term).settings;
    return isModelReward(settings.reward) ? &settings : nullptr;
}

bool RewardComposer::hasModelTerms() const {
    return std::any_of(m_terms.begin(), m_terms.end(),
                       [](const Entry& term) { return isModelReward(term.settings.reward); });
}

std::vector<RewardComposer::Reward> RewardComposer::operator()(std::span<const RewardInput> group,
                                                               std::int64_t step) const {
    std::vector<Reward> rewards(group.size());
    for (const Entry& term : m_terms) {
        const std::vector<double> values =
            step < term.startStep ? std::vector<double>(group.size()) : term.values(group);
        for (std::size_t i = 0; i < group.size(); ++i) {
            rewards[i].terms.push_back(values[i]);
            rewards[i].total += term.settings.weight * values[i];
        }
    }
    return rewards;
}

}  // namespace retort
