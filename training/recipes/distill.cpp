// The recipe "distill": matches a teacher's next-token distributions.
#include <cmath>

#include "training/objectives/distillation_loss.h"
#include "training/recipes/distance_watch.h"
#include "training/recipes/distillation_data.h"
#include "training/recipes/example_pruning.h"
#include "training/recipes/teacher.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// What the student's distributions are compared with in one micro-batch, taken before its forward pass.
struct Lesson {
    TopProbabilities teacher;
    torch::Tensor referenceLoss;  ///< [M]; undefined where all tokens are learned
    double tokens = 0;            ///< that bear the teacher's loss
};

struct StepSums {
    double loss = 0, distance = 0, crossEntropy = 0, entropy = 0, hits = 0, overlap = 0;
    double tokens = 0, learned = 0;
};

/// E[Σ min(p, q)]: the share of the student's tokens that speculative decoding would accept.
torch::Tensor overlap(const torch::Tensor& a, const torch::Tensor& b) {
    return torch::minimum(a.exp(), b.exp()).sum(-1);
}

class Distill final : public Recipe {
  public:
    Distill(TrainerParts& parts, RunSession& session)
        : m_parts(parts),
          m_session(session),
          m_settings(parts.config.distillation),
          m_teacher(m_settings.teacher, "distillation.teacher", parts) {
        if (!m_settings.cache_folder.empty())
            m_teacher.keepIn(session.run().path() / m_settings.cache_folder, m_settings.top_k,
                             m_settings.temperature);
        if (m_settings.token_share < 1)
            m_reference.emplace(m_settings.reference, "distillation.reference", parts);
    }

    std::optional<StepReport> step(std::int64_t step) override {
        Stopwatch watch;
        if (!m_data && !open(step - 1)) return std::nullopt;
        auto batch = m_data->take(step);
        if (!batch || m_session.isStopped()) return std::nullopt;
        const double drawing = watch.lap();
        std::vector<Lesson> lessons;
        for (const PackedBatch& micro : batch->microBatches) lessons.push_back(lessonFor(micro));
        const double teaching = watch.lap();
        if (m_session.isStopped()) return std::nullopt;
        m_session.status("training", step);
        StepReport report = update(*batch, lessons, step);
        const double updating = watch.lap();
        for (auto& metric : batch->metrics) report.metrics.push_back(std::move(metric));
        if (m_watch && (step % m_settings.distance_steps == 0 || step == m_parts.config.training.max_steps))
            m_watch->measure(step, report.metrics);
        report.metrics.emplace_back("perf/train_tokens_per_s", double(report.tokens) / updating);
        report.metrics.emplace_back("timing_s/data", drawing);
        report.metrics.emplace_back("timing_s/teacher", teaching);
        report.metrics.emplace_back("timing_s/update", updating);
        return report;
    }

  private:
    /// `before`: the last step that is done. Here, and not at the start: examples are pruned by the start
    /// policy, and the distances so far are in the log. False when a stop came first.
    bool open(std::int64_t before) {
        m_session.status("preparing", before, true);
        if (!pruneExamples(m_parts, m_session)) return false;
        if (m_settings.distance_steps > 0) m_watch.emplace(m_parts, m_session, m_teacher, before);
        m_data.emplace(m_parts, m_session, m_teacher);
        return true;
    }

    Lesson lessonFor(const PackedBatch& micro) {
        const torch::NoGradGuard noGrad;
        Lesson lesson{m_teacher.at(micro, m_settings.top_k, m_settings.temperature), {}, 0};
        const auto tokens = double(lesson.teacher.logprobs.size(0));
        lesson.tokens = tokens;
        if (!m_reference) return lesson;
        lesson.referenceLoss =
            distances(targetLogprobs(m_reference->model(), micro, m_settings.temperature), lesson);
        lesson.tokens = std::max(std::round(m_settings.token_share * tokens), 1.0);
        return lesson;
    }

    /// [M] of each token.
    torch::Tensor distances(const torch::Tensor& student, const Lesson& lesson) const {
        const TopProbabilities& teacher = lesson.teacher;
        const torch::Tensor compared = teacher.ids.defined() ? inBuckets(student, teacher.ids) : student;
        const torch::Tensor found = generalizedJsd(compared, teacher.logprobs, m_settings.beta);
        const double temperature = m_settings.temperature;
        return m_settings.temperature_squared ? found * (temperature * temperature) : found;
    }

