// One function a command of retort-cli-remote; they throw Error.
#pragma once

namespace retort::cli {

class Context;

int runMachinesList(Context&);
int runMachinesAdd(Context&);
int runMachinesEdit(Context&);
int runMachinesRemove(Context&);
int runMachinesTest(Context&);
int runMachinesBuild(Context&);
int runMachinesLoad(Context&);
int runMachinesRuns(Context&);
int runMachinesClean(Context&);
int runSecretSet(Context&);
int runSecretRemove(Context&);
int runSecretList(Context&);
int runAdoptThere(Context&);
int runLaunch(Context&);
int runFollow(Context&);
int runFetch(Context&);
int runAskRun(Context&);

}  // namespace retort::cli
