#include "training/objectives/process_advantages.h"

#include <algorithm>
#include <cmath>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr double epsilon = 1e-4;

/// The steps of a completion: how many tokens lie in each (the last one behind all ends), and the return from
/// each on.
struct Steps {
    std::vector<std::size_t> tokens;
    std::vector<double> returns;

    Steps(double outcome, const std::vector<double>& rewards) : tokens{0}, returns{outcome} {
        for (const double reward : rewards) {
            ++tokens.back();
            if (std::isnan(reward)) continue;
            for (double& earlier : returns) earlier += reward;
            tokens.push_back(0);
            returns.push_back(outcome);
        }
    }
};

/// Mean return of the completions that have tokens in the step.
double baseline(const std::vector<Steps>& group, std::size_t step) {
    double sum = 0, count = 0;
    for (const Steps& steps : group)
        if (step < steps.tokens.size() && steps.tokens[step] > 0) sum += steps.returns[step], count += 1;
    return sum / count;
}

double deviation(const std::vector<std::vector<float>>& values, std::size_t first, std::size_t last) {
    double sum = 0, squares = 0, count = 0;
    for (std::size_t i = first; i < last; ++i)
        for (const float value : values[i]) sum += value, squares += double(value) * value, count += 1;
    return count > 0 ? std::sqrt(std::max(squares / count - sum / count * (sum / count), 0.0)) : 0.0;
}

void scaled(std::vector<std::vector<float>>& values, std::size_t first, std::size_t last) {
    const double divisor = deviation(values, first, last) + epsilon;
    for (std::size_t i = first; i < last; ++i)
        for (float& value : values[i]) value = float(value / divisor);
}

}  // namespace

std::vector<std::vector<float>> processAdvantages(const std::vector<double>& outcomes,
                                                  const std::vector<std::vector<double>>& stepRewards,
                                                  std::int64_t groupSize, const std::string& scale) {
    const auto size = std::size_t(groupSize);
    if (groupSize < 1 || outcomes.size() % size != 0 || stepRewards.size() != outcomes.size())
        throw Error(std::to_string(outcomes.size()) + " completions are not whole groups of " +
                    std::to_string(groupSize));
    std::vector<std::vector<float>> advantages(outcomes.size());
    for (std::size_t first = 0; first < outcomes.size(); first += size) {
        std::vector<Steps> group;
        for (std::size_t i = first; i < first + size; ++i) group.emplace_back(outcomes[i], stepRewards[i]);
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t step = 0; step < group[i].tokens.size(); ++step)
                if (group[i].tokens[step] > 0)
                    advantages[first + i].insert(advantages[first + i].end(), group[i].tokens[step],
                                                 float(group[i].returns[step] - baseline(group, step)));
        if (scale == "group") scaled(advantages, first, first + size);
    }
    if (scale == "batch") scaled(advantages, 0, advantages.size());
    return advantages;
}

}  // namespace retort
