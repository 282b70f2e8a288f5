#include "training/backends/remote/remote_launch.h"

#include <algorithm>
#include <sstream>

#include "core/config/load.h"
#include "core/config/references.h"
#include "core/config/values.h"
#include "core/runlog/launch_settings.h"
#include "core/runlog/placement.h"
#include "core/util/files.h"
#include "training/backends/remote/far_process.h"
#include "training/backends/remote/remote_program.h"
#include "training/backends/remote/shell_quote.h"
#include "training/backends/remote/transfer.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr int runsAlready = 70, notBegun = 71;

const char* fileOf(Request request) {
    return request == Request::Stop ? "stop" : request == Request::Pause ? "pause" : "checkpoint";
}

/// The same for a job of the scheduler, which has processes on other nodes or none yet: `openJob`. Where it
/// cannot be asked, the job may be open.
std::string jobFunctions(const Machine& machine) {
    if (machine.scheduler == Scheduler::None) return "openJob() { false; }\n";
    return environmentScript(machine) +
           "openJob() {\n[ -s control/slurm-job ] || return 1\n"
           "said=$(squeue -h -j \"$(cat control/slurm-job)\" -o %T "
           "-t PENDING,RUNNING,SUSPENDED,CONFIGURING,COMPLETING,REQUEUED 2>&1)\n"
           "case $said in '' | *'Invalid job id'*) return 1 ;; esac\n}\n";
}

void putFile(const WorkPlace& place, const std::string& path, const std::string& content) {
    const std::string quoted = shellQuote(path);
    runThere(place, "cat >" + quoted + ".new && mv -f -- " + quoted + ".new " + quoted,
             "the run's directory cannot be written there", QByteArray::fromStdString(content));
}

std::int64_t numberIn(const std::string& json, const char* key) try {
    return Json::parse(json).at(key).get<std::int64_t>();
} catch (const Json::exception&) {
    return 0;
}

}  // namespace

std::string configurationThere(const WorkPlace& place, const RunDirectory& run) {
    const std::string yaml = readFile(run.configFile(), 16u << 20);
    ParsedConfig parsed = parseConfig(yaml, run.configFile().string());
    throwProblems(parsed);
    mapReferences(parsed.values, recipeSchema(parsed.config.recipe),
                  {[&](const std::string& name, const std::string&) {
                       return fs::is_directory(name) ? bringFolder(place, name) : bringFile(place, name);
                   },
                   [&](const std::string& folder) { return bringCheckpoint(place, folder); }});
    if (!parsed.config.lora.from.empty())
        setValueAt(parsed.values, "lora.from", bringCheckpoint(place, parsed.config.lora.from));
    return toYaml(parsed.config.recipe, parsed.values, false);
}

RemoteRun placeRun(const WorkPlace& place, const RunDirectory& run) {
    const std::string configuration = configurationThere(place, run);
    RemoteRun remote;
    remote.machine = place.machine.name;
    remote.scheduler = toString(place.machine.scheduler);
    remote.directory = place.folder + "/runs/" + run.path().filename().string();
    const std::string folder = shellQuote(remote.directory);
    runThere(place, "mkdir -p -- " + folder + "/checkpoints " + folder + "/control",
             "the run's directory cannot be made there");
    putFile(place, remote.directory + "/config.yaml", configuration);
    // Last, because run.json is what makes the folder a run.
    putFile(place, remote.directory + "/run.json", readFile(run.path() / "run.json", 1u << 24));
    writeRemoteRun(run.path(), remote);
    return remote;
}

std::string launchScript(const Machine& machine, const std::string& directory, const std::string& program,
                         const std::vector<std::string>& environment, int processes) {
    std::string exports;
    for (const std::string& each : environment) exports += "export " + shellQuote(each) + "\n";
    return "#!/bin/sh\n# Written by Retort: becomes the trainer of this run.\ncd -- " +
           shellQuote(directory) +
           " || exit 1\nsize() { cat \"$1\" 2>/dev/null | wc -c; }\n"
           "ticks() { set -- $(sed 's/.*) //' /proc/$$/stat); echo \"${20}\"; }\n"
           "printf '{\"pid\": %s, \"start_ticks\": %s, \"events_offset\": %s, \"stderr_offset\": %s}\\n' $$ "
           "\"$(ticks)\" "
           "\"$(size events.jsonl)\" \"$(size stderr.log)\" >control/process.json.new\n"
           "mv -f control/process.json.new control/process.json\n" +
           environmentScript(machine) + exports + "exec " +
           (machine.nice > 0 ? "nice -n " + std::to_string(machine.nice) + " " : "") + shellQuote(program) +
           " train-run . " + (processes > 1 ? "--processes " + std::to_string(processes) + " " : "") +
           "\"$@\"\n";
}

