#include "views/annotation/key_map.h"

#include <QCoreApplication>
#include <array>

namespace retort {

namespace {

using C = AnnotationCommand;

constexpr std::array<AnnotationKey, 26> keys = {{
    {C::Bad, "annotate.bad", "1", QT_TRANSLATE_NOOP("retort::Keys", "Rate the step: bad (−1)"),
     QT_TRANSLATE_NOOP("retort::Keys", "✗ Bad")},
    {C::Okay, "annotate.okay", "2", QT_TRANSLATE_NOOP("retort::Keys", "Rate the step: okay (0)"),
     QT_TRANSLATE_NOOP("retort::Keys", "○ Okay")},
    {C::Great, "annotate.great", "3", QT_TRANSLATE_NOOP("retort::Keys", "Rate the step: great (+1)"),
     QT_TRANSLATE_NOOP("retort::Keys", "✓ Great")},
    {C::ClearRating, "annotate.clear", "0", QT_TRANSLATE_NOOP("retort::Keys", "Clear the rating"),
     QT_TRANSLATE_NOOP("retort::Keys", "Clear")},
    {C::FirstError, "annotate.firstError", "X", QT_TRANSLATE_NOOP("retort::Keys", "The first error is here"),
     QT_TRANSLATE_NOOP("retort::Keys", "First error")},
    {C::NoError, "annotate.noError", "C", QT_TRANSLATE_NOOP("retort::Keys", "No step is wrong"),
     QT_TRANSLATE_NOOP("retort::Keys", "No error")},
    {C::ErrorType, "annotate.errorType", "E",
     QT_TRANSLATE_NOOP("retort::Keys", "Kind of error, then its letter"),
     QT_TRANSLATE_NOOP("retort::Keys", "Kind…")},
    {C::Unsure, "annotate.unsure", "U", QT_TRANSLATE_NOOP("retort::Keys", "Unsure about the step"),
     QT_TRANSLATE_NOOP("retort::Keys", "Unsure")},
    {C::Note, "annotate.note", "N", QT_TRANSLATE_NOOP("retort::Keys", "Note on the step or the selection"),
     QT_TRANSLATE_NOOP("retort::Keys", "Note")},
    {C::Correct, "annotate.correct", "W", QT_TRANSLATE_NOOP("retort::Keys", "Write the step as it should be"),
     QT_TRANSLATE_NOOP("retort::Keys", "Correct")},
    {C::PreferThis, "annotate.preferThis", "A", QT_TRANSLATE_NOOP("retort::Keys", "This sample is better"),
     QT_TRANSLATE_NOOP("retort::Keys", "This")},
    {C::PreferOther, "annotate.preferOther", "B",
     QT_TRANSLATE_NOOP("retort::Keys", "The other sample is better"),
     QT_TRANSLATE_NOOP("retort::Keys", "Other")},
    {C::Tie, "annotate.tie", "=", QT_TRANSLATE_NOOP("retort::Keys", "Both samples are equally good"),
     QT_TRANSLATE_NOOP("retort::Keys", "Tie")},
    {C::Rank, "annotate.rank", "Shift+R", QT_TRANSLATE_NOOP("retort::Keys", "Rank the samples of the group"),
     ""},
    {C::Skip, "annotate.skip", "S", QT_TRANSLATE_NOOP("retort::Keys", "Skip, with a reason"),
     QT_TRANSLATE_NOOP("retort::Keys", "Skip…")},
    {C::BadProblem, "annotate.badProblem", "Shift+S",
     QT_TRANSLATE_NOOP("retort::Keys", "Bad problem, with a reason"),
     QT_TRANSLATE_NOOP("retort::Keys", "Bad problem…")},
    {C::GiveUp, "annotate.giveUp", "Shift+G", QT_TRANSLATE_NOOP("retort::Keys", "Give up, with a reason"),
     QT_TRANSLATE_NOOP("retort::Keys", "Give up…")},
    {C::Submit, "annotate.submit", "Ctrl+Return", QT_TRANSLATE_NOOP("retort::Keys", "Submit and next"),
     QT_TRANSLATE_NOOP("retort::Keys", "Submit")},
    {C::Undo, "annotate.undo", "Ctrl+Z", QT_TRANSLATE_NOOP("retort::Keys", "Undo"), ""},
    {C::Redo, "annotate.redo", "Ctrl+Y", QT_TRANSLATE_NOOP("retort::Keys", "Redo"), ""},
    {C::Save, "annotate.save", "Ctrl+S",
     QT_TRANSLATE_NOOP("retort::Keys", "Save (everything is saved by itself, too)"), ""},
    {C::AutoAdvance, "annotate.autoAdvance", "Shift+A",
     QT_TRANSLATE_NOOP("retort::Keys", "Go to the next step after a rating"),
     QT_TRANSLATE_NOOP("retort::Keys", "Advance")},
    {C::NextItem, "annotate.nextItem", "Ctrl+.", QT_TRANSLATE_NOOP("retort::Keys", "Next item of the queue"),
     ""},
    {C::PreviousItem, "annotate.previousItem", "Ctrl+,",
     QT_TRANSLATE_NOOP("retort::Keys", "Previous item of the queue"), ""},
    {C::ShowQueue, "annotate.showQueue", "Q", QT_TRANSLATE_NOOP("retort::Keys", "Traces or queue"), ""},
    {C::ShowGuidelines, "annotate.guidelines", "Shift+H",
     QT_TRANSLATE_NOOP("retort::Keys", "Guidelines of the queue"), ""},
}};

}  // namespace

std::span<const AnnotationKey> annotationKeys() {
    return keys;
}

const AnnotationKey& annotationKey(AnnotationCommand command) {
    return keys[static_cast<std::size_t>(command)];
}

QString commandText(const AnnotationKey& key) {
    return QCoreApplication::translate("retort::Keys", key.text);
}

QString faceText(const AnnotationKey& key) {
    return QCoreApplication::translate("retort::Keys", key.face);
}

}  // namespace retort
