#include "views/annotation/trace_labels.h"

#include <algorithm>

namespace retort {

namespace {

constexpr AnnotationTarget ofTrace(AnnotationKind kind) {
    return {kind, -1, -1};
}

}  // namespace

void TraceLabels::setSaid(const std::vector<Annotation>& annotations) {
    m_said.clear();
    for (const Annotation& each : annotations)
        if (!each.value.is_null()) m_said[each.target] = each.value;
}

void TraceLabels::apply(const LabelChanges& changes) {
    for (const LabelChange& change : changes)
        if (change.after.is_null())
            m_said.erase(change.target);
        else
            m_said[change.target] = change.after;
}

void TraceLabels::revert(const LabelChanges& changes) {
    for (auto change = changes.rbegin(); change != changes.rend(); ++change)
        if (change->before.is_null())
            m_said.erase(change->target);
        else
            m_said[change->target] = change->before;
}

Json TraceLabels::value(const AnnotationTarget& target) const {
    const auto found = m_said.find(target);
    return found == m_said.end() ? Json() : found->second;
}

// A label outlives another way of cutting steps as long as its step begins at the same place.
AnnotationTarget TraceLabels::stepTarget(AnnotationKind kind, int step) const {
    const LabelStep& range = at(step);
    const AnnotationTarget exact{kind, range.begin, range.end};
    if (m_said.contains(exact)) return exact;
    const auto near = m_said.lower_bound({kind, range.begin, -1});
    const bool same = near != m_said.end() && near->first.kind == kind && near->first.begin == range.begin;
    return same ? near->first : exact;
}

std::optional<int> TraceLabels::rating(int step) const {
    const Json said = value(stepTarget(AnnotationKind::StepRating, step));
    return said.is_number_integer() ? std::optional(said.get<int>()) : std::nullopt;
}

bool TraceLabels::isUnsure(int step) const {
    const Json said = value(stepTarget(AnnotationKind::StepUnsure, step));
    return said.is_boolean() && said.get<bool>();
}

std::vector<std::string> TraceLabels::errorTypes(int step) const {
    std::vector<std::string> ids;
    for (const Json& id : value(stepTarget(AnnotationKind::ErrorTypes, step)))
        if (id.is_string()) ids.push_back(id.get<std::string>());
    return ids;
}

std::string TraceLabels::correction(int step) const {
    const Json said = value(stepTarget(AnnotationKind::Correction, step));
    return said.is_string() ? said.get<std::string>() : std::string();
}

std::string TraceLabels::note(const TextRange& range) const {
    const Json said = value({AnnotationKind::Note, range.begin, range.end});
    return said.is_string() ? said.get<std::string>() : std::string();
}

std::vector<std::pair<TextRange, std::string>> TraceLabels::notes() const {
    std::vector<std::pair<TextRange, std::string>> all;
    for (const auto& [target, said] : m_said)
        if (target.kind == AnnotationKind::Note && said.is_string())
            all.emplace_back(TextRange{target.begin, target.end}, said.get<std::string>());
    return all;
}

std::optional<int> TraceLabels::score(AnnotationKind kind, const TextRange& range) const {
    const Json said = value({kind, range.begin, range.end});
    return said.is_number_integer() ? std::optional(said.get<int>()) : std::nullopt;
}

std::optional<int> TraceLabels::firstError() const {
    const Json said = value(ofTrace(AnnotationKind::FirstError));
    if (!said.is_number_integer()) return std::nullopt;
    const auto byte = said.get<std::int64_t>();
    if (byte < 0) return -1;
    for (int step = stepCount() - 1; step >= 0; --step)
        if (at(step).begin <= byte) return step;
    return stepCount() > 0 ? std::optional(0) : std::nullopt;
}

std::string TraceLabels::outcome() const {
    const Json said = value(ofTrace(AnnotationKind::Outcome));
    return said.is_object() ? said.value("outcome", std::string()) : std::string();
}

bool TraceLabels::isImpliedRight(int step) const {
    return step < firstError().value_or(-1) && at(step).required && !rating(step) && !isUnsure(step);
}

// --- actions ---

void TraceLabels::add(LabelChanges& changes, const AnnotationTarget& target, Json after,
                      const std::string& reason) const {
    Json before = value(target);
    if (before != after) changes.push_back({target, std::move(before), std::move(after), reason});
}

void TraceLabels::addFirstError(LabelChanges& changes, std::optional<int> step) const {
    Json after;
    if (step) after = *step < 0 ? std::int64_t(-1) : at(*step).begin;
    add(changes, ofTrace(AnnotationKind::FirstError), std::move(after));
}

LabelChanges TraceLabels::rate(int step, std::optional<int> rating) const {
    LabelChanges changes;
    add(changes, stepTarget(AnnotationKind::StepRating, step), rating ? Json(*rating) : Json());
    const std::optional<int> first = firstError();
    const bool bad = rating == -1;
    if (first == step && !bad)
        addFirstError(changes, std::nullopt);
    else if (first && bad && *first == -1)
        addFirstError(changes, std::nullopt);  // something is wrong after all
    else if (first && bad && step < *first)
        addFirstError(changes, step);
    return changes;
}

LabelChanges TraceLabels::toggleUnsure(int step) const {
    LabelChanges changes;
    add(changes, stepTarget(AnnotationKind::StepUnsure, step), isUnsure(step) ? Json() : Json(true));
    return changes;
}

LabelChanges TraceLabels::markFirstError(int step) const {
    LabelChanges changes;
    if (firstError() == step) {  // a second time: takes the mark back, and leaves the rating
        addFirstError(changes, std::nullopt);
        return changes;
    }
    addFirstError(changes, step);
    add(changes, stepTarget(AnnotationKind::StepRating, step), -1);
    for (int other = 0; other < stepCount(); ++other) {
        const std::optional<int> said = rating(other);
        if ((other < step && said == -1) || (other > step && said))
            add(changes, stepTarget(AnnotationKind::StepRating, other), Json(),
                other < step ? "before the first error" : "behind the first error");
    }
    return changes;
}

LabelChanges TraceLabels::markNoError() const {
    LabelChanges changes;
    if (firstError() == -1) {
        addFirstError(changes, std::nullopt);
        return changes;
    }
    addFirstError(changes, -1);
    for (int step = 0; step < stepCount(); ++step)
        if (rating(step) == -1)
            add(changes, stepTarget(AnnotationKind::StepRating, step), Json(), "no step is wrong");
    return changes;
}

LabelChanges TraceLabels::toggleErrorType(int step, const std::string& id) const {
    std::vector<std::string> ids = errorTypes(step);
    const auto found = std::find(ids.begin(), ids.end(), id);
    if (found == ids.end())
        ids.insert(std::lower_bound(ids.begin(), ids.end(), id), id);  // as the store keeps them
    else
        ids.erase(found);
    LabelChanges changes;
    add(changes, stepTarget(AnnotationKind::ErrorTypes, step), ids.empty() ? Json() : Json(ids));
    return changes;
}

LabelChanges TraceLabels::setCorrection(int step, const std::string& text) const {
    LabelChanges changes;
    add(changes, stepTarget(AnnotationKind::Correction, step), text.empty() ? Json() : Json(text));
    return changes;
}

LabelChanges TraceLabels::setNote(const TextRange& range, const std::string& text) const {
    LabelChanges changes;
    add(changes, {AnnotationKind::Note, range.begin, range.end}, text.empty() ? Json() : Json(text));
    return changes;
}

LabelChanges TraceLabels::setScore(AnnotationKind kind, const TextRange& range,
                                   std::optional<int> said) const {
    LabelChanges changes;
    add(changes, {kind, range.begin, range.end}, said ? Json(*said) : Json());
    return changes;
}

LabelChanges TraceLabels::setPreference(std::int64_t otherMark, const std::string& choice) const {
    LabelChanges changes;
    Json said;
    if (!choice.empty()) said = Json{{"other", otherMark}, {"choice", choice}};
    add(changes, ofTrace(AnnotationKind::Preference), std::move(said));
    return changes;
}

LabelChanges TraceLabels::setRanking(const std::vector<std::vector<std::int64_t>>& marks) const {
    LabelChanges changes;
    add(changes, ofTrace(AnnotationKind::Ranking), marks.empty() ? Json() : Json(marks));
    return changes;
}

LabelChanges TraceLabels::setOutcome(const std::string& outcome, const std::string& reason) const {
    LabelChanges changes;
    Json said;
    if (!outcome.empty()) said = Json{{"outcome", outcome}, {"reason", reason}};
    add(changes, ofTrace(AnnotationKind::Outcome), std::move(said), reason);
    return changes;
}

TraceLabels::Submission TraceLabels::submission() const {
    Submission submission;
    std::optional<int> first = firstError();
    const bool isMarked = first.has_value();
    if (!isMarked) {
        // Without a mark the first step that is rated -1 is the first error.
        for (int step = 0; step < stepCount() && !first; ++step) {
            if (rating(step) == -1) {
                first = step;
            } else if (at(step).required && !rating(step) && !isUnsure(step)) {
                submission.missingStep = step;
                return submission;
            }
        }
        addFirstError(submission.changes, first.value_or(-1));
    }
    for (int step = 0; isMarked && step < *first; ++step)
        if (isImpliedRight(step))
            add(submission.changes, stepTarget(AnnotationKind::StepRating, step), 1,
                "implied by the first error");
    for (LabelChange& change : setOutcome("submitted", {})) submission.changes.push_back(std::move(change));
    return submission;
}

}  // namespace retort
