// The recipe "ppo": a policy and a learned value of each state, advantages by GAE, the KL to the start policy
// in the reward (algorithms.md a.3).
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/config/schedule.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "core/util/random.h"
#include "training/engine/byte_stream.h"
#include "training/objectives/gae.h"
#include "training/objectives/policy_loss.h"
#include "training/recipes/frozen_policy.h"
#include "training/recipes/rollout_sampler.h"
#include "training/recipes/value_model.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using PerToken = std::vector<std::vector<double>>;  // by completion

std::vector<double> doubles(const std::vector<float>& values) {
    return {values.begin(), values.end()};
}

torch::Tensor joined(const PerToken& tokens, std::size_t first, std::size_t count) {
    std::vector<float> values;
    for (std::size_t i = first; i < first + count; ++i)
        values.insert(values.end(), tokens[i].begin(), tokens[i].end());
    return torch::tensor(values, torch::kFloat32);
}

double meanOf(const PerToken& tokens) {
    double sum = 0, count = 0;
    for (const auto& completion : tokens)
        for (double value : completion) sum += value, count += 1;
    return sum / std::max(count, 1.0);
}

/// What a step's experience is, by completion and token.
struct Experience {
    PerToken kl, values, rewards, advantages, returns;
    double score = 0;  ///< mean over the completions
};

/// Of all updates of a step.
struct PpoSums {
    double policyLoss = 0, entropy = 0, clipped = 0, tokens = 0, approximateKl = 0, ratio = 0,
           ratioSquares = 0;
    double updates = 0, maxLogit = -std::numeric_limits<double>::infinity();
    ValueSums value;
};

class Ppo final : public Recipe {
  public:
    Ppo(TrainerParts& parts, RunSession& session)
        : m_parts(parts),
          m_session(session),
          m_settings(parts.config.ppo),
          m_composer(m_settings.rewards),
          m_sampler(parts, session, m_settings, m_composer),
          m_value(parts),
          m_kl(m_settings.kl_coef, m_settings.kl_target, m_settings.kl_horizon),
          m_estimator(klEstimatorFrom(m_settings.kl_estimator)) {
        m_loss.epsilonLow = m_loss.epsilonHigh = m_settings.cliprange;
        if (m_settings.kl_coef > 0)
            parts.group->firstThenOthers([&] { m_reference = openReference(parts, session); });
    }

    std::optional<StepReport> step(std::int64_t step) override {
        Stopwatch watch;
        m_session.status("generating", step);
        m_parts.generator->refresh();
        SamplingCost cost;
        auto rollouts = m_sampler.sample(step, 0, m_settings.max_completion_length, cost);
        if (!rollouts) return std::nullopt;
        if (step == 1) checkStartPolicy(m_session, cost.accuracy, m_settings.min_start_accuracy, "ppo");
        rollouts->advantages = groupStatistics(*rollouts);
        watch.lap();
        std::vector<PolicyBatch> batches = miniBatches(*rollouts);
        const Experience experience = gather(*rollouts, batches);
        const double seconds = watch.lap();
        if (m_session.isStopped()) return std::nullopt;  // from here on the step is done whole
        m_session.status("training", step);
        StepReport report;
        const PpoSums sums = update(*rollouts, batches, experience, step, report.metrics);
        addMetrics(*rollouts, experience, sums, cost, report.metrics);
        report.metrics.emplace_back("timing_s/logp", seconds);
        report.metrics.emplace_back("timing_s/update", watch.lap());
        m_kl.update(meanOf(experience.kl), double(rollouts->completions.size()));
        report.tokens = rollouts->allTokens();
        addTraces(*rollouts, step, report);
        return report;
    }

    void save(const fs::path& folder) const override {
        m_value.save(folder / "value");
        writeFileAtomically(folder / "ppo.json", Json{{"kl_coefficient", m_kl.coefficient()}}.dump(2) + "\n");
    }

    void restore(const fs::path& folder) override {
        m_value.restore(folder / "value");
        try {
            const Json state = Json::parse(readFile(folder / "ppo.json", 4096));
            m_kl.setCoefficient(state.at("kl_coefficient").get<double>());
        } catch (const Json::exception& error) {
            throw Error(std::string("malformed recipe state: ") + error.what(),
                        (folder / "ppo.json").string(),
                        "remove this checkpoint's folder to resume from the one before it");
        }
    }

  private:
    static GroupAdvantages groupStatistics(const Rollouts& rollouts) {
        std::vector<double> totals;
        for (const RewardComposer::Reward& reward : rollouts.rewards) totals.push_back(reward.total);
        // Completions of different prompts are one group where each prompt has one.
        const auto group = rollouts.samples > 1 ? rollouts.samples : std::int64_t(totals.size());
        return groupAdvantages(totals, group, "none");
    }

