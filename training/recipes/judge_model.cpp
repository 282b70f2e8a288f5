#include "training/recipes/judge_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/util/error.h"
#include "training/objectives/shaping.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t sequencesAtOnce = 256;

StepShaping shapingOf(const RewardSettings& term) {
    const std::string name = term.parameters.value("shaping", std::string("clip_delta"));
    if (name == "none") return StepShaping::None;
    if (name == "clip") return StepShaping::Clip;
    if (name == "delta") return StepShaping::Delta;
    if (name == "clip_delta") return StepShaping::ClipDelta;
    throw Error("unknown shaping '" + name + "'", "grpo.rewards: process_reward",
                "none, clip, delta or clip_delta");
}

/// Of places in rising order, the row of each: those in one token share one.
torch::Tensor rowsOf(const std::vector<std::size_t>& places) {
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < places.size(); ++i)
        rows.push_back(i == 0 ? 0 : rows.back() + (places[i] != places[i - 1]));
    return torch::tensor(rows, torch::kInt64);
}

double reduced(const std::vector<double>& steps, const std::string& reduction) {
    if (reduction == "last") return steps.back();
    if (reduction == "product") return std::accumulate(steps.begin(), steps.end(), 1.0, std::multiplies<>());
    return *std::min_element(steps.begin(), steps.end());
}

}  // namespace

std::vector<std::size_t> stepEndTokens(const Tokenizer& tokenizer, const JudgedCompletion& completion) {
    const std::vector<std::int32_t> ends =
        tokenEnds(tokenizer, completion.completion.ids, completion.text.size());
    std::vector<std::size_t> tokens;
    for (const TraceStep& step : completion.verdict.steps) {
        const auto found = std::lower_bound(ends.begin(), ends.end(), std::int32_t(step.end));
        if (found != ends.end()) tokens.push_back(std::size_t(found - ends.begin()));
    }
    return tokens;
}

bool isProcessRewardModel(const fs::path& folder) {
    if (!isScoreModel(folder))
        throw Error("is neither a reward model nor a process reward model", folder.string(),
                    "train one with the recipe reward_model or prm");
    return ScoreHead::labelsIn(folder) == 2;
}

JudgeModel::JudgeModel(const fs::path& folder, const Tokenizer& tokenizer, bool process)
    : m_tokenizer(tokenizer), m_process(process), m_model(ScoreModel::load(folder, process ? 2 : 1)) {
    if (loadTokenizer(folder)->hash() != tokenizer.hash())
        throw Error("the reward model has another vocabulary than the policy", folder.string(),
                    "train it from a checkpoint with the policy's tokenizer");
}

std::vector<torch::Tensor> JudgeModel::scoresAt(const std::vector<CompletionView>& completions,
                                                const std::vector<std::vector<std::size_t>>& places) const {
    const torch::NoGradGuard noGrad;
    std::vector<torch::Tensor> result;
    for (std::size_t first = 0; first < completions.size(); first += sequencesAtOnce) {
        const std::size_t last = std::min(first + sequencesAtOnce, completions.size());
        std::vector<std::vector<std::int32_t>> ids, targets;
        std::vector<std::int64_t> counts;
        for (std::size_t i = first; i < last; ++i) {
            const std::vector<std::int32_t>& prompt = *completions[i].prompt;
            ids.push_back(prompt);
            const std::vector<std::int32_t>& generated = completions[i].completion->completion.ids;
            ids.back().insert(ids.back().end(), generated.begin(), generated.end());
            targets.emplace_back(ids.back().size(), -100);
            for (const std::size_t place : places[i]) targets.back()[prompt.size() + place] = 0;
            counts.push_back(std::count(targets.back().begin(), targets.back().end(), 0));
        }
        const torch::Tensor scores = m_model.scores(PackedBatch::pack(ids, targets)).to(torch::kFloat64);
        const std::vector<torch::Tensor> parts = scores.split_with_sizes(counts, 0);
        for (std::size_t i = 0; i < parts.size(); ++i)
            result.push_back(parts[i].index_select(0, rowsOf(places[first + i])));
    }
    return result;
}

std::vector<double> JudgeModel::rewards(const std::vector<CompletionView>& completions) const {
    std::vector<std::vector<std::size_t>> places;
    for (const CompletionView& view : completions)
        places.push_back({view.completion->completion.ids.size() - 1});
    std::vector<double> rewards;
    for (const torch::Tensor& score : scoresAt(completions, places))
        rewards.push_back(score[0][0].item<double>());
    return rewards;
}

