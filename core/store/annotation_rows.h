// Annotations as events: rows of `annotation_events`, and the lane of each annotator that follows from them.
// What is written here is decided inside the caller's transaction, from what holds there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/annotations/annotation.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

namespace retort {

/// What is said at once by one annotator, and taken back at once.
std::vector<RowId> annotateTrace(Database& database, RowId trace, const std::string& annotator,
                                 const std::vector<NewAnnotation>& annotations, RowId queue,
                                 StoreChange& change);
/// The last of the new events; absent when there is nothing to take back.
std::optional<AnnotationEvent> undoLast(Database& database, const std::string& annotator,
                                        StoreChange& change);
std::optional<AnnotationEvent> redoLast(Database& database, const std::string& annotator,
                                        StoreChange& change);

/// The annotators' lanes of a mark, by name, as they follow from its events; without steps of those whose
/// ratings were all taken back.
std::vector<StepLane> readRatings(Database& database, RowId mark);

}  // namespace retort