    std::vector<PolicyBatch> miniBatches(const Rollouts& rollouts) {
        std::vector<PolicyBatch> batches =
            splitCompletions(rollouts, m_settings.num_mini_batches, false, *m_parts.group);
        addLogprobs(batches, *m_parts.model, m_settings.temperature, &PolicyBatch::oldLogprobs);
        if (m_reference)
            addLogprobs(batches, *m_reference, m_settings.temperature, &PolicyBatch::referenceLogprobs);
        return batches;
    }

    double scoreOf(const Rollouts& rollouts, std::size_t completion) const {
        const bool finished = rollouts.completions[completion].completion.finished;
        return rollouts.rewards[completion].total - (finished ? 0 : m_settings.missing_eos_penalty);
    }

    Experience gather(Rollouts& rollouts, const std::vector<PolicyBatch>& batches) const {
        const torch::NoGradGuard noGrad;
        Experience found;
        found.kl.resize(rollouts.completions.size());
        found.values.resize(rollouts.completions.size());
        for (const PolicyBatch& batch : batches) {
            if (batch.lengths.empty()) continue;
            const torch::Tensor kl = m_reference
                                         ? klEstimate(m_estimator, batch.oldLogprobs, batch.referenceLogprobs)
                                         : torch::zeros_like(batch.oldLogprobs);
            const auto divergences = perCompletion<float>(batch, kl);
            const auto values = perCompletion<float>(batch, m_value.values(batch));
            for (std::size_t i = 0; i < batch.lengths.size(); ++i) {
                found.kl[batch.first + i] = doubles(divergences[i]);
                found.values[batch.first + i] = doubles(values[i]);
            }
        }
        exchange(batches, found);
        for (std::size_t i = 0; i < found.kl.size(); ++i) {
            const double score = scoreOf(rollouts, i);
            found.score += score / double(found.kl.size());
            found.rewards.push_back(tokenRewards(found.kl[i], m_kl.coefficient(), score));
            if (!rollouts.stepRewards.empty()) moveToSteps(rollouts.stepRewards[i], found.rewards.back());
        }
        if (m_settings.whiten_rewards) whiten(found.rewards, false);
        for (std::size_t i = 0; i < found.kl.size(); ++i) {
            TokenReturns returns =
                generalisedAdvantages(found.rewards[i], found.values[i], m_settings.gamma, m_settings.lam);
            found.advantages.push_back(std::move(returns.advantages));
            found.returns.push_back(std::move(returns.returns));
        }
        whiten(found.advantages, true);
        note(rollouts, batches, found);
        return found;
    }

    /// What each rank found of its completions, to all ranks: advantages are whitened over all of them.
    void exchange(const std::vector<PolicyBatch>& batches, Experience& found) const {
        if (m_parts.group->isAlone()) return;
        ByteWriter own;
        for (const PolicyBatch& batch : batches)
            for (std::size_t i = batch.first; i < batch.first + batch.lengths.size(); ++i) {
                own.add(std::uint64_t(i));
                own.add(found.kl[i]);
                own.add(found.values[i]);
            }
        for (const std::string& bytes : m_parts.group->gather(own.take())) {
            ByteReader reader(bytes);
            while (!reader.atEnd()) {
                const auto i = reader.number<std::uint64_t>();
                found.kl.at(i) = reader.array<double>();
                found.values.at(i) = reader.array<double>();
            }
        }
    }

    /// Process rewards are part of the score; PPO can give them where the steps end.
    static void moveToSteps(const std::vector<double>& stepRewards, std::vector<double>& rewards) {
        for (std::size_t t = 0; t < stepRewards.size(); ++t) {
            if (std::isnan(stepRewards[t])) continue;
            rewards[t] += stepRewards[t];
            rewards.back() -= stepRewards[t];
        }
    }

    static void note(Rollouts& rollouts, const std::vector<PolicyBatch>& batches, const Experience& found) {
        rollouts.tokenNumbers.resize(rollouts.completions.size());
        for (std::size_t i = 0; i < found.advantages.size(); ++i)
            rollouts.tokenNumbers[i].advantages.assign(found.advantages[i].begin(),
                                                       found.advantages[i].end());
        for (const PolicyBatch& batch : batches) {
            if (!batch.referenceLogprobs.defined()) continue;
            const auto reference = perCompletion<float>(batch, batch.referenceLogprobs);
            for (std::size_t i = 0; i < reference.size(); ++i)
                rollouts.tokenNumbers[batch.first + i].referenceLogprobs = reference[i];
        }
    }

