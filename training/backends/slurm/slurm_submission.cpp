#include "training/backends/slurm/slurm_submission.h"

#include "core/config/run_config.h"
#include "core/util/error.h"
#include "training/backends/remote/shell_quote.h"

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

SlurmScript slurmScriptParts(const Machine& machine, const std::string& name, const std::string& recipe) {
    SlurmScript script;
    script.isCommand = recipe == externalRecipe;
    script.jobName = name;
    script.environment = machine.environment;
    if (!machine.libtorch.empty())
        script.environment.push_back("export LD_LIBRARY_PATH=" + shellPath(machine.libtorch) +
                                     "/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}");
    script.begin = trainerLine(false);
    script.resume = trainerLine(true);
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
    // That of an array is not for a run of it that is submitted alone.
    if (!note.script.empty() && slurmArraySize(note.script) == 0) return note.script;
    return sbatchScript(note.request, slurmScriptParts(machine, run.identity().name, run.identity().recipe));
}

void checkSlurmScript(const std::string& script, std::int64_t runs) {
    const std::int64_t size = slurmArraySize(script);
    if (runs == 1 && size > 0)
        throw Error("the script is that of a job array, and there is one run", "Slurm",
                    "take out its line #SBATCH --array, or make the script anew");
    if (runs > 1 && size != runs)
        throw Error(
            "the script is not that of an array of " + std::to_string(runs) + " runs", "Slurm",
            "it needs the line #SBATCH --array=0-" + std::to_string(runs - 1) + "; or make the script anew");
}

std::string slurmScriptForArray(const Machine& machine, const std::vector<RunDirectory>& runs) {
    if (runs.empty()) throw Error("a job array needs a run", "Slurm");
    const RunDirectory& first = runs.front();
    const SlurmNote note = slurmNoteOf(first.path(), machine.name);
    if (!note.script.empty()) {
        checkSlurmScript(note.script, std::int64_t(runs.size()));
        return note.script;
    }
    SlurmScript script = slurmScriptParts(machine, first.identity().name, first.identity().recipe);
    script.arraySize = std::int64_t(runs.size());
    return sbatchScript(note.request, script);
}

std::string slurmArrayFolder(const std::string& first) {
    return first + "/control/array";
}

}  // namespace retort
