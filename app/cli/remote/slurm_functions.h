// One function a command of `retort-cli slurm`; they throw Error.
#pragma once

namespace retort::cli {

class Context;

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
