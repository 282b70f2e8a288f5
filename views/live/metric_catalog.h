// What the window knows of metrics by name: a title for people, where the chart belongs, and how to draw it.
#pragma once

#include <QString>
#include <optional>
#include <string>
#include <utility>

namespace retort {

enum class MetricSection { Overview, Reward, Completions, Evaluation, Optimisation, Policy, Speed, Other };

struct MetricInfo {
    QString title;  ///< "Loss", "Reward: format"; the name itself when it is not a known one
    MetricSection section = MetricSection::Other;
    QString sectionTitle;
    int order = 0;       ///< within the section; equal ones by name
    bool smooth = true;  ///< noise of single steps is worth smoothing (not a schedule, not an evaluation)
    std::optional<std::pair<double, double>> covers;  ///< range that the y axis always shows
};

MetricInfo metricInfo(const std::string& name);

}  // namespace retort
