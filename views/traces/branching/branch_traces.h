// Going on from any place of a trace: what is asked, what the answers become, and where they are kept.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/store/store.h"
#include "core/tasks/task.h"
#include "views/compare/answer_service.h"

namespace retort {

/// From where.
struct BranchPoint {
    RowId run = 0;
    std::string runUuid, runName, runConfig;
    Trace trace;
    std::int64_t byte = 0;  ///< of its completion
    /// A completion of the same problem whose every step is right: the task checks steps against it. Empty:
    /// none is known, and new steps stay unchecked.
    std::string reference = {};
};
/// Such a one among some traces; empty: there is none.
std::string referenceAmong(const std::vector<std::pair<RowId, Trace>>& traces, const Trace& of);

/// How an answer is judged: by the run's own task, else against the trace's reference (core/answers).
struct BranchJudge {
    std::shared_ptr<const Task> task;
    std::int64_t maxTokens = 0;  ///< of the run's evaluation; 0: not known
};
BranchJudge judgeOf(const BranchPoint& from);

/// The text that is given: the trace's own up to the point, or what was written instead.
std::string ownPrefix(const BranchPoint& from);

/// `prefix` and what a checkpoint wrote behind it, judged, as a trace of its own.
Trace branchTrace(const BranchPoint& from, const BranchJudge& judge, const std::string& prefix,
                  const std::string& checkpoint, std::int64_t checkpointStep, const GeneratedAnswer& answer);

/// Writes traces into the run "branches of NAME" (backend "trace lab"; made at the first time) in
/// `runsFolder` and takes them into the store; one group, numbered here. Blocks until they are there. Throws
/// Error.
RowId keepBranches(StoreWriter& writer, StoreReader& reader, const std::filesystem::path& runsFolder,
                   const BranchPoint& from, std::vector<Trace> traces);

struct BranchRun {
    RowId id = 0;
    std::string uuid;
};
/// The runs that hold branches, the oldest first.
std::vector<BranchRun> branchRuns(StoreReader& reader);
/// The traces in `runs` that were branched off those of a group, and off these in turn, with their ids.
std::vector<std::pair<RowId, Trace>> branchesOf(StoreReader& reader, const std::vector<BranchRun>& runs,
                                                RowId run, const std::vector<std::pair<RowId, Trace>>& group);

/// RunIdentity::recipe of such runs.
inline constexpr const char* branchRecipe = "branches";
inline constexpr const char* branchBackend = "trace lab";

}  // namespace retort
