// How a series went, at the width of a terminal: from the store's summaries, however many points it has.
#pragma once

#include <string>

#include "core/store/store.h"

namespace retort::cli {

struct Course {
    std::string sparkline;
    double first = 0;  ///< the series' first value; NaN where there is none
};

/// At most `width` letters.
Course courseOf(StoreReader& reader, const SeriesRow& series, int width);

}  // namespace retort::cli