    PpoSums update(Rollouts& rollouts, std::vector<PolicyBatch>& batches, const Experience& experience,
                   std::int64_t step, Metrics& metrics) {
        std::vector<ValueBatch> values;
        for (PolicyBatch& batch : batches) {
            const std::size_t count = batch.lengths.size();
            batch.advantages = joined(experience.advantages, batch.first, count);
            values.push_back({&batch, joined(experience.values, batch.first, count),
                              joined(experience.returns, batch.first, count)});
        }
        PpoSums sums;
        ProcessGroup& group = *m_parts.group;
        std::vector<std::size_t> order(batches.size());
        Metrics last;
        for (std::int64_t epoch = 0; epoch < m_settings.num_ppo_epochs; ++epoch) {
            shuffle(order, step, epoch);
            for (const std::size_t i : order) {
                last.clear();
                updateValue(values[i], step, sums);
                if (step > m_settings.value_warmup_steps)
                    updatePolicy(batches[i], step, rollouts, sums, last);
            }
        }
        group.sum({&sums.entropy, &sums.clipped, &sums.tokens, &sums.approximateKl, &sums.ratio,
                   &sums.ratioSquares, &sums.value.loss, &sums.value.clipped, &sums.value.tokens});
        group.max({&sums.maxLogit});
        const TraceSettings& traces = m_parts.config.traces;
        shareNotes(group, batches, std::size_t(traces.groups_per_step * rollouts.samples), rollouts);
        metrics.insert(metrics.end(), last.begin(), last.end());
        return sums;
    }

