#include "views/annotation/annotated_view.h"

#include <algorithm>

#include "core/traces/trace_document.h"
#include "views/models/format.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/traces/trace_view.h"

namespace retort {

AnnotatedView::AnnotatedView(TraceView* view, QObject* parent) : QObject(parent), m_view(view) {
    TraceCanvas* canvas = view->canvas();
    canvas->setRatingEnabled(true);
    connect(canvas, &TraceCanvas::currentStepChanged, this, &AnnotatedView::stepChanged);
    connect(canvas, &TraceCanvas::spanSelected, this, &AnnotatedView::spanSelected);
    connect(canvas, &TraceCanvas::ratingClicked, this, &AnnotatedView::ratingClicked);
    connect(view, &TraceView::documentChanged, this, &AnnotatedView::stepsChanged);
}

std::vector<LabelStep> AnnotatedView::steps() const {
    const std::vector<DocumentStep>& pieces = m_view->canvas()->document().steps();
    const bool any = std::any_of(pieces.begin(), pieces.end(), [](const DocumentStep& piece) {
        return piece.kind == DocumentStep::Kind::Step;
    });
    std::vector<LabelStep> steps;
    steps.reserve(pieces.size());
    for (const DocumentStep& piece : pieces)
        steps.push_back(
            {{piece.begin, piece.end}, !any || piece.kind == DocumentStep::Kind::Step, piece.number});
    return steps;
}

int AnnotatedView::currentStep() const {
    return m_view->canvas()->currentStep();
}

void AnnotatedView::setCurrentStep(int step) {
    if (step >= 0 && step != currentStep()) m_view->canvas()->setCurrentStep(step);
}

QString AnnotatedView::stepText(int step) const {
    return step < 0 || step >= m_view->canvas()->stepCount() ? QString() : m_view->canvas()->stepText(step);
}

void AnnotatedView::setLanes(std::vector<StepLane> lanes) {
    m_view->canvas()->setLanes(std::move(lanes));
}

void AnnotatedView::setNotes(const std::vector<std::pair<TextRange, std::string>>& notes) {
    std::vector<CanvasMark> marks;
    for (const auto& [range, text] : notes)
        if (range.begin >= 0) marks.push_back({range.begin, range.end, QStringLiteral("✎"), toQString(text)});
    m_view->canvas()->setMarks(std::move(marks));
}

void AnnotatedView::setBlind(bool blind) {
    m_view->setBlind(blind);
}

void AnnotatedView::focus() {
    m_view->canvas()->setFocus();
}

Trace concealedTrace(Trace trace) {
    trace.gold.clear();
    trace.extracted.clear();
    trace.correct = false;
    trace.reward.reset();
    trace.advantage.reset();
    trace.rewards.clear();
    trace.stepAccuracy.reset();
    for (TraceStep& step : trace.steps) {
        step.verdict = StepVerdict::Unchecked;
        step.reason.clear();
    }
    trace.tokens.advantages.clear();
    trace.tokens.values.clear();
    trace.tokens.scores.clear();
    trace.lanes.clear();
    return trace;
}

}  // namespace retort
