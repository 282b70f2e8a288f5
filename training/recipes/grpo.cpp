// The recipe "grpo": samples groups of completions, compares their rewards within each group, and makes the
// better ones likelier (algorithms.md a.1).
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/util/error.h"
#include "training/objectives/policy_loss.h"
#include "training/recipes/rollouts.h"
#include "training/recipes/token_sequence.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// A contiguous part of the step's completions: one forward and backward pass.
struct MicroBatch {
    PackedBatch batch;
    std::vector<std::int64_t> lengths;  ///< completion tokens of each sequence
    std::vector<bool> included;
    torch::Tensor advantages, sampledLogprobs;     ///< one a completion token
    torch::Tensor oldLogprobs, referenceLogprobs;  ///< undefined when not needed
};

/// Of all micro-batches and iterations of a step.
struct UpdateSums {
    double loss = 0, policy = 0, kl = 0, entropy = 0, tokens = 0;
    double clippedLow = 0, clippedHigh = 0, lowMin = 1, highMax = 0;
    double maxLogit = -std::numeric_limits<double>::infinity();
    double sampledDifference = 0, sampledDifferenceMax = 0, sampledTokens = 0;
};

class Grpo final : public Recipe {
  public:
    Grpo(TrainerParts& parts, RunSession& session)
        : m_parts(parts),
          m_session(session),
          m_settings(parts.config.grpo),
          m_mixture(parts.sources, std::uint64_t(parts.config.seed)),
          m_composer(m_settings.rewards),
          m_loss(PolicyLossSettings::from(m_settings)) {
        if (m_settings.beta > 0) m_reference = openReference();
    }

    std::optional<StepReport> step(std::int64_t step) override {
        Stopwatch watch;
        Metrics timing;
        auto rollouts = sample(step, watch, timing);
        if (!rollouts) return std::nullopt;
        if (step == 1) checkStartPolicy(rollouts->accuracy());

        std::vector<MicroBatch> microBatches = split(*rollouts);
        if (m_settings.num_iterations > 1)
            addLogprobs(microBatches, *m_parts.model, &MicroBatch::oldLogprobs);
        timing.emplace_back("timing_s/logp", watch.lap());
        if (m_reference) {
            addLogprobs(microBatches, *m_reference, &MicroBatch::referenceLogprobs);
            timing.emplace_back("timing_s/ref", watch.lap());
        }
        if (m_session.isStopped()) return std::nullopt;  // from here on the step is done whole
        m_session.status("training", step);
        StepReport report = update(*rollouts, microBatches, step);
        timing.emplace_back("timing_s/update", watch.lap());
        finish(report, *rollouts, timing, step);
        return report;
    }

  private:
    std::optional<Rollouts> sample(std::int64_t step, Stopwatch& watch, Metrics& timing) {
        m_session.status("generating", step);
        Rollouts rollouts = drawPrompts(m_mixture, *m_parts.tokenizer, m_settings, step);
        m_parts.generator->refresh();
        auto completions = sampleCompletions(rollouts, *m_parts.generator, m_settings,
                                             std::uint64_t(m_parts.config.seed), step, m_session.stopToken());
        if (m_session.isStopped()) return std::nullopt;
        timing.emplace_back("timing_s/gen", watch.lap());
        scoreRollouts(rollouts, std::move(completions), m_parts.sources, *m_parts.tokenizer, m_composer,
                      m_settings);
        timing.emplace_back("timing_s/reward", watch.lap());
        return rollouts;
    }

    void checkStartPolicy(double accuracy) {
        if (accuracy >= m_settings.min_start_accuracy) return;
        char text[256];
        std::snprintf(text, sizeof text,
                      "the start policy answers %.1f %% of the rollouts right, less than the %.1f %% that "
                      "min_start_accuracy asks for: reinforcement learning would collapse, not learn",
                      100 * accuracy, 100 * m_settings.min_start_accuracy);
        m_session.log().write(AlarmEvent{1, "weak_start_policy", "error", text});
        throw Error(text, "grpo.min_start_accuracy",
                    "train it longer with sft first, make the problems easier, or lower the bound");
    }

