// Where it is written what a checkpoint came from: in the configuration of its run, or in its own folder.
// Nothing here knows the store; what is found are links to names, which lineage_builder.h joins to a graph.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/lineage/lineage_record.h"

namespace retort {

/// One parent, as it is named where it is named.
struct LineageLink {
    LineageKind kind = LineageKind::Trained;
    std::string parent;  ///< absolute path of a folder, "run:<name or id>[@step]", or "hub:<org/name>"
    std::string hash;    ///< contentHash() of it then; empty: unknown
    std::optional<double> weight;
    bool isBase = false;
    std::string detail;  ///< "ties", "LoRA, r = 8", "reward model", "teacher": what the kind does not say

    bool operator==(const LineageLink&) const = default;
};

/// What a run's resolved configuration says. Relative paths are taken from `base`. Never throws: what cannot
/// be read gives no links, and one sentence in `problem`.
struct RunLineage {
    std::vector<LineageLink> links;
    std::string problem;
};
RunLineage lineageOfConfig(const std::string& yaml, const std::filesystem::path& base);

/// What the folder of a checkpoint or adapter says: lineage.json, else mergekit_config.yml, else the model
/// card (README.md), else adapter_config.json. Never throws.
struct FolderLineage {
    enum class State { Checkpoint, Adapter, Missing } state = State::Missing;
    std::vector<LineageLink> links;
    std::string method;   ///< of a merge
    std::string recipe;   ///< its YAML
    std::string program;  ///< that made it
    double created = 0;   ///< Unix time, s; of the file where no record says it
    std::string source;   ///< the file that said so; empty: none did
    std::string problem;  ///< why that file could not be read
};
FolderLineage lineageOfFolder(const std::filesystem::path& folder);

/// A model's name in a recipe as a link's parent: an existing folder (from `base`), a run, or a name on a
/// hub.
std::string parentOfName(const std::string& name, const std::filesystem::path& base);

}  // namespace retort
