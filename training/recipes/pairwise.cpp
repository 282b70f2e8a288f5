// The recipes that learn from pairs: dpo, simpo, orpo and redi. They differ in their loss, and in whether a
// frozen reference stands beside the policy.
#include <functional>
#include <limits>

#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/objectives/preference_loss.h"
#include "training/recipes/pair_batch.h"
#include "training/recipes/pair_stream.h"
#include "training/recipes/reference_policy.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

struct PairObjective {
    std::function<PreferenceLoss(const PairScores&, const PairTotals&)> loss;
    bool reference = false;  ///< compares with a frozen policy
    bool texts = false;      ///< the chosen prompts bear loss, too
    bool means = false;      ///< is about log-probabilities a token, and logs those
};

PairObjective objectiveOf(const RunConfig& config) {
    if (config.recipe == "dpo")
        return {
            [&config](const auto& pairs, const auto& totals) { return dpoLoss(config.dpo, pairs, totals); },
            true};
    if (config.recipe == "simpo")
        return {[&config](const auto& pairs, const auto& totals) {
                    return simpoLoss(config.simpo, pairs, totals);
                },
                false, false, true};
    if (config.recipe == "orpo")
        return {
            [&config](const auto& pairs, const auto& totals) { return orpoLoss(config.orpo, pairs, totals); },
            false, true, true};
    return {[&config](const auto& pairs, const auto& totals) { return rediLoss(config.redi, pairs, totals); },
            false, false, true};
}

/// One forward and backward pass: P chosen completions, then their P rejected ones.
struct MicroBatch {
    CompletionBatch completions;
    std::int64_t pairs = 0;
    torch::Tensor reference;  ///< [2P] sums; undefined without a reference
    std::vector<std::uint64_t> keys;
};

struct StepSums {
    double loss = 0, entropy = 0, tokens = 0, hits = 0;
    double maxLogit = -std::numeric_limits<double>::infinity();
    double chosenRewards = 0, rejectedRewards = 0, accuracies = 0, chosenLogps = 0, rejectedLogps = 0;
    double logits = 0, chosenLogits = 0;  // sums of the tokens' mean logits: of all, of the chosen
    Metrics own;
};

/// The reference's sums for a file's pairs, computed once and kept in the run's folder.
class PrecomputedReference {
  public:
    using Compute = std::function<torch::Tensor(const std::vector<const PreferencePair*>&)>;

    PrecomputedReference(const fs::path& file, const std::vector<PreferencePair>& pairs, std::int64_t batch,
                         const Compute& compute) {
        std::vector<std::uint64_t> keys;
        for (const PreferencePair& pair : pairs) keys.push_back(keyOf(pair));
        std::vector<float> sums = read(file, keys.size());
        if (sums.empty()) {
            for (std::size_t first = 0; first < pairs.size(); first += std::size_t(batch)) {
                std::vector<const PreferencePair*> some;
                for (std::size_t i = first; i < std::min(pairs.size(), first + std::size_t(batch)); ++i)
                    some.push_back(&pairs[i]);
                const torch::Tensor found =
                    compute(some).to(torch::kFloat32).cpu().view({2, -1}).t().contiguous();
                sums.insert(sums.end(), found.data_ptr<float>(), found.data_ptr<float>() + found.numel());
            }
            writeSafetensors(file, {{"logps", Dtype::Float32, {std::int64_t(keys.size()), 2}, sums.data()}});
        }
        for (std::size_t i = 0; i < keys.size(); ++i) m_sums[keys[i]] = {sums[2 * i], sums[2 * i + 1]};
    }

    static std::uint64_t keyOf(const PreferencePair& pair) {
        return stableHash(pair.prompt + '\0' + pair.chosen + '\0' + pair.rejected);
    }

    torch::Tensor of(const std::vector<std::uint64_t>& keys) const {
        std::vector<float> chosen, rejected;
        for (const std::uint64_t key : keys) {
            chosen.push_back(m_sums.at(key).first);
            rejected.push_back(m_sums.at(key).second);
        }
        chosen.insert(chosen.end(), rejected.begin(), rejected.end());
        return torch::tensor(chosen, torch::kFloat32);
    }

  private:
    static std::vector<float> read(const fs::path& file, std::size_t pairs) {
        std::error_code code;
        if (!fs::exists(file, code)) return {};
        const SafetensorsFile stored(file);
        std::vector<float> sums = stored.readFloats(stored.at("logps"));
        if (sums.size() != 2 * pairs)
            throw Error("belongs to another number of pairs", file.string(), "the pairs' file was changed");
        return sums;
    }

    std::unordered_map<std::uint64_t, std::pair<float, float>> m_sums;
};

class Pairwise final : public Recipe {
  public:
    Pairwise(TrainerParts& parts, RunSession& session)
        : m_parts(parts),
          m_session(session),
          m_objective(objectiveOf(parts.config)),
          m_stream(parts, session) {}

