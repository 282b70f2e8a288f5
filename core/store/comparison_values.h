// What the store gives to comparisons of checkpoints, and keeps of them: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/store/rows.h"

namespace retort {

/// How one checkpoint did on one problem.
struct ItemResult {
    std::int32_t samples = 0;  ///< 0: the problem is not in this evaluation
    std::int32_t correct = 0;
    float meanTokens = 0;

    double mean() const { return double(correct) / double(samples); }
    bool operator==(const ItemResult&) const = default;
};

/// Several evaluations, problem by problem.
struct ItemTable {
    /// Those of the first evaluation in its order, then what the others have beyond it. A problem that an
    /// evaluation asks twice stands here twice.
    std::vector<std::string> problems;
    std::vector<std::vector<ItemResult>> results;  ///< [evaluation][problem]
};

/// How sure a checkpoint was of one sampled answer.
struct AnswerConfidence {
    std::string problem;
    double probability = 0;  ///< exp of the mean log-probability of the answer's tokens; NaN: not recorded
    double agreement = 0;    ///< share of the problem's samples with this answer; NaN with one sample
    bool correct = false;
};

/// A checkpoint of a run, wherever the run lies.
struct CheckpointKey {
    std::string runUuid;
    std::int64_t step = 0;
    bool operator==(const CheckpointKey&) const = default;
};

/// A step of a run that was evaluated: what can be compared.
struct EvaluatedCheckpoint {
    RowId run = 0;
    std::string runName, runUuid;
    std::int64_t step = 0;
    std::vector<std::string> evaluations;  ///< their names
    double accuracy = 0;                   ///< mean of the evaluations'; NaN: none says it
};

struct SavedComparison {
    RowId id = 0;  ///< 0: not in the store yet
    std::string name;
    double created = 0, changed = 0;  ///< Unix time, s
    std::vector<CheckpointKey> checkpoints;
    std::int32_t baseline = 0;  ///< index in `checkpoints`
    std::string evaluation;     ///< empty: all that they have in common
    std::string setHash;        ///< of the problems it rested on when it was saved
    Json options = Json::object();
};

}  // namespace retort
