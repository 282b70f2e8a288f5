// A language model as a critic: it is asked for the first wrong paragraph in ProcessBench's form (#207; Zheng
// et al., arXiv 2412.06559), and its last \boxed number is its answer.
#pragma once

#include <optional>
#include <string>

#include "training/judging/monte_carlo.h"

namespace retort {

/// The question about a trace; paragraphs are its steps, numbered from 0.
std::string critiqueQuestion(const std::string& problem, const std::vector<std::string>& steps);

/// The number in the last \boxed{…} of a critique; absent: there is none.
std::optional<std::int64_t> critiqueAnswer(std::string_view critique);

/// What most of several answers say, the first of equals; absent where most gave none.
std::optional<std::int64_t> majorityAnswer(const std::vector<std::optional<std::int64_t>>& answers);

struct CriticSettings {
    std::int64_t answers = 1;  ///< that vote; 1: greedy
    double temperature = 1.0, topP = 1.0;
    std::int64_t maxNewTokens = 512, maxPositions = 0;
    std::uint64_t seed = 1;
    std::int64_t tracesAtOnce = 32;
};

/// Steps before the error are rated 1, it is rated -1 (its value: the share of answers that named it), and
/// those behind it are not rated. `prompt` makes of a question what the model reads. Throws Error when its
/// vocabulary cannot write the question. False when a stop came first.
bool judgeByCritic(const std::vector<Trace>& traces, const Tokenizer& tokenizer,
                   const std::function<std::string(const std::string&)>& prompt,
                   const CriticSettings& settings, const SampleFunction& sample, const std::string& lane,
                   const JudgedFunction& done);

}  // namespace retort
