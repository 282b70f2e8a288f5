// retort-cli machines list, add, edit, remove, test, load, runs, clean.
#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>

#include "app/cli/context.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/remote_functions.h"
#include "app/cli/table.h"
#include "core/machines/remote_run.h"
#include "core/util/error.h"
#include "training/backends/remote/machine_test.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/secrets.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

void print(const Json& json) {
    std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

/// What was given on the line, over what the machine has.
Machine withOptions(Machine machine, const Arguments& given) {
    machine.destination = given.text("--ssh", machine.destination);
    machine.port = int(given.integer("--port", machine.port));
    machine.workFolder = given.text("--folder", machine.workFolder);
    if (given.has("--env")) machine.environment = given.all("--env");
    std::erase(machine.environment, "");  // --env '' takes the lines away
    machine.scheduler = schedulerFrom(given.text("--scheduler", toString(machine.scheduler)));
    machine.libtorch = given.text("--libtorch", machine.libtorch);
    machine.runsAtOnce = int(given.integer("--at-once", machine.runsAtOnce));
    machine.runsPerGpu = int(given.integer("--per-gpu", machine.runsPerGpu));
    machine.nice = int(given.integer("--nice", machine.nice));
    machine.name = given.text("--name", machine.name);
    return machine;
}

const char* mark(TestStep::State state) {
    switch (state) {
        case TestStep::State::Passed:
            return "ok";
        case TestStep::State::Warning:
            return "warning";
        case TestStep::State::Failed:
            return "FAILED";
        case TestStep::State::Skipped:
            break;
    }
    return "-";
}

/// In powers of 1024, as the window, `free -h` and `df -h` have it.
std::string sizeText(std::int64_t bytes) {
    constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
    double amount = double(bytes);
    std::size_t unit = 0;
    for (; amount >= 1024 && unit + 1 < std::size(units); ++unit) amount /= 1024;
    return shortNumber(amount) + " " + units[unit];
}

/// Directories there of the runs of a machine that go on, with their names. The store knows their state only
/// while somebody follows them.
std::map<std::string, std::string> runsOf(const Machine& machine, StoreReader& reader) {
    std::map<std::string, std::string> names;
    for (const JobRow& job : reader.jobs()) {
        if (job.machine != machine.name || job.directory.empty()) continue;
        const auto run = reader.run(job.run);
        if (!run) continue;
        const auto remote = readRemoteRun(run->directory);
        if (remote && !remote->ended) names[job.directory] = run->name;
    }
    return names;
}

Json loadJson(const MachineLoad& load, std::optional<double> busy) {
    Json gpus = Json::array();
    for (const GpuLoad& gpu : load.gpus)
        gpus.push_back({{"name", gpu.name},
                        {"used_percent", gpu.usedPercent},
                        {"memory_used", gpu.memoryUsed},
                        {"memory_total", gpu.memoryTotal}});
    Json json = {{"cores", load.cores},
                 {"load_average", load.loadAverage},
                 {"memory_total", load.memoryTotal},
                 {"memory_free", load.memoryFree},
                 {"disk_total", load.diskTotal},
                 {"disk_free", load.diskFree},
                 {"gpus", gpus}};
    if (busy) json["busy"] = *busy;
    return json;
}

WorkPlace placeOf(Shell& shell, const Machine& machine, const Context& context) {
    WorkPlace place = openWorkPlace(shell, machine);
    place.say = [&context](const std::string& text) { context.note(text); };
    return place;
}

}  // namespace

