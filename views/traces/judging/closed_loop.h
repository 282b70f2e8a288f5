// From judged traces to a process reward model and on to a run that is rewarded by it: the labels, and the
// configurations that the Design page opens.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/trace_formats/trace_import.h"
#include "core/traces/trace.h"

namespace retort {

/// What a lane's words mean as labels of steps.
struct StepLabels {
    LaneKind kind = LaneKind::Human;
    std::string name;
    double threshold = 0.5;  ///< from which a value counts as right
    NeutralMeaning neutral = NeutralMeaning::Correct;
};

/// The trace with the lane's steps as its own, their verdicts the labels, and no lanes: what an exporter of
/// labels reads. The first step has the mark that opens the thinking. Without the lane a trace without steps.
Trace labelledBy(const Trace& trace, const StepLabels& labels);

/// Steps that the traces would give: (right, wrong), up to the first unlabelled one of each.
struct LabelCounts {
    std::int64_t traces = 0, right = 0, wrong = 0;
};
LabelCounts countLabels(const std::vector<Trace>& traces, const StepLabels& labels);

/// Writes TRL's stepwise format; how many traces. Throws Error, also where the file exists and `overwrite` is
/// false.
std::int64_t writePrmDataset(const std::filesystem::path& file, const std::vector<Trace>& traces,
                             const StepLabels& labels, bool overwrite);

/// What stands between the steps of the traces, where it is the same everywhere ("\n" when it is not): with
/// it the model that learns from the file sees the text that it will score.
std::string stepSeparatorOf(const std::vector<Trace>& traces, const StepLabels& labels);

/// A configuration of the recipe "prm" that learns from the file, with the tasks (for its evaluation) and the
/// model of the run that the traces are from. `checkpoint` is the folder it starts from; empty: the run's own
/// start.
std::string prmRunYaml(const std::string& runConfig, const std::filesystem::path& file,
                       const std::string& checkpoint, const std::string& stepSeparator);

/// A configuration of the recipe "grpo" with the tasks of the PRM's run, rewarded for right answers and by
/// the PRM (process_reward). `policy` is the folder of the policy that it starts from; empty: to be chosen.
std::string grpoWithPrmYaml(const std::string& prmRunConfig, const std::string& prmCheckpoint,
                            const std::string& policy);

}  // namespace retort
