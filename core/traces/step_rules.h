// Rules by which a region is cut into steps when the task has no marks of its own.
#pragma once

#include "core/traces/trace_document.h"

namespace retort {

/// Ranges without white space at their ends, in order, none empty; together they hold all of the region that
/// is not white space or a mark. With single marks (the quickstart's) paragraphs end at `;`. Throws Error
/// when the expression is wrong or takes too long.
std::vector<std::pair<std::int64_t, std::int64_t>> cutSteps(std::string_view text, const TraceRegion& region,
                                                            StepRule rule, const std::string& expression,
                                                            bool singleMarks = false);

}  // namespace retort