    std::optional<StepReport> step(std::int64_t step) override {
        Stopwatch watch;
        if (m_objective.reference && !m_reference) openReference(step - 1);
        const auto pairs = m_stream.take(step);
        if (!pairs) return std::nullopt;
        const double drawing = watch.lap();
        std::vector<MicroBatch> microBatches = split(*pairs);
        if (m_objective.reference) addReference(microBatches);
        const double referring = watch.lap();
        if (m_session.isStopped()) return std::nullopt;
        m_session.status("training", step);
        StepReport report = update(microBatches, step);
        follow(step);
        const double updating = watch.lap();
        report.metrics.emplace_back("perf/train_tokens_per_s", double(report.tokens) / updating);
        report.metrics.emplace_back("timing_s/data", drawing);
        if (m_objective.reference) report.metrics.emplace_back("timing_s/ref", referring);
        report.metrics.emplace_back("timing_s/update", updating);
        m_stream.addRound(report);
        return report;
    }

  private:
    void openReference(std::int64_t step) {
        m_parts.group->firstThenOthers([&] { m_reference.emplace(m_session.run(), *m_parts.model, step); });
        const DpoSettings& dpo = m_parts.config.dpo;
        if (!dpo.precompute_ref_log_probs) return;
        m_session.status("preparing", step, true);
        m_parts.group->firstThenOthers([this] {
            m_precomputed.emplace(
                m_session.run().path() / "reference_logps.safetensors", m_stream.filePairs(),
                m_parts.config.training.batch_size,
                [this](const auto& pairs) { return referenceSums(pack(pairs).completions); });
        });
    }

    void follow(std::int64_t step) {
        const DpoSettings& dpo = m_parts.config.dpo;
        if (m_objective.reference && dpo.sync_ref_model && step % dpo.ref_model_sync_steps == 0)
            m_reference->follow(*m_parts.model, dpo.ref_model_mixup_alpha, step, m_parts.group->isFirst());
    }

    /// This rank's share of each micro-batch.
    std::vector<MicroBatch> split(const std::vector<PreferencePair>& pairs) const {
        std::vector<MicroBatch> microBatches;
        const auto size = std::size_t(m_parts.config.training.batch_size);
        for (std::size_t first = 0; first < pairs.size(); first += size) {
            std::vector<const PreferencePair*> some;
            const auto [begin, end] = m_parts.group->share(std::min(pairs.size() - first, size));
            for (std::size_t i = first + begin; i < first + end; ++i) some.push_back(&pairs[i]);
            microBatches.push_back(pack(some));
        }
        return microBatches;
    }

    MicroBatch pack(const std::vector<const PreferencePair*>& pairs) const {
        std::vector<TokenPair> tokens;
        MicroBatch micro;
        for (const PreferencePair* pair : pairs) {
            tokens.push_back(TokenPair::of(*m_parts.tokenizer, *pair));
            micro.keys.push_back(PrecomputedReference::keyOf(*pair));
        }
        std::vector<const CompletionTokens*> completions;
        for (const TokenPair& pair : tokens) completions.push_back(&pair.chosen);
        for (const TokenPair& pair : tokens) completions.push_back(&pair.rejected);
        micro.pairs = std::int64_t(pairs.size());
        micro.completions = CompletionBatch::pack(completions, m_objective.texts ? pairs.size() : 0);
        return micro;
    }

    torch::Tensor referenceSums(const CompletionBatch& completions) {
        const torch::NoGradGuard noGrad;
        return completions.sums(m_reference->model().score(completions.batch).logprobs);
    }

    void addReference(std::vector<MicroBatch>& microBatches) {
        for (MicroBatch& micro : microBatches)
            micro.reference =
                m_precomputed ? m_precomputed->of(micro.keys) : referenceSums(micro.completions);
    }

    PairTotals totalsOf(const std::vector<MicroBatch>& microBatches) const {
        PairTotals totals;
        for (const MicroBatch& micro : microBatches) {
            const CompletionBatch& completions = micro.completions;
            totals.pairs += double(micro.pairs);
            totals.chosenTokens += completions.lengths.slice(0, 0, micro.pairs).sum().item<double>();
            totals.chosenTextTokens += completions.textLengths.slice(0, 0, micro.pairs).sum().item<double>();
        }
        m_parts.group->sum({&totals.pairs, &totals.chosenTokens, &totals.chosenTextTokens});
        return totals;
    }

    StepReport update(const std::vector<MicroBatch>& microBatches, std::int64_t step) {
        const PairTotals totals = totalsOf(microBatches);
        StepSums sums;
        StepReport report;
        m_parts.optimizer->zeroGradients();
        double tokens = 0;
        for (const MicroBatch& micro : microBatches) {
            backward(micro, totals, sums);
            tokens += double(micro.completions.tokens);
        }
        addUp(sums, tokens);
        report.tokens = std::int64_t(tokens);
        addMetrics(sums, totals, report.metrics);
        updateParameters(m_parts, m_session, step, sums.loss, report.metrics);
        return report;
    }

