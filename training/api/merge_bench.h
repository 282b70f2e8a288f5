// The seam between the merge bench in the window and what evaluates merges: models stay in memory, and a recipe with other
// weights is merged and measured in the time that a slider moves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/config/settings/data_settings.h"

namespace retort {

struct MergeBenchRequest {
    std::string recipe;  ///< mergekit's YAML with absolute folders: its models are opened
    std::vector<TaskSettings> tasks;
    std::vector<FileSettings> files;
    std::int64_t numProblems = 64;          ///< held-out problems a task
    std::int64_t maxCompletionLength = 64;  ///< tokens
    std::uint64_t seed = 1;
    std::int64_t threads = 0;  ///< 0: as many as this process may use, but one for the window
};

/// What one task says of a merged model.
struct MergeBenchTask {
    std::string name;
    double loss = 0;  ///< mean cross entropy of the reference completions' tokens, nats
    std::optional<double> accuracy;
    std::optional<double> meanLength;  ///< tokens of the model's own answers
    std::int64_t problems = 0;         ///< behind accuracy and length
};

struct MergeBenchPoint {
    std::vector<MergeBenchTask> tasks;
    double seconds = 0;  ///< that merging and measuring took
};

/// How closely a point is looked at.
enum class MergeBenchEffort {
    Coarse,   ///< the loss alone, on a few rows: some tens of milliseconds for a model of a million parameters
    Refined,  ///< loss, accuracy and length on all problems
};

/// Used by one thread at a time.
class MergeBench {
  public:
    virtual ~MergeBench() = default;
    /// Merges in memory and measures. `recipe` has the models, base and slices of the request; method, weights and
    /// other parameters may differ. Nothing when `stop` came first. Throws Error.
    virtual std::optional<MergeBenchPoint> measure(const std::string& recipe, MergeBenchEffort effort,
                                                   std::stop_token stop) = 0;
};

}  // namespace retort
