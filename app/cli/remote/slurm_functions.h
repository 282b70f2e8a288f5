// One function a command of `retort-cli slurm`; they throw Error.
#pragma once

#include "core/runlog/run_directory.h"

namespace retort::cli {

class Context;

/// The priority of a run that is a job: Slurm's nice value while it waits, that of its processes when it
/// runs.
void prioritiseJob(Context& context, const RunDirectory& run, int nice);

int runSlurmScript(Context&);
int runSlurmSubmit(Context&);
int runSlurmRequest(Context&);
int runSlurmResume(Context&);
int runSlurmFollow(Context&);
int runSlurmQueue(Context&);
int runSlurmCancel(Context&);
int runSlurmRequeue(Context&);
int runSlurmHold(Context&);
int runSlurmRelease(Context&);

}  // namespace retort::cli
