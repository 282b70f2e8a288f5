// An adapter to train instead of the weights themselves. Names and meaning are PEFT's, without their prefix.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

struct LoraSettings {
    std::int64_t r = 0;  ///< rank; 0: none, all weights are trained
    double alpha = 16;
    double dropout = 0;
    std::vector<std::string> target_modules = {"all-linear"};
    bool use_rslora = false;  ///< scale alpha / sqrt(r) instead of alpha / r
    std::string from;         ///< a PEFT adapter folder to go on with; empty: a new adapter
};

}  // namespace retort
