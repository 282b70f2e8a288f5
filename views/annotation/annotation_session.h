// A person at work: who, on which trace, in which queue, and everything that can be said and taken back. What
// is said is on the screen at once and under way to the store as events; when a write fails, the screen goes
// back to what the store holds. No widgets here.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/store/store.h"
#include "views/annotation/focused_time.h"
#include "views/annotation/label_writes.h"
#include "views/annotation/trace_labels.h"

namespace retort {

class Lab;

/// What may not be seen before an item is submitted.
struct Concealed {
    bool labels = false;  ///< what others say: people and machines
    bool gold = false;    ///< the reference answer and all that follows from it

    bool operator==(const Concealed&) const = default;
};

class AnnotationSession : public QObject {
    Q_OBJECT
  public:
    explicit AnnotationSession(Lab& lab, QObject* parent = nullptr);

    // --- who ---
    /// Empty until somebody has said who they are: nothing can be said before.
    QString annotator() const { return QString::fromStdString(m_annotator); }
    static QString systemUser();
    /// Kept in the store for this user of the system.
    void setAnnotator(const QString& name);

    // --- the item ---
    /// The view shows this trace, with these steps to rate; what was said of it is read now.
    void setTrace(RowId trace, std::vector<LabelStep> steps);
    RowId trace() const { return m_trace; }
    /// Whether it can be spoken about: what was said of it is known, and no other item is on its way.
    bool isReady() const { return m_ready; }
    /// Asks for another trace (traceWanted()), and does `then` when it can be spoken about.
    void openThen(RowId trace, std::function<void()> then);
    Concealed concealed() const { return concealedOf(m_trace); }
    Concealed concealedOf(RowId trace) const;
    const TraceLabels& labels() const { return m_labels; }
    int step() const { return m_step; }  ///< -1: none
    void setStep(int step);
    /// "step 3", "the answer", "the trace"; of a part of one "in step 3".
    QString placeName(const TextRange& range) const;
    /// A part of the text that is selected: what the next note is about.
    void setSpan(std::optional<TextRange> span) { m_span = span; }
    TextRange noteRange() const;
    /// Mine as it is on the screen, then those of others as far as they may be seen.
    std::vector<StepLane> lanes() const;
    /// What others say of a step, and who: an outline on the screen, never a label.
    struct Suggestion {
        int rating = 0;
        QString from;
    };
    std::optional<Suggestion> suggestion(int step) const;
    const std::vector<AnnotationEvent>& events() const { return m_events; }

    // --- saying ---
    bool advances() const { return m_advances; }  ///< to the next step after a rating
    void setAdvances(bool on);
    void rate(std::optional<int> rating);
    void toggleUnsure();
    void markFirstError();
    void markNoError();
    void toggleErrorType(const std::string& id);
    void setNote(const TextRange& range, const QString& text);
    void setCorrection(int step, const QString& text);
    void setScore(AnnotationKind kind, const TextRange& range, std::optional<int> score);
    /// `choice`: "this", "other", "tie"; the same again takes it back.
    void prefer(std::int64_t otherMark, const std::string& choice);
    void setRanking(const std::vector<std::vector<std::int64_t>>& marks);
    /// Submits and goes on; says what is missing, and goes there, when something is.
    bool submit();
    /// "skipped", "bad_problem", "give_up".
    void finish(const std::string& outcome, const QString& reason);
    void undo();
    void redo();

    // --- queues ---
    void openQueue(RowId queue);
    void closeQueue();
    const std::optional<QueueRow>& queue() const { return m_queue; }
    const std::vector<QueueItem>& items() const { return m_items; }
    int itemIndex() const;  ///< -1: the trace is none of the queue's
    void openItem(int index);
    bool isQueueFinished() const;
    /// There is nothing to go on to (the answer to nextWanted()).
    void stay() { setReady(m_trace != 0); }

    const LabelWrites& writes() const { return m_writes; }
    FocusedTime& time() { return m_time; }
    double now() const { return m_clock(); }
    /// For tests.
    void setClock(std::function<double()> clock) { m_clock = std::move(clock); }

  Q_SIGNALS:
    void annotatorChanged();
    void annotatorNeeded();  ///< an action was asked for, and nobody has said who they are
    void readyChanged();
    void labelsChanged();
    void stepChanged(int step);
    void historyChanged();
    void advancesChanged();
    void concealedChanged();
    void queueChanged();                    ///< the queue, its items or their states
    void itemChanged(int index);            ///< one item's state
    void traceWanted(retort::RowId trace);  ///< to be opened, then told by setTrace()
    void nextWanted();                      ///< outside of a queue: the next trace of the list
    void queueFinished();
    void refused(const QString& why);  ///< for the reader's eye, in place
    void failed(const QString& message);

  private:
    struct Action {
        RowId trace = 0, queue = 0;
        int step = -1;
        LabelChanges changes;
    };
    struct Known {
        std::vector<Annotation> said;
        std::vector<StepLane> lanes;
        std::vector<AnnotationEvent> events;
    };
    bool canSay();
    bool canSayOfStep();
    bool say(LabelChanges changes);
    void write(const LabelChanges& changes);
    void leave();
    void readTrace();
    void goToUnrated();
    void readHistory();
    void readQueue(bool openFirst);
    void setReady(bool ready);
    void takeBack(bool redo);
    void takeBackFromStore(bool redo);
    void reload();
    void updateItemState();
    int nextItem() const;

    Lab& m_lab;
    LabelWrites m_writes;
    std::string m_annotator;
    RowId m_trace = 0;
    TraceLabels m_labels;
    std::vector<StepLane> m_lanes;
    std::vector<AnnotationEvent> m_events;
    int m_step = -1;
    std::optional<TextRange> m_span;
    bool m_ready = false, m_advances = true, m_failed = false;
    quint64 m_reading = 0;  ///< answers to an older question are dropped
    int m_moves = 0;  ///< traces that were asked for
    std::function<void()> m_then;
    std::vector<Action> m_undo, m_redo;
    std::optional<QueueRow> m_queue;
    std::vector<QueueItem> m_items;
    QTimer m_queueTimer;  ///< every word changes the queue: read it now and then
    FocusedTime m_time;
    std::function<double()> m_clock;
};

}  // namespace retort
