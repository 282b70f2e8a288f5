// What supervised fine-tuning can do besides plain cross entropy.
#pragma once

#include <cstdint>
#include <string>

namespace retort {

struct SftSettings {
    std::string loss_type = "nll";       ///< "nll", "dft", "dco" (#49)
    std::int64_t dco_samples = 64;       ///< dco: N of pass@N
    double mask_probability = 0;         ///< of a completion's token in the input (#138)
    std::int64_t mask_warmup_steps = 0;  ///< steps in which it rises from 0
};

}  // namespace retort
