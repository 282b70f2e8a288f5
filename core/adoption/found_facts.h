// What a found run has to show before anybody adopts it, and what its tables look like.
#pragma once

#include <functional>
#include <optional>

#include "core/adoption/found_run.h"

namespace retort {

struct FoundFacts {
    std::int64_t points = 0;  ///< numbers of its curves
    std::int64_t lastStep = 0;
    bool isWhole = true;  ///< false: there is more than was looked at
    std::uint64_t bytes = 0;
    double lastChange = 0;  ///< Unix time, s; 0: unknown
    std::string outcome;    ///< "finished" …, where its files say so
    std::string problem;    ///< why a file of it cannot be read; the first one
    /// Whether somebody still writes it: it changed within the ten minutes before `now`, and no end is told.
    bool isLive(double now) const;
};

/// Reads at most about `mostBytes` of its files. `goOn` is asked now and then: false ends it, with what was
/// seen.
FoundFacts factsOf(const FoundRun& found, const ColumnMapping& mapping, std::uint64_t mostBytes,
                   const std::function<bool()>& goOn = nullptr);

/// The first rows of a table or of JSON lines as a mapping reads them.
struct MappedRows {
    std::vector<std::string> columns;  ///< all that the file has, members of members as "a/b"
    ColumnMapping mapping;             ///< with what is usual filled in
    std::vector<std::string> metrics;
    struct Row {
        std::int64_t step = 0;
        std::optional<double> t;
        std::vector<std::optional<double>> values;  ///< as `metrics`
    };
    std::vector<Row> rows;
    std::string problem;  ///< what is wrong with the mapping, or the file; there are no rows then
};

MappedRows mappedRows(const std::filesystem::path& file, const ColumnMapping& mapping, std::size_t mostRows);

}  // namespace retort
