// From a sampled completion to the trace that is logged and shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/tasks/task.h"
#include "core/traces/trace.h"
#include "training/engine/generator.h"

namespace retort {

/// A completion of a problem, with its text (end of sequence removed) and the checker's verdict.
struct JudgedCompletion {
    Completion completion;
    std::string text;
    Verdict verdict;
    std::int64_t tokens() const { return std::int64_t(completion.ids.size()); }
};

/// Where each token's text ends, in bytes of the completion's text (`textSize` of them). A character whose
/// bytes are spread over tokens belongs to the one that completes it: all ends lie between characters. Takes
/// time in proportion to the tokens. Where byte tokens of a SentencePiece vocabulary make no character, the
/// ends behind them may be off by their bytes (StreamDecoder).
std::vector<std::int32_t> tokenEnds(const Tokenizer& tokenizer, const std::vector<std::int32_t>& ids,
                                    std::size_t textSize);

/// Decodes and judges in parallel: `completions[i]` is one of `problems[i / samples]`, whose checker is
/// `tasks[i / samples]`.
std::vector<JudgedCompletion> judge(const Tokenizer& tokenizer, const std::vector<const Problem*>& problems,
                                    const std::vector<const Task*>& tasks,
                                    std::vector<Completion> completions, std::int64_t samples);

/// A step accuracy says something: a checker looked at one step at least.
bool hasCheckedSteps(const Verdict& verdict);

/// Everything but phase, step, group, sample, rewards and advantage.
Trace makeTrace(const Tokenizer& tokenizer, const std::string& taskName, const Problem& problem,
                const JudgedCompletion& judged, bool tokenArrays);

}  // namespace retort
