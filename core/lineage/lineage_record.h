// Where a checkpoint came from, as the checkpoint folder itself says it: `lineage.json` beside config.json,
// written by whatever made the checkpoint from others outside of a training run (a merge, an import). What a
// run's checkpoint came from is in the run's config.yaml already.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// How a checkpoint came from another.
enum class LineageKind {
    Trained,    ///< started from its weights
    Distilled,  ///< learned from it as a teacher
    Merged,     ///< one of the models of a merge
    Adapter,    ///< the adapter that it goes on with, or the model that an adapter belongs to
    Resumed,    ///< a later checkpoint of the same run
    Grown,      ///< a larger or smaller model made from its weights
    Judged,     ///< learned from its verdicts (a reward model)
};

/// "trained", "distilled", "merged", "adapter", "resumed", "grown", "judged".
const char* lineageKindName(LineageKind kind);
/// Whether weights come from there: a teacher's and a judge's do not.
bool carriesWeights(LineageKind kind);
/// Nothing for an unknown name.
std::optional<LineageKind> lineageKindOf(std::string_view name);

struct LineageParent {
    LineageKind kind = LineageKind::Trained;
    std::filesystem::path path;    ///< absolute when written
    std::string hash;              ///< contentHash() of it then; empty: unknown
    std::optional<double> weight;  ///< in a merge, where it is one number
    bool isBase = false;           ///< the base model of a merge

    bool operator==(const LineageParent&) const = default;
};

struct LineageRecord {
    std::string method;  ///< "ties"; empty: no merge
    std::vector<LineageParent> parents;
    std::string recipe;  ///< the merge's YAML, whole
    double created = 0;  ///< Unix time, s
    std::string program;

    bool operator==(const LineageRecord&) const = default;
};

/// Nothing when the folder has no lineage.json. Throws Error for one that is damaged (not JSON, an unknown
/// kind, more than 1000 parents, more than 4 MB). A parent's relative path, which others may write, is taken
/// from the folder.
std::optional<LineageRecord> readLineageRecord(const std::filesystem::path& folder);
/// Throws Error.
void writeLineageRecord(const std::filesystem::path& folder, const LineageRecord& record);

/// A hash (XXH3, 128 bits, 32 hexadecimal digits) of a checkpoint's weights: names, types, shapes and bytes
/// of all tensors in the order of their names, so sharding and the header's wording do not matter. Of an
/// adapter's folder it is that of the adapter. It tells checkpoints apart; it is no proof against someone who
/// wants two to be equal. Throws Error, also when it is asked to stop.
std::string contentHash(const std::filesystem::path& folder, std::stop_token stop = {});

}  // namespace retort
