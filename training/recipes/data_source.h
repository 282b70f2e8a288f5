// Where training examples and held-out problems come from: the configured tasks and files, mixed by weight.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/config/run_config.h"
#include "core/tasks/dialogue.h"
#include "core/tasks/task.h"

namespace retort {

/// One entry of data.tasks or data.files.
struct DataSource {
    std::string name;  ///< label in metrics; unique in the mixture
    double weight = 1;
    double workedShare = 1;
    std::unique_ptr<Task> task;
    bool heldOut = true;              ///< has problems to evaluate on
    std::int64_t examples = 0;        ///< different training problems; 0: as many as there are
    std::vector<std::uint64_t> kept;  ///< the indices of those that were not pruned; empty: all
};

/// Throws Error: unknown task, contradicting parameters, a bad line of a file, two sources of one name, and
/// no source unless there `mayBeNone`.
std::vector<DataSource> makeDataSources(const std::vector<TaskSettings>& tasks,
                                        const std::vector<FileSettings>& files,
                                        const DialogueFormat& dialogue = {}, bool mayBeNone = false);

/// A problem drawn for training.
struct DrawnProblem {
    std::size_t source = 0;
    Problem problem;
    bool worked = true;  ///< whether a supervised example shows its working

    const std::string& completion() const { return worked ? problem.worked : problem.answer; }
};

/// The seed of the training problems in a run of this seed.
std::uint64_t dataSeed(std::uint64_t seed);

/// Draws from the sources by weight. What is drawn is a function of (seed, index) alone: the data's cursor is
/// a number.
class DataMixture {
  public:
    DataMixture(const std::vector<DataSource>& sources, std::uint64_t seed);
    DrawnProblem draw(std::uint64_t index) const;

  private:
    const std::vector<DataSource>& m_sources;
    std::uint64_t m_seed;
    double m_totalWeight = 0;
};

/// Distinct problems of the validation split, always the same ones for the same parameters, whatever the
/// run's seed, so that any two evaluations can be paired. Fewer than `count` where the task has no more.
std::vector<Problem> heldOutProblems(const Task& task, std::int64_t count);
/// Hash of the problems' ids, in order.
std::string problemSetHash(const std::vector<Problem>& problems);

}  // namespace retort
