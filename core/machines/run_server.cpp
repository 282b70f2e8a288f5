#include "core/machines/run_server.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "core/runlog/control.h"
#include "core/runlog/run_directory.h"
#include "core/util/clock.h"
#include "core/util/content_digest.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/process_identity.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::int64_t tailBytes = 4096;
// A piece of one file at a time, so that a run that catches up does not hold up the others.
constexpr std::int64_t pieceBytes = 256 << 10;
constexpr std::int64_t longestIdentity = 1 << 20;
constexpr std::chrono::milliseconds stateInterval(500), signInterval(2000);

struct Name {
    const char* text;
    Request request;
};
constexpr Name requestNames[] = {
    {"stop", Request::Stop}, {"pause", Request::Pause}, {"checkpoint", Request::Checkpoint}};

/// −1: it is not there, or nobody can say.
std::int64_t sizeOf(const fs::path& file) {
    struct stat info;
    return ::stat(file.c_str(), &info) == 0 ? std::int64_t(info.st_size) : -1;
}

std::string readPiece(const fs::path& file, std::int64_t offset, std::int64_t most) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return {};
    std::string bytes(std::size_t(most), '\0');
    const ssize_t got = ::pread(descriptor, bytes.data(), bytes.size(), off_t(offset));
    ::close(descriptor);
    bytes.resize(got > 0 ? std::size_t(got) : 0);
    return bytes;
}

/// Of the trainer that was started here: it holds the run's lock only once it has begun.
std::optional<ProcessIdentity> notedProcess(const fs::path& directory) try {
    const Json note = Json::parse(readFile(directory / "control" / "process.json", 4096));
    return ProcessIdentity{note.at("pid").get<pid_t>(), note.at("start_ticks").get<std::uint64_t>()};
} catch (const std::exception&) {
    return std::nullopt;
}

bool isLocked(const fs::path& directory) try {
    return RunDirectory::open(directory).isRunning();
} catch (const Error&) {
    return false;
}

Request requestFrom(const std::string& word) {
    for (const Name& name : requestNames)
        if (word == name.text) return name.request;
    throw Error("there is no request '" + word + "'");
}

}  // namespace

std::string tailDigest(const fs::path& file, std::int64_t offset) {
    if (offset == 0) return "";
    const std::int64_t count = std::min(offset, tailBytes);
    const std::string bytes = readPiece(file, offset - count, count);
    if (std::int64_t(bytes.size()) != count) return "";
    ContentDigest digest;
    digest.add(bytes.data(), bytes.size());
    return digest.digits();
}

RunServer::RunServer(Output output, std::chrono::milliseconds patience)
    : m_output(std::move(output)), m_patience(patience) {}

void RunServer::handle(const std::string& line) try {
    const Json request = Json::parse(line);
    if (request.contains("follow"))
        follow(request);
    else if (request.contains("unfollow"))
        m_runs.erase(request.at("unfollow").get<std::string>());
    else if (request.contains("ask"))
        control(request, true);
    else if (request.contains("withdraw"))
        control(request, false);
    else if (request.contains("priority"))
        prioritise(request);
    else
        throw Error("unknown request");
} catch (const std::exception& error) {
    say({{"problem", error.what()}});
}

void RunServer::follow(const Json& request) {
    const std::string key = request.at("follow").get<std::string>();
    Run run;
    run.directory = request.at("directory").get<std::string>();
    run.asked = Json::object();
    for (const auto& [name, place] : request.at("files").items()) {
        // Only files that a run has: a request never reads others.
        if (std::find(followedFiles().begin(), followedFiles().end(), name) == followedFiles().end())
            continue;
        run.asked[name] = {{"offset", place.at("offset").get<std::int64_t>()},
                           {"tail", place.at("tail").get<std::string>()}};
    }
    m_runs[key] = std::move(run);
}

/// Whether the files are those that were read; false: they cannot be read now.
bool RunServer::compareFiles(const std::string& key, Run& run, bool isLastTry) {
    for (auto asked = run.asked.begin(); asked != run.asked.end();) {
        const std::int64_t offset = (*asked)["offset"].get<std::int64_t>();
        const fs::path file = run.directory / asked.key();
        const std::int64_t size = sizeOf(file);
        const std::string tail = offset > 0 && offset <= size ? tailDigest(file, offset) : "";
        const bool isUnreadable = offset > 0 && (size < 0 || (offset <= size && tail.empty()));
        if (isUnreadable && !isLastTry) return false;
        if (offset < 0 || offset > std::max<std::int64_t>(size, 0) ||
            tail != (*asked)["tail"].get<std::string>())
            say({{"run", key}, {"differs", asked.key()}, {"size", std::max<std::int64_t>(size, 0)}});
        else
            run.offsets[asked.key()] = offset;
        asked = run.asked.erase(asked);
    }
    return true;
}

