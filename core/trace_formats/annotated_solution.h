// What one person said of a trace beside the ratings of its steps, as exports want it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/annotations/annotation.h"
#include "core/traces/trace.h"

namespace retort {

struct AnnotatedSolution {
    std::string annotator;
    double t = 0;         ///< of the last event, Unix time in s
    double seconds = 0;   ///< of focused time, over all events
    std::string outcome;  ///< "submitted", "skipped", "bad_problem", "give_up"; empty: not finished
    std::optional<std::int64_t> firstError;           ///< byte; -1: no step is wrong
    std::map<std::int64_t, std::string> corrections;  ///< by the byte at which the step begins
    std::vector<std::int64_t> unsure;                 ///< bytes at which such steps begin

    bool isUnsure(std::int64_t begin) const;
    const std::string* correctionOf(std::int64_t begin) const;
};

/// Of one annotator; absent when they said nothing of the trace. `events` may hold those of others.
std::optional<AnnotatedSolution> annotatedSolution(const std::string& annotator,
                                                   const std::vector<Annotation>& annotations,
                                                   const std::vector<AnnotationEvent>& events);

/// The ratings that a first-error mark stands for, where steps were not rated one by one: right before it,
/// wrong at it; right everywhere when there is none. Added to the annotator's lane.
void addFirstError(Trace& trace, const AnnotatedSolution& said);

}  // namespace retort
