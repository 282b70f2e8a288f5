// PRM800K (Lightman et al. 2023, github.com/openai/prm800k): solutions with a person's rating of each step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/trace_formats/annotated_solution.h"
#include "core/trace_formats/lane_labels.h"

namespace retort {

class JsonFields;

struct Prm800kCompletion {
    std::string text;
    std::optional<std::int64_t> rating;  ///< -1 bad, 0 okay, 1 great
    std::optional<bool> flagged;         ///< "don't know how to label"
    std::string source;                  ///< "human" where a person wrote it; else empty
    bool operator==(const Prm800kCompletion&) const = default;
};

struct Prm800kStep {
    std::vector<Prm800kCompletion> completions;
    std::optional<Prm800kCompletion> human;
    std::optional<std::int64_t> chosen;  ///< index into completions
    bool operator==(const Prm800kStep&) const = default;
};

/// A line of phase1_*.jsonl or phase2_*.jsonl, all of it.
struct Prm800kRecord {
    std::string labeler, timestamp;
    std::optional<std::int64_t> generation;  ///< absent in phase 1; -1: the screening set
    bool qualityControl = false, screening = false;
    std::string problem;
    std::optional<std::string> solution, answer;             ///< of the ground truth
    std::optional<std::vector<std::string>> generatedSteps;  ///< phase 2
    std::optional<std::string> generatedAnswer;
    std::optional<double> verifierScore;
    std::vector<Prm800kStep> steps;
    std::optional<std::int64_t> totalTime;  ///< ms
    std::string finishReason;               ///< "found_error", "solution", "bad_problem", "give_up"
    bool operator==(const Prm800kRecord&) const = default;
};

/// A time as its records have it: ISO 8601 in UTC, whole seconds.
std::string prm800kTime(double unixSeconds);

/// Throws Error with the field ("label.steps[3].chosen_completion") as its place.
Prm800kRecord readPrm800k(const JsonFields& fields);
/// One line, without its end, in the members' own order.
void appendPrm800k(const Prm800kRecord& record, std::string& out);

/// The solution that the labeler followed, and each alternative to one of its steps as a trace of its own
/// with the steps before it, branched off the solution (TraceBranch::sample 0 stands for it until the
/// importer numbers them). The ratings are in the labeler's lane. Steps that were generated after the last
/// rated one stay unlabelled. Empty for a record without steps. What a trace has no place for is lost:
/// timestamp, generation, whether it was a control or a screening question, the ground truth's solution,
/// total_time.
std::vector<Trace> tracesOf(const Prm800kRecord& record, bool alternatives);

/// A record being put together: the solution, then the alternatives to its steps.
class Prm800kBuilder {
  public:
    /// Up to the first step rated -1, as phase 2 has them. `said` adds what a person said beside the ratings:
    /// unsure, corrections, how it ended, the time it took.
    static std::optional<Prm800kBuilder> from(const Trace& solution, const std::vector<StepLabel>& labels,
                                              const AnnotatedSolution* said);
    /// Whether the trace is a rated alternative to one of the solution's steps; it is then taken in.
    bool takeAlternative(const Trace& trace, const std::vector<StepLabel>& labels);
    /// Labeler and timestamp are the caller's.
    Prm800kRecord record() const;

  private:
    struct Rated {
        std::size_t step = 0;
        std::int64_t place = 0;  ///< among the step's completions
        bool chosen = false;
        Prm800kCompletion completion;
    };
    Prm800kRecord m_record;
    std::vector<Rated> m_rated;
    std::int64_t m_step = 0, m_group = 0;
    std::int32_t m_sample = 0;
    std::string m_phase;
};

}  // namespace retort
