// A dataset made fit for training: duplicates and leaked evaluation problems out, with counts of what went
// and why.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/datasets/example.h"

namespace retort {

struct PrepareSettings {
    std::vector<std::filesystem::path> inputs, against;
    std::filesystem::path output;
    std::size_t ngram = 13;      ///< words that a leaked problem and a row have in common
    bool nearDuplicates = true;  ///< rows that differ in case, punctuation and blanks only count as one
    bool skipBadLines = false;   ///< else the first one ends it
    bool overwrite = false;
};

/// One row that was left out.
struct DroppedRow {
    std::string place;   ///< "data.jsonl:12"
    std::string reason;  ///< "duplicate of data.jsonl:3"
};

struct PrepareReport {
    std::int64_t read = 0, kept = 0, exactDuplicates = 0, nearDuplicates = 0, contaminated = 0, bad = 0;
    std::vector<std::pair<std::string, std::int64_t>> contaminatedBy;  ///< by evaluation set
    std::int64_t evaluationProblems = 0;
    std::vector<DroppedRow> dropped;  ///< the first of each kind, at most `maxListed` of a kind

    static constexpr std::int64_t maxListed = 20;
};

/// Copies the rows to be kept, byte for byte, in order. Memory grows with the number of rows (about 100 bytes
/// each), not with their length. The output appears whole or not at all; throws Error when it exists and may
/// not be overwritten, is one of the inputs, or when an input cannot be read. `stopped` is asked now and
/// then.
PrepareReport prepareDataset(const PrepareSettings& settings, const std::function<bool()>& stopped = {});

}  // namespace retort
