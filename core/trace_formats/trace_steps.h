// Steps of a completion: written as a text with ranges, and read back from them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

/// Appends a step to the completion, after `separator` where text stands before it. The range is of the
/// step's own text, so that it is read back byte for byte.
void appendStep(Trace& trace, std::string_view text, StepVerdict verdict, std::string reason,
                std::string_view separator);

/// What follows from the steps: their accuracy where each was judged, and that the completion is worked.
void finishSteps(Trace& trace);

struct StepText {
    std::string_view text;
    StepVerdict verdict = StepVerdict::Unchecked;
    bool neutral = false;  ///< rated so by a person
};

/// The texts of a trace's steps. Throws Error for a range that is not within the completion.
std::vector<StepText> stepTexts(const Trace& trace);

/// Index of the first wrong step; -1: there is none.
std::int64_t firstWrongStep(const Trace& trace);

/// "math:00112233aabbccdd": an id for a problem whose file gives it none, from its text.
std::string problemIdOf(std::string_view prefix, std::string_view prompt);

}  // namespace retort
