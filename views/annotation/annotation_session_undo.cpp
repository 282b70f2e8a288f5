// Undo and redo of an AnnotationSession: what was said since the window opened from memory, at once; what is
// older from the store.
#include <utility>

#include "views/annotation/annotation_session.h"
#include "views/lab.h"

namespace retort {

void AnnotationSession::undo() {
    if (canSay()) takeBack(false);
}

void AnnotationSession::redo() {
    if (canSay()) takeBack(true);
}

void AnnotationSession::takeBack(bool redo) {
    std::vector<Action>& from = redo ? m_redo : m_undo;
    if (from.empty()) return m_writes.whenSettled([this, redo] { takeBackFromStore(redo); });
    if (from.back().trace != m_trace) return openThen(from.back().trace, [this, redo] { takeBack(redo); });
    Action action = std::move(from.back());
    from.pop_back();
    if (redo)
        m_labels.apply(action.changes);
    else
        m_labels.revert(action.changes);
    m_writes.watch(redo ? m_lab.writer().redoAnnotation(m_annotator)
                        : m_lab.writer().undoAnnotation(m_annotator));
    const int step = action.step;
    (redo ? m_undo : m_redo).push_back(std::move(action));
    updateItemState();
    Q_EMIT labelsChanged();
    setStep(step);
}

void AnnotationSession::takeBackFromStore(bool redo) {
    m_lab.compute(
        this,
        [&writer = m_lab.writer(), annotator = m_annotator, redo] {
            return (redo ? writer.redoAnnotation(annotator) : writer.undoAnnotation(annotator)).get();
        },
        [this, redo](const std::optional<AnnotationEvent>& taken) {
            if (!taken) {
                Q_EMIT refused(redo ? tr("There is nothing to redo.") : tr("There is nothing to undo."));
                return;
            }
            if (m_queue) readQueue(false);
            if (taken->trace == m_trace)
                readTrace();
            else if (taken->trace != 0)
                openThen(taken->trace, {});
        });
}

void AnnotationSession::openThen(RowId trace, std::function<void()> then) {
    ++m_moves;
    m_then = std::move(then);
    setReady(false);
    Q_EMIT traceWanted(trace);
}

}  // namespace retort
