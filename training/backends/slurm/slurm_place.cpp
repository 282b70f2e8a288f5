#include "training/backends/slurm/slurm_place.h"

#include "core/util/files.h"
#include "core/util/uuid.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/remote_program.h"
#include "training/backends/remote/shell_quote.h"
#include "training/backends/slurm/slurm_submission.h"
#include "training/backends/trainer_program.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

RemoteRun placeAgain(const WorkPlace& place, const RunDirectory& run) {
    const auto known = readRemoteRun(run.path());
    if (known && known->machine != place.machine.name)
        throw Error("the run lies on another machine: " + known->machine, run.path().string());
    if (known && !known->directory.empty()) return *known;
    std::error_code code;
    if (fs::file_size(run.eventsFile(), code) > 0 && !code)
        throw Error("the run began on this machine and cannot go on there", run.path().string(),
                    "resume it here, or start a new run from its checkpoint");
    return placeRun(place, run);
}

/// The program here where it is there, too.
std::string sharedProgram(Shell& shell, const Machine& machine, const std::function<bool()>& stop) {
    std::string program;
    try {
        program = trainerProgram().string();
    } catch (const Error&) {
        if (machine.isLocal()) throw;
    }
    if (machine.isLocal()) return program;
    if (!program.empty() && shell.wait("test -x " + shellQuote(program), QByteArray(), stop).exitCode == 0)
        return program;
    return findOrBringProgram(openWorkPlace(shell, machine, stop));
}

}  // namespace

bool seesFolder(Shell& shell, const fs::path& folder, const std::function<bool()>& stop) {
    const std::string content = newUuid();
    const fs::path file = folder / (".seen-" + content);
    writeFileAtomically(file, content);
    std::error_code ignored;
    try {
        const CommandResult result = shell.wait(
            "cat -- " + shellQuote(fs::absolute(file).string()) + " 2>/dev/null", QByteArray(), stop);
        fs::remove(file, ignored);
        return result.out == content;
    } catch (...) {
        fs::remove(file, ignored);
        throw;
    }
}

SlurmPlaces placeSlurmRuns(
    Shell& shell, const Machine& machine, const std::vector<RunDirectory>& runs, bool isShared,
    const std::function<void(const std::string&)>& say, const std::function<bool()>& stop,
    const std::function<void(const std::string&, std::int64_t, std::int64_t)>& advance) {
    SlurmPlaces places;
    places.isShared = isShared;
    if (isShared) {
        places.program = sharedProgram(shell, machine, stop);
        for (const RunDirectory& run : runs) places.directories.push_back(slurmPath(run.path()));
        return places;
    }
    WorkPlace place = openWorkPlace(shell, machine, stop);
    place.say = say;
    place.advance = advance;
    places.program = findOrBringProgram(place);
    for (const RunDirectory& run : runs) {
        RemoteRun remote = placeAgain(place, run);
        remote.program = places.program;
        remote.job.clear();
        remote.ended = true;  // until there is a job
        writeRemoteRun(run.path(), remote);
        places.directories.push_back(remote.directory);
    }
    return places;
}

}  // namespace retort
