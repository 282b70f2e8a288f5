// The recipes "sft" and "pretrain": next-token training on examples. They differ in completion_only_loss, and
// in the losses and masks that sft alone declares.
#include <limits>

#include "training/objectives/distillation_loss.h"
#include "training/objectives/sft_loss.h"
#include "training/recipes/example_stream.h"
#include "training/recipes/recipe.h"

namespace retort {
namespace {

class Supervised final : public Recipe {
  public:
    Supervised(TrainerParts& parts, RunSession& session)
        : m_parts(parts),
          m_session(session),
          m_stream(parts.sources, parts.tokenizer, parts.config.training, parts.config.sft,
                   std::uint64_t(parts.config.seed), *parts.group) {}

    std::optional<StepReport> step(std::int64_t step) override {
        Stopwatch watch;
        ExampleBatch batch = m_stream.take(step);
        auto dropped = double(m_stream.dropped());
        m_parts.group->sum({&batch.targets, &batch.tokens, &batch.workedShare, &dropped});
        Sums sums;
        m_parts.optimizer->zeroGradients();
        for (PackedBatch& micro : batch.microBatches) {
            if (m_session.isStopped()) return std::nullopt;
            backward(micro, batch, sums);
        }
        m_parts.group->sum({&sums.loss, &sums.entropy, &sums.hits});
        m_parts.group->max({&sums.maxLogit});
        StepReport report;
        report.tokens = std::int64_t(batch.tokens);
        report.metrics = {{"loss", sums.loss},
                          {"entropy", sums.entropy / batch.targets},
                          {"mean_token_accuracy", sums.hits / batch.targets},
                          {"logits/max", sums.maxLogit}};
        updateParameters(m_parts, m_session, step, sums.loss, report.metrics);
        if (dropped > 0) sayDropped();
        const double seconds = watch.total();
        report.metrics.emplace_back("completions/worked_share", batch.workedShare);
        report.metrics.emplace_back("perf/train_tokens_per_s", batch.tokens / seconds);
        report.metrics.emplace_back("timing_s/update", seconds);
        return report;
    }

  private:
    struct Sums {
        double loss = 0, entropy = 0, hits = 0;
        double maxLogit = -std::numeric_limits<double>::infinity();
    };

    /// The micro-batch's share of the step's loss.
    torch::Tensor lossOf(const PackedBatch& micro, const torch::Tensor& logprobs,
                         const ExampleBatch& batch) const {
        const SftSettings& sft = m_parts.config.sft;
        if (sft.loss_type == "dft") return dftLoss(logprobs, batch.targets);
        if (sft.loss_type != "dco") return sftLoss(logprobs, batch.targets);
        const std::int64_t count = micro.starts.numel() - 1;
        const torch::Tensor completions =
            torch::zeros({count})
                .to(logprobs.device())
                .index_add(0, targetOwners(micro).to(logprobs.device()), logprobs);
        const TrainingSettings& training = m_parts.config.training;
        const auto sequences = double(training.batch_size) * double(training.gradient_accumulation_steps);
        return passAtNLoss(completions, double(sft.dco_samples)).sum() / sequences;
    }

    void backward(const PackedBatch& micro, const ExampleBatch& batch, Sums& sums) {
        const TokenScores scores = m_parts.model->score(micro);
        const torch::Tensor loss = lossOf(micro, scores.logprobs, batch);
        loss.backward();
        sums.loss += loss.item<double>();
        sums.entropy += scores.entropies.sum().item<double>();
        sums.maxLogit = std::max(sums.maxLogit, largest(scores.maxLogits));
        sums.hits += scores.hits.sum().item<double>();
    }

    // Once, at the first: the count is in the example stream's hands and the reader wants to know that it
    // happens.
    void sayDropped() {
        if (m_saidDropped) return;
        m_saidDropped = true;
        m_session.message("warning", "examples longer than max_length (" +
                                         std::to_string(m_parts.config.training.max_length) +
                                         " tokens) are left out and replaced by others");
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    ExampleStream m_stream;
    bool m_saidDropped = false;
};

}  // namespace

std::unique_ptr<Recipe> makeSupervised(TrainerParts& parts, RunSession& session) {
    return std::make_unique<Supervised>(parts, session);
}

}  // namespace retort
