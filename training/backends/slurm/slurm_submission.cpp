#include "training/backends/slurm/slurm_submission.h"

#include "core/util/error.h"
#include "training/backends/trainer_program.h"

namespace fs = std::filesystem;

namespace retort {

Machine thisSlurmMachine() {
    Machine machine;
    machine.name = "here";
    machine.scheduler = Scheduler::Slurm;
    return machine;
}

std::string slurmPath(const fs::path& path) {
    return fs::absolute(path).lexically_normal().string();
}

SlurmScript slurmScriptParts(const Machine& machine, const std::string& name, const fs::path& runDirectory) {
    SlurmScript script;
    script.jobName = name;
    script.directory = slurmPath(runDirectory);
    script.environment = machine.environment;
    const std::string program = trainerProgram().string();
    script.begin = trainerLine(program, false);
    script.resume = trainerLine(program, true);
    return script;
}

SlurmNote slurmNoteOf(const fs::path& runDirectory, const std::string& machine) {
    if (auto note = readSlurmNote(runDirectory); note && note->machine == machine) return *note;
    SlurmNote note;
    note.machine = machine;
    return note;
}

void prepareSlurmRun(const fs::path& runDirectory, const std::string& machine, const SlurmRequest& request,
                     const std::string& script) {
    checkSlurmRequest(request);
    SlurmNote note = slurmNoteOf(runDirectory, machine);
    note.request = request;
    note.script = script;
    writeSlurmNote(runDirectory, note);
}

std::string slurmScriptFor(const Machine& machine, const RunDirectory& run) {
    const SlurmNote note = slurmNoteOf(run.path(), machine.name);
    if (!note.script.empty()) return note.script;
    return sbatchScript(note.request, slurmScriptParts(machine, run.identity().name, run.path()));
}

std::string slurmScriptForArray(const Machine& machine, const std::vector<RunDirectory>& runs) {
    if (runs.empty()) throw Error("a job array needs a run", "Slurm");
    const RunDirectory& first = runs.front();
    const SlurmNote note = slurmNoteOf(first.path(), machine.name);
    if (!note.script.empty()) return note.script;
    SlurmScript script = slurmScriptParts(machine, first.identity().name, slurmArrayFolder(first));
    script.arraySize = std::int64_t(runs.size());
    return sbatchScript(note.request, script);
}

fs::path slurmArrayFolder(const RunDirectory& first) {
    return fs::path(slurmPath(first.path())) / "control" / "array";
}

}  // namespace retort
