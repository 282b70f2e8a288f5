// What the store gives and takes: plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/runlog/event.h"
#include "core/util/json.h"

namespace retort {

using RowId = std::int64_t;

/// "created", "running", "paused", "finished", "stopped", "failed", "lost" (no process holds it, and no end
/// event).
struct RunRow {
    RowId id = 0;
    std::string uuid, name, study, recipe, state, backend, host, directory, error, notes;
    std::vector<std::string> tags;
    double created = 0;
    std::optional<double> started, ended;  ///< of the last attempt
    std::int64_t step = 0, totalSteps = 0;
    std::int32_t attempts = 0;
    bool archived = false;
    std::string activity;  ///< last status event's state: "training", "evaluating" …
    std::optional<double> secondsLeft;
    std::string config;                    ///< resolved YAML
    std::map<std::string, double> latest;  ///< last value of each series: the run table's metric columns
    std::int64_t alarms = 0;               ///< count of warnings and errors
};

struct SeriesRow {
    RowId id = 0, run = 0;
    std::string name;
    std::int64_t count = 0;
    std::int64_t firstStep = 0, lastStep = 0;
    double lastValue = 0;
};

enum class XAxis { Step, Tokens, Seconds };  ///< Seconds: since the run's first start

struct SeriesPoint {
    std::int64_t step = 0, tokens = 0;
    double t = 0, value = 0;
    bool superseded = false;
    std::int32_t attempt = 1;
};

/// M4 of one pixel column: exact first, minimum, maximum and last of the finite values, and their x.
struct SeriesBucket {
    double firstX = 0, firstValue = 0, lastX = 0, lastValue = 0;
    double minX = 0, minValue = 0, maxX = 0, maxValue = 0;
    std::int64_t count = 0;
    std::int64_t nonFinite = 0;  ///< NaN and infinities among them: never aggregated, drawn as a mark
};

struct CheckpointRow {
    RowId id = 0, run = 0;
    std::int64_t step = 0;
    std::string path;  ///< absolute
    double t = 0;
    bool exists = true;  ///< still on disk when last looked
};

struct EvaluationRow {
    RowId id = 0, run = 0;
    std::int64_t step = 0;
    double t = 0;
    std::string name, setHash;
    std::map<std::string, double> metrics;
};

struct AlarmRow {
    RowId id = 0, run = 0;
    std::int64_t step = 0;
    double t = 0;
    std::string rule, severity, text;
};

struct TraceFilter {
    RowId run = 0;  ///< 0: all runs
    std::optional<std::int64_t> fromStep, toStep;
    std::optional<double> minReward, maxReward;
    std::optional<bool> correct, worked;
    std::string phase, task, problemId;  ///< empty: any
    std::string text;                    ///< full-text query over prompt and completion; empty: none
    std::optional<std::int64_t> minTokens, maxTokens;
    std::string finish;                   ///< "stop" or "length"; empty: any
    bool lanesDisagree = false;           ///< two judges say opposite things of one step
    bool zeroVariance = false;            ///< of groups in which all rewards are equal
    std::optional<bool> annotated;        ///< whether anybody annotated it (by hand, here)
    std::string annotator;                ///< that this one annotated; empty: any
    std::optional<std::int64_t> ofGroup;  ///< group_number
    enum class Order {
        Newest,
        Oldest,
        RewardDown,
        RewardUp,
        LongestFirst,
        ShortestFirst
    } order = Order::Newest;
};

/// A line of the trace list; the body is read by id when it is opened.
struct TraceRow {
    RowId id = 0, run = 0;
    std::int64_t step = 0, group = 0;
    std::int32_t sample = 0, numTokens = 0;
    std::string phase, task, problemId, promptHead, completionHead, finish;
    bool correct = false, worked = false;
    std::optional<double> reward, advantage, stepAccuracy;
};

/// How many traces a filter lets through.
struct TraceCount {
    std::int64_t traces = 0;
    bool isExact = false;  ///< false: there are more, or may be
};

/// One problem at one training step: what a sparkline through training draws.
struct ProblemMoment {
    RowId run = 0;
    std::int64_t step = 0;
    std::string phase;
    std::int64_t samples = 0, correct = 0;
    double meanTokens = 0;
    std::optional<double> meanReward;
    RowId firstTrace = 0;  ///< its sample 0, or the first there is
};

/// Equal-width bins over [low, high] of what a filter lets through; the last one includes `high`.
struct TraceHistogram {
    double low = 0, high = 0;
    std::vector<std::int64_t> right, wrong;  ///< traces a bin, by their answer
    std::int64_t without = 0;                ///< that have no such value
};

/// A line of a list of search trees.
struct TreeRow {
    RowId id = 0, run = 0;
    std::int64_t step = 0, tokens = 0, nodes = 0;
    std::string method, task, problemId;
    bool correct = false;
};

/// A run that was started on a machine of the store (the table `jobs`).
struct JobRow {
    RowId run = 0;
    std::string machine, directory;  ///< the run's directory there; empty: nothing is there yet
    std::string scheduler = "none";
    std::string jobId, jobState, reason;  ///< the scheduler's; empty: it has said nothing
    std::optional<double> expectedStart;  ///< Unix time, s
    double changed = 0;                   ///< Unix time, s: set when it is saved
};

/// Where a run that may be going lies.
struct RunPlace {
    RowId run = 0;
    std::string backend, directory, state, name, uuid, study;
};

struct StoreCheckReport {
    std::vector<std::string> problems;  ///< empty: all is well
    std::vector<std::string> checked;   ///< what was looked at, in words, with counts
};

}  // namespace retort