    StepReport update(const DistillationBatch& batch, const std::vector<Lesson>& lessons, std::int64_t step) {
        StepSums sums;
        for (const Lesson& lesson : lessons) {
            sums.learned += lesson.tokens;
            sums.tokens += double(lesson.teacher.logprobs.size(0));
        }
        m_parts.group->sum({&sums.learned, &sums.tokens});
        m_parts.optimizer->zeroGradients();
        for (std::size_t i = 0; i < lessons.size(); ++i)
            backward(batch.microBatches[i], lessons[i], batch.onPolicy, sums);
        m_parts.group->sum(
            {&sums.loss, &sums.distance, &sums.crossEntropy, &sums.entropy, &sums.hits, &sums.overlap});
        StepReport report;
        report.tokens = batch.tokens;
        addMetrics(sums, batch, report.metrics);
        updateParameters(m_parts, m_session, step, sums.loss, report.metrics);
        return report;
    }

    void backward(const PackedBatch& micro, const Lesson& lesson, bool onPolicy, StepSums& sums) {
        const torch::Tensor student = targetLogprobs(*m_parts.model, micro, m_settings.temperature);
        const torch::Tensor distance = distances(student, lesson);
        torch::Tensor learned = distance;
        if (lesson.referenceLoss.defined())
            learned = distance * learnableTokens(distance, lesson.referenceLoss, m_settings.token_share);
        torch::Tensor loss = m_settings.alpha * learned.sum() / sums.learned;
        const torch::Tensor targets = micro.targets.masked_select(micro.targets.ne(-100));
        const torch::Tensor crossEntropy = -plainLogprobs(student, targets).sum() / sums.tokens;
        // What the student wrote itself is nothing to imitate.
        if (m_settings.alpha < 1 && !onPolicy) loss = loss + (1 - m_settings.alpha) * crossEntropy;
        loss.backward();
        add(student.detach(), lesson, targets, sums);
        sums.loss += loss.item<double>();
        sums.distance += learned.sum().item<double>();
        sums.crossEntropy += crossEntropy.item<double>();
    }

    /// [M] of the targets, at temperature 1.
    torch::Tensor plainLogprobs(const torch::Tensor& student, const torch::Tensor& targets) const {
        const bool isPlain = m_settings.temperature == 1;
        // Softmax at temperature T is that of log-probabilities at T, times T.
        const torch::Tensor all =
            isPlain ? student : torch::log_softmax(student * m_settings.temperature, -1);
        return all.gather(1, targets.to(all.device()).unsqueeze(1)).squeeze(1);
    }

    static void add(const torch::Tensor& student, const Lesson& lesson, const torch::Tensor& targets,
                    StepSums& sums) {
        const TopProbabilities& teacher = lesson.teacher;
        const torch::Tensor compared = teacher.ids.defined() ? inBuckets(student, teacher.ids) : student;
        sums.entropy -= (student.exp() * student).sum().item<double>();
        sums.hits += student.argmax(-1).eq(targets.to(student.device())).sum().item<double>();
        sums.overlap += overlap(compared, teacher.logprobs).sum().item<double>();
    }

    void addMetrics(const StepSums& sums, const DistillationBatch& batch, Metrics& metrics) const {
        metrics.emplace_back("loss", sums.loss);
        metrics.emplace_back("distillation/distance", sums.distance / sums.learned);
        metrics.emplace_back("distillation/acceptance_rate", sums.overlap / sums.tokens);
        metrics.emplace_back("nll_loss", sums.crossEntropy);
        metrics.emplace_back("entropy", sums.entropy / sums.tokens);
        metrics.emplace_back("mean_token_accuracy", sums.hits / sums.tokens);
        metrics.emplace_back("distillation/on_policy", batch.onPolicy);
        if (batch.dropped > 0) metrics.emplace_back("distillation/dropped", double(batch.dropped));
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    const DistillationSettings& m_settings;
    Teacher m_teacher;
    std::optional<Teacher> m_reference;
    std::optional<DistanceWatch> m_watch;
    std::optional<DistillationData> m_data;
};

}  // namespace

std::unique_ptr<Recipe> makeDistill(TrainerParts& parts, RunSession& session) {
    return std::make_unique<Distill>(parts, session);
}

}  // namespace retort
