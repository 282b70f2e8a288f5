// What a dataset file holds: its shape and why, counts, lengths, examples, and every line that is wrong.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/datasets/example.h"

namespace retort {

/// Of one number over all rows.
struct LengthSummary {
    std::int64_t count = 0;
    std::int64_t least = 0, most = 0, median = 0, percentile95 = 0;
    double mean = 0;
};

struct LineProblem {
    std::int64_t line = 0;
    std::string what;
};

struct DatasetReport {
    std::string file;
    std::int64_t rows = 0, badLines = 0, duplicates = 0;
    struct ShapeCount {
        std::int64_t rows = 0, firstLine = 0;
        std::string explanation;
    };
    std::map<DatasetShape, ShapeCount> shapes;
    LengthSummary promptWords, completionWords, thinkingWords;  ///< blank-separated; count: rows that have it
    std::int64_t withAnswer = 0, withThinking = 0, unclosedThinking = 0, positiveLabels = 0,
                 negativeLabels = 0;
    std::vector<DatasetExample> examples;  ///< the first three
    std::vector<LineProblem> problems;     ///< the first twenty

    /// The shape of the most rows.
    DatasetShape shape() const;
};

/// Reads the whole file; memory grows by about 30 bytes a row. Throws Error when it cannot be read at all, or
/// holds no row that is an example.
DatasetReport inspectDataset(const std::filesystem::path& file, const std::function<bool()>& stopped = {});

}  // namespace retort
