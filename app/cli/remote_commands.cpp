// What the commands for other machines take: one table for retort-cli, which lists them, and
// retort-cli-remote, which does them.
#include "app/cli/remote_program.h"
#include "app/cli/slurm_commands.h"

namespace retort::cli {
namespace {

using Kind = Option::Kind;

Option option(const char* name, const char* value, const char* help, Kind kind = Kind::Text) {
    return {kind, name, value, help, {}, false};
}

std::vector<Option> machineOptions() {
    return {option("--ssh", "DESTINATION",
                   "As after `ssh`: a host of ~/.ssh/config, or user@host; without: this machine."),
            option("--port", "N", "Default: as your SSH configuration says.", Kind::Integer),
            option("--folder", "DIR", "The work folder there; default: ~/retort."),
            {Kind::Text, "--env", "LINE", "A line of sh before each trainer: 'module load cuda'.", {}, true},
            {Kind::Text, "--scheduler", "none|slurm", "Default: none.", {"none", "slurm"}, false},
            option("--libtorch", "DIR", "LibTorch's folder there; default: the system's."),
            option("--at-once", "N", "Runs at once (default: 1).", Kind::Integer),
            option("--per-gpu", "N", "Runs a GPU; 0: GPUs do not matter (default: 1).", Kind::Integer),
            option("--nice", "N", "Nice value of runs there, 0 to 19 (default: 0).", Kind::Integer)};
}

}  // namespace

std::vector<Command> remoteCommands(int (*run)(Context&)) {
    std::vector<Option> edit = machineOptions();
    edit.push_back(option("--name", "NAME", "A new name."));
    std::vector<Option> launch = {
        option("--machine", "NAME", "One of `retort-cli machines list`."),
        option("--processes", "N", "Trains by N processes there that share each batch.", Kind::Integer),
        {Kind::Text, "--set", "KEY.PATH=VALUE", "Overrides a parameter.", {}, true},
        {Kind::Flag, "--follow", "", "Stays and shows it; Ctrl+C leaves it running.", {}, false}};
    for (const Option& each : slurmRequestOptions()) launch.push_back(each);
    return {
        {"machines list", "Lists the machines on which runs can execute.", {}, run},
        {"machines add", "Adds a machine.", {{{"NAME"}}, machineOptions()}, run},
        {"machines edit",
         "Changes what is given of a machine; --env replaces all its lines.",
         {{{"NAME"}}, edit},
         run},
        {"machines remove", "Forgets a machine; what lies there stays.", {{{"NAME"}}, {}}, run},
        {"machines test", "Tries a machine step by step, and says what to do.", {{{"NAME"}}, {}}, run},
        {"machines build",
         "Builds retort-cli on a machine from its source. Ctrl+C leaves it building; again: looks at it.",
         {{{"NAME"}},
          {{Kind::Text, "--define", "NAME=VALUE", "For CMake there.", {}, true},
           option("--jobs", "N", "Compilers at once; default: what cores and memory allow.", Kind::Integer),
           {Kind::Flag, "--stop", "", "Ends the build that goes on there.", {}, false}}},
         run},
        {"machines load", "CPU, memory, disk and GPUs of a machine now.", {{{"NAME"}}, {}}, run},
        {"machines runs", "What of yours lies on a machine.", {{{"NAME"}}, {}}, run},
        {"machines clean",
         "Removes run directories on a machine; their mirrors here stay.",
         {{{"NAME"}, {"RUN", true, true}},
          {{Kind::Flag, "--ended", "", "All that are not running.", {}, false},
           {Kind::Flag, "--brought", "", "Data, checkpoints and programs that were brought.", {}, false}}},
         run},
        {"machines secret set",
         "Keeps a variable of the runs on a machine, such as HF_TOKEN, in the system's keychain; the value "
         "comes from standard input.",
         {{{"NAME"}, {"VARIABLE"}}, {}},
         run},
        {"machines secret remove", "Forgets such a variable.", {{{"NAME"}, {"VARIABLE"}}, {}}, run},
        {"machines secret list", "Their names.", {{{"NAME"}}, {}}, run},
        {"launch",
         "Trains as a configuration says on a machine; with Slurm there it is submitted.",
         {{{"CONFIG"}}, launch},
         run},
        {"follow",
         "Brings what a run on a machine has said, and follows it to its end. Ctrl+C leaves it running.",
         {{{"RUN"}}, {}},
         run},
        {"fetch",
         "Fetches a checkpoint of a run on a machine.",
         {{{"RUN"}}, {option("--step", "N", "Default: the last one.", Kind::Integer)}},
         run},
        {"ask-run",
         "Asks a run on a machine: stop, pause, continue, checkpoint, priority N.",
         {{{"DIR"}, {"REQUEST"}, {"N", true}}, {}},
         run,
         true},
    };
}

}  // namespace retort::cli
