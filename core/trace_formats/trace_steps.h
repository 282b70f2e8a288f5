// Steps of a completion and a lane that judges them, as importers put them together.
#pragma once

#include <string>
#include <string_view>

#include "core/traces/trace.h"

namespace retort {

/// Appends an unchecked step to the completion, after `separator` where text stands before it. The range is
/// of the step's own text, so that it is read back byte for byte.
void appendStep(Trace& trace, std::string_view text, std::string_view separator);

/// What a lane says of the step that was appended last.
void judgeLastStep(const Trace& trace, StepLane& lane, std::optional<std::int32_t> rating,
                   std::string text = {});

/// The lane is kept when it says anything; a completion with steps is worked.
void finishSteps(Trace& trace, StepLane lane = {});

/// Throws Error when a step, or a lane's judgement, is not within the completion.
void checkRanges(const Trace& trace);

/// Whether a completion has a think region that was closed.
bool hasThinking(std::string_view completion);

/// "math:00112233aabbccdd": an id for a problem whose file gives it none, from its text.
std::string problemIdOf(std::string_view prefix, std::string_view prompt);

}  // namespace retort
