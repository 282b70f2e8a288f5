// What one annotator says of one trace, step by step, and what an action changes in it. Values only: no
// store, no widgets, so that the rules of annotating (traces.md d) are in one place and can be tested as
// such.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/annotations/annotation.h"

namespace retort {

/// Bytes [begin, end) of the completion; (-1, -1): the whole trace.
struct TextRange {
    std::int64_t begin = -1, end = -1;

    auto operator<=>(const TextRange&) const = default;
};

/// A piece of the text that can be rated, as the reader has cut it.
struct LabelStep : TextRange {
    bool required = true;  ///< before an item can be submitted; not the answer behind steps, and loose text
    int number = 0;        ///< of a step: 1, 2, 3 …; 0 for other pieces
};

struct LabelChange {
    AnnotationTarget target;
    Json before, after;  ///< null: nothing is said
    std::string reason = {};
};
/// All that one action changes: said, undone and redone together.
using LabelChanges = std::vector<LabelChange>;

class TraceLabels {
  public:
    TraceLabels() = default;
    /// In order of the text.
    explicit TraceLabels(std::vector<LabelStep> steps) : m_steps(std::move(steps)) {}

    void setSaid(const std::vector<Annotation>& annotations);
    void apply(const LabelChanges& changes);
    void revert(const LabelChanges& changes);

    const std::vector<LabelStep>& steps() const { return m_steps; }
    int stepCount() const { return static_cast<int>(m_steps.size()); }
    const LabelStep& at(int step) const { return m_steps.at(static_cast<std::size_t>(step)); }
    bool isEmpty() const { return m_said.empty(); }
    /// Everything that is said, in order of target.
    const std::map<AnnotationTarget, Json>& said() const { return m_said; }
    /// Null when nothing is said.
    Json value(const AnnotationTarget& target) const;

    std::optional<int> rating(int step) const;
    bool isUnsure(int step) const;
    std::vector<std::string> errorTypes(int step) const;
    std::string correction(int step) const;
    std::string note(const TextRange& range) const;
    std::vector<std::pair<TextRange, std::string>> notes() const;
    std::optional<int> score(AnnotationKind kind, const TextRange& range) const;
    /// The step that holds the marked first error; -1: "no error"; nothing: not said.
    std::optional<int> firstError() const;
    std::string outcome() const;  ///< "submitted", "skipped" …; empty: none yet
    /// Of a step before the marked first error that nobody rated: "right" as soon as the item is submitted.
    bool isImpliedRight(int step) const;

    /// What each action changes. Labels stay consistent: a first error is rated -1, what is before it is not,
    /// what is behind it is void, and where no step is wrong none is rated -1.
    LabelChanges rate(int step, std::optional<int> rating) const;
    LabelChanges toggleUnsure(int step) const;
    LabelChanges markFirstError(int step) const;
    LabelChanges markNoError() const;  ///< a second time: takes the mark back
    LabelChanges toggleErrorType(int step, const std::string& id) const;
    LabelChanges setCorrection(int step, const std::string& text) const;  ///< empty: none
    LabelChanges setNote(const TextRange& range, const std::string& text) const;
    LabelChanges setScore(AnnotationKind kind, const TextRange& range, std::optional<int> score) const;
    LabelChanges setPreference(std::int64_t otherMark, const std::string& choice) const;
    LabelChanges setRanking(const std::vector<std::vector<std::int64_t>>& marks) const;
    LabelChanges setOutcome(const std::string& outcome, const std::string& reason) const;

    /// Submitting: all steps up to the first error have to be rated (or flagged as unsure), or "no error" be
    /// said. What was implied is said with it.
    struct Submission {
        int missingStep = -1;  ///< that has to be rated first; -1: nothing is missing
        LabelChanges changes;
    };
    Submission submission() const;

  private:
    /// The target under which something of that kind is said of the step, or would be.
    AnnotationTarget stepTarget(AnnotationKind kind, int step) const;
    void add(LabelChanges& changes, const AnnotationTarget& target, Json after,
             const std::string& reason = {}) const;
    void addFirstError(LabelChanges& changes, std::optional<int> step) const;

    std::vector<LabelStep> m_steps;
    std::map<AnnotationTarget, Json> m_said;
};

}  // namespace retort
