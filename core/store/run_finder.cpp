#include "core/store/run_finder.h"

#include <algorithm>

namespace retort {

FindRun finderIn(StoreReader& reader) {
    return [&reader](const std::string& nameOrId) -> std::optional<KnownRun> {
        const auto run = reader.findRun(nameOrId);
        if (!run) return std::nullopt;
        KnownRun found{run->directory};
        for (const CheckpointRow& each : reader.checkpoints(run->id))
            found.lastStep = std::max(found.lastStep, each.step);
        return found;
    };
}

}  // namespace retort
