#include "training/backends/slurm/slurm_note.h"

#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t longestNote = 4u << 20;

fs::path fileOf(const fs::path& runDirectory) {
    return runDirectory / "control" / "slurm.json";
}

}  // namespace

std::optional<SlurmNote> readSlurmNote(const fs::path& runDirectory) {
    const fs::path file = fileOf(runDirectory);
    std::error_code code;
    if (!fs::exists(file, code)) return std::nullopt;
    try {
        const Json json = Json::parse(readFile(file, longestNote));
        SlurmNote note;
        note.machine = json.at("machine").get<std::string>();
        note.request = slurmRequestFrom(json.at("request"));
        note.script = json.value("script", note.script);
        note.job = json.value("job", note.job);
        note.previous = json.value("previous_job", note.previous);
        note.directory = json.value("directory", note.directory);
        note.start.events = json.value("events_offset", note.start.events);
        note.start.standardError = json.value("stderr_offset", note.start.standardError);
        note.ended = json.value("ended", note.ended);
        return note;
    } catch (const Json::exception& error) {
        throw Error(std::string("malformed: ") + error.what(), file.string());
    }
}

void writeSlurmNote(const fs::path& runDirectory, const SlurmNote& note) {
    const Json json = {{"machine", note.machine},
                       {"request", toJson(note.request)},
                       {"script", note.script},
                       {"job", note.job},
                       {"previous_job", note.previous},
                       {"directory", note.directory},
                       {"events_offset", note.start.events},
                       {"stderr_offset", note.start.standardError},
                       {"ended", note.ended}};
    fs::create_directories(fileOf(runDirectory).parent_path());
    writeFileAtomically(fileOf(runDirectory), json.dump(2) + "\n");
}

}  // namespace retort
