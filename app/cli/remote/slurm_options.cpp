#include "app/cli/remote/slurm_options.h"

#include <algorithm>

#include "app/cli/context.h"
#include "app/cli/slurm_commands.h"
#include "training/backends/slurm/remembered_request.h"

namespace retort::cli {

bool asksOfSlurm(const Context& context) {
    const std::vector<Option> options = slurmRequestOptions();
    return std::any_of(options.begin(), options.end(),
                       [&](const Option& each) { return context.arguments().has(each.name); });
}

SlurmRequest slurmRequestOfLine(const Context& context, const std::string& machine) {
    const Arguments& arguments = context.arguments();
    SlurmRequest request;
    if (!arguments.has("--plain") && std::filesystem::exists(context.storeFile())) {
        StoreReader reader = context.reader();
        request = rememberedSlurmRequest(reader, machine);
    }
    request.partition = arguments.text("--partition", request.partition);
    request.account = arguments.text("--account", request.account);
    request.qos = arguments.text("--qos", request.qos);
    request.timeLimit = arguments.text("--time", request.timeLimit);
    request.gpus = arguments.text("--gres", request.gpus);
    request.nodes = arguments.integer("--nodes", request.nodes);
    request.tasksPerNode = arguments.integer("--tasks-per-node", request.tasksPerNode);
    request.cpusPerTask = arguments.integer("--cpus-per-task", request.cpusPerTask);
    request.memory = arguments.text("--mem", request.memory);
    request.constraint = arguments.text("--constraint", request.constraint);
    if (arguments.has("--sbatch")) request.extraLines = arguments.all("--sbatch");
    request.arrayAtOnce = arguments.integer("--array-at-once", request.arrayAtOnce);
    request.graceSeconds = arguments.integer("--grace", request.graceSeconds);
    request.isContinuedAtTimeLimit = request.isContinuedAtTimeLimit || arguments.has("--continue");
    checkSlurmRequest(request);
    return request;
}

std::string requestText(const SlurmRequest& request) {
    const std::string options = optionsText(request);
    return options.empty() ? "the cluster's defaults" : options;
}

}  // namespace retort::cli