    /// The policy that the run started from, kept beside its checkpoints for its resumes.
    std::shared_ptr<CausalLM> openReference() {
        const fs::path folder = m_session.run().path() / "reference", beside = folder.string() + ".partial";
        if (!fs::exists(folder)) {
            fs::remove_all(beside);
            fs::create_directories(beside);
            m_parts.model->save(beside);
            fs::rename(beside, folder);
        }
        auto reference = CausalLM::load(folder);
        reference->setPrecision(m_parts.model->precision());
        return reference;
    }

    std::vector<MicroBatch> split(const Rollouts& rollouts) const {
        const std::size_t count = rollouts.completions.size();
        const std::size_t parts =
            std::min<std::size_t>(std::size_t(m_parts.config.training.gradient_accumulation_steps), count);
        std::vector<MicroBatch> microBatches;
        for (std::size_t part = 0; part < parts; ++part)
            microBatches.push_back(pack(rollouts, count * part / parts, count * (part + 1) / parts));
        return microBatches;
    }

    MicroBatch pack(const Rollouts& rollouts, std::size_t first, std::size_t last) const {
        MicroBatch micro;
        std::vector<TokenSequence> sequences;
        std::vector<float> advantages, logprobs;
        for (std::size_t i = first; i < last; ++i) {
            const JudgedCompletion& judged = rollouts.completions[i];
            sequences.push_back(
                TokenSequence::of(rollouts.prompts[rollouts.problemOf(i)], judged.completion.ids, false));
            micro.lengths.push_back(judged.tokens());
            micro.included.push_back(judged.completion.finished || !m_settings.mask_truncated_completions);
            advantages.insert(advantages.end(), std::size_t(judged.tokens()),
                              float(rollouts.advantages.values[i]));
            logprobs.insert(logprobs.end(), judged.completion.logprobs.begin(),
                            judged.completion.logprobs.end());
        }
        micro.batch = packSequences(sequences);
        micro.advantages = torch::tensor(advantages, torch::kFloat32);
        micro.sampledLogprobs = torch::tensor(logprobs, torch::kFloat32);
        return micro;
    }

    /// By the training forward, not the sampler's: the two differ by rounding, and the ratio must start at 1.
    void addLogprobs(std::vector<MicroBatch>& microBatches, CausalLM& model,
                     torch::Tensor MicroBatch::*member) const {
        const torch::NoGradGuard noGrad;
        for (MicroBatch& micro : microBatches)
            micro.*member = model.score(micro.batch, m_settings.temperature).logprobs.detach();
    }

    StepReport update(const Rollouts& rollouts, const std::vector<MicroBatch>& microBatches,
                      std::int64_t step) {
        const StepTotals totals{double(rollouts.completions.size()), double(rollouts.completionTokens()),
                                double(microBatches.size())};
        UpdateSums sums;
        Metrics lastUpdate;
        for (std::int64_t iteration = 0; iteration < m_settings.num_iterations; ++iteration) {
            m_parts.optimizer->zeroGradients();
            double loss = 0;
            for (const MicroBatch& micro : microBatches)
                loss += backward(micro, totals, iteration == 0, sums);
            lastUpdate.clear();
            updateParameters(m_parts, m_session, step, loss, lastUpdate);
            sums.loss += loss / double(m_settings.num_iterations);
        }
        StepReport report;
        addUpdateMetrics(sums, report.metrics);
        report.metrics.insert(report.metrics.end(), lastUpdate.begin(), lastUpdate.end());
        return report;
    }

