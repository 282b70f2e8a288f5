// A completion as a document to read: regions of thinking and answering, cut into steps by the task's own
// marks or by a rule of the reader's.
#pragma once

#include "core/traces/trace.h"
#include "core/traces/trace_regions.h"

namespace retort {

enum class StepRule {
    Automatic,   ///< Marks where the trace has steps, Paragraphs otherwise
    Marks,       ///< Trace::steps; what lies between them is loose text
    Paragraphs,  ///< at blank lines (ProcessBench); at every line in a region without blank lines
    Thoughts,    ///< where the model turns: "Wait", "Alternatively", "Let me check" … at a sentence's start
    Expression   ///< a step begins at each match of a regular expression (PCRE2; ^ and $ are at lines)
};
/// "automatic", "marks", "paragraphs", "thoughts", "expression"
std::string_view name(StepRule rule);

struct StepCutting {
    StepRule rule = StepRule::Automatic;
    std::string expression;
    std::vector<RegionDelimiters> delimiters;  ///< tried before the known ones

    bool operator==(const StepCutting&) const = default;
};

struct DocumentStep {
    enum class Kind {
        Step,    ///< a reasoning step
        Text,    ///< thinking that is in no step
        Answer,  ///< of the region behind the thinking
    };
    Kind kind = Kind::Text;
    int number = 0;  ///< of a step: 1, 2, 3 …; 0 for the others
    int region = 0;
    std::int64_t begin = 0, end = 0;            ///< bytes of the completion that are judged
    std::int64_t shownBegin = 0, shownEnd = 0;  ///< with the marks and white space about; without gaps
    StepVerdict verdict = StepVerdict::Unchecked;
    std::string reason;

    bool operator==(const DocumentStep&) const = default;
};

class TraceDocument {
  public:
    TraceDocument() = default;
    /// Throws Error when the expression is wrong or takes too long. A completion over `plainBytes` is not
    /// cut at all: one region, one step.
    explicit TraceDocument(const Trace& trace, const StepCutting& cutting = {});

    static constexpr std::int64_t plainBytes = 8'000'000;
    /// A hostile text is not cut into more; the last one holds the rest.
    static constexpr std::size_t maxSteps = 100'000;

    const std::vector<TraceRegion>& regions() const { return m_regions; }
    /// In order of the text; their shown ranges cover the completion.
    const std::vector<DocumentStep>& steps() const { return m_steps; }
    bool isPlain() const { return m_plain; }
    StepRule rule() const { return m_rule; }  ///< what Automatic came to
    /// The step whose shown range holds this byte; -1: there is none.
    int stepAt(std::int64_t byte) const;
    int regionAt(std::int64_t byte) const;
    /// Steps [first, last) of a region.
    std::pair<int, int> stepsOf(int region) const;
    /// The first step that the task's checker finds wrong; -1: none.
    int firstWrong() const;
    /// Forgets what the task's checker says, for judging without its word.
    void hideVerdicts();

  private:
    std::vector<TraceRegion> m_regions;
    std::vector<DocumentStep> m_steps;
    bool m_plain = false;
    StepRule m_rule = StepRule::Marks;
};

}  // namespace retort
