// The commands of retort-cli, as one table.
#pragma once

#include <string>
#include <vector>

#include "app/cli/arguments.h"

namespace retort::cli {

class Context;

/// What the exit status says.
enum ExitStatus : int {
    exitOk = 0,
    exitFailed = 1,
    exitUsage = 2,
    exitProblemsFound = 3,
    exitInterrupted = 130
};

struct Command {
    std::string name;  ///< "train", "store check"
    std::string help;  ///< one line
    Syntax syntax;
    int (*run)(Context&) = nullptr;
    bool hidden = false;  ///< for other programs, not for people
};

const std::vector<Command>& commands();
/// --store, --json, --quiet and --help, which every command takes.
std::vector<Option> commonOptions();

// One function a command; they throw Error, which main() turns into a message and exitFailed.
int runTrain(Context&);
int runTrainRun(Context&);
int runResume(Context&);
int runServeRuns(Context&);
int runEval(Context&);
int runGenerate(Context&);
int runRuns(Context&);
int runShow(Context&);
int runExport(Context&);
int runCompare(Context&);
int runSchema(Context&);
int runStoreCheck(Context&);
int runStoreBackup(Context&);
int runStoreQuery(Context&);
int runStoreCompact(Context&);
int runStoreReindex(Context&);
int runStop(Context&);
int runPause(Context&);
int runContinue(Context&);
int runCheckpoint(Context&);
int runPriority(Context&);
int runEnv(Context&);
int runSelftest(Context&);
int runMerge(Context&);
int runMergeAdapter(Context&);
int runMergeRecipe(Context&);
int runPack(Context&);
int runUnpack(Context&);
int runQuickstart(Context&);
int runImportResults(Context&);
int runVerifyAnswers(Context&);
int runDataInspect(Context&);
int runDataPrepare(Context&);
int runTracesImport(Context&);
int runTracesExport(Context&);
int runTracesLabel(Context&);
int runTracesScore(Context&);
int runTracesBench(Context&);
int runLineage(Context&);
int runLineageAdd(Context&);
int runAdopt(Context&);

}  // namespace retort::cli