    double backward(const MicroBatch& micro, const StepTotals& totals, bool firstIteration,
                    UpdateSums& sums) {
        const TokenScores scores = m_parts.model->score(micro.batch, m_settings.temperature);
        const std::vector<double> weights = tokenWeights(m_loss, micro.lengths, micro.included, totals);
        const PolicyLoss loss =
            policyLoss(m_loss, {scores.logprobs, micro.oldLogprobs, micro.referenceLogprobs, micro.advantages,
                                torch::tensor(weights, torch::kFloat64).to(torch::kFloat32)});
        loss.loss.backward();
        if (firstIteration) addSampledDifference(micro, scores.logprobs.detach(), sums);
        sums.policy += loss.policy / double(m_settings.num_iterations);
        sums.kl += loss.klSum;
        sums.entropy += scores.entropies.sum().item<double>();
        sums.maxLogit = std::max(sums.maxLogit, largest(scores.maxLogits));
        sums.tokens += loss.tokens;
        sums.clippedLow += loss.clippedLow;
        sums.clippedHigh += loss.clippedHigh;
        sums.lowMin = std::min(sums.lowMin, loss.clippedLow / std::max(loss.tokens, 1.0));
        sums.highMax = std::max(sums.highMax, loss.clippedHigh / std::max(loss.tokens, 1.0));
        return loss.loss.item<double>();
    }

    static void addSampledDifference(const MicroBatch& micro, const torch::Tensor& logprobs,
                                     UpdateSums& sums) {
        if (micro.sampledLogprobs.numel() != logprobs.numel() || logprobs.numel() == 0) return;
        const torch::Tensor difference = (micro.sampledLogprobs - logprobs).abs();
        sums.sampledDifference += difference.sum().item<double>();
        sums.sampledDifferenceMax = std::max(sums.sampledDifferenceMax, difference.max().item<double>());
        sums.sampledTokens += double(logprobs.numel());
    }

    void addUpdateMetrics(const UpdateSums& sums, Metrics& metrics) const {
        const double tokens = std::max(sums.tokens, 1.0);
        metrics.emplace_back("loss", sums.loss);
        metrics.emplace_back("policy_loss", sums.policy);
        metrics.emplace_back("entropy", sums.entropy / tokens);
        metrics.emplace_back("logits/max", sums.maxLogit);
        if (m_reference) metrics.emplace_back("kl", sums.kl / tokens);
        metrics.emplace_back("clip_ratio/low_mean", sums.clippedLow / tokens);
        metrics.emplace_back("clip_ratio/low_min", sums.lowMin);
        metrics.emplace_back("clip_ratio/high_mean", sums.clippedHigh / tokens);
        metrics.emplace_back("clip_ratio/high_max", sums.highMax);
        metrics.emplace_back("clip_ratio/region_mean", (sums.clippedLow + sums.clippedHigh) / tokens);
        metrics.emplace_back("sampling/sampling_logp_difference/mean",
                             sums.sampledDifference / std::max(sums.sampledTokens, 1.0));
        metrics.emplace_back("sampling/sampling_logp_difference/max", sums.sampledDifferenceMax);
    }

    void finish(StepReport& report, const Rollouts& rollouts, const Metrics& timing,
                std::int64_t step) const {
        addRolloutMetrics(rollouts, m_parts.sources, m_composer, report.metrics);
        report.tokens = rollouts.allTokens();
        for (const auto& [name, seconds] : timing) {
            if (name == "timing_s/gen")
                report.metrics.emplace_back("perf/gen_tokens_per_s",
                                            double(rollouts.completionTokens()) / seconds);
            if (name == "timing_s/update")
                report.metrics.emplace_back("perf/train_tokens_per_s",
                                            double(report.tokens * m_settings.num_iterations) / seconds);
            report.metrics.emplace_back(name, seconds);
        }
        const TraceSettings& traces = m_parts.config.traces;
        if (traces.groups_per_step > 0 && step % traces.every_steps == 0)
            report.traces = rolloutTraces(rollouts, m_parts.sources, *m_parts.tokenizer, m_composer,
                                          traces.groups_per_step, traces.token_arrays, step);
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    const GrpoSettings& m_settings;
    DataMixture m_mixture;
    RewardComposer m_composer;
    PolicyLossSettings m_loss;
    std::shared_ptr<CausalLM> m_reference;
};

}  // namespace

std::unique_ptr<Recipe> makeGrpo(TrainerParts& parts, RunSession& session) {
    return std::make_unique<Grpo>(parts, session);
}

}  // namespace retort
