#include "core/runlog/run_directory.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <ctime>

#include "core/runlog/checkpoint_folder.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/file_lock.h"
#include "core/util/files.h"
#include "core/util/uuid.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr int currentFormat = 1;

std::string hostName() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

std::string folderName(const RunIdentity& identity) {
    const std::time_t seconds = std::time_t(identity.created);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local);
    std::string name = identity.name.substr(0, 80);
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_' && c != '-') c = '-';
    return std::string(stamp) + "-" + name + "-" + identity.id.substr(0, 8);
}

Json toJson(const RunIdentity& identity) {
    Json json{{"format_version", identity.formatVersion},
              {"id", identity.id},
              {"created", identity.created},
              {"name", identity.name},
              {"study", identity.study},
              {"recipe", identity.recipe},
              {"host", identity.host},
              {"program", identity.program}};
    if (identity.parent) json["parent"] = *identity.parent;
    json["environment"] = identity.environment;
    return json;
}

RunIdentity identityFrom(const Json& json) {
    RunIdentity identity;
    identity.formatVersion = json.at("format_version").get<int>();
    identity.id = json.at("id").get<std::string>();
    identity.created = json.value("created", 0.0);
    identity.name = json.value("name", "");
    identity.study = json.value("study", "");
    identity.recipe = json.value("recipe", "");
    identity.host = json.value("host", "");
    identity.program = json.value("program", "");
    if (json.contains("parent") && !json["parent"].is_null())
        identity.parent = json["parent"].get<std::string>();
    identity.environment = json.value("environment", Json::object());
    return identity;
}

RunIdentity readIdentity(const fs::path& file) {
    if (std::error_code code; !fs::exists(file, code))
        throw Error("is no run directory: run.json is missing", file.parent_path().string());
    const std::string text = readFile(file, 1u << 24);
    try {
        RunIdentity identity = identityFrom(Json::parse(text));
        if (identity.formatVersion > currentFormat)
            throw Error("format version " + std::to_string(identity.formatVersion) +
                            " is newer than this program's (" + std::to_string(currentFormat) + ")",
                        file.string(), "update Retort to open this run");
        if (identity.id.size() < 8) throw Error("\"id\" is no UUID", file.string());
        return identity;
    } catch (const Json::exception& error) {
        throw Error(std::string("malformed run.json: ") + error.what(), file.string());
    }
}

void makeFolder(const fs::path& path) {
    std::error_code code;
    fs::create_directories(path, code);
    if (code) throw Error("cannot make the folder: " + code.message(), path.string());
}

fs::path lockFile(const fs::path& run) {
    return run / "run.lock";
}

}  // namespace

RunDirectory::RunDirectory(fs::path path, RunIdentity identity)
    : m_path(std::move(path)), m_identity(std::move(identity)) {}

RunDirectory RunDirectory::create(const fs::path& root, const std::string& name,
                                  const std::string& configYaml, RunIdentity identity) {
    if (identity.id.empty()) identity.id = newUuid();
    if (identity.created == 0) identity.created = unixTime();
    if (identity.host.empty()) identity.host = hostName();
    identity.name = name;
    identity.formatVersion = currentFormat;
    makeFolder(root);
    const fs::path path = fs::absolute(root) / folderName(identity);
    std::error_code code;
    if (!fs::create_directory(path, code))
        throw Error(code ? "cannot make the folder: " + code.message() : "this run's folder is there already",
                    path.string());
    makeFolder(path / "checkpoints");
    makeFolder(path / "control");
    writeFileAtomically(path / "config.yaml", configYaml);
    // Last, because run.json is what makes the folder a run: half-made ones are never opened.
    writeFileAtomically(path / "run.json", toJson(identity).dump(2) + "\n");
    return RunDirectory(path, std::move(identity));
}

RunDirectory RunDirectory::open(const fs::path& path) {
    return RunDirectory(fs::absolute(path).lexically_normal(), readIdentity(path / "run.json"));
}

void RunDirectory::rewriteIdentity(const RunIdentity& identity) {
    writeFileAtomically(m_path / "run.json", toJson(identity).dump(2) + "\n");
    m_identity = identity;
}

fs::path RunDirectory::checkpointFolder(std::int64_t step) const {
    return checkpointsFolder() / checkpointFolderName(step);
}

std::vector<std::int64_t> RunDirectory::checkpointSteps() const {
    std::vector<std::int64_t> steps;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(checkpointsFolder(), code)) {
        const auto step = checkpointStepOf(entry.path().filename().string());
        if (step && isWholeCheckpoint(entry.path())) steps.push_back(*step);
    }
    std::sort(steps.begin(), steps.end());
    return steps;
}

bool RunDirectory::isRunning() const {
    return isFileLocked(lockFile(m_path));
}

RunLock::RunLock(const RunDirectory& run) : m_fd(takeFileLock(lockFile(run.path()))) {
    if (m_fd < 0) throw Error("already running", run.path().string(), "stop it first, or wait for its end");
}

RunLock::~RunLock() {
    ::close(m_fd);
}

}  // namespace retort
