// A few training examples of each task, by which merges are tuned (AdaMerging) and parents are measured
// (Fisher information, Gram matrices).
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "training/engine/generator.h"
#include "training/recipes/data_source.h"
#include "training/recipes/token_sequence.h"

namespace retort {

/// The examples of one source.
struct CalibrationTask {
    std::string name;
    const DataSource* source = nullptr;
    std::vector<Problem> problems;
    std::vector<TokenSequence> sequences;  ///< prompt and reference completion, with loss on the completion
};

/// `count` different problems of the training split of each source, which no evaluation sees. Fewer where
/// there are no more. Sources without prompts (free text) have examples, too. Throws Error when there is
/// nothing at all.
std::vector<CalibrationTask> makeCalibration(const std::vector<DataSource>& sources,
                                             const Tokenizer& tokenizer, std::int64_t count,
                                             std::uint64_t seed);

/// Prompts with what the generator's model writes greedily after them, and loss positions where the answer
/// is: behind the think region, or all that was written where there is no answer. Looks at no reference.
/// Empty when a stop came.
std::vector<TokenSequence> answeredSequences(const std::vector<const Problem*>& problems,
                                             Generator& generator, const Tokenizer& tokenizer,
                                             std::int64_t maxNewTokens, std::stop_token stop = {});

}  // namespace retort