    void addUp(StepSums& sums, double& tokens) const {
        ProcessGroup& group = *m_parts.group;
        group.sum({&tokens, &sums.loss, &sums.entropy, &sums.tokens, &sums.hits, &sums.chosenRewards,
                   &sums.rejectedRewards, &sums.accuracies, &sums.chosenLogps, &sums.rejectedLogps,
                   &sums.logits, &sums.chosenLogits});
        group.max({&sums.maxLogit});
        for (auto& [name, value] : sums.own) group.sum({&value});
    }

    void backward(const MicroBatch& micro, const PairTotals& totals, StepSums& sums) {
        const CompletionBatch& completions = micro.completions;
        const std::int64_t count = micro.pairs;
        const TokenScores scores = m_parts.model->score(completions.batch);
        const torch::Tensor logps = completions.sums(scores.logprobs);
        PairScores pairs{logps.slice(0, 0, count), logps.slice(0, count),
                         completions.lengths.slice(0, 0, count), completions.lengths.slice(0, count)};
        if (micro.reference.defined()) {
            pairs.referenceChosen = micro.reference.slice(0, 0, count);
            pairs.referenceRejected = micro.reference.slice(0, count);
        }
        if (m_objective.texts) {
            pairs.chosenTexts = completions.textSums(scores.logprobs).slice(0, 0, count);
            pairs.chosenTextLengths = completions.textLengths.slice(0, 0, count);
        }
        const PreferenceLoss loss = m_objective.loss(pairs, totals);
        loss.loss.backward();
        add(micro, pairs, loss, scores, sums);
    }

    void add(const MicroBatch& micro, const PairScores& pairs, const PreferenceLoss& loss,
             const TokenScores& scores, StepSums& sums) const {
        const auto total = [](const torch::Tensor& values) { return values.sum().item<double>(); };
        const torch::Tensor chosen = pairs.chosen.detach(), rejected = pairs.rejected.detach();
        sums.loss += loss.loss.item<double>();
        sums.maxLogit = std::max(sums.maxLogit, largest(scores.maxLogits));
        sums.chosenRewards += total(loss.chosenRewards);
        sums.rejectedRewards += total(loss.rejectedRewards);
        sums.accuracies += total(loss.chosenRewards.gt(loss.rejectedRewards));
        sums.chosenLogps += total(m_objective.means ? chosen / pairs.chosenLengths.clamp_min(1) : chosen);
        sums.rejectedLogps +=
            total(m_objective.means ? rejected / pairs.rejectedLengths.clamp_min(1) : rejected);
        sums.entropy += micro.completions.completionSum(scores.entropies, 2 * micro.pairs);
        sums.hits += micro.completions.completionSum(scores.hits, micro.pairs);
        sums.logits += micro.completions.completionSum(scores.meanLogits, 2 * micro.pairs);
        sums.chosenLogits += micro.completions.completionSum(scores.meanLogits, micro.pairs);
        sums.tokens += total(micro.completions.lengths);
        for (std::size_t i = 0; i < loss.metrics.size(); ++i) {
            if (i >= sums.own.size()) sums.own.emplace_back(loss.metrics[i].first, 0);
            sums.own[i].second += loss.metrics[i].second;
        }
    }

    static void addMetrics(const StepSums& sums, const PairTotals& totals, Metrics& metrics) {
        const double pairs = totals.pairs;
        metrics.emplace_back("loss", sums.loss);
        metrics.emplace_back("rewards/chosen", sums.chosenRewards / pairs);
        metrics.emplace_back("rewards/rejected", sums.rejectedRewards / pairs);
        metrics.emplace_back("rewards/accuracies", sums.accuracies / pairs);
        metrics.emplace_back("rewards/margins", (sums.chosenRewards - sums.rejectedRewards) / pairs);
        metrics.emplace_back("logps/chosen", sums.chosenLogps / pairs);
        metrics.emplace_back("logps/rejected", sums.rejectedLogps / pairs);
        metrics.emplace_back("logits/chosen", sums.chosenLogits / std::max(totals.chosenTokens, 1.0));
        metrics.emplace_back("logits/rejected", (sums.logits - sums.chosenLogits) /
                                                    std::max(sums.tokens - totals.chosenTokens, 1.0));
        metrics.emplace_back("entropy", sums.entropy / std::max(sums.tokens, 1.0));
        metrics.emplace_back("mean_token_accuracy", sums.hits / std::max(totals.chosenTokens, 1.0));
        metrics.emplace_back("logits/max", sums.maxLogit);
        metrics.insert(metrics.end(), sums.own.begin(), sums.own.end());
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    PairObjective m_objective;
    PairStream m_stream;
    std::optional<ReferencePolicy> m_reference;
    std::optional<PrecomputedReference> m_precomputed;
};

}  // namespace

std::unique_ptr<Recipe> makePairwise(TrainerParts& parts, RunSession& session) {
    return std::make_unique<Pairwise>(parts, session);
}

}  // namespace retort
