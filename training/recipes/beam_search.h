// Step-wise beam search guided by a value model: OVM (#212; Yu, Gao and Wang, "OVM, Outcome-supervised Value
// Models for Planning in Mathematical Reasoning", arXiv 2311.09724).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/tasks/task.h"
#include "training/recipes/sample_function.h"

namespace retort {

struct BeamSettings {
    std::int64_t size = 1;          ///< solutions kept after each step
    std::int64_t expansion = 1;     ///< next steps sampled for each of them
    std::int64_t maxTokens = 128;   ///< of a solution
    std::int64_t maxPositions = 0;  ///< of the model, for prompt and solution; 0: no bound
    double temperature = 1.0;       ///< above 0
    std::int32_t eosId = -1;        ///< the token that finishes a solution
    /// What is found is a function of these two, the problems and the models.
    std::uint64_t seed = 1, streamBase = 0;
};

struct BeamProblem {
    std::vector<std::int32_t> prompt;  ///< token ids
    std::string delimiter;             ///< ends a step; the last one ends with the solution
};

/// A solution, as far as it is written.
struct BeamSolution {
    std::vector<std::int32_t> ids;  ///< after the prompt, with the token that finishes it
    double value = 0;               ///< at the last of them
    bool finished = false;
    bool cut = false;  ///< as long as it may be, and not finished

    bool isOver() const { return finished || cut; }
};

struct BeamResult {
    BeamSolution best;        ///< the finished solution of the highest value; without one, the best cut one
    std::int64_t tokens = 0;  ///< generated, also for solutions that were dropped
    bool whole = false;       ///< false: a stop came before the search's end
};

/// The value of each text (prompt and what is written of a solution, as token ids), at its last token.
using ValueFunction = std::function<std::vector<double>(const std::vector<std::vector<std::int32_t>>&)>;

/// One result a problem, in their order. From the prompt as many first steps are sampled as from a full beam
/// (size · expansion), as in the paper; then `expansion` next steps of each kept solution that is not over.
/// The `size` best different candidates are kept, finished ones among them, equals in the order of sampling;
/// a value that is no number comes last. Many problems are searched side by side.
std::vector<BeamResult> searchBeams(const std::vector<BeamProblem>& problems, const BeamSettings& settings,
                                    const SampleFunction& sample, const ValueFunction& values);

/// What a solution's steps end with: `;` in our traces, a line's end in the texts of files that have no such
/// steps (core/tasks/task.h).
std::string stepDelimiter(const Task& task, const Problem& problem);

}  // namespace retort
