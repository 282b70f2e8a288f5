// The recipe "reward_model": Bradley-Terry on pairs of a better and a worse completion (TRL's RewardTrainer).
#include <algorithm>
#include <limits>

#include "core/config/schedule.h"
#include "core/util/random.h"
#include "training/objectives/score_losses.h"
#include "training/recipes/pair_batch.h"
#include "training/recipes/pair_stream.h"
#include "training/recipes/score_model.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

struct Sums {
    double loss = 0, accurate = 0, margin = 0, rewards = 0, tokens = 0;
    double least = std::numeric_limits<double>::infinity(), most = -least;
};

class RewardModel final : public Recipe {
  public:
    RewardModel(TrainerParts& parts, RunSession& session)
        : m_parts(parts),
          m_session(session),
          m_head(1, parts.model->shape().hiddenSize, stableHash("reward", std::uint64_t(parts.config.seed))),
          m_stream(parts, session) {}

    std::optional<StepReport> step(std::int64_t step) override {
        const auto pairs = m_stream.take(step);
        if (!pairs) return std::nullopt;
        Stopwatch watch;
        StepReport report;
        Sums sums;
        m_parts.optimizer->zeroGradients();
        const auto size = std::size_t(m_parts.config.training.batch_size);
        for (std::size_t first = 0; first < pairs->size(); first += size) {
            if (m_session.isStopped()) return std::nullopt;
            const auto [begin, end] = m_parts.group->share(std::min(size, pairs->size() - first));
            sums.tokens += double(backward({pairs->begin() + std::ptrdiff_t(first + begin),
                                            pairs->begin() + std::ptrdiff_t(first + end)},
                                           double(pairs->size()), sums));
        }
        ProcessGroup& group = *m_parts.group;
        group.sum({&sums.tokens, &sums.loss, &sums.accurate, &sums.margin, &sums.rewards});
        group.min({&sums.least});
        group.max({&sums.most});
        report.tokens = std::int64_t(sums.tokens);
        update(step, sums, double(pairs->size()), report.metrics);
        const double seconds = watch.total();
        report.metrics.emplace_back("perf/train_tokens_per_s", double(report.tokens) / seconds);
        report.metrics.emplace_back("timing_s/update", seconds);
        m_stream.addRound(report);
        return report;
    }

    bool generates() const override { return false; }

    void save(const fs::path& folder) const override {
        m_head.save(folder);
        m_head.saveOptimizer(folder);
    }
    void restore(const fs::path& folder) override {
        m_head = ScoreHead::load(folder, m_parts.model->shape().hiddenSize);
        m_head.loadOptimizer(folder);
    }

  private:
    /// The chosen completions, then the rejected ones; each with a target at its last token, where the reward
    /// is read.
    PackedBatch pack(const std::vector<PreferencePair>& pairs) const {
        std::vector<std::vector<std::int32_t>> ids, targets;
        const auto add = [&](const CompletionTokens& tokens) {
            ids.push_back(tokens.prompt);
            ids.back().insert(ids.back().end(), tokens.completion.begin(), tokens.completion.end());
            targets.emplace_back(ids.back().size(), -100);
            targets.back().back() = 0;
        };
        std::vector<TokenPair> tokens;
        for (const PreferencePair& pair : pairs) tokens.push_back(TokenPair::of(*m_parts.tokenizer, pair));
        for (const TokenPair& pair : tokens) add(pair.chosen);
        for (const TokenPair& pair : tokens) add(pair.rejected);
        return PackedBatch::pack(ids, targets);
    }

    std::int64_t backward(const std::vector<PreferencePair>& pairs, double inStep, Sums& sums) {
        const PackedBatch batch = pack(pairs);
        const torch::Tensor rows = batch.targets.ne(-100).nonzero().squeeze(1);
        const torch::Tensor rewards =
            m_head(m_parts.model->hidden(batch).to(torch::kCPU).index_select(0, rows)).squeeze(1);
        const auto count = std::int64_t(pairs.size());
        const torch::Tensor chosen = rewards.slice(0, 0, count), rejected = rewards.slice(0, count);
        const torch::Tensor loss =
            rewardModelLoss(chosen, rejected, m_parts.config.reward_model.center_rewards_coefficient, inStep);
        loss.backward();
        const torch::Tensor seen = rewards.detach();
        sums.loss += loss.item<double>();
        sums.accurate += chosen.gt(rejected).sum().item<double>();
        sums.margin += (chosen - rejected).detach().sum().item<double>();
        sums.rewards += seen.sum().item<double>();
        sums.least = std::min(sums.least, seen.min().item<double>());
        sums.most = std::max(sums.most, seen.max().item<double>());
        return batch.ids.numel();
    }

    void update(std::int64_t step, const Sums& sums, double pairs, Metrics& metrics) {
        metrics = {{"loss", sums.loss},
                   {"accuracy", sums.accurate / pairs},
                   {"margin", sums.margin / pairs},
                   {"min_reward", sums.least},
                   {"mean_reward", sums.rewards / (2 * pairs)},
                   {"max_reward", sums.most}};
        updateParameters(m_parts, m_session, step, sums.loss, metrics);
        const TrainingSettings& training = m_parts.config.training;
        m_head.sumGradients(*m_parts.group);
        m_head.step(scheduledLearningRate(training, step), training.max_grad_norm,
                    {training.adam_beta1, training.adam_beta2, training.adam_epsilon, training.weight_decay});
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    ScoreHead m_head;
    PairStream m_stream;
};

}  // namespace

std::unique_ptr<Recipe> makeRewardModel(TrainerParts& parts, RunSession& session) {
    return std::make_unique<RewardModel>(parts, session);
}

}  // namespace retort
