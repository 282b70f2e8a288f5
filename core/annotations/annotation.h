// What people say of traces: ratings of steps with PRM800K's meaning, the first error, kinds of errors,
// notes, corrections, preferences, and how an item ended. Every change is an event and stays; what holds now
// is the last event of each (annotator, kind, range), and undo is an event too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/util/json.h"

namespace retort {

enum class AnnotationKind {
    StepRating,   ///< of a step: -1 bad, 0 okay, 1 great (PRM800K's instructions; traces.md b.1)
    StepUnsure,   ///< of a step: true, "don't know how to label"; PRM800K's `flagged`
    FirstError,   ///< of the trace: byte at which the first wrong step begins; -1: no step is wrong
    ErrorTypes,   ///< of a step: list of the taxonomy's ids
    Note,         ///< of the trace, a step or a span: text
    Correction,   ///< of a step: the text that should stand there
    Correctness,  ///< of the trace or a turn: 0 to 6 (CheckMate, #216)
    Helpfulness,  ///< of the trace or a turn: 0 to 6
    Preference,   ///< of the trace against another: {"other": mark, "choice": "this" | "other" | "tie"}
    Ranking,      ///< of the trace's group: list of lists of marks, best first; those in one list are equal
    Outcome  ///< of the trace: {"outcome": "submitted" | "skipped" | "bad_problem" | "give_up", "reason":
             ///< text}
};
/// "step_rating", "first_error" …
std::string_view name(AnnotationKind kind);
std::optional<AnnotationKind> annotationKindNamed(std::string_view name);

/// What an annotation is about: bytes [begin, end) of the completion; (-1, -1): the whole trace. Ranges, not
/// numbers of steps, so that a label outlives another way of cutting steps.
struct AnnotationTarget {
    AnnotationKind kind = AnnotationKind::StepRating;
    std::int64_t begin = -1, end = -1;

    auto operator<=>(const AnnotationTarget&) const = default;
};

/// To be said of a trace. A null value takes back what was said, and so do an empty text, an empty list and
/// "not unsure".
struct NewAnnotation {
    AnnotationTarget target;
    Json value;
    std::string reason;  ///< why it was changed; may be empty
    double seconds = 0;  ///< of focused time since the annotator's last event
};

/// One line of the history.
struct AnnotationEvent {
    std::int64_t id = 0;
    std::int64_t trace = 0;  ///< row id in the store; 0: the trace is not there any more
    std::int64_t mark = 0;   ///< the trace's identity that outlives reindexing
    std::string annotator;
    double t = 0;  ///< Unix time, s
    AnnotationTarget target;
    Json oldValue, newValue;  ///< null: nothing was said
    std::string reason;
    double seconds = 0;
    std::int64_t undoes = 0;  ///< the event that this one takes back; 0: none
    std::int64_t queue = 0;   ///< in which it was said; 0: outside of queues
};

/// What holds now: one entry a target that has a value, of one annotator, in order of target.
struct Annotation {
    std::string annotator;
    AnnotationTarget target;
    Json value;
    double t = 0;

    bool operator==(const Annotation&) const = default;
};

/// Throws Error when the value is none of the kind's: a rating of 2, a score of 7, a range that is no range.
void checkAnnotation(const NewAnnotation& annotation);

/// What holds after all events (in order of id), of each annotator.
std::vector<Annotation> currentAnnotations(const std::vector<AnnotationEvent>& events);

/// A kind of error. Values of ErrorTypes may have others, too: those of an imported file.
struct ErrorType {
    std::string id;    ///< "arithmetic"
    char key = 0;      ///< of the chord e, key
    std::string text;  ///< "Arithmetic: a calculation is wrong"
};
/// Each has a letter of its own.
const std::vector<ErrorType>& errorTaxonomy();

}  // namespace retort
