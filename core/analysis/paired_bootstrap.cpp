#include "core/analysis/paired_bootstrap.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

/// SplitMix64 (Steele, Lea and Flood 2014): a resample takes as many numbers as there are items, and Philox
/// for each would cost more than all sums.
class FastRandom {
  public:
    FastRandom(std::uint64_t seed, std::uint64_t stream) {
        const auto block = philox(seed, stream, 0);
        m_state = std::uint64_t(block[0]) << 32 | block[1];
    }
    std::uint64_t next() {
        std::uint64_t z = m_state += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

  private:
    std::uint64_t m_state;
};

/// How often each of the items is drawn in one resample. 32 random bits an item: that 2^32 is no multiple of
/// their number favours none by more than one in 2^32 / items.
void drawCounts(std::uint64_t seed, std::uint64_t draw, std::vector<float>& counts) {
    std::fill(counts.begin(), counts.end(), 0.0f);
    const std::uint64_t items = counts.size();
    FastRandom random(seed, draw);
    for (std::uint64_t i = 0; i < items; i += 2) {
        const std::uint64_t bits = random.next();
        counts[((bits >> 32) * items) >> 32] += 1;
        if (i + 1 < items) counts[((bits & 0xffffffffu) * items) >> 32] += 1;
    }
}

/// In eight sums, which the compiler keeps in one register.
double product(const std::vector<float>& a, const std::vector<float>& b) {
    float sums[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= a.size(); i += 8)
        for (std::size_t k = 0; k < 8; ++k) sums[k] += a[i + k] * b[i + k];
    double sum = 0;
    for (const float each : sums) sum += each;
    for (; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

Interval centralShare(std::vector<double>& means) {
    std::sort(means.begin(), means.end());
    const auto at = [&](double share) { return means[std::size_t(share * double(means.size() - 1) + 0.5)]; };
    return {at(0.025), at(0.975)};
}

}  // namespace

std::vector<Interval> pairedBootstrap(const std::vector<std::vector<float>>& differences,
                                      const BootstrapOptions& options, std::stop_token stop) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<Interval> intervals(differences.size(), {nan, nan});
    if (differences.empty() || differences[0].empty() || options.draws < 1) return intervals;
    const std::size_t items = differences[0].size();
    for (const auto& each : differences)
        if (each.size() != items) throw Error("paired differences need the same items");

    std::vector<std::vector<double>> means(differences.size(),
                                           std::vector<double>(std::size_t(options.draws)));
    std::atomic<std::int64_t> next = 0;
    const auto work = [&] {
        std::vector<float> counts(items);
        for (std::int64_t draw = next++; draw < options.draws && !stop.stop_requested(); draw = next++) {
            drawCounts(options.seed, std::uint64_t(draw), counts);
            for (std::size_t i = 0; i < differences.size(); ++i)
                means[i][std::size_t(draw)] = product(counts, differences[i]) / double(items);
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (int i = 1; i < options.threads; ++i) helpers.emplace_back(work);
        work();
    }
    if (stop.stop_requested()) return intervals;
    for (std::size_t i = 0; i < differences.size(); ++i) intervals[i] = centralShare(means[i]);
    return intervals;
}

}  // namespace retort