int runMachinesList(Context& context) {
    std::vector<Machine> machines;
    if (fs::exists(context.storeFile())) machines = context.reader().machines();
    if (context.json()) {
        Json list = Json::array();
        for (const Machine& machine : machines) list.push_back(toJson(machine));
        print(list);
        return exitOk;
    }
    if (machines.empty()) context.note("there are none yet: retort-cli machines add NAME --ssh DESTINATION");
    std::vector<std::vector<std::string>> rows;
    for (const Machine& machine : machines)
        rows.push_back({printable(machine.name),
                        machine.isLocal() ? "(this machine)" : printable(machine.destination),
                        printable(machine.workFolder), toString(machine.scheduler),
                        std::to_string(machine.runsAtOnce), std::to_string(machine.nice)});
    if (!rows.empty())
        std::fputs(formatTable({"name", "ssh", "work folder", "scheduler", "at once", "nice"}, rows).c_str(),
                   stdout);
    return exitOk;
}

int runMachinesAdd(Context& context) {
    Machine machine;
    machine.name = context.arguments().positional(0);
    machine = withOptions(std::move(machine), context.arguments());
    openStore(context)->saveMachine(machine).get();
    context.note("added; retort-cli machines test " + machine.name + " tries it");
    return exitOk;
}

int runMachinesEdit(Context& context) {
    const std::string name = context.arguments().positional(0);
    const Machine machine = withOptions(context.reader().machine(name), context.arguments());
    const auto store = openStore(context);
    store->saveMachine(machine, name).get();
    StoreReader reader = context.reader();
    if (const auto secrets = secretNames(reader, name); machine.name != name && !secrets.empty()) {
        store->setSetting(secretsSetting(machine.name), Json(secrets)).get();
        context.note("its secrets have to be set anew: the keychain has them under the old name");
    }
    return exitOk;
}

int runMachinesRemove(Context& context) {
    const EventLoop loop;
    StoreReader reader = context.reader();
    const Machine machine = reader.machine(context.arguments().positional(0));
    const auto store = openStore(context);
    forgetSecrets(reader, *store, machine.name);
    store->removeMachine(machine.name).get();
    return exitOk;
}

int runMachinesTest(Context& context) {
    const EventLoop loop;
    const Machine machine = context.reader().machine(context.arguments().positional(0));
    const auto show = [&context](const TestStep& step) {
        if (context.json()) return;
        std::istringstream lines(step.result);
        std::string line;
        std::getline(lines, line);
        std::printf("%-8s %-15s %s\n", mark(step.state), step.name.c_str(), printable(line).c_str());
        while (std::getline(lines, line)) std::printf("%-8s %-15s %s\n", "", "", printable(line).c_str());
        if (!step.advice.empty()) std::printf("%-8s %-15s → %s\n", "", "", printable(step.advice).c_str());
        std::fflush(stdout);
    };
    const MachineReport report = testMachine(machine, show);
    if (context.json()) {
        Json steps = Json::array();
        for (const TestStep& step : report.steps)
            steps.push_back({{"step", step.name},
                             {"state", mark(step.state)},
                             {"result", step.result},
                             {"advice", step.advice}});
        print({{"passed", report.passed()}, {"steps", steps}, {"load", loadJson(report.load, {})}});
    }
    return report.passed() ? exitOk : exitProblemsFound;
}

