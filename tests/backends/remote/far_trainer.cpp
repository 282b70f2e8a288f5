// far_trainer train-run DIRECTORY [--resume]: a trainer of these tests in retort-cli's place, without
// LibTorch. It takes as many steps as training.max_steps says, obeys control/, and behaves as the word in
// `study` says: "steps" (the default), "save" (a checkpoint at its end), "crash" (at the last step), "wait"
// (until it is stopped).
#include <csignal>
#include <fstream>
#include <iostream>
#include <thread>

#include "core/config/load.h"
#include "core/runlog/control.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

void sleepMs(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

void writeCheckpoint(const RunDirectory& run, RunLogWriter& log, std::int64_t step) {
    const fs::path folder = run.checkpointFolder(step);
    fs::create_directories(folder);
    std::string weights;
    for (int i = 0; i < 700000; ++i)
        weights += char((std::uint32_t(i) * 2654435761u + std::uint32_t(step)) >> 11);
    writeFileAtomically(folder / "model.safetensors", weights);
    writeFileAtomically(folder / "config.json", "{}");
    writeFileAtomically(folder / "trainer.json", "{}");
    log.write(CheckpointEvent{step, "checkpoints/" + folder.filename().string()});
    log.sync();
}

int end(RunLogWriter& log, const char* outcome) {
    log.write(EndEvent{outcome, ""});
    log.sync();
    return 0;
}

int train(const RunDirectory& run, const RunConfig& config, RunLogWriter& log) {
    ControlReader control(run.path());
    bool toldPause = false;
    for (std::int64_t step = 1; config.study == "wait" || step <= config.training.max_steps; ++step) {
        while (control.isAsked(Request::Pause) && !control.isAsked(Request::Stop)) {
            if (!toldPause) log.write(StatusEvent{"paused", step, config.training.max_steps, {}});
            toldPause = true;
            log.sync();
            sleepMs(5);
        }
        if (toldPause) log.write(StatusEvent{"training", step, config.training.max_steps, {}});
        toldPause = false;
        if (control.isAsked(Request::Stop)) {
            control.done(Request::Stop);
            return end(log, "stopped");
        }
        if (control.isAsked(Request::Checkpoint)) {
            writeCheckpoint(run, log, step);
            control.done(Request::Checkpoint);
        }
        log.write(ScalarsEvent{step, 64 * step, {{"loss", 1.0 / double(step)}}});
        std::cout << "step " << step << std::endl;
        sleepMs(5);
    }
    if (config.study == "save") writeCheckpoint(run, log, config.training.max_steps);
    log.sync();
    if (config.study == "crash") {
        std::cerr << "CUDA out of memory, or something like it" << std::endl;
        ::raise(SIGKILL);
    }
    return end(log, "finished");
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc < 3 || std::string(argv[1]) != "train-run")
        throw Error("expected: train-run DIRECTORY [--resume]");
    const RunDirectory run = RunDirectory::open(argv[2]);
    const RunConfig config = loadConfig(run.configFile());
    const RunLock lock(run);
    RunIdentity identity = run.identity();
    identity.environment = {{"cpu", "of the far machine"}};
    RunDirectory(run).rewriteIdentity(identity);
    RunLogWriter log(run.eventsFile());
    log.write(StartEvent{log.attempts() + 1, 0, config.training.max_steps, ::getpid(), "far", "far_trainer"});
    for (const FileSettings& file : config.data.files)
        log.write(MessageEvent{"info", file.path + ": " + std::to_string(readFile(file.path).size())});
    return train(run, config, log);
} catch (const std::exception& error) {
    std::cerr << "far_trainer: " << error.what() << "\n";
    return 2;
}
