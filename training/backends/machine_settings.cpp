#include "training/backends/machine_settings.h"

#include "core/store/store.h"
#include "training/backends/remote/secrets.h"
#include "training/backends/remote/ssh_backend.h"
#include "training/backends/slurm/remembered_request.h"
#include "training/backends/slurm/slurm_backend.h"

namespace retort {

void useStore(Backend& backend, const std::filesystem::path& storeFile) {
    const auto namesFor = [storeFile](const std::string& machine) {
        return [storeFile, machine] {
            StoreReader reader(storeFile);
            return secretNames(reader, machine);
        };
    };
    if (auto* ssh = qobject_cast<SshBackend*>(&backend)) ssh->setSecretNames(namesFor(ssh->machine().name));
    if (auto* slurm = qobject_cast<SlurmBackend*>(&backend)) {
        const std::string machine = slurm->machine().name;
        slurm->setSecretNames(namesFor(machine));
        slurm->setUsualRequest([storeFile, machine] {
            StoreReader reader(storeFile);
            return rememberedSlurmRequest(reader, machine);
        });
    }
}

}  // namespace retort
