#include "views/launch_step.h"

#include "training/backends/remote/ssh_backend.h"
#include "training/backends/slurm/slurm_backend.h"

namespace retort {

QString launchStep(const Lab& lab, const std::string& backend, const std::string& runDirectory) {
    const QString directory = QString::fromStdString(runDirectory);
    const Backend* holder = lab.backend(QString::fromStdString(backend));
    if (const auto* ssh = qobject_cast<const SshBackend*>(holder)) return ssh->launchStep(directory);
    if (const auto* slurm = qobject_cast<const SlurmBackend*>(holder)) return slurm->launchStep(directory);
    return {};
}

void noteLaunchSteps(const Lab& lab, std::vector<RunRow>& rows) {
    for (RunRow& row : rows)
        if (row.state == "created") row.activity = launchStep(lab, row.backend, row.directory).toStdString();
}

}  // namespace retort
