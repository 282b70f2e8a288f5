// How far annotators agree on the traces that two or more of them finished: on ratings of steps, and on where
// the first error is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/analysis/agreement.h"
#include "core/store/store.h"

namespace retort {

struct LabelAgreement {
    struct Pair {
        std::string first, second;
        Agreement raw, kappa, weighted;  ///< of ratings; weighted by the squared distance
        FirstErrorAgreement firstError;
    };
    /// Something that was said differently.
    struct Difference {
        RowId trace = 0;
        std::int64_t begin = -1;                  ///< of the step; -1: the first error
        std::map<std::string, std::string> said;  ///< by annotator: "-1", "byte 24", "none"
    };
    std::vector<std::string> annotators;
    std::int64_t traces = 0, steps = 0;  ///< steps that two or more rated
    Agreement raw, fleiss, nominal, ordinal, interval;
    std::int64_t fleissRaters = 0;  ///< of the steps that Fleiss's kappa is about; 0: none
    std::vector<Pair> pairs;
    std::vector<Difference> differences;  ///< in order of trace
};

/// `draws` of the bootstrap over steps. Statistics that are not defined are NaN.
LabelAgreement labelAgreement(const std::vector<StoreReader::AnnotatedTrace>& traces,
                              std::int64_t draws = 1000);

}  // namespace retort