/// Says so once it has been so for long enough.
bool RunServer::isMissing(const std::string& key, Run& run) {
    const auto now = Clock::now();
    const bool isOver = run.missingSince && now - *run.missingSince >= m_patience;
    const bool isThere = sizeOf(run.directory / "run.json") >= 0;
    if (isThere && compareFiles(key, run, isOver)) {
        run.missingSince.reset();
        run.gone = false;
        return false;
    }
    if (!run.missingSince) run.missingSince = now;
    if (!isThere && !run.gone && now - *run.missingSince >= m_patience) {
        run.gone = true;
        say({{"run", key}, {"gone", true}});
    }
    return true;
}

RunServer::Run& RunServer::followed(const std::string& key) {
    const auto found = m_runs.find(key);
    if (found == m_runs.end()) throw Error("no such run is followed", key);
    return found->second;
}

void RunServer::control(const Json& request, bool isAsked) {
    Run& run = followed(request.at(isAsked ? "ask" : "withdraw").get<std::string>());
    const Request asked = requestFrom(request.at("request").get<std::string>());
    if (isAsked)
        ask(run.directory, asked);
    else
        withdraw(run.directory, asked);
    run.serial = request.at("serial").get<std::int64_t>();
    run.toldControl = false;
}

void RunServer::prioritise(const Json& request) {
    Run& run = followed(request.at("priority").get<std::string>());
    askPriority(run.directory, request.at("nice").get<int>());
    run.serial = request.at("serial").get<std::int64_t>();
    run.toldControl = false;
}

bool RunServer::look() {
    bool more = false;
    const auto now = Clock::now();
    for (auto& [key, run] : m_runs) {
        if (now >= run.nextState) {
            run.nextState = now + stateInterval;
            lookAtState(key, run);
        }
        if (!run.missingSince && run.toldAlive) {
            lookAtControl(key, run);
            more |= readFiles(key, run);
        }
    }
    if (now >= m_nextSign) {
        m_nextSign = now + signInterval;
        say({{"time", unixTime()}});
    }
    return more;
}

/// The trainer is looked at first and its files are read behind that: of one that is gone, all is there by
/// then.
void RunServer::lookAtState(const std::string& key, Run& run) {
    if (isMissing(key, run)) return;
    lookAtIdentity(key, run);
    lookAtPriority(key, run);
    if (const auto noted = notedProcess(run.directory)) run.trainer = noted;
    const bool alive = (run.trainer && isAlive(*run.trainer)) || isLocked(run.directory);
    if (run.toldAlive && alive == run.alive) return;
    if (!alive) {
        while (readFiles(key, run)) {
        }
        if (isMissing(key, run)) return;  // whether it ends, nobody could see just now
    }
    run.alive = alive;
    run.toldAlive = true;
    say({{"run", key}, {"alive", alive}});
}

void RunServer::lookAtIdentity(const std::string& key, Run& run) {
    const fs::path file = run.directory / "run.json";
    std::error_code code;
    const auto time = fs::last_write_time(file, code);
    const std::int64_t size = sizeOf(file);
    if (code || size < 0 || (size == run.identitySize && time == run.identityTime) || size > longestIdentity)
        return;
    run.identitySize = size;
    run.identityTime = time;
    std::string text = readPiece(file, 0, size);
    if (text == run.identity) return;
    run.identity = std::move(text);
    say({{"run", key}, {"identity", run.identity}});
}

void RunServer::lookAtPriority(const std::string& key, Run& run) {
    const std::optional<PriorityState> now = readPriorityState(run.directory);
    if (!now || now == run.nice) return;
    run.nice = now;
    say({{"run", key}, {"nice", toJson(*now)}});
}

void RunServer::lookAtControl(const std::string& key, Run& run) {
    const ControlReader reader(run.directory);
    std::vector<std::string> standing;
    for (const Name& name : requestNames)
        if (reader.isAsked(name.request)) standing.emplace_back(name.text);
    const std::optional<int> priority = askedPriority(run.directory);
    if (run.toldControl && standing == run.control && priority == run.priority) return;
    run.control = standing;
    run.priority = priority;
    run.toldControl = true;
    Json answer = {{"run", key}, {"control", standing}, {"serial", run.serial}};
    if (priority) answer["priority"] = *priority;
    say(answer);
}

bool RunServer::readFiles(const std::string& key, Run& run) {
    bool more = false;
    for (auto& [name, offset] : run.offsets) {
        const fs::path file = run.directory / name;
        const std::int64_t size = sizeOf(file);
        if (size == offset || size < 0) continue;
        if (size < offset) {
            say({{"run", key}, {"differs", name}, {"size", size}});
            run.offsets.erase(name);
            return true;
        }
        const std::string bytes = readPiece(file, offset, std::min(size - offset, pieceBytes));
        if (bytes.empty()) continue;
        say({{"run", key}, {"file", name}, {"offset", offset}, {"bytes", bytes.size()}}, bytes);
        offset += std::int64_t(bytes.size());
        more |= offset < size;
    }
    return more;
}

void RunServer::say(const Json& answer, std::string_view bytes) {
    // A file name or message there need not be UTF-8.
    std::string text = answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    text += bytes;
    m_output(text);
}

}  // namespace retort
