#include "core/answers/real_set.h"

#include <algorithm>

#include "core/answers/numeric.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

int compared(const Bound& a, const Bound& b, Algebra& algebra) {
    if (a.infinite != 0 || b.infinite != 0) return a.infinite - b.infinite;
    const auto result = order(algebra, a.value, b.value);
    if (!result) throw Error("the ends of the intervals cannot be put in order");
    return *result;
}

bool isEmpty(const Interval& interval, Algebra& algebra) {
    const int sign = compared(interval.low, interval.high, algebra);
    return sign > 0 || (sign == 0 && (interval.low.open || interval.high.open));
}

bool sameBound(const Bound& a, const Bound& b, Algebra& algebra) {
    if (a.open != b.open || a.infinite != b.infinite) return false;
    return a.infinite != 0 || algebra.same(a.value, b.value) || order(algebra, a.value, b.value) == 0;
}

// In order, with what touches joined.
RealSet merged(std::vector<Interval> parts, Algebra& algebra) {
    std::erase_if(parts, [&](const Interval& part) { return isEmpty(part, algebra); });
    std::sort(parts.begin(), parts.end(), [&](const Interval& a, const Interval& b) {
        const int sign = compared(a.low, b.low, algebra);
        return sign != 0 ? sign < 0 : !a.low.open && b.low.open;
    });
    RealSet result;
    for (Interval& part : parts) {
        if (result.empty()) {
            result.push_back(std::move(part));
            continue;
        }
        Bound& end = result.back().high;
        const int gap = compared(part.low, end, algebra);
        if (gap > 0 || (gap == 0 && part.low.open && end.open)) {
            result.push_back(std::move(part));
            continue;
        }
        const int longer = compared(part.high, end, algebra);
        if (longer > 0 || (longer == 0 && end.open)) end = std::move(part.high);
    }
    return result;
}

}  // namespace

RealSet realLine() {
    Interval all;
    all.low.infinite = -1;
    all.high.infinite = 1;
    return {all};
}

RealSet united(RealSet a, const RealSet& b, Algebra& algebra) {
    a.insert(a.end(), b.begin(), b.end());
    return merged(std::move(a), algebra);
}

RealSet complement(const RealSet& set, Algebra& algebra) {
    RealSet gaps;
    Interval gap;
    gap.low.infinite = -1;
    for (const Interval& part : merged(set, algebra)) {
        gap.high = part.low;
        gap.high.open = !part.low.open || part.low.infinite != 0;
        gaps.push_back(gap);
        gap.low = part.high;
        gap.low.open = !part.high.open || part.high.infinite != 0;
    }
    gap.high = Bound();
    gap.high.infinite = 1;
    gaps.push_back(gap);
    return merged(std::move(gaps), algebra);
}

RealSet intersected(const RealSet& a, const RealSet& b, Algebra& algebra) {
    return complement(united(complement(a, algebra), complement(b, algebra), algebra), algebra);
}

bool sameSet(const RealSet& a, const RealSet& b, Algebra& algebra) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](const Interval& x, const Interval& y) {
               return sameBound(x.low, y.low, algebra) && sameBound(x.high, y.high, algebra);
           });
}

}  // namespace retort::answers
