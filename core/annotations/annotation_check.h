// Which values an annotation may have, one way of writing each, and what follows from several of them.
#pragma once

#include "core/annotations/annotation.h"

namespace retort {

/// Checks it (checkAnnotation), and writes its value in the one way in which it is kept: no empty texts and
/// lists, no "not unsure" (all are null: nothing is said), members of objects in one order.
Json canonicalValue(const NewAnnotation& annotation);

/// Throws Error when the range reaches beyond a completion of so many bytes, or the first error lies behind
/// it.
void checkWithin(const NewAnnotation& annotation, std::int64_t bytes);

/// Where one annotator sees the first error of a trace: the mark where there is one, else the first step that
/// is rated -1, else -1 (every rated step is fine). Absent when nothing was said of either.
std::optional<std::int64_t> firstErrorOf(const std::vector<Annotation>& ofOneAnnotator);

/// "submitted", "skipped", "bad_problem", "give_up"; empty while the annotator is not through with the trace.
std::string outcomeOf(const std::vector<Annotation>& ofOneAnnotator);

}  // namespace retort
