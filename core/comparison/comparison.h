// Any number of checkpoints over the problems that all of them answered: what is compared, on which sets of
// problems, and what had to be left out. Unlike things are never compared silently: every omission is a note.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/store/comparison_values.h"
#include "core/store/store.h"

namespace retort {

/// A checkpoint is a step of a run.
struct CheckpointRef {
    RowId run = 0;
    std::int64_t step = 0;
    bool operator==(const CheckpointRef&) const = default;
};

struct ComparedCheckpoint {
    CheckpointRef ref;
    std::string runUuid;
    std::string name;    ///< "grpo @ 300"
    std::string folder;  ///< of the weights; empty: none is known at that step
};

/// Something that the reader must know about what is compared.
struct ComparisonNote {
    enum class Kind {
        NoEvaluation,     ///< the checkpoint was not evaluated by that name (or at all): it is left out
        OtherSet,         ///< … on another set of problems: it is left out
        NotCommon,        ///< the evaluation is not of all checkpoints on one set: the evaluation is left out
        Repeated,         ///< evaluated more than once: the newest counts
        OtherSamples,     ///< its number of samples a problem differs from the baseline's
        ProblemsLeftOut,  ///< `count` problems are not in every evaluation (or were not answered): they are
                          ///< left out
        NothingInCommon,  ///< no set of problems is left: nothing is compared
    };
    Kind kind = Kind::NoEvaluation;
    std::string checkpoint, evaluation;
    std::int64_t count = 0;

    bool operator==(const ComparisonNote&) const = default;
};
/// In English, one sentence.
std::string noteText(const ComparisonNote& note);

/// The problems of one evaluation set: items [first, first + count) of the comparison.
struct ComparedSet {
    std::string name, hash;
    std::size_t first = 0, count = 0;
};

struct Comparison {
    std::vector<ComparedCheckpoint> checkpoints;
    std::size_t baseline = 0;
    std::vector<ComparedSet> sets;
    std::vector<std::string> problems;             ///< ids, set by set
    std::vector<std::vector<ItemResult>> results;  ///< [checkpoint][item]; samples > 0 throughout
    std::vector<ComparisonNote> notes;

    std::size_t items() const { return problems.size(); }
    const ComparedSet& setOf(std::size_t item) const;
    /// The set's hash; of several sets, a hash of their names and hashes. Empty without sets.
    std::string setHash() const;
    /// Whether every checkpoint has one sample a problem.
    bool isSingleSample() const;
};

/// Solved: right in at least half of the samples.
inline bool isSolved(const ItemResult& result) {
    return 2 * result.correct >= result.samples;
}

/// Reads and aligns. `baseline` is an index in `checkpoints`. With a name in `evaluation`, checkpoints that
/// have no such evaluation of the baseline's set are left out; without one, all evaluations that every
/// checkpoint has on one set are taken together. Throws Error for an unknown run and for an index out of
/// range.
Comparison loadComparison(StoreReader& reader, const std::vector<CheckpointRef>& checkpoints,
                          std::size_t baseline, const std::string& evaluation = {});

/// The last step of a run with an evaluation; nothing when it has none.
std::optional<CheckpointRef> lastEvaluated(StoreReader& reader, RowId run);

}  // namespace retort