RemoteRun launchThere(const WorkPlace& place, const RunDirectory& run, bool resume, const Secrets& secrets) {
    const std::string program = findOrBringProgram(place);
    std::optional<RemoteRun> known = readRemoteRun(run.path());
    if (known && known->machine != place.machine.name)
        throw Error("the run lies on another machine: " + known->machine, run.path().string());
    std::error_code code;
    const bool hasBegun = std::filesystem::file_size(run.eventsFile(), code) > 0 && !code;
    if (!known && !hasBegun) resume = false;  // its first launch did not get as far as the machine
    if (!known && resume)
        throw Error("the run began on this machine and cannot go on there", run.path().string(),
                    "resume it here, or start a new run from its checkpoint");
    RemoteRun remote = known && !known->directory.empty() ? *known : placeRun(place, run);
    remote.program = program;
    const LaunchSettings settings = readLaunchSettings(run.path()).value_or(LaunchSettings{});
    putFile(place, remote.directory + "/launch.sh",
            launchScript(place.machine, remote.directory, program, environmentOf(settings),
                         readPlacement(run.path()).processes));
    if (const auto nice = askedPriority(run.path()))
        putFile(place, remote.directory + "/control/priority", std::to_string(*nice) + "\n");
    // Whoever finds this file knows where to look, even when this program goes before the trainer has begun.
    remote.ended = false;
    writeRemoteRun(run.path(), remote);
    place.say("starting");
    std::string takeSecrets, values;
    for (const auto& [name, value] : secrets) {
        takeSecrets += "IFS= read -r " + name + " || exit 1\nexport " + name + "\n";
        values += value + "\n";
    }
    const CommandResult started =
        place.shell.wait("cd -- " + shellQuote(remote.directory) + " || exit 1\n" + takeSecrets +
                             processFunctions + "alive && exit " + std::to_string(runsAlready) +
                             "\nrm -f control/process.json control/stop control/pause\n" +
                             startDetached(std::string("./launch.sh") + (resume ? " --resume" : ""),
                                           ">>stdout.log 2>>stderr.log") +
                             "cat control/process.json || exit " + std::to_string(notBegun),
                         QByteArray::fromStdString(values), place.stop);
    if (started.exitCode == runsAlready)
        throw Error("the run is already running", place.machine.name + ":" + remote.directory,
                    "stop it first");
    if (started.exitCode != 0) {
        remote.ended = true;
        writeRemoteRun(run.path(), remote);
        throw Error("the trainer does not begin: " + lastWordsOf(started),
                    place.machine.name + ":" + remote.directory);
    }
    remote.eventsOffset = numberIn(started.out, "events_offset");
    remote.standardErrorOffset = numberIn(started.out, "stderr_offset");
    writeRemoteRun(run.path(), remote);
    return remote;
}

void requestThere(Shell& shell, const RemoteRun& run, Request request, bool isAsked) {
    const std::string file = std::string("control/") + fileOf(request);
    const CommandResult result = shell.wait("cd -- " + shellQuote(run.directory) + " && " +
                                            (isAsked ? "mkdir -p control && : >" + file : "rm -f " + file));
    if (result.exitCode != 0)
        throw Error("cannot ask the run: " + lastWordsOf(result), run.machine + ":" + run.directory);
}

