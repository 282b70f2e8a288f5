#include "core/adoption/far_folder.h"

#include "core/util/content_digest.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* recordName = "far.json";

std::string nameOf(const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    // What else lies in its home.
    for (const char* taken : {"", ".", "..", recordName, "lock", "files.json", "arriving"})
        if (name == taken) return "folder";
    return name;
}

}  // namespace

fs::path FarFolder::home(const fs::path& mirrors) const {
    ContentDigest digest;
    const std::string text = machine + '\n' + path;
    digest.add(text.data(), text.size());
    std::string name;
    for (const char c : machine.substr(0, 40))
        name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '-';
    return mirrors / (name + "-" + digest.digits().substr(0, 12));
}

fs::path FarFolder::content(const fs::path& mirrors) const {
    const fs::path folder = home(mirrors) / nameOf(path);
    return only.empty() ? folder : folder / only;
}

std::string FarFolder::text() const {
    return machine + ":" + (only.empty() ? path : (fs::path(path) / only).string());
}

fs::path mirrorsBeside(const fs::path& runsFolder) {
    return runsFolder.parent_path() / "far";
}

void saveFarFolder(const FarFolder& folder, const fs::path& mirrors) {
    const fs::path home = folder.home(mirrors);
    std::error_code code;
    fs::create_directories(home / nameOf(folder.path), code);
    if (code) throw Error("the mirror cannot be made: " + code.message(), home.string());
    // Which of its files are meant is the caller's: several may be adopted from one folder.
    const Json json{{"format_version", 1}, {"machine", folder.machine}, {"path", folder.path}};
    const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    if (!fs::exists(home / recordName, code) || readFile(home / recordName) != text)
        writeFileAtomically(home / recordName, text);
}

std::optional<FarPlace> farPlaceOf(const fs::path& path) {
    for (fs::path home = path.parent_path(); home.has_relative_path(); home = home.parent_path()) {
        std::error_code code;
        if (home.parent_path().filename() != "far" || !fs::is_regular_file(home / recordName, code)) continue;
        try {
            const Json json = Json::parse(readFile(home / recordName, 1 << 20));
            FarFolder folder;
            folder.machine = json.at("machine").get<std::string>();
            folder.path = json.at("path").get<std::string>();
            return FarPlace{std::move(folder), home};
        } catch (const Json::exception& error) {
            throw Error(std::string("malformed: ") + error.what(), (home / recordName).string());
        }
    }
    return std::nullopt;
}

fs::path pathThere(const fs::path& path) {
    const auto place = farPlaceOf(path);
    if (!place) return path;
    const fs::path below = path.lexically_relative(place->home / nameOf(place->folder.path));
    return below == "." ? fs::path(place->folder.path) : fs::path(place->folder.path) / below;
}

std::string sourceText(const fs::path& path) {
    const auto place = farPlaceOf(path);
    return (place ? place->folder.machine + ":" : "") + pathThere(path).string();
}

}  // namespace retort
