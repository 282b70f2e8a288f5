#include "core/machines/remote_run.h"

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

fs::path fileOf(const fs::path& runDirectory) {
    return runDirectory / "remote.json";
}

}  // namespace

bool isRemoteRun(const fs::path& runDirectory) {
    std::error_code code;
    return fs::exists(fileOf(runDirectory), code);
}

std::optional<RemoteRun> readRemoteRun(const fs::path& runDirectory) {
    if (!isRemoteRun(runDirectory)) return std::nullopt;
    const fs::path file = fileOf(runDirectory);
    try {
        const Json json = Json::parse(readFile(file, 1 << 20));
        RemoteRun run;
        run.machine = json.at("machine").get<std::string>();
        run.directory = json.at("directory").get<std::string>();
        run.program = json.value("program", run.program);
        run.scheduler = json.value("scheduler", run.scheduler);
        run.job = json.value("job", run.job);
        run.eventsOffset = json.value("events_offset", run.eventsOffset);
        run.standardErrorOffset = json.value("stderr_offset", run.standardErrorOffset);
        run.ended = json.value("ended", run.ended);
        return run;
    } catch (const Json::exception& error) {
        throw Error(std::string("malformed remote.json: ") + error.what(), file.string());
    }
}

void writeRemoteRun(const fs::path& runDirectory, const RemoteRun& run) {
    const Json json = {{"machine", run.machine},
                       {"directory", run.directory},
                       {"program", run.program},
                       {"scheduler", run.scheduler},
                       {"job", run.job},
                       {"events_offset", run.eventsOffset},
                       {"stderr_offset", run.standardErrorOffset},
                       {"ended", run.ended}};
    writeFileAtomically(fileOf(runDirectory), json.dump(2) + "\n");
}

bool hasOpenJob(const std::filesystem::path& runDirectory) {
    const auto file = runDirectory / "control" / "slurm.json";
    std::error_code code;
    if (!std::filesystem::exists(file, code)) return false;
    try {
        const Json note = Json::parse(readFile(file, 1 << 20));
        return !note.at("ended").get<bool>() && !note.at("job").get<std::string>().empty();
    } catch (const Error&) {
        return false;
    } catch (const Json::exception&) {
        return false;
    }
}

}  // namespace retort
