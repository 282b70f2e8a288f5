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

struct StoreCheckReport {
    std::vector<std::string> problems;  ///< empty: all is well
    std::vector<std::string> checked;   ///< what was looked at, in words, with counts
};

}  // namespace retort
