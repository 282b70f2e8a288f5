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

#define METRIC(text) QT_TRANSLATE_NOOP("retort::Metric", text)

/// Names as algorithms.md a.8 has them (TRL's). The order is that of the charts within a section.
constexpr std::array kMetrics = {
    KnownMetric{"loss", METRIC("Loss"), MetricSection::Overview},
    KnownMetric{"reward", METRIC("Reward"), MetricSection::Overview},
    KnownMetric{"completions/mean_length", METRIC("Response length, mean"), MetricSection::Overview},
    KnownMetric{"reward_std", METRIC("Reward: spread within groups"), MetricSection::Reward},
    KnownMetric{"frac_reward_zero_std", METRIC("Groups without spread"), MetricSection::Reward, true, true},
    KnownMetric{"completions/min_length", METRIC("Response length, shortest"), MetricSection::Completions},
    KnownMetric{"completions/max_length", METRIC("Response length, longest"), MetricSection::Completions},
    KnownMetric{"completions/mean_terminated_length", METRIC("Length of ended responses, mean"),
                MetricSection::Completions},
    KnownMetric{"completions/clipped_ratio", METRIC("Responses cut off"), MetricSection::Completions, true, true},
    KnownMetric{"completions/worked_share", METRIC("Worked answers"), MetricSection::Completions, true, true},
    KnownMetric{"mean_token_accuracy", METRIC("Token accuracy"), MetricSection::Optimisation, true, true},
    KnownMetric{"learning_rate", METRIC("Learning rate"), MetricSection::Optimisation, false},
    KnownMetric{"grad_norm", METRIC("Gradient norm"), MetricSection::Optimisation},
    KnownMetric{"epoch", METRIC("Epoch"), MetricSection::Optimisation, false},
    KnownMetric{"num_tokens", METRIC("Tokens trained on"), MetricSection::Optimisation, false},
    KnownMetric{"entropy", METRIC("Entropy"), MetricSection::Policy},
    KnownMetric{"kl", METRIC("KL to the reference"), MetricSection::Policy},
    KnownMetric{"policy_loss", METRIC("Policy loss"), MetricSection::Policy},
    KnownMetric{"clip_ratio/region_mean", METRIC("Clipped tokens"), MetricSection::Policy},
    KnownMetric{"clip_ratio/low_mean", METRIC("Clipped below"), MetricSection::Policy},
    KnownMetric{"clip_ratio/high_mean", METRIC("Clipped above"), MetricSection::Policy},
    KnownMetric{"perf/train_tokens_per_s", METRIC("Training speed, tokens/s"), MetricSection::Speed},
    KnownMetric{"perf/gen_tokens_per_s", METRIC("Generation speed, tokens/s"), MetricSection::Speed},
    KnownMetric{"perf/mfu", METRIC("Share of the peak rate"), MetricSection::Speed},
    KnownMetric{"step_time", METRIC("Time per step, s"), MetricSection::Speed},
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
    Pattern{"eval/", "/accuracy", METRIC("Held-out accuracy: %1"), MetricSection::Overview, 10, false, true},
    Pattern{"rewards/", "/mean", METRIC("Reward: %1"), MetricSection::Reward, -2},
    Pattern{"rewards/", "/std", METRIC("Reward: %1, spread"), MetricSection::Reward, 30},
    Pattern{"eval/", "/step_accuracy", METRIC("Step accuracy: %1"), MetricSection::Evaluation, 0, false, true},
    Pattern{"eval/", "/mean_length", METRIC("Held-out length: %1"), MetricSection::Evaluation, 20, false},
    Pattern{"eval/", "/worked_share", METRIC("Worked answers, held-out: %1"), MetricSection::Evaluation, 10, false, true},
    Pattern{"eval/", "", METRIC("Held-out: %1"), MetricSection::Evaluation, 30, false},
    Pattern{"eval_", "", METRIC("Held-out: %1"), MetricSection::Evaluation, 30, false},
    Pattern{"rewards/", "", METRIC("Reward: %1"), MetricSection::Reward, 40},
    Pattern{"completions/", "", METRIC("Responses: %1"), MetricSection::Completions, 50},
    Pattern{"clip_ratio/", "", METRIC("Clipped tokens: %1"), MetricSection::Policy, 50},
    Pattern{"sampling/", "", METRIC("Sampling: %1"), MetricSection::Policy, 60},
    Pattern{"timing_s/", "", METRIC("Seconds a step: %1"), MetricSection::Speed, 50},
    Pattern{"perf/", "", METRIC("Speed: %1"), MetricSection::Speed, 40},
};

constexpr std::array kSections = {METRIC("Overview"),          METRIC("Reward"),       METRIC("Responses"),
                                  METRIC("Held-out problems"), METRIC("Optimisation"), METRIC("Policy"),
                                  METRIC("Speed"),             METRIC("More")};

QString translated(const char* text) { return QCoreApplication::translate("retort::Metric", text); }

QString fromView(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

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
