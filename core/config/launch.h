// From a validated configuration to one that runs anywhere: what it refers to (runs, stages, files beside it)
// is found and written out as absolute paths.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/config/load.h"
#include "core/runlog/run_directory.h"

namespace retort {

struct PreparedRun {
    RunConfig config;
    std::string yaml;                   ///< resolved: what the run directory's config.yaml holds
    std::optional<std::string> parent;  ///< id of the run whose checkpoint it starts from
};

struct KnownRun {
    std::filesystem::path directory;
    /// Step of the last checkpoint of which it has told; a run on another machine may have that there only.
    std::int64_t lastStep = -1;
};

/// A run by name or id; none: unknown. That of a store: core/store/run_finder.h.
using FindRun = std::function<std::optional<KnownRun>(const std::string& nameOrId)>;

/// What stands for a checkpoint that is not there yet and is looked up later; none: it is to be found now.
using KeepReference = std::function<std::optional<std::string>(const std::string& reference)>;

/// Resolves the checkpoints that it names (model.from and others: "run:<name or id>[@step]", or a folder
/// relative to `base`) and its files (data.files and others). Throws Error for the configuration's problems,
/// for what is not there, and for a data file that cannot be read to its end.
PreparedRun prepareRun(ParsedConfig parsed, const std::filesystem::path& base, const FindRun& findRun,
                       const KeepReference& keep = {});

/// Makes the run directory. `program` is who says so: "retort-cli 0.1.0".
RunDirectory createRun(const PreparedRun& prepared, const std::filesystem::path& root,
                       const std::string& program);

/// A checkpoint folder from "run:<name or id>[@step]", a run directory (its last checkpoint), or a checkpoint
/// folder.
std::filesystem::path findCheckpoint(const std::string& reference, const std::filesystem::path& base,
                                     const FindRun& findRun);

/// The last complete checkpoint of a run directory; throws Error when there is none.
std::filesystem::path lastCheckpoint(const std::filesystem::path& runDirectory);

/// The run directory that a checkpoint folder lies in; empty: it is not in one.
std::filesystem::path runOfCheckpoint(const std::filesystem::path& checkpoint);

}  // namespace retort
