// The commands of retort-cli-remote.
#include <map>

#include "app/cli/adoption_session.h"
#include "app/cli/context.h"
#include "app/cli/queue_commands.h"
#include "app/cli/remote/queue_functions.h"
#include "app/cli/remote/remote_functions.h"
#include "app/cli/remote/slurm_functions.h"
#include "app/cli/remote_program.h"
#include "app/cli/slurm_commands.h"
#include "core/util/error.h"

namespace retort::cli {
namespace {

const std::map<std::string, int (*)(Context&)>& functions() {
    static const std::map<std::string, int (*)(Context&)> all = {{"machines list", runMachinesList},
                                                                 {"machines add", runMachinesAdd},
                                                                 {"machines edit", runMachinesEdit},
                                                                 {"machines remove", runMachinesRemove},
                                                                 {"machines test", runMachinesTest},
                                                                 {"machines build", runMachinesBuild},
                                                                 {"machines load", runMachinesLoad},
                                                                 {"machines runs", runMachinesRuns},
                                                                 {"machines clean", runMachinesClean},
                                                                 {"machines secret set", runSecretSet},
                                                                 {"machines secret remove", runSecretRemove},
                                                                 {"machines secret list", runSecretList},
                                                                 {"adopt", runAdoptThere},
                                                                 {"launch", runLaunch},
                                                                 {"follow", runFollow},
                                                                 {"fetch", runFetch},
                                                                 {"ask-run", runAskRun},
                                                                 {"slurm script", runSlurmScript},
                                                                 {"slurm submit", runSlurmSubmit},
                                                                 {"slurm request", runSlurmRequest},
                                                                 {"slurm resume", runSlurmResume},
                                                                 {"slurm follow", runSlurmFollow},
                                                                 {"slurm queue", runSlurmQueue},
                                                                 {"slurm cancel", runSlurmCancel},
                                                                 {"slurm requeue", runSlurmRequeue},
                                                                 {"slurm hold", runSlurmHold},
                                                                 {"slurm release", runSlurmRelease},
                                                                 {"queue list", runQueueList},
                                                                 {"queue add", runQueueAdd},
                                                                 {"queue move", runQueueMove},
                                                                 {"queue hold", runQueueHold},
                                                                 {"queue release", runQueueRelease},
                                                                 {"queue retry", runQueueRetry},
                                                                 {"queue remove", runQueueRemove},
                                                                 {"queue limits", runQueueLimits},
                                                                 {"queue run", runQueueRun}};
    return all;
}

}  // namespace

const std::vector<Command>& commands() {
    static const std::vector<Command> list = [] {
        std::vector<Command> all = remoteCommands(nullptr);
        for (Command& command : slurmCommands(nullptr)) all.push_back(std::move(command));
        for (Command& command : queueCommands(nullptr)) all.push_back(std::move(command));
        all.push_back(adoptCommand(nullptr));
        for (Command& command : all) {
            command.run = functions().at(command.name);
            for (const Option& each : commonOptions()) command.syntax.options.push_back(each);
        }
        return all;
    }();
    return list;
}

}  // namespace retort::cli
