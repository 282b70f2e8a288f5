// The seam between programs and what judges the steps of traces with a model: Monte-Carlo rollouts,
// OmegaPRM's search, a process reward model's scores, a critic that is asked. What each says is a lane of its
// own (core/traces/trace.h); detectors and checkers, which need no model, are in core.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/traces/search_tree.h"
#include "core/traces/trace.h"

namespace retort {

struct JudgeRequest {
    enum class Method {
        /// Every step's value is the share of right answers among rollouts from its end; places of many traces
        /// are one batch, and texts that traces share are rolled out once (Math-Shepherd, arXiv 2312.08935).
        MonteCarlo,
        /// The first step from which no rollout is right, by binary search; with `searches` above 1 also the
        /// tree that the search of OmegaPRM grows (#34; arXiv 2406.06592). Its lane is of the kind MonteCarlo,
        /// with ratings; without a laneName it is "NAME/omega_prm", so that it does not replace plain values.
        OmegaPrm,
        /// Scores of a checkpoint that the recipe `prm` trained: the probability that a step is right.
        Prm,
        /// The first wrong step as a language model names it, asked in ProcessBench's form (#207; arXiv
        /// 2412.06559).
        Critic,
    };
    Method method = Method::MonteCarlo;
    /// A checkpoint's folder: the policy that rolls out, the process reward model, or the critic.
    std::filesystem::path checkpoint;
    /// YAML of the run that the traces are from: the task of a trace's name checks the rollouts' answers. Empty,
    /// or without a task of the name: answers are compared with `gold` by core/answers, as those of data files.
    std::string runConfig;
    std::vector<Trace> traces;
    std::int64_t rollouts = 8;  ///< per position, 1 … 1024; of a critic: answers that vote (1: greedy)
    double temperature = 1.0, topP = 1.0;
    /// Of a rollout, with what stands before it; 0: as the run evaluated, without a run twice the longest
    /// trace. Of a critic, its answer; 0: 512.
    std::int64_t maxNewTokens = 0;
    std::int64_t searches = 1;  ///< OmegaPRM: binary searches a trace; 1: only the trace's own first error
    std::uint64_t seed = 1;
    std::int64_t threads = 0;  ///< 0: as many as this process may use
    std::string laneName;      ///< empty: shortCheckpointName(checkpoint)
};

struct JudgedTrace {
    std::size_t trace = 0;  ///< index into the request's traces
    StepLane lane;          ///< no steps: nothing could be said of it; `note` says why
    /// How the completion was cut: "trace" (it had steps), "markers" (those of our tasks), "paragraphs" (blank
    /// lines), "lines", "whole" (one step), "empty" (there is no text). core/traces/judged_steps.h
    std::string stepsFrom;
    std::string note;
    std::optional<SearchTree> tree;  ///< OmegaPRM; method "omega_prm"
    /// Made for this trace; what traces share counts for the first of them.
    std::int64_t rollouts = 0, tokens = 0;
};

/// "prm@300" for the checkpoint of step 300 of a run of the name prm, else the folder's last name.
std::string shortCheckpointName(const std::filesystem::path& checkpoint);

}  // namespace retort
