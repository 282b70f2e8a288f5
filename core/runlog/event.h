// The closed set of things that a run says (design: "A run is a directory"). One codec (codec.h) turns them
// into lines of events.jsonl and back; pipes, SSH streams, files and tests speak it alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/traces/search_tree.h"
#include "core/traces/trace.h"

namespace retort {

/// First event of each attempt (a resumed run starts a new attempt).
struct StartEvent {
    std::int32_t attempt = 1;
    std::int64_t fromStep = 0;    ///< 0, or the step of the checkpoint from which it resumes
    std::int64_t totalSteps = 0;  ///< 0 when unknown
    std::int64_t pid = 0;
    std::string host;
    std::string program;  ///< "retort-cli 0.1.0"
    bool operator==(const StartEvent&) const = default;
};

/// Metrics of one optimizer step. Names are the field's (algorithms.md a.8): "loss",
/// "rewards/correctness/mean" … Values may be NaN or infinite; the codec carries them.
struct ScalarsEvent {
    std::int64_t step = 0;
    std::int64_t tokens = 0;  ///< training tokens consumed so far
    std::vector<std::pair<std::string, double>> values;
    bool operator==(const ScalarsEvent&) const = default;
};

struct TraceEvent {
    Trace trace;
    bool operator==(const TraceEvent&) const = default;
};

/// One problem's search at test time.
struct TreeEvent {
    SearchTree tree;
    bool operator==(const TreeEvent&) const = default;
};

struct CheckpointEvent {
    std::int64_t step = 0;
    std::string path;  ///< relative to the run directory: "checkpoints/step-00000100"
    bool operator==(const CheckpointEvent&) const = default;
};

/// One held-out evaluation. `items` are per problem, so that two evaluations of the same set can be paired.
struct EvaluationItem {
    std::string problemId;
    std::int32_t samples = 0, correct = 0;
    double meanTokens = 0;
    bool operator==(const EvaluationItem&) const = default;
};
struct EvaluationEvent {
    std::int64_t step = 0;
    std::string name;     ///< the task's name in the configuration
    std::string setHash;  ///< hash of the problem set's ids
    std::vector<std::pair<std::string, double>>
        metrics;  ///< "accuracy", "step_accuracy", "pass@4", "mean_length" …
    std::vector<EvaluationItem> items;
    bool operator==(const EvaluationEvent&) const = default;
};

struct AlarmEvent {
    std::int64_t step = 0;
    std::string rule;      ///< "non_finite", "length_collapse", "entropy_collapse", "reward_hockey_stick" …
    std::string severity;  ///< "info", "warning", "error"
    std::string text;
    bool operator==(const AlarmEvent&) const = default;
};

/// What the trainer is doing now: "measuring", "training", "generating", "evaluating", "paused", "stopping" …
struct StatusEvent {
    std::string state;
    std::int64_t step = 0, totalSteps = 0;
    std::optional<double> secondsLeft;
    bool operator==(const StatusEvent&) const = default;
};

struct MessageEvent {
    std::string level = "info";  ///< "info", "warning", "error"
    std::string text;
    bool operator==(const MessageEvent&) const = default;
};

/// What the log holds beyond `toStep` is superseded by what follows (written on resume).
struct RewindEvent {
    std::int64_t toStep = 0;
    bool operator==(const RewindEvent&) const = default;
};

/// Last event of an attempt. "finished", "stopped" (asked to), "failed" (with the error).
struct EndEvent {
    std::string outcome;
    std::string error;
    bool operator==(const EndEvent&) const = default;
};

using EventPayload = std::variant<StartEvent, ScalarsEvent, TraceEvent, CheckpointEvent, EvaluationEvent,
                                  AlarmEvent, StatusEvent, MessageEvent, RewindEvent, EndEvent, TreeEvent>;

struct Event {
    std::int64_t seq = 0;  ///< 1, 2, 3 …, gapless within a run
    double t = 0;          ///< Unix time, s
    EventPayload payload;
    bool operator==(const Event&) const = default;
};

/// Where trainers say things. Calls come from the training thread, cost it under 5 µs for scalars, and never
/// throw: an implementation that can no longer write remembers the error and says so in `failure()`.
class EventSink {
  public:
    virtual ~EventSink();
    virtual void write(EventPayload payload) = 0;
    /// Blocks until everything written is on disk (checkpoints, end of run).
    virtual void sync() = 0;
    /// Empty while all is well.
    virtual std::string failure() const = 0;
};

}  // namespace retort
