#include "core/analysis/metric_history.h"

#include <algorithm>
#include <cmath>

namespace retort {
namespace {
constexpr int startValues = 10;
}

double medianOf(std::vector<double> values) {
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

void MetricHistory::add(std::int64_t step, const std::vector<std::pair<std::string, double>>& values,
                        bool (*isKept)(const std::string& name)) {
    m_step = step;
    m_now = values;
    for (const auto& [name, value] : values) {
        if (!std::isfinite(value) || !isKept(name)) continue;
        Series& series = m_series[name];
        series.highest =
            series.points.empty() && series.startCount == 0 ? value : std::max(series.highest, value);
        if (series.startCount < startValues) {
            series.startSum += value;
            if (++series.startCount == startValues) series.startEnd = step;
        }
        series.points.emplace_back(step, value);
        while (series.points.front().first < step - horizon) series.points.pop_front();
    }
}

Json MetricHistory::toJson() const {
    Json all = Json::object();
    for (const auto& [name, series] : m_series) {
        Json steps = Json::array(), values = Json::array();
        for (const auto& [step, value] : series.points) {
            steps.push_back(step);
            values.push_back(value);
        }
        all[name] = {{"steps", std::move(steps)},        {"values", std::move(values)},
                     {"highest", series.highest},        {"start_sum", series.startSum},
                     {"start_count", series.startCount}, {"start_end", series.startEnd}};
    }
    return {{"step", m_step}, {"series", std::move(all)}};
}

MetricHistory MetricHistory::fromJson(const Json& json) {
    MetricHistory history;
    history.m_step = json.at("step").get<std::int64_t>();
    for (const auto& [name, saved] : json.at("series").items()) {
        Series& series = history.m_series[name];
        series.highest = saved.at("highest").get<double>();
        series.startSum = saved.at("start_sum").get<double>();
        series.startCount = saved.at("start_count").get<int>();
        series.startEnd = saved.value("start_end", std::int64_t(0));  // older checkpoints do not have it
        const auto steps = saved.at("steps").get<std::vector<std::int64_t>>();
        for (std::size_t i = 0; i < steps.size(); ++i)
            series.points.emplace_back(steps[i], saved.at("values").at(i).get<double>());
    }
    return history;
}

const MetricHistory::Series* MetricHistory::find(const std::string& name) const {
    const auto found = m_series.find(name);
    return found == m_series.end() ? nullptr : &found->second;
}

std::optional<double> MetricHistory::latest(const std::string& name) const {
    for (const auto& [known, value] : m_now)
        if (known == name) return value;
    return std::nullopt;
}

std::optional<double> MetricHistory::before(const std::string& name, std::int64_t steps) const {
    const Series* series = find(name);
    if (series == nullptr) return std::nullopt;
    for (auto point = series->points.rbegin(); point != series->points.rend(); ++point)
        if (point->first <= m_step - steps) return point->second;
    return std::nullopt;
}

std::optional<double> MetricHistory::mean(const std::string& name, std::int64_t from, std::int64_t to) const {
    const Series* series = find(name);
    if (series == nullptr) return std::nullopt;
    double sum = 0;
    std::int64_t count = 0;
    for (const auto& [step, value] : series->points) {
        const std::int64_t age = m_step - step;
        if (age < to || age >= from) continue;
        sum += value;
        ++count;
    }
    if (count * 2 < from - to) return std::nullopt;
    return sum / double(count);
}

std::vector<double> MetricHistory::values(const std::string& name, std::int64_t from, std::int64_t to) const {
    std::vector<double> found;
    const Series* series = find(name);
    if (series == nullptr) return found;
    for (const auto& [step, value] : series->points)
        if (m_step - step <= from && m_step - step > to) found.push_back(value);
    return found;
}

double MetricHistory::noise(const std::string& name) const {
    const Series* series = find(name);
    if (series == nullptr || series->points.size() < 3) return 0;
    std::vector<double> differences;
    for (std::size_t i = 1; i < series->points.size(); ++i)
        differences.push_back(std::abs(series->points[i].second - series->points[i - 1].second));
    // The difference of two normal values of deviation s has the deviation sqrt(2) s, and half of its
    // absolute values lie under 0.6745 of that.
    return medianOf(std::move(differences)) / (0.6745 * std::sqrt(2.0));
}

double MetricHistory::highest(const std::string& name) const {
    const Series* series = find(name);
    return series == nullptr ? 0 : series->highest;
}

std::optional<double> MetricHistory::start(const std::string& name) const {
    const Series* series = find(name);
    if (series == nullptr || series->startCount < startValues) return std::nullopt;
    return series->startSum / startValues;
}

std::int64_t MetricHistory::startEnd(const std::string& name) const {
    const Series* series = find(name);
    return series == nullptr ? 0 : series->startEnd;
}

}  // namespace retort
