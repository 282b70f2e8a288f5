// The recipe "prm": a process reward model, trained on labels of steps (algorithms.md a.7), or on outcomes at
// every token (outcome value model).
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/config/schedule.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/objectives/score_losses.h"
#include "training/recipes/score_model.h"
#include "training/recipes/step_examples.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

struct Sums {
    double loss = 0, hits = 0, labels = 0, right = 0, tokens = 0;
};

class Prm final : public Recipe {
  public:
    Prm(TrainerParts& parts, RunSession& session)
        : m_parts(parts),
          m_session(session),
          m_head(2, parts.model->shape().hiddenSize, stableHash("prm", std::uint64_t(parts.config.seed))) {}

    std::optional<StepReport> step(std::int64_t step) override {
        if (m_examples.train.empty()) {
            auto examples = makeStepExamples(m_parts, m_session);
            if (!examples) return std::nullopt;
            m_examples = std::move(*examples);
        }
        const TrainingSettings& training = m_parts.config.training;
        Stopwatch watch;
        std::vector<std::vector<const StepExample*>> batches;
        double labels = 0;
        for (std::int64_t part = 0; part < training.gradient_accumulation_steps; ++part) {
            batches.push_back(take((step - 1) * training.gradient_accumulation_steps + part));
            labels += labelsOf(batches.back());
        }
        m_parts.optimizer->zeroGradients();
        Sums sums;
        StepReport report;
        for (const auto& batch : batches) {
            if (m_session.isStopped()) return std::nullopt;
            const auto [first, last] = m_parts.group->share(batch.size());
            const PackedBatch packed =
                pack({batch.begin() + std::ptrdiff_t(first), batch.begin() + std::ptrdiff_t(last)});
            run(packed, labels, true, sums);
            sums.tokens += double(packed.ids.numel());
        }
        m_parts.group->sum({&sums.tokens, &sums.loss, &sums.hits, &sums.labels, &sums.right});
        report.tokens = std::int64_t(sums.tokens);
        update(step, sums, report.metrics);
        const double seconds = watch.total();
        report.metrics.emplace_back("perf/train_tokens_per_s", double(report.tokens) / seconds);
        report.metrics.emplace_back("timing_s/update", seconds);
        const std::int64_t every = m_parts.config.evaluation.eval_steps;
        if (step == training.max_steps || (every > 0 && step % every == 0)) addHeldOut(report.metrics);
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
    static double labelsOf(const std::vector<const StepExample*>& batch) {
        double labels = 0;
        for (const StepExample* example : batch)
            labels += double(std::count_if(example->labels.begin(), example->labels.end(),
                                           [](std::int32_t label) { return label >= 0; }));
        return labels;
    }

    /// A batch is a function of (seed, number): each pass over the examples has an order of its own.
    std::vector<const StepExample*> take(std::int64_t number) {
        const auto size = std::size_t(m_parts.config.training.batch_size), count = m_examples.train.size();
        std::vector<const StepExample*> batch;
        for (std::size_t i = 0; i < size; ++i) {
            const std::uint64_t place = std::uint64_t(number) * size + i;
            order(place / count);
            batch.push_back(&m_examples.train[m_order[place % count]]);
        }
        return batch;
    }

    void order(std::uint64_t epoch) {
        if (m_epoch == epoch) return;
        m_epoch = epoch;
        m_order.resize(m_examples.train.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t(0));
        Random random(stableHash("prm order", std::uint64_t(m_parts.config.seed)), epoch);
        for (std::size_t i = m_order.size(); i > 1; --i)
            std::swap(m_order[i - 1], m_order[std::size_t(random.integer(0, std::int64_t(i) - 1))]);
    }

    static PackedBatch pack(const std::vector<const StepExample*>& batch) {
        std::vector<std::vector<std::int32_t>> ids, labels;
        for (const StepExample* example : batch) {
            ids.push_back(example->ids);
            labels.push_back(example->labels);
        }
        return PackedBatch::pack(ids, labels);
    }

    void run(const PackedBatch& packed, double labels, bool learn, Sums& sums) {
        const torch::Tensor rows = packed.targets.ne(-100).nonzero().squeeze(1);
        const torch::Tensor targets = packed.targets.index_select(0, rows);
        const torch::Tensor scores =
            m_head(m_parts.model->hidden(packed).to(torch::kCPU).index_select(0, rows));
        const torch::Tensor loss = stepLabelLoss(scores, targets, labels);
        if (learn) loss.backward();
        sums.loss += loss.item<double>();
        sums.hits += scores.argmax(-1).eq(targets).sum().item<double>();
        sums.right += targets.sum().item<double>();
        sums.labels += double(targets.numel());
    }

    void update(std::int64_t step, const Sums& sums, Metrics& metrics) {
        metrics = {{"loss", sums.loss},
                   {"accuracy", sums.hits / std::max(sums.labels, 1.0)},
                   {"labels/right_share", sums.right / std::max(sums.labels, 1.0)}};
        updateParameters(m_parts, m_session, step, sums.loss, metrics);
        const TrainingSettings& training = m_parts.config.training;
        m_head.sumGradients(*m_parts.group);
        m_head.step(scheduledLearningRate(training, step), training.max_grad_norm,
                    {training.adam_beta1, training.adam_beta2, training.adam_epsilon, training.weight_decay});
    }

    void addHeldOut(Metrics& metrics) {
        if (m_examples.heldOut.empty()) return;
        const torch::NoGradGuard noGrad;
        std::vector<const StepExample*> all;
        for (const StepExample& example : m_examples.heldOut) all.push_back(&example);
        const double labels = labelsOf(all);
        Sums sums;
        for (std::size_t first = 0; first < all.size(); first += 256)
            run(pack({all.begin() + std::ptrdiff_t(first),
                      all.begin() + std::ptrdiff_t(std::min(first + 256, all.size()))}),
                labels, false, sums);
        metrics.emplace_back("eval_loss", sums.loss);
        metrics.emplace_back("eval_accuracy", sums.hits / std::max(sums.labels, 1.0));
        metrics.emplace_back("eval_right_share", sums.right / std::max(sums.labels, 1.0));
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    ScoreHead m_head;
    StepExamples m_examples;
    std::vector<std::size_t> m_order;
    std::uint64_t m_epoch = ~std::uint64_t(0);
};

}  // namespace

std::unique_ptr<Recipe> makePrm(TrainerParts& parts, RunSession& session) {
    return std::make_unique<Prm>(parts, session);
}

}  // namespace retort
