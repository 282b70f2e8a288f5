// Sets of real numbers made of intervals and points, in one form.
#pragma once

#include <vector>

#include "core/answers/algebra.h"

namespace retort::answers {

/// An end of an interval: -infinity, a value, or +infinity.
struct Bound {
    int infinite = 0;  ///< -1, 0, 1
    Value value;
    bool open = true;
};

struct Interval {
    Bound low, high;
};

/// Disjoint, in order, with gaps between them (a single interval may have symbolic ends).
using RealSet = std::vector<Interval>;

// These throw Error when ends cannot be put in order (symbols), unless nothing needs to be ordered.
RealSet realLine();
RealSet united(RealSet a, const RealSet& b, Algebra& algebra);
RealSet intersected(const RealSet& a, const RealSet& b, Algebra& algebra);
RealSet complement(const RealSet& set, Algebra& algebra);
bool sameSet(const RealSet& a, const RealSet& b, Algebra& algebra);

}  // namespace retort::answers
