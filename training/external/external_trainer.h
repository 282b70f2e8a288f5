// The trainer of runs with the recipe "external": supervises a command of the user's. No LibTorch, no Qt.
//
// Who writes what: events.jsonl and run.lock are the supervisor's alone. A command that logs with
// retort_log.py writes a log of its own (external/log/events.jsonl, which RETORT_RUN_DIR names), others write
// the files that they always write; both are told in events.jsonl, each line with how far the file was read
// (core/adoption), so that whatever is killed, everything is there exactly once. The attempt's beginning and
// end are the supervisor's words.
#pragma once

#include <stop_token>

#include "core/runlog/run_directory.h"
#include "training/api/training_module.h"

namespace retort {

/// Runs the command to its end, a request to stop (control/stop or `stop`) or an error; afterwards none of
/// its processes lives. `resume` is told to it. Throws Error when it fails; the end event with the error is
/// in the log by then.
TrainOutcome trainExternally(const RunDirectory& run, bool resume, const std::stop_token& stop);

}  // namespace retort