int runMachinesLoad(Context& context) {
    const EventLoop loop;
    const Machine machine = context.reader().machine(context.arguments().positional(0));
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    StoreReader reader = context.reader();
    const std::map<std::string, std::string> names = runsOf(machine, reader);
    std::vector<std::string> asked;
    for (const auto& [directory, name] : names) asked.push_back(directory);
    // Two looks a second apart: how busy the cores are is a difference.
    const MachineLoad before = parseLoad(shell->wait(loadScript(machine, asked)).out);
    const MachineLoad load = parseLoad(shell->wait("sleep 1\n" + loadScript(machine, asked)).out);
    // A directory with a line end in its name comes back in two lines.
    const auto nameOf = [&names](const std::string& directory) {
        const auto found = names.find(directory);
        return found == names.end() ? directory : found->second;
    };
    const std::optional<double> busy = load.busySince(before);
    if (context.json()) {
        Json json = loadJson(load, busy);
        json["runs"] = Json::array();
        for (const auto& [directory, run] : load.runs)
            json["runs"].push_back({{"name", nameOf(directory)},
                                    {"directory", directory},
                                    {"cores", load.coresOf(directory, before).value_or(0)},
                                    {"memory", run.memory},
                                    {"gpu_memory", run.gpuMemory},
                                    {"processes", run.processes}});
        print(json);
        return exitOk;
    }
    std::printf("CPU     %s %% of %d cores, load %s\n", shortNumber(100 * busy.value_or(0)).c_str(),
                load.cores, shortNumber(load.loadAverage).c_str());
    std::printf("memory  %s free of %s\n", sizeText(load.memoryFree).c_str(),
                sizeText(load.memoryTotal).c_str());
    std::printf("disk    %s free of %s\n", sizeText(load.diskFree).c_str(), sizeText(load.diskTotal).c_str());
    for (const GpuLoad& gpu : load.gpus)
        std::printf("GPU     %s: %s %%, %s of %s used\n", printable(gpu.name).c_str(),
                    shortNumber(gpu.usedPercent).c_str(), sizeText(gpu.memoryUsed).c_str(),
                    sizeText(gpu.memoryTotal).c_str());
    for (const auto& [directory, run] : load.runs)
        std::printf("run     %s: %s cores, %s, %s on GPUs\n", printable(nameOf(directory)).c_str(),
                    shortNumber(load.coresOf(directory, before).value_or(0)).c_str(),
                    sizeText(run.memory).c_str(), sizeText(run.gpuMemory).c_str());
    return exitOk;
}

int runMachinesRuns(Context& context) {
    const EventLoop loop;
    const Machine machine = context.reader().machine(context.arguments().positional(0));
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    const FarContent content = contentThere(placeOf(*shell, machine, context));
    if (context.json()) {
        Json runs = Json::array();
        for (const FarRun& run : content.runs)
            runs.push_back({{"directory", run.directory},
                            {"id", run.id},
                            {"name", run.name},
                            {"bytes", run.bytes},
                            {"running", run.isAlive}});
        print({{"runs", runs}, {"brought_bytes", content.broughtBytes}});
        return exitOk;
    }
    std::vector<std::vector<std::string>> rows;
    for (const FarRun& run : content.runs)
        rows.push_back({run.id.substr(0, 8), shortened(printable(run.name), 40), run.isAlive ? "running" : "",
                        sizeText(run.bytes), shortened(printable(run.directory), 60)});
    if (!rows.empty()) std::fputs(formatTable({"id", "name", "", "size", "directory"}, rows).c_str(), stdout);
    std::printf("brought: %s\n", sizeText(content.broughtBytes).c_str());
    return exitOk;
}

int runMachinesClean(Context& context) {
    const EventLoop loop;
    const Arguments& given = context.arguments();
    const Machine machine = context.reader().machine(given.positional(0));
    const std::vector<std::string> wanted(given.positionals().begin() + 1, given.positionals().end());
    if (wanted.empty() && !given.has("--ended") && !given.has("--brought"))
        throw Error("there is nothing to remove", machine.name, "name runs, or give --ended or --brought");
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    const WorkPlace place = placeOf(*shell, machine, context);
    const FarContent content = contentThere(place);
    std::vector<FarRun> chosen;
    for (const std::string& name : wanted) {
        const auto found = std::find_if(content.runs.begin(), content.runs.end(), [&name](const FarRun& run) {
            return run.directory == name || (name.size() >= 4 && run.id.rfind(name, 0) == 0);
        });
        if (found == content.runs.end())
            throw Error("there is no such run on the machine", name,
                        "retort-cli machines runs " + machine.name);
        chosen.push_back(*found);
    }
    if (given.has("--ended"))
        for (const FarRun& run : content.runs)
            if (!run.isAlive && !run.id.empty()) chosen.push_back(run);
    removeThere(place, chosen);
    if (given.has("--brought")) removeBrought(place);
    context.note("removed " + std::to_string(chosen.size()) + " runs there");
    return exitOk;
}

}  // namespace retort::cli
