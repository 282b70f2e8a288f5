// The keys of annotating (traces.md d): what there is to do, and the key that does it unless the user has
// chosen another one.
#pragma once

#include <QString>
#include <span>

namespace retort {

enum class AnnotationCommand {
    Bad,
    Okay,
    Great,
    ClearRating,
    FirstError,
    NoError,
    ErrorType,
    Unsure,
    Note,
    Correct,
    PreferThis,
    PreferOther,
    Tie,
    Rank,
    Skip,
    BadProblem,
    GiveUp,
    Submit,
    Undo,
    Redo,
    Save,
    AutoAdvance,
    NextItem,
    PreviousItem,
    ShowQueue,
    ShowGuidelines
};

struct AnnotationKey {
    AnnotationCommand command;
    const char* id;    ///< stable: "annotate.bad"
    const char* keys;  ///< as QKeySequence::PortableText
    const char* text;  ///< in menus, the palette and the sheet
    const char* face;  ///< on a button; empty: it has none
};

/// All of them, in the order of the sheet. No key is there twice.
std::span<const AnnotationKey> annotationKeys();
const AnnotationKey& annotationKey(AnnotationCommand command);
QString commandText(const AnnotationKey& key);  ///< translated
QString faceText(const AnnotationKey& key);

}  // namespace retort
