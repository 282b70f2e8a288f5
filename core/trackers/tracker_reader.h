// What other programs' logs of training say, read on as they grow (curves.md d): one reader a format, all
// with this face. Readers change nothing, take nothing that a file says of its sizes for granted, and keep
// only what one record needs in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/trackers/column_mapping.h"
#include "core/util/json.h"

namespace retort {

/// Where reading a file goes on: behind the last whole record that was told.
struct TrackerCursor {
    std::uint64_t at = 0;     ///< a byte; of a table in a database its last row id; of a history the entries
    std::uint64_t check = 0;  ///< the format's own: a hash, or a count of rows; 0 where it needs none
    bool operator==(const TrackerCursor&) const = default;
};

/// By what a file is known again that has the same name: the hash of its first bytes.
struct FileHead {
    std::uint64_t bytes = 0;  ///< at most FileHead::most; 0: nothing is known of it
    std::uint64_t hash = 0;
    static constexpr std::uint64_t most = 4096;
    bool operator==(const FileHead&) const = default;
};

struct TrackedValue {
    std::string_view name;  ///< valid while it is told
    double value = 0;       ///< may be NaN or infinite
};

/// Scalars of one step.
struct TrackedRow {
    std::int64_t step = 0;
    std::optional<double> t;  ///< Unix time, s; absent where the file has none
    std::span<const TrackedValue> values;
};

/// Who is told.
class TrackerSink {
  public:
    virtual ~TrackerSink() = default;
    /// `behind`: where reading would go on after this row.
    virtual void row(const TrackedRow& row, const TrackerCursor& behind) = 0;
    /// The trainer began anew: what was said of later steps than `lastStep` is superseded. Absent: of the
    /// steps from that of the next row on.
    virtual void restart(std::optional<std::int64_t> lastStep) = 0;
    /// Something that could not be read, with its file and place, and was passed over.
    virtual void problem(std::string text) = 0;
};

/// What a log tells of its run beside the curves; filled as it is read.
struct TrackerFacts {
    std::string name;
    Json config = Json::object();
    std::int64_t totalSteps = 0;  ///< 0: unknown
    std::string host;
    std::optional<double> started, ended;  ///< Unix time, s
    std::string outcome;                   ///< "finished", "stopped", "failed"; empty: not said (yet)
    std::string error;                     ///< of a failed one
};

class TrackerReader {
  public:
    virtual ~TrackerReader() = default;

    /// Tells what is there, at most about `maxBytes` of the file; true when there is no more for now. A
    /// missing file is an empty one. Throws Error when the file is no such log, or cannot be read.
    virtual bool read(TrackerSink& sink, std::size_t maxBytes) = 0;
    /// Nothing more will be written: a last line without its end is a whole one.
    virtual void settle() {}
    virtual TrackerCursor cursor() const = 0;
    virtual FileHead head() const { return {}; }
    const TrackerFacts& facts() const { return m_facts; }
    /// Things that are there and were not taken, counted by what they are: "3 histograms".
    virtual std::string notTaken() const { return {}; }

  protected:
    TrackerFacts m_facts;
};

enum class TrackerKind {
    Wandb,           ///< run-<id>.wandb
    SwanLab,         ///< run-<id>.swanlab
    TensorBoard,     ///< events.out.tfevents.*
    Trackio,         ///< <project>.db, the run that `select` names
    MlflowDatabase,  ///< mlflow.db, the run whose run_uuid is `select`
    MlflowRun,       ///< mlruns/<experiment>/<run>: its state and parameters
    MlflowMetric,    ///< …/metrics/<key>; `select` is the key
    VerlMetrics,     ///< verl's file logger: {"step", "data"} a line
    Dvclive,         ///< dvclive/plots/metrics/<key>.tsv; `select` is the key
    JsonLines,       ///< an object a line, by the mapping
    Table,           ///< CSV or TSV with a header, by the mapping
    TrainerState     ///< a folder that transformers' Trainer writes: trainer_state.json, checkpoint-*/
};

/// "wandb", "tensorboard" …
std::string_view name(TrackerKind kind);
std::optional<TrackerKind> trackerKindNamed(std::string_view name);

struct TrackerOptions {
    std::string select;     ///< which run, or which metric, where the path does not tell
    ColumnMapping mapping;  ///< JsonLines and Table
    TrackerCursor from;
    FileHead head;  ///< of the file when `from` was its cursor
    /// TrainerState: the cursors of all rows that were taken from it, in order; asked when its history is
    /// another one than before.
    std::function<std::vector<TrackerCursor>()> earlier;
};

std::unique_ptr<TrackerReader> openTracker(TrackerKind kind, const std::filesystem::path& path,
                                           TrackerOptions options = {});

}  // namespace retort
