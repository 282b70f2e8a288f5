// What searches at test time share: they write solutions step by step, many problems side by side, and keep
// a record of every step that they sampled.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/tasks/task.h"
#include "training/recipes/sample_function.h"

namespace retort {

struct StepSettings {
    std::int64_t maxTokens = 128;   ///< of a solution
    std::int64_t maxPositions = 0;  ///< of the model, for prompt and solution; 0: no bound
    double temperature = 1.0;       ///< above 0
    std::int32_t eosId = -1;        ///< the token that finishes a solution
    /// What is found is a function of these two, the problems and the models.
    std::uint64_t seed = 1, streamBase = 0;
};

struct SearchProblem {
    std::vector<std::int32_t> prompt;  ///< token ids
    std::string delimiter;             ///< ends a step; the last one ends with the solution
};

/// A solution, as far as it is written.
struct PartialSolution {
    std::vector<std::int32_t> ids;  ///< after the prompt, with the token that finishes it
    double value = 0;               ///< at the last of them
    bool finished = false;
    bool cut = false;       ///< as long as it may be, and not finished
    std::int32_t node = 0;  ///< of the search's record

    bool isOver() const { return finished || cut; }
};

/// A step that was sampled: a node of core/traces/search_tree.h before its text is known.
struct SearchNode {
    std::int32_t parent = -1;
    std::int32_t round = 0;
    std::vector<std::int32_t> ids;  ///< its own
    std::int32_t tokens = 0;        ///< generated for it, those beyond the solution's bound included
    std::optional<double> value, weight;
    bool kept = true, finished = false;
};

/// Everything that a search of one problem did.
struct SearchRecord {
    std::vector<SearchNode> nodes = {{}};                             ///< node 0 is the root
    std::vector<std::pair<std::string, std::vector<double>>> curves;  ///< a value a round

    /// Appends to a curve, and begins it where there is none.
    void note(const char* curve, double value);
};

struct SearchResult {
    PartialSolution best;               ///< the finished solution of the highest value, else the best cut one
    std::vector<PartialSolution> last;  ///< what the search ended with
    std::vector<double> weights;        ///< of these, normalised; empty where the search has none
    std::int64_t tokens = 0;            ///< generated, also for solutions that were dropped
    bool whole = false;                 ///< false: a stop came before the search's end
    SearchRecord record;
};

/// The value of each text (prompt and what is written of a solution, as token ids), at its last token.
using ValueFunction = std::function<std::vector<double>(const std::vector<std::vector<std::int32_t>>&)>;

/// Samples next steps of solutions of some problems, and notes them in the problems' results.
class StepSampler {
  public:
    /// A solution that goes on.
    struct Open {
        std::size_t problem;
        PartialSolution solution;
    };

    /// `purpose` keeps the random numbers of searches apart. All but the settings must outlive the sampler.
    StepSampler(const SearchProblem* problems, std::vector<SearchResult>& results, StepSettings settings,
                std::string purpose, const SampleFunction& sample);

    /// A solution without steps, which is cut where the prompt leaves no room.
    PartialSolution beginning(std::size_t problem) const;
    /// One round: `samples` solutions for each open one, each a step longer, in order. Empty when a stop
    /// came.
    std::vector<PartialSolution> extended(const std::vector<Open>& open, std::int64_t samples);
    /// Rounds so far.
    std::int32_t round() const { return m_round; }
    /// Sets the solutions' values and those of their nodes; one that is no number becomes minus infinity.
    void rate(const std::vector<std::pair<std::size_t, PartialSolution*>>& unrated,
              const ValueFunction& values);

  private:
    std::int64_t room(std::size_t problem, const PartialSolution& solution) const;
    std::vector<Completion> steps(const std::vector<Open>& open, const std::vector<std::size_t>& which,
                                  std::int64_t samples, std::uint64_t stream) const;
    PartialSolution longer(const Open& from, const Completion& step);

    const SearchProblem* m_problems;
    std::vector<SearchResult>& m_results;
    StepSettings m_settings;
    std::string m_purpose;
    const SampleFunction& m_sample;
    std::int32_t m_round = 0;
};

/// Searches through `problems` problems in portions of as many as a batch of the generator holds, each of
/// which takes `rows` of its rows. After a portion that a stop has cut short nothing more is searched.
std::vector<SearchResult> searchInPortions(
    std::size_t problems, std::size_t rows,
    const std::function<std::vector<SearchResult>(std::size_t first, std::size_t count)>& search);

/// The solution of the highest value: of the finished ones, where there are any; equals in their order.
const PartialSolution& bestOf(const std::vector<PartialSolution>& solutions);
bool areOver(const std::vector<PartialSolution>& solutions);

/// What a solution's steps end with: `;` in our traces, a line's end in the texts of files that have no such
/// steps (core/tasks/task.h).
std::string stepDelimiter(const Task& task, const Problem& problem);

}  // namespace retort
