#include "core/runlog/placement.h"

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* fileName = "placement.json";

}  // namespace

void checkProcesses(std::int64_t processes) {
    if (processes < 1 || processes > mostProcesses)
        throw Error("a run is trained by 1 to " + std::to_string(mostProcesses) + " processes",
                    "--processes");
}

void writePlacement(const fs::path& runDirectory, const Placement& placement) {
    checkProcesses(placement.processes);
    writeFileAtomically(runDirectory / fileName, Json{{"processes", placement.processes}}.dump() + "\n");
}

Placement readPlacement(const fs::path& runDirectory) try {
    const fs::path file = runDirectory / fileName;
    std::error_code code;
    if (!fs::exists(file, code)) return {};
    Placement placement;
    placement.processes = Json::parse(readFile(file, 4096)).at("processes").get<int>();
    checkProcesses(placement.processes);
    return placement;
} catch (const Json::exception& error) {
    throw Error(std::string("malformed: ") + error.what(), (runDirectory / fileName).string());
}

}  // namespace retort
