#include "core/analysis/metric_history.h"

#include <algorithm>
#include <cmath>

namespace retort {
namespace {
constexpr int startValues = 10;
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
            ++series.startCount;
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
        all[name] = {{"steps", std::move(steps)},
                     {"values", std::move(values)},
                     {"highest", series.highest},
                     {"start_sum", series.startSum},
                     {"start_count", series.startCount}};
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

std::optional<double> MetricHistory::median(const std::string& name, std::int64_t steps,
                                            std::size_t atLeast) const {
    const Series* series = find(name);
    if (series == nullptr) return std::nullopt;
    std::vector<double> values;
    for (const auto& [step, value] : series->points)
        if (step < m_step && step >= m_step - steps) values.push_back(value);
    if (values.size() < atLeast || values.empty()) return std::nullopt;
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
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

}  // namespace retort