    void shuffle(std::vector<std::size_t>& order, std::int64_t step, std::int64_t epoch) const {
        std::iota(order.begin(), order.end(), std::size_t(0));
        Random random(stableHash("ppo", std::uint64_t(m_parts.config.seed)),
                      std::uint64_t(step) * 4096 + std::uint64_t(epoch));
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[std::size_t(random.integer(0, std::int64_t(i) - 1))]);
    }

    void updateValue(const ValueBatch& batch, std::int64_t step, PpoSums& sums) {
        if (!batch.batch->lengths.empty())
            m_value.backward(batch, m_settings.vf_coef, m_settings.cliprange_value,
                             batch.batch->includedTokens, sums.value);
        TrainingSettings schedule = m_parts.config.training;
        if (m_settings.value_learning_rate > 0) schedule.learning_rate = m_settings.value_learning_rate;
        if (std::isfinite(m_value.step(scheduledLearningRate(schedule, step)))) return;
        const std::string text = "the value model's gradient is not finite at step " + std::to_string(step);
        m_session.log().write(AlarmEvent{step, "non_finite", "error", text});
        throw Error(text, m_session.run().path().string(), "resume with a lower ppo.value_learning_rate");
    }

    void updatePolicy(const PolicyBatch& batch, std::int64_t step, Rollouts& rollouts, PpoSums& sums,
                      Metrics& metrics) {
        m_parts.optimizer->zeroGradients();
        double loss = batch.lengths.empty() ? 0 : policyBackward(batch, rollouts, sums);
        m_parts.group->sum({&loss});
        updateParameters(m_parts, m_session, step, loss, metrics);
        sums.policyLoss += loss;
        sums.updates += 1;
    }

    /// The loss of this rank's share, and its gradient.
    double policyBackward(const PolicyBatch& batch, Rollouts& rollouts, PpoSums& sums) {
        const TokenScores scores = m_parts.model->score(batch.batch, m_settings.temperature);
        const torch::Tensor weights =
            torch::full_like(batch.advantages, 1 / std::max(batch.includedTokens, 1.0));
        const PolicyLoss loss = policyLoss(
            m_loss, {scores.logprobs, batch.oldLogprobs, {}, batch.advantages, weights, batch.lengths, {}});
        loss.loss.backward();
        sums.tokens += loss.tokens;
        sums.clipped += loss.clippedLow + loss.clippedHigh;
        sums.entropy += scores.entropies.sum().item<double>();
        sums.maxLogit = std::max(sums.maxLogit, largest(scores.maxLogits));
        sums.approximateKl +=
            (scores.logprobs.detach() - batch.oldLogprobs).square().sum().item<double>() / 2;
        sums.ratio += loss.ratios.sum().item<double>();
        sums.ratioSquares += loss.ratios.square().sum().item<double>();
        const auto ratios = perCompletion<float>(batch, loss.ratios);
        const auto clipped = perCompletion<std::int32_t>(batch, loss.clipped);
        for (std::size_t i = 0; i < ratios.size(); ++i) {
            rollouts.tokenNumbers[batch.first + i].ratios = ratios[i];
            rollouts.tokenNumbers[batch.first + i].clipped = clipped[i];
        }
        return loss.policy;
    }

    /// Absent while the values warm up alone.
    static void addPolicyMetrics(const PpoSums& sums, Metrics& metrics) {
        const double tokens = std::max(sums.tokens, 1.0), ratio = sums.ratio / tokens;
        const Metrics found = {{"entropy", sums.entropy / tokens},
                               {"logits/max", sums.maxLogit},
                               {"objective/entropy", sums.entropy / tokens},
                               {"policy/approxkl_avg", sums.approximateKl / tokens},
                               {"policy/clipfrac_avg", sums.clipped / tokens},
                               {"policy/entropy_avg", sums.entropy / tokens},
                               {"loss/policy_avg", sums.policyLoss / sums.updates},
                               {"val/ratio", ratio},
                               {"val/ratio_var", std::max(sums.ratioSquares / tokens - ratio * ratio, 0.0)}};
        metrics.insert(metrics.end(), found.begin(), found.end());
    }

    void addMetrics(const Rollouts& rollouts, const Experience& experience, const PpoSums& sums,
                    const SamplingCost& cost, Metrics& metrics) const {
        double klSum = 0, rewardSum = 0, ended = 0;
        for (std::size_t i = 0; i < experience.kl.size(); ++i) {
            klSum += std::accumulate(experience.kl[i].begin(), experience.kl[i].end(), 0.0);
            rewardSum += scoreOf(rollouts, i);
            ended += rollouts.completions[i].completion.finished;
        }
        const double completions = double(std::max<std::size_t>(experience.kl.size(), 1));
        const double updates = std::max(sums.updates, 1.0);
        const double valueUpdates = double(m_settings.num_ppo_epochs) * double(m_settings.num_mini_batches);
        const double nonScore = -m_kl.coefficient() * klSum / completions;
        metrics.insert(metrics.begin(), {{"loss", sums.policyLoss / updates +
                                                      m_settings.vf_coef * sums.value.loss / valueUpdates},
                                         {"policy_loss", sums.policyLoss / updates}});
        const Metrics found = {{"kl", meanOf(experience.kl)},
                               {"objective/kl", klSum / completions},
                               {"objective/non_score_reward", nonScore},
                               {"objective/rlhf_reward", rewardSum / completions + nonScore},
                               {"objective/scores", experience.score},
                               {"loss/value_avg", sums.value.loss / valueUpdates},
                               {"val/clipfrac_avg", sums.value.clipped / std::max(sums.value.tokens, 1.0)},
                               {"val/num_eos_tokens", ended},
                               {"critic/vf_explained_var", explainedVariance(experience)},
                               {"kl_coef", m_kl.coefficient()}};
        metrics.insert(metrics.end(), found.begin(), found.end());
        if (sums.updates > 0) addPolicyMetrics(sums, metrics);
        addRolloutMetrics(rollouts, m_parts.sources, m_composer, metrics);
        metrics.emplace_back("tokens/generated", double(cost.generatedTokens));
        metrics.emplace_back("perf/gen_tokens_per_s", double(cost.generatedTokens) / cost.generationSeconds);
        metrics.emplace_back("timing_s/gen", cost.generationSeconds);
        metrics.emplace_back("timing_s/reward", cost.rewardSeconds);
    }

    /// 1 - Var(returns - values) / Var(returns): how much of the returns the values knew before.
    static double explainedVariance(const Experience& experience) {
        double count = 0, sum = 0, squares = 0, errorSum = 0, errorSquares = 0;
        for (std::size_t i = 0; i < experience.returns.size(); ++i)
            for (std::size_t t = 0; t < experience.returns[i].size(); ++t) {
                const double value = experience.returns[i][t], error = value - experience.values[i][t];
                count += 1;
                sum += value;
                squares += value * value;
                errorSum += error;
                errorSquares += error * error;
            }
        if (count == 0) return 0;
        const double variance = squares / count - std::pow(sum / count, 2);
        const double error = errorSquares / count - std::pow(errorSum / count, 2);
        return variance > 1e-12 ? 1 - error / variance : 0;
    }

    void addTraces(const Rollouts& rollouts, std::int64_t step, StepReport& report) const {
        const TraceSettings& traces = m_parts.config.traces;
        if (traces.groups_per_step == 0 || step % traces.every_steps != 0) return;
        report.traces = rolloutTraces(rollouts, m_parts.sources, *m_parts.tokenizer, m_composer,
                                      traces.groups_per_step, traces.token_arrays, step);
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    const PpoSettings& m_settings;
    RewardComposer m_composer;
    RolloutSampler m_sampler;
    ValueModel m_value;
    KlController m_kl;
    KlEstimator m_estimator;
    PolicyLossSettings m_loss;
    std::shared_ptr<CausalLM> m_reference;
};

}  // namespace

std::unique_ptr<Recipe> makePpo(TrainerParts& parts, RunSession& session) {
    return std::make_unique<Ppo>(parts, session);
}

}  // namespace retort
