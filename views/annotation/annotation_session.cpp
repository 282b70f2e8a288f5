#include "views/annotation/annotation_session.h"

#include <QDir>
#include <algorithm>
#include <chrono>
#include <utility>

#include "views/models/format.h"

namespace retort {

namespace {

double steadySeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Several people may work with one store file, each as themselves.
std::string nameKey() {
    return "annotation.annotator." + AnnotationSession::systemUser().toStdString();
}

// What a judge's word on a step comes to; nothing: it takes no side.
std::optional<int> verdictOf(const StepJudgement& said) {
    if (said.rating) return *said.rating;
    if (said.rollouts > 0) return said.successes > 0 ? 1 : -1;
    if (said.value) return *said.value >= 0.5 ? 1 : -1;
    return std::nullopt;
}

}  // namespace

QString AnnotationSession::systemUser() {
    for (const char* variable : {"USER", "LOGNAME", "USERNAME"})
        if (const QString name = qEnvironmentVariable(variable); !name.isEmpty()) return name;
    return QDir::home().dirName();
}

AnnotationSession::AnnotationSession(Lab& lab, QObject* parent)
    : QObject(parent), m_lab(lab), m_writes(lab), m_clock(steadySeconds) {
    connect(&m_writes, &LabelWrites::failed, this, [this](const QString& message) {
        m_failed = true;
        Q_EMIT failed(tr("Not saved, and taken back: %1").arg(message));
    });
    connect(&m_writes, &LabelWrites::settled, this, [this] {
        if (std::exchange(m_failed, false))
            reload();
        else
            readHistory();
    });
    connect(&lab, &Lab::traceJudged, this, [this](RowId trace) {
        if (trace == m_trace && m_ready && m_writes.pending() == 0) readHistory();
    });
    connect(&lab, &Lab::queuesChanged, this, [this] {
        if (m_queue && !m_queueTimer.isActive()) m_queueTimer.start();
    });
    m_queueTimer.setSingleShot(true);
    m_queueTimer.setInterval(300);
    connect(&m_queueTimer, &QTimer::timeout, this, [this] {
        if (m_queue) readQueue(false);
    });
    m_lab.read(
        this, [](StoreReader& reader) { return reader.setting(nameKey()); },
        [this](const std::optional<Json>& name) {
            if (!m_annotator.empty() || !name || !name->is_string()) return;
            m_annotator = name->get<std::string>();
            Q_EMIT annotatorChanged();
            if (m_trace != 0) readTrace();
        });
}

void AnnotationSession::setAnnotator(const QString& name) {
    const std::string chosen = name.trimmed().toStdString();
    if (chosen.empty() || chosen == m_annotator) return;
    m_annotator = chosen;
    m_lab.writer().setSetting(nameKey(), chosen);
    m_undo.clear();
    m_redo.clear();
    Q_EMIT annotatorChanged();
    if (m_queue)
        readQueue(true);
    else if (m_trace != 0)
        readTrace();
}

// --- the item ---

void AnnotationSession::setTrace(RowId trace, std::vector<LabelStep> steps) {
    const Concealed before = concealed();
    // The same trace again, cut in another way: what is on the screen stays.
    const bool same = trace == m_trace && m_ready;
    m_trace = trace;
    TraceLabels labels(std::move(steps));
    if (same) {
        for (const auto& [target, value] : m_labels.said()) labels.apply({{target, Json(), value}});
        m_labels = std::move(labels);
        setStep(std::min(m_step, m_labels.stepCount() - 1));
        Q_EMIT labelsChanged();
        return;
    }
    m_labels = std::move(labels);
    m_lanes.clear();
    m_events.clear();
    m_span.reset();
    m_step = -1;
    setReady(false);
    Q_EMIT labelsChanged();
    if (concealed() != before) Q_EMIT concealedChanged();
    if (trace != 0) readTrace();
}

void AnnotationSession::readTrace() {
    const quint64 question = ++m_reading;
    m_lab.read(
        this,
        [trace = m_trace, annotator = m_annotator](StoreReader& reader) {
            Known known;
            if (!annotator.empty()) known.said = reader.annotations(trace, annotator);
            known.lanes = reader.lanes(trace);
            known.events = reader.annotationEvents(trace);
            return known;
        },
        [this, question](Known known) {
            if (question != m_reading) return;
            m_labels.setSaid(known.said);
            m_lanes = std::move(known.lanes);
            m_events = std::move(known.events);
            setReady(true);
            Q_EMIT labelsChanged();
            Q_EMIT historyChanged();
            if (m_then)
                std::exchange(m_then, {})();
            else if (itemIndex() >= 0)
                goToUnrated();
        });
}

// An item of a queue is begun where nothing is said yet.
void AnnotationSession::goToUnrated() {
    for (int step = 0; step < m_labels.stepCount(); ++step)
        if (m_labels.at(step).required && !m_labels.rating(step) && !m_labels.isUnsure(step))
            return setStep(step);
    setStep(0);
}

// The events and others' lanes; my labels on the screen are those of the last keystroke already.
void AnnotationSession::readHistory() {
    const quint64 question = m_reading;
    m_lab.read(
        this,
        [trace = m_trace](StoreReader& reader) {
            return std::pair(reader.annotationEvents(trace), reader.lanes(trace));
        },
        [this, question](std::pair<std::vector<AnnotationEvent>, std::vector<StepLane>> known) {
            if (question != m_reading) return;
            m_events = std::move(known.first);
            m_lanes = std::move(known.second);
            Q_EMIT historyChanged();
        });
}

void AnnotationSession::reload() {
    m_undo.clear();
    m_redo.clear();
    if (m_queue) readQueue(false);
    if (m_trace != 0) readTrace();
}

void AnnotationSession::setReady(bool ready) {
    if (m_ready == ready) return;
    m_ready = ready;
    Q_EMIT readyChanged();
}

void AnnotationSession::setStep(int step) {
    step = std::clamp(step, -1, m_labels.stepCount() - 1);
    if (step == m_step) return;
    m_step = step;
    m_span.reset();
    Q_EMIT stepChanged(step);
}

TextRange AnnotationSession::noteRange() const {
    if (m_span) return *m_span;
    return m_step < 0 ? TextRange() : TextRange(m_labels.at(m_step));
}

QString AnnotationSession::placeName(const TextRange& range) const {
    if (range.begin < 0) return tr("the trace");
    for (const LabelStep& step : m_labels.steps()) {
        if (range.begin < step.begin || range.begin >= std::max(step.end, step.begin + 1)) continue;
        const bool whole = range.begin == step.begin && range.end == step.end;
        if (step.number > 0) return (whole ? tr("step %1") : tr("in step %1")).arg(step.number);
        return whole ? tr("the answer") : tr("in the answer");
    }
    return tr("bytes %1–%2").arg(range.begin).arg(range.end);
}

Concealed AnnotationSession::concealedOf(RowId trace) const {
    if (!m_queue || !m_queue->settings.blind || trace == 0) return {};
    const auto item = std::find_if(m_items.begin(), m_items.end(),
                                   [trace](const QueueItem& each) { return each.trace == trace; });
    // Other samples of a group tell as much as the item itself.
    const bool open =
        item == m_items.end() || item->state == ItemState::Pending || item->state == ItemState::Draft;
    return {open, open || !m_queue->settings.showGoldAfter};
}

std::vector<StepLane> AnnotationSession::lanes() const {
    std::vector<StepLane> lanes;
    StepLane mine{LaneKind::Human, m_annotator, {}};
    for (int step = 0; step < m_labels.stepCount(); ++step) {
        const LabelStep& range = m_labels.at(step);
        if (const std::optional<int> rating = m_labels.rating(step))
            mine.steps.push_back({range.begin, range.end, *rating, std::nullopt, 0, 0, {}});
    }
    // Ratings of several people are never one: where I rate, only mine are in sight.
    const bool onlyMine = !mine.steps.empty() || m_queue;
    if (!m_annotator.empty()) lanes.push_back(std::move(mine));
    const Concealed hidden = concealed();
    for (const StepLane& lane : m_lanes) {
        const bool isHuman = lane.kind == LaneKind::Human;
        if ((isHuman && (onlyMine || lane.name == m_annotator)) || hidden.labels || (hidden.gold && !isHuman))
            continue;
        lanes.push_back(lane);
    }
    return lanes;
}

std::optional<AnnotationSession::Suggestion> AnnotationSession::suggestion(int step) const {
    if (step < 0 || step >= m_labels.stepCount() || m_labels.rating(step)) return std::nullopt;
    const LabelStep& range = m_labels.at(step);
    if (m_labels.isImpliedRight(step)) return Suggestion{1, tr("implied by the first error")};
    for (const StepLane& lane : lanes()) {
        if (lane.kind == LaneKind::Human && lane.name == m_annotator) continue;
        for (const StepJudgement& said : lane.steps) {
            const std::optional<int> verdict = verdictOf(said);
            if (verdict && said.begin == range.begin) return Suggestion{*verdict, toQString(lane.name)};
        }
    }
    return std::nullopt;
}

// --- saying ---

bool AnnotationSession::canSay() {
    if (m_annotator.empty()) {
        Q_EMIT annotatorNeeded();
        return false;
    }
    if (!m_ready)
        Q_EMIT refused(m_trace == 0 ? tr("No trace is open.") : tr("One moment: saving and opening."));
    return m_ready;
}

bool AnnotationSession::canSayOfStep() {
    if (!canSay()) return false;
    if (m_step >= 0) return true;
    if (m_labels.stepCount() == 0)
        Q_EMIT refused(tr("This trace has no steps."));
    else
        setStep(0);
    return false;
}

bool AnnotationSession::say(LabelChanges changes) {
    if (changes.empty()) return false;
    m_labels.apply(changes);
    m_undo.push_back({m_trace, m_queue ? m_queue->id : 0, m_step, changes});
    m_redo.clear();
    updateItemState();
    Q_EMIT labelsChanged();
    write(changes);
    return true;
}

void AnnotationSession::write(const LabelChanges& changes) {
    std::vector<NewAnnotation> annotations;
    for (const LabelChange& change : changes)
        annotations.push_back({change.target, change.after, change.reason, 0});
    annotations.front().seconds = m_time.take(m_clock());
    const RowId queue = itemIndex() >= 0 ? m_queue->id : 0;
    m_writes.watch(m_lab.writer().annotate(m_trace, m_annotator, annotations, queue));
}

void AnnotationSession::setAdvances(bool on) {
    m_advances = on;
    Q_EMIT advancesChanged();
}

void AnnotationSession::rate(std::optional<int> rating) {
    if (!canSayOfStep()) return;
    say(m_labels.rate(m_step, rating));
    if (rating && m_advances) setStep(m_step + 1);
}

void AnnotationSession::toggleUnsure() {
    if (canSayOfStep()) say(m_labels.toggleUnsure(m_step));
}

void AnnotationSession::markFirstError() {
    if (canSayOfStep()) say(m_labels.markFirstError(m_step));
}

void AnnotationSession::markNoError() {
    if (canSay()) say(m_labels.markNoError());
}

void AnnotationSession::toggleErrorType(const std::string& id) {
    if (canSayOfStep()) say(m_labels.toggleErrorType(m_step, id));
}

void AnnotationSession::setNote(const TextRange& range, const QString& text) {
    if (canSay()) say(m_labels.setNote(range, text.trimmed().toStdString()));
}

void AnnotationSession::setCorrection(int step, const QString& text) {
    if (step >= 0 && step < m_labels.stepCount() && canSay())
        say(m_labels.setCorrection(step, text.trimmed().toStdString()));
}

void AnnotationSession::setScore(AnnotationKind kind, const TextRange& range, std::optional<int> score) {
    if (canSay()) say(m_labels.setScore(kind, range, score));
}

void AnnotationSession::prefer(std::int64_t otherMark, const std::string& choice) {
    if (!canSay()) return;
    const Json said = m_labels.value({AnnotationKind::Preference, -1, -1});
    const bool again = said == Json{{"other", otherMark}, {"choice", choice}};
    say(m_labels.setPreference(otherMark, again ? std::string() : choice));
}

void AnnotationSession::setRanking(const std::vector<std::vector<std::int64_t>>& marks) {
    if (canSay()) say(m_labels.setRanking(marks));
}

bool AnnotationSession::submit() {
    if (!canSay()) return false;
    TraceLabels::Submission submission = m_labels.submission();
    if (submission.missingStep >= 0) {
        setStep(submission.missingStep);
        Q_EMIT refused(
            tr("Not rated yet: %1. Rate all steps up to the first error, or say that there is none.")
                .arg(placeName(m_labels.at(submission.missingStep))));
        return false;
    }
    say(std::move(submission.changes));
    leave();
    return true;
}

void AnnotationSession::finish(const std::string& outcome, const QString& reason) {
    if (!canSay()) return;
    say(m_labels.setOutcome(outcome, reason.trimmed().toStdString()));
    leave();
}

}  // namespace retort
