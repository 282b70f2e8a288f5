// adopted.json: where an adopted run comes from.
#pragma once

#include "core/adoption/found_run.h"

namespace retort {

/// A file as the log's lines name it, by its place in the list. The list only grows, and is on the disk
/// before a line names a new entry.
struct AdoptedFile {
    FoundSource source;
    /// How far it was read beyond what the log's lines say (what needed no line), when the log was at `seq`.
    TrackerCursor read;
    std::int64_t seq = 0;
    FileHead head;
    /// Of files that are read whole: size and time of change when they were.
    std::uint64_t size = 0;
    std::int64_t modified = 0;  ///< ns
};

struct AdoptionRecord {
    std::filesystem::path root;
    std::string key;
    /// Whether names are those of transformers' own log_history ("loss", "eval_loss"): its callbacks write
    /// "train/loss" and "eval/loss" to trackers. Decided before the first metric, so that none changes its
    /// name on the way.
    std::optional<bool> trainerNames;
    ColumnMapping mapping;
    Json config = Json::object();  ///< what config.yaml holds
    std::vector<AdoptedFile> files;

    /// Throws Error when it is not there, is malformed or of a newer version.
    static AdoptionRecord load(const std::filesystem::path& run);
    void save(const std::filesystem::path& run) const;
    /// The index of a source; it is added when it is not there.
    int indexOf(const FoundSource& source);
};

/// A configuration as YAML, with a comment that says where it comes from. Deeper than 32 levels it is cut.
std::string adoptedYaml(const std::string& comment, const Json& config);

}  // namespace retort
