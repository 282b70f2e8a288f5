#include "core/store/trace_statistics.h"

#include <algorithm>
#include <cmath>

#include "core/store/trace_conditions.h"
#include "core/util/error.h"

namespace retort {
namespace {

struct Value {
    double value;
    bool right;
};

TraceHistogram histogram(Database& database, const TraceFilter& filter, const std::string& column, int bins) {
    if (bins < 1) throw Error("a histogram has at least one bin");
    const TraceConditions conditions(filter);
    Statement rows(database, "SELECT " + column + ", correct FROM traces WHERE " + conditions.sql);
    conditions.bind(rows);
    TraceHistogram result;
    result.right.resize(std::size_t(bins));
    result.wrong.resize(std::size_t(bins));
    std::vector<Value> values;
    while (rows.step()) {
        const Value value{rows.real(0), rows.integer(1) != 0};
        if (std::isfinite(value.value))
            values.push_back(value);
        else
            ++result.without;
    }
    if (values.empty()) return result;
    const auto [low, high] = std::minmax_element(
        values.begin(), values.end(), [](const Value& a, const Value& b) { return a.value < b.value; });
    result.low = low->value;
    result.high = high->value;
    const double width = result.high - result.low;
    for (const Value& value : values) {
        const double at = width > 0 ? (value.value - result.low) / width * bins : 0;
        ++(value.right ? result.right : result.wrong)[std::size_t(std::clamp(at, 0.0, double(bins - 1)))];
    }
    return result;
}

}  // namespace

std::vector<ProblemMoment> readProblemHistory(Database& database, const std::string& problemId, RowId run) {
    // min(iif(sample = 0, …)): its sample 0 where there is one.
    Statement& rows = database.prepared(
        "SELECT run_id, step, phase, count(*), sum(correct), avg(num_tokens), avg(reward), "
        "coalesce(min(iif(sample = 0, id, NULL)), min(id)) FROM traces "
        "WHERE superseded = 0 AND problem = ?1 AND (?2 = 0 OR run_id = ?2) "
        "GROUP BY run_id, step, phase ORDER BY run_id, step, phase");
    std::vector<ProblemMoment> moments;
    for (rows.with(problemId, run); rows.step();) {
        ProblemMoment moment;
        moment.run = rows.integer(0);
        moment.step = rows.integer(1);
        moment.phase = rows.text(2);
        moment.samples = rows.integer(3);
        moment.correct = rows.integer(4);
        moment.meanTokens = rows.real(5);
        moment.meanReward = rows.optionalReal(6);
        moment.firstTrace = rows.integer(7);
        moments.push_back(std::move(moment));
    }
    rows.reset();
    return moments;
}

TraceHistogram readRewardHistogram(Database& database, const TraceFilter& filter, int bins) {
    return histogram(database, filter, "reward", bins);
}

TraceHistogram readLengthHistogram(Database& database, const TraceFilter& filter, int bins) {
    return histogram(database, filter, "num_tokens", bins);
}

}  // namespace retort
