// The few prompts that a run asks again and again (methods.md #53): by number, or those on which an earlier
// run's rewards varied most (Wang et al. 2025, "Reinforcement Learning for Reasoning in Large Language Models
// with One Training Example").
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "training/recipes/recipe.h"

namespace retort {

/// What the kept rollouts of a run say of its prompts.
class PromptHistory {
  public:
    /// Reads the log of the run in `folder`, without what was superseded by a resume. Throws Error where
    /// there is no run, and where it kept no rollouts with rewards, or none of any prompt at two steps.
    static PromptHistory read(const std::filesystem::path& folder);

    struct Prompt {
        double variance = 0;      ///< of its groups' mean reward over the steps, with n - 1
        std::int64_t visits = 0;  ///< steps at which it was asked, at least 2
    };
    /// By the problem's id or, for traces that have none, by its prompt; nullptr: not asked, or at one step
    /// only.
    const Prompt* find(const Problem& problem) const;
    std::size_t size() const { return m_prompts.size(); }

  private:
    std::map<std::string, Prompt> m_prompts;
};

/// Numbers of the run's fixed prompts in its mixture (DataMixture::draw), in the order in which they are
/// asked; empty: all prompts. Without a history those from fixed_prompt_offset on. With one, the
/// fixed_prompts ones of highest variance among the prompts that this run's data have, too, behind the
/// fixed_prompt_offset highest; the choice is kept as fixed_prompts.json in the run's folder, where its
/// resumes find it. Fewer where there are no more (with a warning). Throws Error as PromptHistory does, and
/// where no prompt is in this run's data.
std::vector<std::uint64_t> fixedPromptNumbers(const TrainerParts& parts, RunSession& session,
                                              const RolloutSettings& settings, const DataMixture& mixture);

}  // namespace retort
