// PRM800K (Lightman et al. 2023, github.com/openai/prm800k): solutions with a person's rating of each step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/trace_formats/trace_import.h"

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

/// Throws Error with the field ("label.steps[3].chosen_completion") as its place.
Prm800kRecord readPrm800k(const JsonFields& fields);
/// One line, without its end, in the members' own order.
void appendPrm800k(const Prm800kRecord& record, std::string& out);

/// The solution that the labeler followed, and each rated alternative to one of its steps as a trace of its
/// own with the steps before it. Steps that were generated after the last rated one stay unchecked.
std::vector<Trace> tracesOf(const Prm800kRecord& record, NeutralMeaning neutral, bool alternatives);

/// Ratings from the verdicts of the steps: up to the first wrong one, as phase 2 has them. Nothing for a
/// trace without steps, or with an unchecked one before the first wrong one.
std::optional<Prm800kRecord> prm800kOf(const Trace& trace, const std::string& labeler,
                                       const std::string& timestamp);

}  // namespace retort
