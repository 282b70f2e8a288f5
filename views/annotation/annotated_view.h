// What annotating needs of the reading view: which pieces of the text can be rated, which one is current,
// what is selected, and whether truth is hidden. The only place here that knows how a TraceView is made.
#pragma once

#include <QObject>
#include <vector>

#include "core/traces/trace.h"
#include "views/annotation/trace_labels.h"

namespace retort {

class TraceView;

class AnnotatedView : public QObject {
    Q_OBJECT
  public:
    explicit AnnotatedView(TraceView* view, QObject* parent = nullptr);

    std::vector<LabelStep> steps() const;
    int currentStep() const;
    void setCurrentStep(int step);
    QString stepText(int step) const;
    void setLanes(std::vector<StepLane> lanes);
    /// Notes in the margin.
    void setNotes(const std::vector<std::pair<TextRange, std::string>>& notes);
    /// Hides the reference answer, the verdict and what follows from them.
    void setBlind(bool blind);
    void focus();

  Q_SIGNALS:
    void stepChanged(int step);
    void spanSelected(qint64 begin, qint64 end);
    void ratingClicked(int step, int rating);
    void stepsChanged();  ///< another trace, or the same one cut in another way

  private:
    TraceView* m_view;
};

/// A trace without all that tells what is right: for a view that is blind.
Trace concealedTrace(Trace trace);

}  // namespace retort
