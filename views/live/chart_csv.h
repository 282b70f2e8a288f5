// The exact points behind a chart as CSV: never sampled, never smoothed.
#pragma once

#include <string>
#include <vector>

#include "core/store/store.h"

namespace retort {

/// Columns: run, step, tokens, time (Unix, s), value; one line a point, all digits that tell doubles apart.
/// "NaN" and "Infinity" stand as such. Superseded points are left out, as in the chart.
std::string chartCsv(StoreReader& reader, const std::vector<RowId>& runs, const std::string& metric);

}  // namespace retort
