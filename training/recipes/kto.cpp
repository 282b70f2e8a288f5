// The recipe "kto": completions that are good or bad by themselves, against a frozen reference.
#include <limits>

#include "core/util/error.h"
#include "training/objectives/preference_loss.h"
#include "training/recipes/pair_batch.h"
#include "training/recipes/pair_stream.h"
#include "training/recipes/reference_policy.h"

namespace retort {
namespace {

/// One forward and backward pass: the good completions first.
struct MicroBatch {
    CompletionBatch completions, mismatched;
    std::int64_t good = 0;
};

struct StepSums {
    double loss = 0, kl = 0, entropy = 0, tokens = 0, good = 0, bad = 0;
    double maxLogit = -std::numeric_limits<double>::infinity();
    double chosenRewards = 0, rejectedRewards = 0, chosenLogps = 0, rejectedLogps = 0;
    double chosenLogits = 0, rejectedLogits = 0, chosenTokens = 0;  // sums of the tokens' mean logits
};

class Kto final : public Recipe {
  public:
    Kto(TrainerParts& parts, RunSession& session) : m_parts(parts), m_session(session) {
        if (parts.config.pairs.source == "file")
            readFile();
        else
            m_pairs.emplace(parts, session);
    }

    std::optional<StepReport> step(std::int64_t step) override {
        Stopwatch watch;
        if (!m_reference)
            m_parts.group->firstThenOthers(
                [&] { m_reference.emplace(m_session.run(), *m_parts.model, step - 1); });
        const auto rows = take(step);
        if (!rows) return std::nullopt;
        const std::vector<MicroBatch> microBatches = split(*rows);
        const double drawing = watch.lap();
        if (m_session.isStopped()) return std::nullopt;
        m_session.status("training", step);
        StepReport report = update(microBatches, double(rows->size()), step);
        const double updating = watch.lap();
        report.metrics.emplace_back("perf/train_tokens_per_s", double(report.tokens) / updating);
        report.metrics.emplace_back("timing_s/data", drawing);
        report.metrics.emplace_back("timing_s/update", updating);
        if (m_pairs) m_pairs->addRound(report);
        return report;
    }

  private:
    std::int64_t rowsPerStep() const {
        return 2 * m_parts.config.training.batch_size * m_parts.config.training.gradient_accumulation_steps;
    }

    void readFile() {
        const std::string& file = m_parts.config.pairs.file;
        m_rows = readLabelledCompletions(file, m_parts.dialogue);
        const std::size_t all = m_rows.size();
        std::erase_if(m_rows, [this](const LabelledCompletion& row) {
            const std::int64_t length = tokensOf(row).length();
            return row.completion.empty() || length > m_parts.config.training.max_length;
        });
        if (m_rows.empty()) throw Error("all completions are longer than max_length", file, "raise it");
        if (m_rows.size() < all)
            m_session.message("warning", std::to_string(all - m_rows.size()) + " of " + std::to_string(all) +
                                             " completions are longer than max_length and left out");
        m_order.emplace(stableHash("pairs", std::uint64_t(m_parts.config.seed)), m_rows.size());
    }

    CompletionTokens tokensOf(const LabelledCompletion& row) const {
        return CompletionTokens::of(*m_parts.tokenizer, row.prompt, row.completion, row.ends);
    }

    std::optional<std::vector<LabelledCompletion>> take(std::int64_t step) {
        std::vector<LabelledCompletion> rows;
        if (!m_pairs) {
            for (std::int64_t i = 0; i < rowsPerStep(); ++i)
                rows.push_back(m_rows[m_order->at(std::uint64_t((step - 1) * rowsPerStep() + i))]);
            return rows;
        }
        const auto pairs = m_pairs->take(step);
        if (!pairs) return std::nullopt;
        // Micro-batch by micro-batch the good ones, then the bad ones: neighbours have different prompts, as
        // the estimate of the KL wants them.
        const auto size = std::size_t(m_parts.config.training.batch_size);
        for (std::size_t first = 0; first < pairs->size(); first += size) {
            const auto begin = pairs->begin() + std::ptrdiff_t(first), end = begin + std::ptrdiff_t(size);
            for (auto pair = begin; pair != end; ++pair)
                rows.push_back({pair->prompt, pair->chosen, true, pair->chosenEnds});
            for (auto pair = begin; pair != end; ++pair)
                rows.push_back({pair->prompt, pair->rejected, false, pair->rejectedEnds});
        }
        return rows;
    }

