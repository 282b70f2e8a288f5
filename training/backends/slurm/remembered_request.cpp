#include "training/backends/slurm/remembered_request.h"

#include "core/store/store.h"
#include "core/util/error.h"
#include "training/backends/slurm/slurm_note.h"

namespace retort {

std::string slurmRequestSetting(const std::string& machine) {
    return "slurm.request:" + machine;
}

SlurmRequest rememberedSlurmRequest(StoreReader& reader, const std::string& machine) {
    const std::optional<Json> saved = reader.setting(slurmRequestSetting(machine));
    if (!saved) return {};
    try {
        return slurmRequestFrom(*saved);
    } catch (const Error&) {
        return {};
    }
}

SlurmRequest slurmRequestOf(StoreReader& reader, const std::filesystem::path& runDirectory,
                            const std::string& machine) {
    if (const auto note = readSlurmNote(runDirectory); note && note->machine == machine) return note->request;
    return rememberedSlurmRequest(reader, machine);
}

}  // namespace retort
