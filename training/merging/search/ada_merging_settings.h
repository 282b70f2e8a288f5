// How AdaMerging learns (training/search/ada_merging.h), without LibTorch.
#pragma once

#include <cstdint>
#include <string>

namespace retort {

struct AdaMergingSettings {
    std::string objective = "cross_entropy";  ///< or "entropy"
    double start = 0.3;
    double lower = 0, upper = 1;
    double learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    std::int64_t steps = 500;
    std::int64_t batchSize = 16;  ///< examples a task and step
    std::int64_t examples = 128;  ///< calibration set, a task
    std::int64_t refreshSteps =
        25;  ///< entropy: the answers are written anew by the merge of every n-th step
    std::int64_t maxCompletionLength = 64;  ///< of these answers
    std::uint64_t seed = 1;
};

}  // namespace retort