std::vector<std::vector<double>> JudgeModel::stepScores(
    const std::vector<CompletionView>& completions) const {
    std::vector<std::vector<std::size_t>> places;
    for (const CompletionView& view : completions) {
        places.push_back(stepEndTokens(m_tokenizer, *view.completion));
        const std::size_t last = view.completion->completion.ids.size() - 1;
        if (places.back().empty() || places.back().back() < last) places.back().push_back(last);
    }
    std::vector<std::vector<double>> scores;
    for (const torch::Tensor& logits : scoresAt(completions, places)) {
        const torch::Tensor right = torch::softmax(logits, -1).select(1, 1).contiguous();
        scores.emplace_back(right.data_ptr<double>(), right.data_ptr<double>() + right.numel());
    }
    return scores;
}

std::vector<double> JudgeModel::valuesAtEnd(const std::vector<std::vector<std::int32_t>>& texts) const {
    const torch::NoGradGuard noGrad;
    std::vector<double> values;
    for (std::size_t first = 0; first < texts.size(); first += sequencesAtOnce) {
        const auto begin = texts.begin() + std::ptrdiff_t(first);
        const auto end = texts.begin() + std::ptrdiff_t(std::min(first + sequencesAtOnce, texts.size()));
        std::vector<std::vector<std::int32_t>> targets;
        for (auto text = begin; text != end; ++text) {
            targets.emplace_back(text->size(), -100);
            targets.back().back() = 0;
        }
        const torch::Tensor logits = m_model.scores(PackedBatch::pack({begin, end}, targets));
        const torch::Tensor right = torch::softmax(logits.to(torch::kFloat64), -1).select(1, 1).contiguous();
        values.insert(values.end(), right.data_ptr<double>(), right.data_ptr<double>() + right.numel());
    }
    return values;
}

std::vector<double> JudgeModel::verdicts(const std::vector<CompletionView>& completions,
                                         const std::string& reduction) const {
    if (!m_process) return rewards(completions);
    std::vector<double> verdicts;
    for (const std::vector<double>& steps : stepScores(completions))
        verdicts.push_back(reduced(steps, reduction));
    return verdicts;
}

RewardJudges::RewardJudges(const RewardComposer& composer, const Tokenizer& tokenizer)
    : m_tokenizer(tokenizer), m_terms(composer.names().size()) {
    for (std::size_t term = 0; term < m_terms; ++term) {
        const RewardSettings* settings = composer.modelTerm(term);
        if (!settings) continue;
        const fs::path folder = settings->parameters.value("path", std::string());
        const bool process = settings->reward == "process_reward";
        if (process) shapingOf(*settings);  // refused before anything is loaded
        m_judges.push_back({term, *settings, std::make_shared<JudgeModel>(folder, tokenizer, process)});
    }
}

std::vector<std::vector<double>> RewardJudges::values(const Rollouts& rollouts,
                                                      std::vector<std::vector<double>>* stepRewards) const {
    std::vector<std::vector<double>> values(rollouts.completions.size(), std::vector<double>(m_terms));
    std::vector<CompletionView> views;
    for (std::size_t i = 0; i < rollouts.completions.size(); ++i)
        views.push_back({&rollouts.prompts[rollouts.problemOf(i)], &rollouts.completions[i]});
    if (stepRewards)
        for (const JudgedCompletion& judged : rollouts.completions)
            stepRewards->emplace_back(std::size_t(judged.tokens()), std::nan(""));
    for (const Judge& judge : m_judges) {
        if (judge.settings.reward == "process_reward") {
            addProcessTerm(judge, views, values, stepRewards);
            continue;
        }
        const std::vector<double> rewards = judge.model->rewards(views);
        for (std::size_t i = 0; i < rewards.size(); ++i) values[i][judge.term] = rewards[i];
    }
    return values;
}

void RewardJudges::addProcessTerm(const Judge& judge, const std::vector<CompletionView>& views,
                                  std::vector<std::vector<double>>& values,
                                  std::vector<std::vector<double>>* stepRewards) const {
    const StepShaping shaping = shapingOf(judge.settings);
    const double eta = judge.settings.parameters.value("eta", 0.5);
    const auto scores = judge.model->stepScores(views);
    for (std::size_t i = 0; i < views.size(); ++i) {
        const std::vector<std::size_t> ends = stepEndTokens(m_tokenizer, *views[i].completion);
        // The answer is the verifier's affair.
        const std::vector<double> rewards = shapedStepRewards(
            std::span(scores[i]).first(std::min(ends.size(), scores[i].size())), shaping, eta);
        values[i][judge.term] = std::accumulate(rewards.begin(), rewards.end(), 0.0);
        if (!stepRewards) continue;
        for (std::size_t step = 0; step < rewards.size(); ++step) {
            double& place = (*stepRewards)[i][ends[step]];
            place = (std::isnan(place) ? 0 : place) + judge.settings.weight * rewards[step];
        }
    }
}

}  // namespace retort
