// A trace: one sampled completion with its steps, verdicts, rewards and per-token numbers. The values that
// trainers log, the store keeps and the window shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace retort {

enum class StepVerdict { Unchecked, Correct, Wrong };

/// One reasoning step of a completion: the half-open byte range [begin, end) and what the task's checker says
/// of it.
struct TraceStep {
    std::int64_t begin = 0, end = 0;
    StepVerdict verdict = StepVerdict::Unchecked;
    std::string reason;  ///< why it is wrong, in a few words; empty when right

    bool operator==(const TraceStep&) const = default;
};

/// Parallel arrays, one entry a generated token; any of them may be empty (not recorded).
struct TokenArrays {
    std::vector<std::int32_t> ids;
    std::vector<std::int32_t> ends;  ///< byte offset in the completion at which the token's text ends
    std::vector<float> logprobs;     ///< under the policy that sampled it, at the sampling temperature
    std::vector<float> entropies;    ///< of that distribution, nats
    std::vector<float> refLogprobs;  ///< under the reference policy

    bool operator==(const TokenArrays&) const = default;
};

/// Traces of one prompt sampled together share `group`; `sample` counts within it.
struct Trace {
    std::int64_t step = 0;        ///< training step at which it was sampled
    std::string phase = "train";  ///< "train" (a rollout) or "eval"
    std::string task;             ///< name of the task, as in the configuration
    std::string problemId;        ///< stable across steps and runs: the same problem has the same id
    std::int64_t group = 0;       ///< unique within (run, step, phase)
    std::int32_t sample = 0;
    std::string prompt, completion;
    std::string gold;       ///< reference answer
    std::string extracted;  ///< answer found in the completion; empty when none
    bool correct = false;
    bool worked = false;  ///< the completion writes its working out (a think region with steps)
    std::optional<double> reward, advantage;
    std::vector<std::pair<std::string, double>> rewards;  ///< unweighted components by name
    std::int32_t numTokens = 0;                           ///< generated tokens, end-of-sequence included
    std::string finish = "stop";                          ///< "stop" or "length"
    std::optional<double> stepAccuracy;                   ///< correct steps / steps; absent without steps
    std::vector<TraceStep> steps;
    TokenArrays tokens;

    bool operator==(const Trace&) const = default;
};

}  // namespace retort
