#include "training/objectives/segments.h"

#include <algorithm>

namespace retort {

torch::Tensor segmentRows(const std::vector<std::int64_t>& lengths) {
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < lengths.size(); ++i)
        rows.insert(rows.end(), std::size_t(lengths[i]), std::int64_t(i));
    return torch::tensor(rows, torch::kInt64);
}

torch::Tensor segmentMeans(const torch::Tensor& values, const std::vector<std::int64_t>& lengths) {
    std::vector<double> counts;
    for (std::int64_t length : lengths) counts.push_back(double(std::max<std::int64_t>(length, 1)));
    const torch::Tensor rows = segmentRows(lengths).to(values.device());
    const torch::Tensor sums =
        torch::zeros({std::int64_t(lengths.size())}, values.options()).index_add(0, rows, values);
    return (sums / torch::tensor(counts, torch::kFloat64).to(values.options())).index_select(0, rows);
}

}  // namespace retort
