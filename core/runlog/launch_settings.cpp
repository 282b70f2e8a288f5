#include "core/runlog/launch_settings.h"

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

fs::path fileOf(const fs::path& runDirectory) {
    return runDirectory / "control" / "launch.json";
}

}  // namespace

void writeLaunchSettings(const fs::path& runDirectory, const LaunchSettings& settings) {
    std::error_code code;
    fs::create_directories(fileOf(runDirectory).parent_path(), code);
    Json json = {{"attempt", settings.attempt}, {"events_bytes", settings.eventsBytes}};
    if (!settings.gpus.empty()) json["gpus"] = settings.gpus;
    writeFileAtomically(fileOf(runDirectory), json.dump() + "\n");
}

std::optional<LaunchSettings> readLaunchSettings(const fs::path& runDirectory) try {
    const Json json = Json::parse(readFile(fileOf(runDirectory), 4096));
    return LaunchSettings{json.value("gpus", std::vector<int>()), json.at("attempt").get<int>(),
                          json.at("events_bytes").get<std::int64_t>()};
} catch (const Error&) {
    return std::nullopt;
} catch (const Json::exception&) {
    return std::nullopt;
}

void removeLaunchSettings(const fs::path& runDirectory) {
    std::error_code ignored;
    fs::remove(fileOf(runDirectory), ignored);
}

std::vector<std::string> environmentOf(const LaunchSettings& settings) {
    if (settings.gpus.empty()) return {};
    std::string list;
    for (const int gpu : settings.gpus) {
        if (!list.empty()) list += ',';
        list += std::to_string(gpu);
    }
    return {"CUDA_DEVICE_ORDER=PCI_BUS_ID", "CUDA_VISIBLE_DEVICES=" + list};
}

}  // namespace retort
