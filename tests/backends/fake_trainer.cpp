// fake_trainer train-run DIRECTORY [--resume]: what a trainer looks like from outside. It takes the run's
// lock, writes a real event log and then does what the word in config.yaml says: finish, fail, segfault,
// hang, stop politely at SIGTERM, be deaf to it, or not even begin.
#include <csignal>
#include <iostream>
#include <thread>

#include "core/runlog/control.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;

namespace {

int end(RunLogWriter& log, const std::string& outcome, const std::string& error) {
    log.write(EndEvent{outcome, error});
    log.sync();
    return error.empty() ? 0 : 1;
}

volatile std::sig_atomic_t isInterrupted = 0;

// As retort-cli does after SIGINT or SIGTERM.
int waitForSignal(RunLogWriter& log) {
    while (!isInterrupted) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    end(log, "stopped", "");
    return 130;
}

int waitForStop(const RunDirectory& run, RunLogWriter& log) {
    const ControlReader control(run.path());
    while (!control.isAsked(Request::Stop)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return end(log, "stopped", "");
}

int act(const std::string& behaviour, const RunDirectory& run, RunLogWriter& log) {
    if (behaviour == "deaf") ::signal(SIGTERM, SIG_IGN);
    if (behaviour == "polite") ::signal(SIGTERM, [](int) { isInterrupted = 1; });
    for (int line = 1; line <= 30; ++line) std::cerr << "stderr line " << line << std::endl;
    if (behaviour == "finish") return end(log, "finished", "");
    if (behaviour == "fail") return end(log, "failed", "loss is not finite at step 3");
    if (behaviour == "segfault") ::raise(SIGSEGV);
    return behaviour == "polite" ? waitForSignal(log) : waitForStop(run, log);
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc < 3 || std::string(argv[1]) != "train-run")
        throw Error("expected: train-run DIRECTORY [--resume]");
    const bool resume = argc > 3 && std::string(argv[3]) == "--resume";
    const RunDirectory run = RunDirectory::open(argv[2]);
    std::string behaviour = readFile(run.configFile());
    while (!behaviour.empty() && behaviour.back() == '\n') behaviour.pop_back();
    if (behaviour == "never begin") throw Error("no such checkpoint");
    const RunLock lock(run);
    RunLogWriter log(run.eventsFile());
    log.write(StartEvent{log.attempts() + 1, resume ? 1 : 0, 3, ::getpid(), "here", "fake"});
    log.write(ScalarsEvent{1, 64, {{"loss", 2.5}}});
    log.sync();
    return act(behaviour, run, log);
} catch (const std::exception& error) {
    std::cerr << "fake_trainer: " << error.what() << "\n";
    return 2;
}