    std::vector<MicroBatch> split(const std::vector<LabelledCompletion>& rows) const {
        std::vector<MicroBatch> microBatches;
        const auto size = std::size_t(2 * m_parts.config.training.batch_size);
        for (std::size_t first = 0; first < rows.size(); first += size)
            microBatches.push_back(pack(rows, first, std::min(rows.size(), first + size)));
        return microBatches;
    }

    /// This rank's share of the rows. Each prompt's mismatched completion is that of the row before it, as in
    /// TRL.
    MicroBatch pack(const std::vector<LabelledCompletion>& rows, std::size_t first, std::size_t last) const {
        std::vector<CompletionTokens> tokens, mismatched;
        const auto [from, to] = m_parts.group->share(last - first);
        const std::size_t begin = first + from, end = first + to;
        for (std::size_t i = begin; i < end; ++i) {
            const LabelledCompletion& other = rows[i > first ? i - 1 : last - 1];
            tokens.push_back(tokensOf(rows[i]));
            mismatched.push_back(tokensOf({rows[i].prompt, other.completion, true, other.ends}));
            const auto room = std::size_t(m_parts.config.training.max_length) - tokens.back().prompt.size();
            if (mismatched.back().completion.size() > room) mismatched.back().completion.resize(room);
        }
        std::vector<const CompletionTokens*> ordered, unordered;
        for (const bool good : {true, false})
            for (std::size_t i = begin; i < end; ++i)
                if (rows[i].good == good) ordered.push_back(&tokens[i - begin]);
        for (const CompletionTokens& each : mismatched) unordered.push_back(&each);
        MicroBatch micro{CompletionBatch::pack(ordered), CompletionBatch::pack(unordered), 0};
        for (std::size_t i = begin; i < end; ++i) micro.good += rows[i].good;
        return micro;
    }

    /// The KL's estimate is the mean over the micro-batch: of several ranks' shares that number takes their
    /// place.
    torch::Tensor ofAllRanks(const torch::Tensor& mismatched) const {
        if (m_parts.group->isAlone()) return mismatched;
        double sum = mismatched.sum().item<double>(), count = double(mismatched.numel());
        m_parts.group->sum({&sum, &count});
        return torch::full({1}, sum / std::max(count, 1.0));
    }

    torch::Tensor sumsWithoutGradient(CausalLM& model, const CompletionBatch& completions) const {
        const torch::NoGradGuard noGrad;
        return completions.sums(model.score(completions.batch).logprobs);
    }

    StepReport update(const std::vector<MicroBatch>& microBatches, double rows, std::int64_t step) {
        StepSums sums;
        StepReport report;
        m_parts.optimizer->zeroGradients();
        double tokens = 0;
        for (const MicroBatch& micro : microBatches) {
            backward(micro, rows, sums);
            tokens += double(micro.completions.tokens);
        }
        m_parts.group->sum({&tokens, &sums.loss, &sums.entropy, &sums.tokens, &sums.good, &sums.bad,
                            &sums.chosenRewards, &sums.rejectedRewards, &sums.chosenLogps,
                            &sums.rejectedLogps, &sums.chosenLogits, &sums.rejectedLogits,
                            &sums.chosenTokens});
        m_parts.group->max({&sums.maxLogit});
        report.tokens = std::int64_t(tokens);
        sums.kl /= double(microBatches.size());
        addMetrics(sums, report.metrics);
        updateParameters(m_parts, m_session, step, sums.loss, report.metrics);
        return report;
    }

