// Score models at work: a reward model's word on a completion, a process reward model's on each of its steps.
// As terms of a reward, and to choose among several completions.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "training/objectives/rewards.h"
#include "training/recipes/rollouts.h"
#include "training/recipes/score_model.h"

namespace retort {

/// A completion to be judged.
struct CompletionView {
    const std::vector<std::int32_t>* prompt = nullptr;
    const JudgedCompletion* completion = nullptr;
};

/// Where each of the completion's checked steps ends, as an index of its tokens; steps that end within no
/// token are left out.
std::vector<std::size_t> stepEndTokens(const Tokenizer& tokenizer, const JudgedCompletion& completion);

class JudgeModel {
  public:
    /// A checkpoint of the recipe reward_model (`process` false) or prm (true). Throws Error when it is none,
    /// or when its vocabulary is not that of `tokenizer`.
    JudgeModel(const std::filesystem::path& folder, const Tokenizer& tokenizer, bool process);

    /// The reward of each completion, after its last token. Reward models only.
    std::vector<double> rewards(const std::vector<CompletionView>& completions) const;

    /// The probability that a step is right, for each step of each completion and, at the end, for its answer
    /// (after the last token). Process reward models only.
    std::vector<std::vector<double>> stepScores(const std::vector<CompletionView>& completions) const;

    /// The same at the last token of each text (token ids of a prompt and of what is written so far): of a
    /// model of outcomes (prm.labels: outcome) the value of going on from there. Process reward models only.
    std::vector<double> valuesAtEnd(const std::vector<std::vector<std::int32_t>>& texts) const;

    /// One number for a completion: the reward, or what `reduction` ("min", "last", "product") makes of the
    /// steps.
    std::vector<double> verdicts(const std::vector<CompletionView>& completions,
                                 const std::string& reduction) const;

  private:
    /// [labels] at the places of each completion's tokens.
    std::vector<torch::Tensor> scoresAt(const std::vector<CompletionView>& completions,
                                        const std::vector<std::vector<std::size_t>>& places) const;

    const Tokenizer& m_tokenizer;
    bool m_process;
    ScoreModel m_model;
};

/// Whether a checkpoint folder holds a process reward model. Throws Error when it holds no score model at
/// all.
bool isProcessRewardModel(const std::filesystem::path& folder);

/// The reward models behind the terms of a composer.
class RewardJudges {
  public:
    RewardJudges(const RewardComposer& composer, const Tokenizer& tokenizer);
    bool empty() const { return m_judges.empty(); }

    /// Each completion's model values by term (RewardInput::modelValues). `stepRewards`, where given,
    /// receives for every completion the weighted step rewards of its process terms at the tokens where the
    /// steps end.
    std::vector<std::vector<double>> values(const Rollouts& rollouts,
                                            std::vector<std::vector<double>>* stepRewards) const;

  private:
    struct Judge {
        std::size_t term;
        RewardSettings settings;
        std::shared_ptr<JudgeModel> model;
    };
    void addProcessTerm(const Judge& judge, const std::vector<CompletionView>& views,
                        std::vector<std::vector<double>>& values,
                        std::vector<std::vector<double>>* stepRewards) const;

    const Tokenizer& m_tokenizer;
    std::size_t m_terms;
    std::vector<Judge> m_judges;
};

}  // namespace retort
