// A trace: one sampled completion with its steps, verdicts, rewards and per-token numbers. The values that
// trainers log, the store keeps and the window shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

/// Who judges steps. What two of them say is never put together into one number: a Monte-Carlo value is the
/// chance to recover, a rating is validity (traces.md b.8).
enum class LaneKind { Checker, Human, MonteCarlo, Prm, Critic, Detector };
/// "checker", "human", "monte_carlo", "prm", "critic", "detector"
std::string_view name(LaneKind kind);
std::optional<LaneKind> laneKindNamed(std::string_view name);

/// What one judge says of one step.
struct StepJudgement {
    std::int64_t begin = 0, end = 0;           ///< bytes of the completion, half-open
    std::optional<std::int32_t> rating;        ///< PRM800K: -1 wrong, 0 right but no progress, 1 right
    std::optional<double> value;               ///< probability or score; of Monte Carlo successes / rollouts
    std::int32_t successes = 0, rollouts = 0;  ///< of Monte Carlo
    std::string text;                          ///< reason, in a few words

    bool operator==(const StepJudgement&) const = default;
};

/// One judge's word on a trace, in order of the text. The task's own checker is not among a trace's lanes: it
/// is TraceStep::verdict.
struct StepLane {
    LaneKind kind = LaneKind::Human;
    std::string name;  ///< the annotator, the checkpoint, the detector
    std::vector<StepJudgement> steps;

    bool operator==(const StepLane&) const = default;
};

/// Where a completion was branched off another one: its first `byte` bytes are that one's, or were edited.
struct TraceBranch {
    std::string run;  ///< UUID
    std::int64_t step = 0, group = 0;
    std::int32_t sample = 0;
    std::string phase;
    std::int64_t byte = 0;   ///< of this completion: what is behind it was generated anew
    std::string checkpoint;  ///< that went on from there
    bool edited = false;     ///< the text before `byte` was changed by hand, or forced

    bool operator==(const TraceBranch&) const = default;
};

/// Parallel arrays, one entry a generated token; any of them may be empty (not recorded).
struct TokenArrays {
    std::vector<std::int32_t> ids;
    std::vector<std::int32_t> ends;  ///< byte offset in the completion at which the token's text ends
    std::vector<float> logprobs;     ///< under the policy that sampled it, at the sampling temperature
    std::vector<float> entropies;    ///< of that distribution, nats
    std::vector<float> refLogprobs;  ///< under the reference policy
    std::vector<float> ratios;       ///< policy / sampling policy in the step's last update
    std::vector<float> advantages;
    std::vector<std::int32_t>
        clipped;                ///< the ratio was below the clip range (-1), above it (1), or in it (0)
    std::vector<float> values;  ///< of a value model, at the state after the token
    std::vector<float> scores;  ///< of a process reward model: probability that all is right up to the token
    /// The most probable tokens at each place: topIds and topLogprobs have `topCount` entries a token, in
    /// falling order; topTexts has the text of every id among them, once.
    std::int32_t topCount = 0;
    std::vector<std::int32_t> topIds;
    std::vector<float> topLogprobs;
    std::vector<std::pair<std::int32_t, std::string>> topTexts;

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
    std::vector<StepLane> lanes;        ///< that came with it: labels of an imported file, scores of a judge
    std::optional<TraceBranch> branch;  ///< absent: sampled whole

    bool operator==(const Trace&) const = default;
};

}  // namespace retort
