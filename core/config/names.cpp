#include "core/config/names.h"

#include <algorithm>

namespace retort {
namespace {

// Longer input is cut: no name of ours is that long, and the distance is quadratic.
constexpr std::size_t longestName = 64;

char folded(char c) {
    if (c >= 'A' && c <= 'Z') return char(c - 'A' + 'a');
    return c == '-' ? '_' : c;
}

}  // namespace

std::size_t editDistance(std::string_view a, std::string_view b) {
    a = a.substr(0, longestName);
    b = b.substr(0, longestName);
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = folded(a[i - 1]) == folded(b[j - 1]);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                                 folded(a[i - 2]) == folded(b[j - 1]);
            if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(now);
    }
    return last[b.size()];
}

std::string nearestName(std::string_view name, const std::vector<std::string>& candidates) {
    // A third of the letters wrong is still a typing error; half of them is another word.
    std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
    std::string nearest;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = editDistance(name, candidate);
        if (distance < best && distance < candidate.size()) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string didYouMean(std::string_view name, const std::vector<std::string>& candidates) {
    const std::string nearest = nearestName(name, candidates);
    return nearest.empty() ? "" : "did you mean " + nearest + "?";
}

}  // namespace retort
