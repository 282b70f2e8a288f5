// A merge as a run: what is merged, in mergekit's grammar, and how its weights are found where they are
// searched for.
#pragma once

#include <cstdint>
#include <string>

namespace retort {

struct MergeSettings {
    std::string recipe;  ///< mergekit's YAML, whole; models are folders, "run:<name or id>[@step]", "@stage"

    std::string search =
        "none";  ///< "sweep", "bai" (#119), "adamerging" (#73), "evolutionary" (#210), "map" (#208)
    std::string granularity = "task";        ///< "task": one weight a model; "layer": one a model and layer
    std::int64_t max_evaluations = 100;      ///< merges that are tried; adamerging: steps of the optimizer
    std::int64_t calibration_examples = 64;  ///< of each task, never held-out ones
    std::string objective =
        "cross_entropy";          ///< adamerging: "entropy" or "cross_entropy"; others: "cross_entropy"
    double initial_weight = 0.3;  ///< adamerging
    double search_learning_rate = 1e-3;  ///< adamerging: of Adam, over the weights
};

}  // namespace retort
