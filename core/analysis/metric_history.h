// The recent past of each metric, as the alarm rules ask for it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/util/json.h"

namespace retort {

/// The middle value, the upper one of the middle two; `values` must not be empty.
double medianOf(std::vector<double> values);

class MetricHistory {
  public:
    /// Steps that are remembered; the rules look back 100 at most.
    static constexpr std::int64_t horizon = 200;

    /// `values` are this step's; the past of those is kept that `isKept` names.
    void add(std::int64_t step, const std::vector<std::pair<std::string, double>>& values,
             bool (*isKept)(const std::string& name));

    /// The past, without this step's values, for a checkpoint. `fromJson` throws Json::exception.
    Json toJson() const;
    static MetricHistory fromJson(const Json& json);

    std::int64_t step() const { return m_step; }
    const std::vector<std::pair<std::string, double>>& now() const { return m_now; }

    /// This step's value; nullopt when there is none.
    std::optional<double> latest(const std::string& name) const;
    /// The value `steps` before now, or the last one before that.
    std::optional<double> before(const std::string& name, std::int64_t steps) const;
    /// Mean of the finite values from `from` (included) to `to` (not included) steps before now; nullopt with
    /// fewer than half as many values as steps.
    std::optional<double> mean(const std::string& name, std::int64_t from, std::int64_t to) const;
    /// The finite values from `from` (included) down to `to` (not included) steps before now, oldest first.
    std::vector<double> values(const std::string& name, std::int64_t from, std::int64_t to) const;
    /// Standard deviation of a single value about its trend, from the differences of neighbours (their
    /// median, so that a jump is not taken for noise); 0 with fewer than three values.
    double noise(const std::string& name) const;
    /// Largest finite value since the beginning.
    double highest(const std::string& name) const;
    /// Mean of the first ten finite values; nullopt while there are fewer.
    std::optional<double> start(const std::string& name) const;
    /// The step of the last of those ten; 0 while there are fewer.
    std::int64_t startEnd(const std::string& name) const;

  private:
    struct Series {
        std::deque<std::pair<std::int64_t, double>> points;  // finite ones
        double highest = 0, startSum = 0;
        int startCount = 0;
        std::int64_t startEnd = 0;
    };
    const Series* find(const std::string& name) const;

    std::int64_t m_step = 0;
    std::vector<std::pair<std::string, double>> m_now;
    std::map<std::string, Series> m_series;
};

}  // namespace retort
