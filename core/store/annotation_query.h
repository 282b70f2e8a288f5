// Reading what people said: the history of a trace, what holds now, and what undo would take back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/annotations/annotation.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

namespace retort {

std::vector<std::string> readAnnotators(Database& database);
/// 0: nobody of that name said anything.
RowId findAnnotator(Database& database, const std::string& name);

std::vector<AnnotationEvent> eventsOfMark(Database& database, RowId mark);
std::vector<AnnotationEvent> eventsOfTrace(Database& database, RowId trace);
/// Of everybody, or of one annotator.
std::vector<Annotation> annotationsOfMark(Database& database, RowId mark, const std::string& annotator);
std::optional<AnnotationEvent> readEvent(Database& database, RowId event);

/// Ids of events; 0: none.
RowId lastUndoableEvent(Database& database, RowId annotator);
RowId lastUndoneEvent(Database& database, RowId annotator);

/// Marks that two or more annotators are through with; of a queue, or (0) of all.
std::vector<StoreReader::AnnotatedTrace> readAnnotatedTraces(Database& database, RowId queue);

}  // namespace retort
