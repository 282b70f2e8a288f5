#include "views/live/metric_catalog.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <string_view>

namespace retort {

namespace {

struct KnownMetric {
    std::string_view name;
    const char* title;
    MetricSection section;
    bool smooth = true;
    bool isShare = false;  ///< between 0 and 1
};

/// Names as algorithms.md a.8 has them (TRL's). The order is that of the charts within a section.
constexpr std::array kMetrics = {
    KnownMetric{"loss", QT_TRANSLATE_NOOP("retort::Metric", "Loss"), MetricSection::Overview},
    KnownMetric{"reward", QT_TRANSLATE_NOOP("retort::Metric", "Reward"), MetricSection::Overview},
    KnownMetric{"completions/mean_length", QT_TRANSLATE_NOOP("retort::Metric", "Response length, mean"),
                MetricSection::Overview},
    KnownMetric{"mean_token_accuracy", QT_TRANSLATE_NOOP("retort::Metric", "Token accuracy"),
                MetricSection::Overview, true, true},
    KnownMetric{"reward_std", QT_TRANSLATE_NOOP("retort::Metric", "Reward: spread within groups"),
                MetricSection::Reward},
    KnownMetric{"frac_reward_zero_std", QT_TRANSLATE_NOOP("retort::Metric", "Groups without spread"),
                MetricSection::Reward, true, true},
    KnownMetric{"completions/min_length", QT_TRANSLATE_NOOP("retort::Metric", "Response length, shortest"),
                MetricSection::Completions},
    KnownMetric{"completions/max_length", QT_TRANSLATE_NOOP("retort::Metric", "Response length, longest"),
                MetricSection::Completions},
    KnownMetric{"completions/mean_terminated_length",
                QT_TRANSLATE_NOOP("retort::Metric", "Length of ended responses, mean"),
                MetricSection::Completions},
    KnownMetric{"completions/clipped_ratio", QT_TRANSLATE_NOOP("retort::Metric", "Responses cut off"),
                MetricSection::Completions, true, true},
    KnownMetric{"completions/worked_share", QT_TRANSLATE_NOOP("retort::Metric", "Worked answers"),
                MetricSection::Completions, true, true},
    KnownMetric{"learning_rate", QT_TRANSLATE_NOOP("retort::Metric", "Learning rate"),
                MetricSection::Optimisation, false},
    KnownMetric{"grad_norm", QT_TRANSLATE_NOOP("retort::Metric", "Gradient norm"),
                MetricSection::Optimisation},
    KnownMetric{"epoch", QT_TRANSLATE_NOOP("retort::Metric", "Epoch"), MetricSection::Optimisation, false},
    KnownMetric{"num_tokens", QT_TRANSLATE_NOOP("retort::Metric", "Tokens trained on"),
                MetricSection::Optimisation, false},
    KnownMetric{"logits/max", QT_TRANSLATE_NOOP("retort::Metric", "Largest logit"),
                MetricSection::Optimisation},
    KnownMetric{"entropy", QT_TRANSLATE_NOOP("retort::Metric", "Entropy"), MetricSection::Policy},
    KnownMetric{"kl", QT_TRANSLATE_NOOP("retort::Metric", "KL to the reference"), MetricSection::Policy},
    KnownMetric{"policy_loss", QT_TRANSLATE_NOOP("retort::Metric", "Policy loss"), MetricSection::Policy},
    KnownMetric{"clip_ratio/region_mean", QT_TRANSLATE_NOOP("retort::Metric", "Clipped tokens"),
                MetricSection::Policy},
    KnownMetric{"clip_ratio/low_mean", QT_TRANSLATE_NOOP("retort::Metric", "Clipped below"),
                MetricSection::Policy},
    KnownMetric{"clip_ratio/high_mean", QT_TRANSLATE_NOOP("retort::Metric", "Clipped above"),
                MetricSection::Policy},
    KnownMetric{"perf/train_tokens_per_s", QT_TRANSLATE_NOOP("retort::Metric", "Training speed, tokens/s"),
                MetricSection::Speed},
    KnownMetric{"perf/gen_tokens_per_s", QT_TRANSLATE_NOOP("retort::Metric", "Generation speed, tokens/s"),
                MetricSection::Speed},
    KnownMetric{"perf/mfu", QT_TRANSLATE_NOOP("retort::Metric", "Share of the peak rate"),
                MetricSection::Speed},
    KnownMetric{"step_time", QT_TRANSLATE_NOOP("retort::Metric", "Time per step, s"), MetricSection::Speed},
};

struct Pattern {
    std::string_view prefix, suffix;
    const char* title;  ///< %1: what stands between
    MetricSection section;
    int order;
    bool smooth = true;
    bool isShare = false;
};

constexpr std::array kPatterns = {
    Pattern{"eval/", "/accuracy", QT_TRANSLATE_NOOP("retort::Metric", "Held-out accuracy: %1"),
            MetricSection::Overview, 10, false, true},
    Pattern{"rewards/", "/mean", QT_TRANSLATE_NOOP("retort::Metric", "Reward: %1"), MetricSection::Reward,
            -2},
    Pattern{"rewards/", "/std", QT_TRANSLATE_NOOP("retort::Metric", "Reward: %1, spread"),
            MetricSection::Reward, 30},
    Pattern{"train/", "/accuracy", QT_TRANSLATE_NOOP("retort::Metric", "Rollouts right: %1"),
            MetricSection::Reward, 20, true, true},
    Pattern{"eval/", "/step_accuracy", QT_TRANSLATE_NOOP("retort::Metric", "Step accuracy: %1"),
            MetricSection::Evaluation, 0, false, true},
    Pattern{"eval/", "/mean_length", QT_TRANSLATE_NOOP("retort::Metric", "Held-out length: %1"),
            MetricSection::Evaluation, 20, false},
    Pattern{"eval/", "/worked_share", QT_TRANSLATE_NOOP("retort::Metric", "Worked answers, held-out: %1"),
            MetricSection::Evaluation, 10, false, true},
    Pattern{"eval/", "", QT_TRANSLATE_NOOP("retort::Metric", "Held-out: %1"), MetricSection::Evaluation, 30,
            false},
    Pattern{"eval_", "", QT_TRANSLATE_NOOP("retort::Metric", "Held-out: %1"), MetricSection::Evaluation, 30,
            false},
    Pattern{"rewards/", "", QT_TRANSLATE_NOOP("retort::Metric", "Reward: %1"), MetricSection::Reward, 40},
    Pattern{"completions/", "", QT_TRANSLATE_NOOP("retort::Metric", "Responses: %1"),
            MetricSection::Completions, 50},
    Pattern{"clip_ratio/", "", QT_TRANSLATE_NOOP("retort::Metric", "Clipped tokens: %1"),
            MetricSection::Policy, 50},
    Pattern{"sampling/", "", QT_TRANSLATE_NOOP("retort::Metric", "Sampling: %1"), MetricSection::Policy, 60},
    Pattern{"timing_s/", "", QT_TRANSLATE_NOOP("retort::Metric", "Seconds a step: %1"), MetricSection::Speed,
            50},
    Pattern{"perf/", "", QT_TRANSLATE_NOOP("retort::Metric", "Speed: %1"), MetricSection::Speed, 40},
};

constexpr std::array kSections = {QT_TRANSLATE_NOOP("retort::Metric", "Overview"),
                                  QT_TRANSLATE_NOOP("retort::Metric", "Reward"),
                                  QT_TRANSLATE_NOOP("retort::Metric", "Responses"),
                                  QT_TRANSLATE_NOOP("retort::Metric", "Held-out problems"),
                                  QT_TRANSLATE_NOOP("retort::Metric", "Optimisation"),
                                  QT_TRANSLATE_NOOP("retort::Metric", "Policy"),
                                  QT_TRANSLATE_NOOP("retort::Metric", "Speed"),
                                  QT_TRANSLATE_NOOP("retort::Metric", "More")};

QString translated(const char* text) {
    return QCoreApplication::translate("retort::Metric", text);
}

QString fromView(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

void fill(MetricInfo& info, MetricSection section, int order, bool smooth, bool isShare) {
    info.section = section;
    info.order = order;
    info.smooth = smooth;
    if (isShare) info.covers = {0.0, 1.0};
}

MetricInfo lookUp(std::string_view name) {
    MetricInfo info;
    for (std::size_t i = 0; i < kMetrics.size(); ++i) {
        const KnownMetric& known = kMetrics[i];
        if (known.name != name) continue;
        info.title = translated(known.title);
        fill(info, known.section, static_cast<int>(i), known.smooth, known.isShare);
        return info;
    }
    // As transformers' callbacks write them to trackers: beside ours, under the name that they have there.
    constexpr std::string_view train = "train/";
    for (std::size_t i = 0; name.starts_with(train) && i < kMetrics.size(); ++i) {
        const KnownMetric& known = kMetrics[i];
        if (known.name != name.substr(train.size())) continue;
        info.title = fromView(name);
        fill(info, known.section, static_cast<int>(i), known.smooth, known.isShare);
        return info;
    }
    for (const Pattern& pattern : kPatterns) {
        if (!name.starts_with(pattern.prefix) || !name.ends_with(pattern.suffix)) continue;
        if (name.size() <= pattern.prefix.size() + pattern.suffix.size()) continue;
        const auto middle =
            name.substr(pattern.prefix.size(), name.size() - pattern.prefix.size() - pattern.suffix.size());
        info.title = translated(pattern.title).arg(fromView(middle));
        fill(info, pattern.section, pattern.order, pattern.smooth, pattern.isShare);
        return info;
    }
    info.title = fromView(name);
    return info;
}

}  // namespace

MetricInfo metricInfo(const std::string& name) {
    MetricInfo info = lookUp(name);
    info.sectionTitle = translated(kSections[static_cast<std::size_t>(info.section)]);
    return info;
}

}  // namespace retort
