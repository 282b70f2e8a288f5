// How fast this machine multiplies matrices: what precision to train in, and what a step's speed is a share
// of.
#pragma once

#include "training/model/causal_lm.h"

namespace retort {

/// GFLOP/s of a linear layer of a small decoder (1024 × 256 × 768) as this program would run it in
/// `precision`, with the calling thread's number of threads. Takes about 50 ms (on hardware without bf16
/// units, one slow product).
double measureGemm(Precision precision);

/// The precision that is faster here by that measurement.
Precision fasterPrecision();

}  // namespace retort
