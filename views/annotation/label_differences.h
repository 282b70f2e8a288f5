// What annotators said differently of the same traces: ratings of steps, and where the first error is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/store/store.h"

namespace retort {

struct LabelDifference {
    RowId trace = 0;
    std::int64_t begin = -1;                  ///< of the step; -1: the first error
    std::map<std::string, std::string> said;  ///< by annotator: "-1", "byte 24", "none"
};

/// In order of the traces, and within one of the steps.
std::vector<LabelDifference> labelDifferences(const std::vector<StoreReader::AnnotatedTrace>& traces);

}  // namespace retort
