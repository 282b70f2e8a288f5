// The singular values of a matrix, as far as they can be had in bounded time.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

namespace retort {

struct Spectrum {
    /// Descending. Of matrices with more than 512 rows and columns, or more than 4 million elements, only the
    /// largest, by power iteration.
    std::vector<double> values;
    bool isWhole = true;
    double stableRank = 0;  ///< squared Frobenius norm / square of the largest value
    double effectiveRank =
        0;  ///< exp of the entropy of the values' shares (Roy and Vetterli 2007); NaN unless whole
};

/// Of `matrix`, rows x columns, row by row. Ranks are NaN for a matrix of zeros and when `stop` comes first.
Spectrum spectrumOf(const float* matrix, std::int64_t rows, std::int64_t columns, std::stop_token stop = {});

}  // namespace retort
