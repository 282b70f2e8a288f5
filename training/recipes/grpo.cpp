// The recipe "grpo": samples groups of completions, compares their rewards within each group, and makes the
// better ones likelier (algorithms.md a.1); with the family's variants as parameters.
#include <algorithm>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "training/recipes/adaptive_supervision.h"
#include "training/recipes/frozen_policy.h"
#include "training/recipes/policy_update.h"
#include "training/recipes/rollout_sampler.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* stateFile = "grpo.json";
constexpr const char* anchorFolder = "reference";

EntropyController::Settings entropySettings(const GrpoSettings& settings) {
    return {settings.entropy_coef,     settings.use_adaptive_entropy, settings.entropy_coef_min,
            settings.entropy_coef_max, settings.entropy_coef_delta,   settings.entropy_target};
}

class Grpo final : public Recipe {
  public:
    Grpo(TrainerParts& parts, RunSession& session)
        : m_parts(parts),
          m_session(session),
          m_settings(parts.config.grpo),
          m_composer(m_settings.rewards),
          m_sampler(parts, session, m_settings, m_composer),
          m_update(parts, session, m_settings),
          m_entropy(entropySettings(m_settings)),
          m_kl(m_settings.beta, m_settings.kl_target, m_settings.kl_horizon) {
        if (m_settings.beta > 0)
            parts.group->firstThenOthers([&] { m_reference = openReference(parts, session); });
        if (!m_settings.teacher.empty()) m_teacher = openTeacher(parts, m_settings.teacher);
        if (m_settings.sasr_gamma > 0)
            m_supervision.emplace(parts, session, m_settings.sasr_gamma,
                                  m_settings.prompts_per_step * m_settings.num_generations);
    }

    std::optional<StepReport> step(std::int64_t step) override {
        if (m_supervision && m_supervision->isSupervised(step)) return m_supervision->learn(step);
        Stopwatch watch;
        m_session.status("generating", step);
        m_parts.generator->refresh();
        SamplingCost cost;
        const std::int64_t maxLength =
            completionLengthAt(m_settings, step, m_parts.config.training.max_steps);
        auto rollouts = m_settings.filter_groups ? m_sampler.sampleFiltered(m_settings, step, maxLength, cost)
                                                 : m_sampler.sample(step, 0, maxLength, cost);
        if (!rollouts) return std::nullopt;
        if (step == 1) checkStartPolicy(m_session, cost.accuracy, m_settings.min_start_accuracy, "grpo");
        rollouts->advantages = advantagesOf(*rollouts, m_composer, m_settings);
        // Terms that are normalised one by one have no common scale for steps and outcome.
        if (m_settings.multi_objective_aggregation == "sum_then_normalize")
            rollouts->spreadProcessRewards(m_settings.advantage_estimator == "grpo" ? m_settings.scale_rewards
                                                                                    : "none");
        watch.lap();

        StepReport report;
        Metrics timing = {{"timing_s/gen", cost.generationSeconds}, {"timing_s/reward", cost.rewardSeconds}};
        std::vector<PolicyBatch> batches = prepare(*rollouts, watch, timing);
        if (m_session.isStopped()) return std::nullopt;  // from here on the step is done whole
        m_session.status("training", step);
        if (m_supervision) report.metrics.emplace_back("sasr/sft_probability", m_supervision->probability());
        update(*rollouts, batches, maxLength, step, report);
        if (m_supervision) m_supervision->noteReinforcement(report.metrics);
        timing.emplace_back("timing_s/update", watch.lap());
        finish(report, *rollouts, cost, timing, step);
        return report;
    }

    void save(const fs::path& folder) const override {
        Json state = {{"kl_coefficient", m_kl.coefficient()},
                      {"entropy_coefficient", m_entropy.coefficient()},
                      {"last_entropy", m_entropy.lastEntropy()},
                      {"generated_tokens", m_generatedTokens}};
        if (m_supervision) state["sasr"] = m_supervision->state();
        writeFileAtomically(folder / stateFile, state.dump(2) + "\n");
        if (!m_reference || !m_settings.sync_ref_model) return;
        fs::create_directories(folder / anchorFolder);
        m_reference->save(folder / anchorFolder);
    }

    void restore(const fs::path& folder) override {
        if (!fs::exists(folder / stateFile)) return;  // of a version that kept no state
        const std::string name = (folder / stateFile).string();
        try {
            const Json state = Json::parse(readFile(folder / stateFile, 1u << 20));
            m_kl.setCoefficient(state.at("kl_coefficient").get<double>());
            m_entropy.restore(state.at("entropy_coefficient").get<double>(),
                              state.at("last_entropy").get<double>());
            m_generatedTokens = state.at("generated_tokens").get<std::int64_t>();
            if (m_supervision) m_supervision->restore(state.at("sasr"));
        } catch (const Json::exception& error) {
            throw Error(std::string("malformed recipe state: ") + error.what(), name,
                        "remove this checkpoint's folder to resume from the one before it");
        }
        if (!m_reference || !m_settings.sync_ref_model) return;
        m_reference = CausalLM::load(folder / anchorFolder);
        m_reference->setDevice(m_parts.model->device());
        m_reference->setPrecision(m_parts.model->precision());
    }