std::optional<PriorityState> prioritiseThere(Shell& shell, const RemoteRun& run, int nice) {
    const std::string value = std::to_string(nice);
    const CommandResult result =
        shell.wait("cd -- " + shellQuote(run.directory) + " && mkdir -p control && echo " + value +
                   " >control/priority.new && mv -f control/priority.new control/priority || exit 1\n"
                   "for i in 1 2 3 4 5; do\n"
                   "if grep -q '\"asked\":" +
                   value +
                   "[,}]' control/nice.json 2>/dev/null; then cat control/nice.json; "
                   "exit 0; fi\nsleep 1\ndone\n");
    if (result.exitCode != 0)
        throw Error("cannot ask the run: " + lastWordsOf(result), run.machine + ":" + run.directory);
    try {
        return priorityStateFrom(Json::parse(result.out));
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

bool killThere(Shell& shell, const RemoteRun& run, const std::function<bool()>& stop) {
    const CommandResult result =
        shell.wait("cd -- " + shellQuote(run.directory) + " || exit 1\n" + processFunctions + killProcess,
                   QByteArray(), stop);
    if (result.exitCode == 3) return false;
    if (result.exitCode != 0)
        throw Error("cannot end the run: " + lastWordsOf(result), run.machine + ":" + run.directory);
    return true;
}

std::vector<std::int64_t> checkpointStepsThere(const WorkPlace& place, const RemoteRun& run) {
    const std::string out =
        runThere(place,
                 "cd -- " + shellQuote(run.directory) +
                     " || exit 1\nfor d in checkpoints/step-*/; do [ -f \"$d/trainer.json\" ] && "
                     "echo \"${d#checkpoints/step-}\"; done\ntrue",
                 "the run's directory cannot be read there");
    std::vector<std::int64_t> steps;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);)
        steps.push_back(std::strtoll(line.c_str(), nullptr, 10));
    std::sort(steps.begin(), steps.end());
    return steps;
}

void fetchCheckpoint(const WorkPlace& place, const RunDirectory& run, std::int64_t step) {
    const std::optional<RemoteRun> remote = readRemoteRun(run.path());
    if (!remote) throw Error("the run is no mirror of one on a machine", run.path().string());
    const fs::path to = run.checkpointFolder(step);
    if (fs::exists(to / "trainer.json")) return;
    fetchFolder(place, remote->directory + "/checkpoints/" + to.filename().string(), to);
}

FarContent contentThere(const WorkPlace& place) {
    const std::string out = runThere(
        place,
        "cd -- " + shellQuote(place.folder) + " || exit 1\n" + processFunctions +
            jobFunctions(place.machine) +
            "for d in runs/*/; do d=${d%/}; [ -f \"$d/run.json\" ] || continue\n(\ncd \"$d\" || exit\n"
            "if alive || openJob; then a=1; else a=0; fi\n"
            "printf '%s %s %s\\n' $a \"$(du -sk . | sed 's/[^0-9].*//')\" \"${d#runs/}\"\n"
            "tr -d '\\n' <run.json | head -c 65536; echo\n)\ndone\n"
            "du -sk objects brought programs sources builds 2>/dev/null | sed 's/[^0-9].*//' | sed "
            "'s/^/content /'",
        "the work folder cannot be read");
    FarContent content;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("content ", 0) == 0) {
            content.broughtBytes += 1024 * std::strtoll(line.c_str() + 8, nullptr, 10);
            continue;
        }
        std::istringstream words(line);
        FarRun run;
        std::int64_t kilobytes = 0;
        words >> run.isAlive >> kilobytes;
        words.get();
        std::getline(words, run.directory);
        run.bytes = 1024 * kilobytes;
        std::string json;
        std::getline(lines, json);
        try {
            const Json identity = Json::parse(json);
            run.id = identity.at("id").get<std::string>();
            run.name = identity.value("name", "");
        } catch (const Json::exception&) {  // none of ours, or half written
        }
        content.runs.push_back(std::move(run));
    }
    return content;
}

void removeThere(const WorkPlace& place, const std::vector<FarRun>& runs) {
    for (const FarRun& run : runs) {
        if (run.directory.empty() || run.directory.find('/') != std::string::npos || run.directory[0] == '.')
            throw Error("is no run's directory", run.directory);
        runThere(place,
                 "cd -- " + shellQuote(place.folder + "/runs/" + run.directory) + " || exit 1\n" +
                     processFunctions + jobFunctions(place.machine) +
                     "if alive || openJob; then echo 'it is running' >&2; exit 1; fi\n[ -f run.json ] || "
                     "exit 1\ncd .. "
                     "&& rm -rf -- " +
                     shellQuote("./" + run.directory),
                 "the run's directory there is kept");
    }
}

void removeBrought(const WorkPlace& place) {
    const FarContent content = contentThere(place);
    if (std::any_of(content.runs.begin(), content.runs.end(), [](const FarRun& run) { return run.isAlive; }))
        throw Error("a run there is alive, and needs what was brought", place.machine.name, "stop it first");
    runThere(place,
             "cd -- " + shellQuote(place.folder) + " || exit 1\n" + processFunctions +
                 "for d in builds/*/; do [ -d \"$d\" ] || continue\n"
                 "if (cd \"$d\" && alive); then echo 'a build goes on there' >&2; exit 1; fi\ndone\n"
                 "rm -rf objects brought programs sources builds",
             "cannot be removed there");
}

}  // namespace retort
