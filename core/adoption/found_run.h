// What a folder of other programs holds: runs, and the files that tell of each.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/trackers/tracker_reader.h"

namespace retort {

struct FoundSource {
    /// Curves are read by a TrackerReader, traces by TraceImporter; a checkpoint is a folder.
    /// RunLog: events.jsonl of a command that logs with retort_log.py; recognise() does not give it.
    enum class Type { Curves, Checkpoint, TrlCompletions, VerlRollouts, RunLog };
    Type type = Type::Curves;
    TrackerKind kind = TrackerKind::TensorBoard;  ///< of curves
    std::filesystem::path path;                   ///< absolute
    std::string select;                           ///< TrackerOptions::select
    bool operator==(const FoundSource&) const = default;
};

/// "tensorboard", "checkpoint", "trl-completions" …
std::string_view nameOf(const FoundSource& source);
/// A source of that name; nothing for an unknown one.
std::optional<FoundSource> sourceNamed(std::string_view name);

struct FoundRun {
    std::filesystem::path root;  ///< canonical; with `key` what the run is known again by
    std::string key;             ///< which one, where a root holds several
    std::string name;            ///< for people
    /// In the order in which they are read. Where several tell the same metric of the same step, the first
    /// one's number is taken: W&B, SwanLab, TensorBoard, trackio, MLflow, verl, DVCLive, JSON lines, tables,
    /// trainer_state.json. The first have every step as it was logged and its time; the last is written at
    /// saves only, and has no times.
    std::vector<FoundSource> sources;

    /// A UUID of root and key.
    std::string id() const;
    /// "tensorboard (2), trainer-state, checkpoint (3)".
    std::string summary() const;
};

struct FoundFolder {
    std::vector<FoundRun> runs;
    std::vector<std::string> notes;  ///< what looks like a log and is not taken, with the reason
    /// Tables and JSON lines that nothing was made of, because their columns have no names that are known: a
    /// mapping may say more.
    std::vector<std::filesystem::path> unmapped;
};

/// Asked with the number of files that were looked at so far; false ends it.
using LookOn = std::function<bool(std::size_t files)>;

/// Looks through a folder, or at one file. Links are not followed, and at most 200 000 entries are looked at.
/// With a mapping every table and every file of JSON lines is taken. Throws Error when there is no such
/// folder, when a table does not have the mapping's columns, or when `lookOn` ended it.
FoundFolder recognise(const std::filesystem::path& folder, const ColumnMapping& mapping = {},
                      const LookOn& lookOn = nullptr);

}  // namespace retort
