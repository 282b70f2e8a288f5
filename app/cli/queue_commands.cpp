#include "app/cli/queue_commands.h"

#include "app/cli/slurm_commands.h"

namespace retort::cli {

std::vector<Command> queueCommands(int (*run)(Context&)) {
    using Kind = Option::Kind;
    std::vector<Option> add = {
        {Kind::Text, "--machine", "NAME", "One of `retort-cli machines list`; without: this one.", {}, false},
        {Kind::Text, "--after", "RUN", "Waits until that has finished.", {}, true},
        {Kind::Integer, "--retries", "N", "Starts it again when it fails, so often (default: 0).", {}, false},
        {Kind::Integer,
         "--processes",
         "N",
         "Trains by N processes that share each batch; of a study, the stages that can.",
         {},
         false},
        {Kind::Text, "--set", "KEY.PATH=VALUE", "Overrides a parameter.", {}, true},
        {Kind::Flag, "--first", "", "Before all others.", {}, false},
        {Kind::Flag, "--held", "", "It waits until `queue release`.", {}, false}};
    for (const Option& each : slurmRequestOptions()) add.push_back(each);
    const Positional aRun = {"RUN"}, runs = {"RUN", false, true};
    return {
        {"queue list", "What waits for its turn and why, what goes, what failed.", {{}, {}}, run},
        {"queue add",
         "Puts a configuration, a study's folder (1-a.yaml, 2-b.yaml …) or a run that stopped into the "
         "queue. A "
         "run waits for those that it starts from.",
         {{{"CONFIG|FOLDER|RUN"}}, add},
         run},
        {"queue move", "Moves a run to a place in the queue; 1 is the first.", {{aRun, {"PLACE"}}, {}}, run},
        {"queue hold", "Keeps runs from starting.", {{runs}, {}}, run},
        {"queue release", "Lets held runs start.", {{runs}, {}}, run},
        {"queue retry",
         "Lets runs that failed wait again, or tries them now; they go on from their last checkpoint.",
         {{runs}, {}},
         run},
        {"queue remove", "Takes runs out that wait or failed; they can be added again.", {{runs}, {}}, run},
        {"queue limits",
         "How many runs of the queue go at once on this computer; machines have their own.",
         {{},
          {{Kind::Integer, "--at-once", "N", "Runs at once.", {}, false},
           {Kind::Integer, "--per-gpu", "N", "Runs a GPU; 0: GPUs do not matter.", {}, false},
           {Kind::Integer,
            "--retry-pause",
            "S",
            "Seconds before the first retry, here or elsewhere; then 4 times and 20 times as long.",
            {},
            false}}},
         run},
        {"queue run",
         "Works the queue off, until nothing in it can go on. Ctrl+C leaves what runs running.",
         {{}, {}},
         run},
    };
}

}  // namespace retort::cli
