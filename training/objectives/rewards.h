// The reward: a weighted sum of named terms over the verifier's verdict, lengths, token ids and reward
// models. Each term is logged by itself, since a reward that is hacked shows in its components.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/run_config.h"
#include "core/tasks/task.h"

namespace retort {

/// A completion as the terms see it.
struct RewardInput {
    const Verdict* verdict = nullptr;
    std::span<const std::int32_t> ids;  ///< generated tokens, the end-of-sequence token included
    std::string_view text;              ///< what verdict->steps point into
    bool finished = true;               ///< false: cut off at the longest completion
    std::vector<double> modelValues;    ///< of each term for which needsModel(); the others are not read
    std::string_view prompt = {};       ///< what is answered

    std::int64_t tokens() const { return std::int64_t(ids.size()); }
};

class RewardComposer {
  public:
    /// Empty settings: correctness with weight 1. Throws Error for unknown kinds and parameters out of range.
    explicit RewardComposer(const std::vector<RewardSettings>& settings);

    /// Names of the terms: their kinds, "length-2" for the second term of a kind.
    const std::vector<std::string>& names() const { return m_names; }
    std::vector<double> weights() const;
    /// Terms whose value a reward model gives (RewardInput::modelValues): their settings, nullptr for the
    /// others.
    const RewardSettings* modelTerm(std::size_t term) const;
    bool hasModelTerms() const;

    struct Reward {
        double total = 0;           ///< Σ weight × value
        std::vector<double> terms;  ///< unweighted, in the order of names()
    };
    /// Of a group: completions of one prompt, which some terms compare. `step` is the training step (1 …): a
    /// term with start_step is 0 before it.
    std::vector<Reward> operator()(std::span<const RewardInput> group, std::int64_t step) const;

    /// Values of a term for each completion of a group.
    using Term = std::function<std::vector<double>(std::span<const RewardInput> group)>;

  private:
    struct Entry {
        RewardSettings settings;
        std::int64_t startStep = 0;
        Term values;
    };
    std::vector<Entry> m_terms;
    std::vector<std::string> m_names;
};

/// The kinds of terms, with the functions that compute them: "correctness", "format", … Throws Error for
/// unknown kinds and parameters out of range. `index`: the term's place, at which it finds its model value.
RewardComposer::Term makeRewardTerm(const RewardSettings& settings, std::size_t index);
/// Whether a reward model computes the kind's values.
bool isModelReward(const std::string& kind);

}  // namespace retort
