#include "app/cli/slurm_commands.h"

namespace retort::cli {
namespace {

using Kind = Option::Kind;

Option option(const char* name, const char* value, const char* help, Kind kind = Kind::Text) {
    return {kind, name, value, help, {}, false};
}

Option machineOption() {
    return option("--machine", "NAME",
                  "One of `retort-cli machines list` with Slurm; without: this machine.");
}

std::vector<Option> withMachine(std::vector<Option> options) {
    options.insert(options.begin(), machineOption());
    return options;
}

Option setOption() {
    return {Kind::Text, "--set", "KEY.PATH=VALUE", "Overrides a parameter.", {}, true};
}

Option followOption() {
    return {Kind::Flag, "--follow", "", "Stays until it has ended; Ctrl+C leaves it running.", {}, false};
}

}  // namespace

std::vector<Option> slurmRequestOptions() {
    return {
        option("--partition", "NAME", "sinfo lists them."),
        option("--account", "NAME", "Who pays."),
        option("--qos", "NAME", "Quality of service."),
        option("--time", "LIMIT", "Minutes (90), hours (1:30:00), days (2-12)."),
        option("--gres", "WHAT", "GPUs a node: gpu:2, gpu:a100:4."),
        option("--nodes", "N", "Default: 1.", Kind::Integer),
        option("--tasks-per-node", "N", "Processes a node (default: 1); started with srun.", Kind::Integer),
        option("--cpus-per-task", "N", "CPU cores a process.", Kind::Integer),
        option("--mem", "AMOUNT", "Memory a node: 16G."),
        option("--constraint", "FEATURES", "Of nodes: 'a100&ib'."),
        {Kind::Text, "--sbatch", "OPTION", "A further option of sbatch: --mail-type=END.", {}, true},
        option("--grace", "S",
               "Seconds before the time limit at which the trainer saves and stops (default: 60).",
               Kind::Integer),
        {Kind::Flag, "--continue", "", "Back into the queue at the time limit, until it is done.", {}, false},
        {Kind::Flag,
         "--plain",
         "",
         "Begins with nothing, not with what is remembered for the machine (see: slurm request).",
         {},
         false}};
}

std::vector<Command> slurmCommands(int (*run)(Context&)) {
    std::vector<Option> script = withMachine(slurmRequestOptions()), submit = script;
    script.push_back(setOption());
    for (const Option& each :
         {setOption(), option("--script", "FILE", "Submits this batch script as it is (see: slurm script)."),
          option("--array-at-once", "N", "Of several configurations, so many run at once (default: all).",
                 Kind::Integer),
          followOption()})
        submit.push_back(each);
    const Positional runName = {"RUN"};
    return {
        {"slurm script",
         "Prints the batch script of a configuration or run.",
         {{{"CONFIG|RUN"}}, script},
         run},
        {"slurm submit",
         "Submits configurations to Slurm; several become one job array.",
         {{{"CONFIG", false, true}}, submit},
         run},
        {"slurm request",
         "What runs ask of a machine that say nothing else, also in the queue and in the window. Options "
         "change it.",
         {{}, withMachine(slurmRequestOptions())},
         run},
        {"slurm resume",
         "Submits a run once more; it goes on from its last checkpoint.",
         {{runName}, {option("--time", "LIMIT", "Another time limit."), followOption()}},
         run},
        {"slurm follow", "Follows a run to its end. Ctrl+C leaves it running.", {{runName}, {}}, run},
        {"slurm queue",
         "Your jobs: state, start or expected start, and why they wait.",
         {{}, {machineOption()}},
         run},
        {"slurm cancel", "Ends a run's job; the trainer is told to save first.", {{runName}, {}}, run},
        {"slurm requeue",
         "Puts a run's job back into the queue; it goes on as the same run.",
         {{runName}, {}},
         run},
        {"slurm hold", "Keeps a waiting job from beginning.", {{runName}, {}}, run},
        {"slurm release", "Lets a held job begin.", {{runName}, {}}, run},
    };
}

}  // namespace retort::cli
