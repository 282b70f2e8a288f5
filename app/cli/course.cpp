#include "app/cli/course.h"

#include <cmath>

#include "app/cli/table.h"

namespace retort::cli {

Course courseOf(StoreReader& reader, const SeriesRow& series, int width) {
    std::vector<double> values;
    double first = NAN;
    for (const SeriesBucket& bucket : reader.buckets(series.id, XAxis::Step, 1, 0, width)) {
        if (bucket.count > 0 && std::isnan(first)) first = bucket.firstValue;
        values.push_back((bucket.minValue + bucket.maxValue) / 2);
    }
    return {sparkline(values, std::size_t(width)), first};
}

}  // namespace retort::cli
