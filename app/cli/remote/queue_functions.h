// One function a command of `retort-cli queue`; they throw Error.
#pragma once

namespace retort::cli {

class Context;

int runQueueList(Context&);
int runQueueAdd(Context&);
int runQueueMove(Context&);
int runQueueHold(Context&);
int runQueueRelease(Context&);
int runQueueRetry(Context&);
int runQueueRemove(Context&);
int runQueueLimits(Context&);
int runQueueRun(Context&);

}  // namespace retort::cli