  private:
    std::vector<PolicyBatch> prepare(const Rollouts& rollouts, Stopwatch& watch, Metrics& timing) {
        std::vector<PolicyBatch> batches =
            splitCompletions(rollouts, m_parts.config.training.gradient_accumulation_steps,
                             m_settings.mask_truncated_completions, *m_parts.group);
        if (m_settings.num_iterations > 1)
            addLogprobs(batches, *m_parts.model, m_settings.temperature, &PolicyBatch::oldLogprobs);
        timing.emplace_back("timing_s/logp", watch.lap());
        if (m_reference)
            addLogprobs(batches, *m_reference, m_settings.temperature, &PolicyBatch::referenceLogprobs);
        if (m_teacher) {
            addLogprobs(batches, *m_teacher, m_settings.temperature, &PolicyBatch::teacherLogprobs);
            for (PolicyBatch& batch : batches) batch.teacherMask = teacherMask(rollouts, batch);
        }
        if (m_reference || m_teacher) timing.emplace_back("timing_s/ref", watch.lap());
        return batches;
    }

    /// KDRL's reward-guided mask: all completions, the wrong ones, or those of groups without a right one.
    torch::Tensor teacherMask(const Rollouts& rollouts, const PolicyBatch& batch) const {
        std::vector<float> mask;
        for (std::size_t i = 0; i < batch.lengths.size(); ++i) {
            const std::size_t completion = batch.first + i;
            const bool taught =
                m_settings.teacher_mask == "none" ||
                (m_settings.teacher_mask == "wrong" && !rollouts.completions[completion].verdict.correct) ||
                (m_settings.teacher_mask == "wrong_groups" &&
                 rollouts.groupAccuracy(rollouts.problemOf(completion)) == 0);
            mask.insert(mask.end(), std::size_t(batch.lengths[i]), taught ? 1.0f : 0.0f);
        }
        return torch::tensor(mask, torch::kFloat32);
    }

    double teacherBeta(std::int64_t step) const {
        const double progress =
            double(step - 1) / double(std::max<std::int64_t>(m_parts.config.training.max_steps - 1, 1));
        return m_settings.teacher_beta + progress * (m_settings.teacher_beta_end - m_settings.teacher_beta);
    }

    void update(Rollouts& rollouts, const std::vector<PolicyBatch>& batches, std::int64_t maxLength,
                std::int64_t step, StepReport& report) {
        const UpdateWeights weights{m_kl.coefficient(), m_entropy.applied(), teacherBeta(step), maxLength};
        const std::size_t noted = tracesAt(step) ? std::size_t(m_parts.config.traces.groups_per_step) *
                                                       std::size_t(rollouts.samples)
                                                 : 0;
        const UpdateSums sums = m_update.run(rollouts, batches, weights, step, noted, report.metrics);
        if (!m_entropy.isOff()) report.metrics.emplace_back("entropy_coef", weights.entropyCoefficient);
        if (m_settings.kl_target > 0) report.metrics.emplace_back("kl_coef", weights.beta);
        const double tokens = std::max(sums.tokens, 1.0);
        m_entropy.update(sums.entropy / tokens);
        m_kl.update(sums.kl / tokens, double(rollouts.completions.size()));
        if (m_reference && m_settings.sync_ref_model && step % m_settings.ref_model_sync_steps == 0)
            mixInto(*m_reference, *m_parts.model, m_settings.ref_model_mixup_alpha);
    }

    bool tracesAt(std::int64_t step) const {
        const TraceSettings& traces = m_parts.config.traces;
        return traces.groups_per_step > 0 && step % traces.every_steps == 0;
    }

    void finish(StepReport& report, const Rollouts& rollouts, const SamplingCost& cost, const Metrics& timing,
                std::int64_t step) {
        addRolloutMetrics(rollouts, m_parts.sources, m_composer, report.metrics);
        report.tokens = rollouts.allTokens();
        addTokenAccount(rollouts, cost, report.metrics);
        for (const auto& [name, seconds] : timing) {
            if (name == "timing_s/gen")
                report.metrics.emplace_back("perf/gen_tokens_per_s", double(cost.generatedTokens) / seconds);
            if (name == "timing_s/update")
                report.metrics.emplace_back("perf/train_tokens_per_s",
                                            double(report.tokens * m_settings.num_iterations) / seconds);
            report.metrics.emplace_back(name, seconds);
        }
        const TraceSettings& traces = m_parts.config.traces;
        if (tracesAt(step))
            report.traces = rolloutTraces(rollouts, m_parts.sources, *m_parts.tokenizer, m_composer,
                                          traces.groups_per_step, traces.token_arrays, step);
    }

    /// What the step cost in generated tokens, and how much of it was trained on: a filter that looks good by
    /// steps may not by tokens.
    void addTokenAccount(const Rollouts& rollouts, const SamplingCost& cost, Metrics& metrics) {
        m_generatedTokens += cost.generatedTokens;
        const std::int64_t trained = rollouts.completionTokens();
        metrics.emplace_back("tokens/generated", double(cost.generatedTokens));
        metrics.emplace_back("tokens/trained", double(trained));
        metrics.emplace_back("tokens/discarded", double(cost.generatedTokens - trained));
        metrics.emplace_back("tokens/generated_total", double(m_generatedTokens));
        if (!m_settings.filter_groups) return;
        metrics.emplace_back("filter/gen_batches", double(cost.batches));
        metrics.emplace_back("filter/kept_groups", double(rollouts.problems.size()));
        metrics.emplace_back("filter/sampled_groups", double(cost.groups));
        metrics.emplace_back("filter/sampled_accuracy", cost.accuracy);
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    const GrpoSettings& m_settings;
    RewardComposer m_composer;
    RolloutSampler m_sampler;
    PolicyUpdate m_update;
    EntropyController m_entropy;
    KlController m_kl;
    std::shared_ptr<CausalLM> m_reference, m_teacher;
    std::optional<AdaptiveSupervision> m_supervision;
    std::int64_t m_generatedTokens = 0;  ///< since the run's beginning
};

}  // namespace

std::unique_ptr<Recipe> makeGrpo(TrainerParts& parts, RunSession& session) {
    return std::make_unique<Grpo>(parts, session);
}

}  // namespace retort
