// Runs a planned merge. To a folder: tensors are read where the input files are mapped, merged by several
// threads, and each is written at its final place as soon as it is done; the folder appears whole or not at
// all. In memory: one tensor at a time, for previews and searches.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "core/formats/sharded_safetensors.h"
#include "training/merging/merge_plan.h"
#include "training/merging/tensor_inputs.h"

namespace retort {

struct MergeProgress {
    int pass = 0;  ///< 1, 2 … while a method surveys all tensors; 0 while it merges them
    std::uint64_t doneBytes = 0, totalBytes = 0;  ///< of the inputs, in this pass
    std::string tensor;                           ///< that was finished last
};

struct MergeRunOptions {
    int threads = 0;  ///< 0: as many as there are cores
    /// Merges NaN and infinity in the inputs as they are, instead of refusing them.
    bool allowNonFinite = false;
    /// Called from the threads that merge, one at a time, at most every 50 ms and at the end.
    std::function<void(const MergeProgress&)> progress;
};

struct MergeOutputOptions : MergeRunOptions {
    std::filesystem::path out;
    bool overwrite = false;  ///< a checkpoint that is there is replaced, when the new one is whole
    std::uint64_t shardBytes = defaultShardBytes;
    std::string program;  ///< who says so in lineage.json: "retort-cli 0.1.0"
};

struct MergeReport {
    std::uint64_t inputBytes = 0, outputBytes = 0;
    std::size_t tensors = 0;
    double seconds = 0;
    bool isStopped = false;  ///< stopped on request: nothing was written
};

/// Writes the merged checkpoint. Throws Error; then, and when stopped, nothing is left behind.
MergeReport executeMerge(const MergePlan& plan, const MergeOutputOptions& options, std::stop_token stop = {});

/// Looks at every element of every input. Throws Error for what is not finite.
void checkMergeValues(const MergePlan& plan, const MergeRunOptions& options, std::stop_token stop = {});

/// What the method has to know of all tensors before the first is merged; nullptr: nothing, or stopped.
std::unique_ptr<MergeSurvey> surveyMerge(const MergePlan& plan, const MergeRunOptions& options,
                                         std::stop_token stop = {});

/// One tensor into `out` (its elements(), in float32, before rounding to its type). `survey` is what
/// surveyMerge() gave; `workspace` may be used again. From any thread. Throws Error.
void mergeTensor(const MergePlan& plan, const PlannedTensor& tensor, const MergeSurvey* survey,
                 MergeWorkspace& workspace, std::span<float> out, bool allowNonFinite = false);

}  // namespace retort