    void backward(const MicroBatch& micro, double rows, StepSums& sums) {
        CausalLM& policy = *m_parts.model;
        CausalLM& reference = m_reference->model();
        const std::int64_t good = micro.good;
        torch::Tensor mismatched = torch::empty({0});
        if (m_parts.config.kto.loss_type == "kto")
            mismatched = ofAllRanks(sumsWithoutGradient(policy, micro.mismatched) -
                                    sumsWithoutGradient(reference, micro.mismatched));
        const torch::Tensor frozen = sumsWithoutGradient(reference, micro.completions);
        const TokenScores scores = policy.score(micro.completions.batch);
        const torch::Tensor logps = micro.completions.sums(scores.logprobs);
        const LabelledScores labelled{logps.slice(0, 0, good), logps.slice(0, good), frozen.slice(0, 0, good),
                                      frozen.slice(0, good), mismatched};
        const PreferenceLoss loss = ktoLoss(m_parts.config.kto, labelled, rows);
        loss.loss.backward();
        const auto total = [](const torch::Tensor& values) { return values.sum().item<double>(); };
        sums.loss += loss.loss.item<double>();
        sums.maxLogit = std::max(sums.maxLogit, largest(scores.maxLogits));
        sums.kl += loss.metrics.front().second;
        sums.good += double(good);
        sums.bad += double(micro.completions.count - good);
        sums.chosenRewards += total(loss.chosenRewards);
        sums.rejectedRewards += total(loss.rejectedRewards);
        sums.chosenLogps += total(labelled.chosen.detach());
        sums.rejectedLogps += total(labelled.rejected.detach());
        sums.entropy += micro.completions.completionSum(scores.entropies, micro.completions.count);
        const double goodLogits = micro.completions.completionSum(scores.meanLogits, good);
        sums.chosenLogits += goodLogits;
        sums.rejectedLogits +=
            micro.completions.completionSum(scores.meanLogits, micro.completions.count) - goodLogits;
        sums.chosenTokens += total(micro.completions.lengths.slice(0, 0, good));
        sums.tokens += total(micro.completions.lengths);
    }

    static void addMetrics(const StepSums& sums, Metrics& metrics) {
        metrics.emplace_back("loss", sums.loss);
        metrics.emplace_back("kl", sums.kl);
        metrics.emplace_back("logits/max", sums.maxLogit);
        metrics.emplace_back("entropy", sums.entropy / std::max(sums.tokens, 1.0));
        if (sums.good > 0) {
            metrics.emplace_back("rewards/chosen", sums.chosenRewards / sums.good);
            metrics.emplace_back("logps/chosen", sums.chosenLogps / sums.good);
            metrics.emplace_back("logits/chosen", sums.chosenLogits / std::max(sums.chosenTokens, 1.0));
        }
        if (sums.bad > 0) {
            metrics.emplace_back("rewards/rejected", sums.rejectedRewards / sums.bad);
            metrics.emplace_back("logps/rejected", sums.rejectedLogps / sums.bad);
            metrics.emplace_back("logits/rejected",
                                 sums.rejectedLogits / std::max(sums.tokens - sums.chosenTokens, 1.0));
        }
        if (sums.good > 0 && sums.bad > 0)
            metrics.emplace_back("rewards/margins",
                                 sums.chosenRewards / sums.good - sums.rejectedRewards / sums.bad);
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    std::optional<PairStream> m_pairs;
    std::vector<LabelledCompletion> m_rows;
    std::optional<EpochOrder> m_order;
    std::optional<ReferencePolicy> m_reference;
};

}  // namespace

std::unique_ptr<Recipe> makeKto(TrainerParts& parts, RunSession& session) {
    return std::make_unique<Kto>(parts, session);
}

}  // namespace retort
