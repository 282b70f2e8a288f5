#include "training/backends/remote/machine_follower.h"

#include <algorithm>

#include "core/runlog/priority.h"
#include "core/util/files.h"
#include "training/backends/remote/shell_quote.h"
#include "training/backends/remote/ssh_advice.h"
#include "training/backends/remote/work_place.h"

namespace retort {
namespace {

// With five seconds for connecting (ssh_options.cpp), in which the first packet is sent again after one and
// three, a network that is back is noticed within about four.
constexpr int shortestDelayMs = 500, longestDelayMs = 2000;
// Where trying again needs somebody to do something first; servers bar those who knock too often.
constexpr int patientDelayMs = 30000;
constexpr int requestIntervalMs = 200;
constexpr int longestSilenceMs = 8000;  // four signs of life
constexpr int longestConnectMs = 30000;

const std::map<std::string, Request>& requestsByName() {
    static const std::map<std::string, Request> names = {
        {"stop", Request::Stop}, {"pause", Request::Pause}, {"checkpoint", Request::Checkpoint}};
    return names;
}

/// What stood there when it was last heard of, so that a request that is taken back while nobody is connected
/// is not taken for another window's.
std::filesystem::path heardFile(const std::filesystem::path& mirror) {
    return mirror / "control" / "heard.json";
}

MachineFollower::Standing readHeard(const RunMirror& mirror) {
    MachineFollower::Standing heard;
    try {
        for (const Json& each : Json::parse(readFile(heardFile(mirror.directory()), 4096))) {
            if (each.is_number_integer()) {
                heard.priority = each.get<int>();
                continue;
            }
            if (const auto found = requestsByName().find(each.get<std::string>());
                found != requestsByName().end())
                heard.requests.insert(found->second);
        }
    } catch (const std::exception&) {  // nothing was heard yet
    }
    return heard;
}

void writeHeard(const RunMirror& mirror, const MachineFollower::Standing& heard) {
    Json names = Json::array();
    for (const auto& [name, request] : requestsByName())
        if (heard.requests.contains(request)) names.push_back(name);
    if (heard.priority) names.push_back(*heard.priority);
    std::filesystem::create_directories(heardFile(mirror.directory()).parent_path());
    writeFileAtomically(heardFile(mirror.directory()), names.dump() + "\n");
}

}  // namespace

MachineFollower::MachineFollower(Machine machine, QObject* parent)
    : QObject(parent),
      m_machine(std::move(machine)),
      m_retry(this),
      m_requests(this),
      m_delayMs(shortestDelayMs) {
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &MachineFollower::connectNow);
    m_requests.setInterval(requestIntervalMs);
    connect(&m_requests, &QTimer::timeout, this, &MachineFollower::forwardRequests);
}

MachineFollower::~MachineFollower() {
    disconnectNow();
}

void MachineFollower::follow(const QString& directory) {
    if (m_runs.contains(directory)) return;
    const auto remote = readRemoteRun(directory.toStdString());
    if (!remote) throw Error("is no mirror of a run on a machine", directory.toStdString());
    Run run{RunMirror(directory.toStdString())};
    run.remote = *remote;
    run.acknowledged = readHeard(run.mirror);
    Run& kept = m_runs.emplace(directory, std::move(run)).first->second;
    m_requests.start();
    if (m_connected)
        sendFollow(directory, kept);
    else if (!m_command && !m_retry.isActive())
        connectNow();
}

void MachineFollower::forgetRequests(const QString& directory) {
    std::error_code ignored;
    std::filesystem::remove(heardFile(directory.toStdString()), ignored);
}

void MachineFollower::unfollow(const QString& directory) {
    if (!m_runs.contains(directory)) return;
    if (m_connected) send({{"unfollow", directory.toStdString()}});
    drop(directory);
}

void MachineFollower::endAt(const QString& directory, const FileSizes& sizes) {
    follow(directory);
    Run& run = m_runs.at(directory);
    run.last = sizes;
    endWhenComplete(directory, run);
}

void MachineFollower::endWhenComplete(const QString& directory, const Run& run) {
    if (!run.last) return;
    for (const auto& [name, size] : *run.last)
        if (run.mirror.size(name) < size && !run.replaced.contains(name)) return;
    const QString ending = directory;  // the caller's may be the run's own
    unfollow(ending);
    Q_EMIT ended(ending);
}

void MachineFollower::drop(const QString& directory) {
    m_runs.erase(directory);
    if (!m_runs.empty()) return;
    m_requests.stop();
    m_retry.stop();
    disconnectNow();
}

void MachineFollower::disconnectNow() {
    if (m_command) std::exchange(m_command, nullptr)->cancel();
    m_connected = false;
}

void MachineFollower::connectNow() {
    if (m_runs.empty() || m_command) return;
    try {
        if (!m_shell) m_shell = Shell::ssh(m_machine);
    } catch (const Error& error) {
        return failedToConnect(error);
    }
    // The newest run's program: all of them were of one version when they were started.
    std::string program;
    for (const auto& [directory, run] : m_runs) program = std::max(program, run.remote.program);
    m_frames = std::make_unique<RunFrames>(
        [this](const Json& answer, std::string_view bytes) { onFrame(answer, bytes); });
    CommandStreams streams;
    streams.keepInputOpen = true;
    streams.output = [this](const QByteArray& bytes) {
        m_heard.restart();
        try {
            m_frames->add({bytes.constData(), std::size_t(bytes.size())});
        } catch (const Error& error) {
            disconnectNow();
            failedToConnect(error);
        }
    };
    m_command = m_shell->start(
        environmentScript(m_machine) + "exec " + shellQuote(program) + " serve-runs", streams,
        [this](const CommandResult& result) {
            m_command = nullptr;
            failedToConnect(Error("the program there that follows runs has ended: " + lastWordsOf(result),
                                  m_machine.name,
                                  "retort-cli machines test " + m_machine.name + " says what is missing"));
        },
        [this](const Error& error) {
            m_command = nullptr;
            failedToConnect(error);
        });
    m_heard.start();
}

void MachineFollower::failedToConnect(const Error& error) {
    m_connected = false;
    const QString problem = QString::fromUtf8(error.what());
    const bool isNew = problem != m_problem;
    m_problem = problem;
    if (adviceFor(error.what_happened(), m_machine.destination).isPermanent()) m_delayMs = patientDelayMs;
    m_retry.start(m_delayMs);
    if (m_delayMs < patientDelayMs) m_delayMs = std::min(2 * m_delayMs, longestDelayMs);
    if (isNew) Q_EMIT connectionChanged(false, problem);
}

void MachineFollower::send(const Json& request) {
    if (m_command)
        m_command->write(
            QByteArray::fromStdString(request.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"));
}

void MachineFollower::sendFollow(const QString& directory, Run& run) {
    Json files = Json::object();
    for (const std::string& name : followedFiles())
        files[name] = {{"offset", run.mirror.size(name)}, {"tail", run.mirror.tail(name)}};
    send({{"follow", directory.toStdString()}, {"directory", run.remote.directory}, {"files", files}});
    // What was asked while nobody listened, or was lost on its way, is asked again.
    run.asked = run.acknowledged;
    run.serial = 0;
    run.replaced.clear();
}

void MachineFollower::onFrame(const Json& answer, std::string_view bytes) {
    if (!m_command) return;  // what is left in a piece whose first frames ended the connection
    if (!m_connected) {
        m_connected = true;
        m_delayMs = shortestDelayMs;
        m_problem.clear();
        for (auto& [directory, run] : m_runs) sendFollow(directory, run);
        Q_EMIT connectionChanged(true, {});
    }
    if (!answer.contains("run")) return;  // a sign of life
    const QString directory = QString::fromStdString(answer["run"].get<std::string>());
    const auto found = m_runs.find(directory);
    if (found != m_runs.end()) onRunFrame(directory, found->second, answer, bytes);
}

void MachineFollower::onRunFrame(const QString& directory, Run& run, const Json& answer,
                                 std::string_view bytes) {
    const auto giveUp = [this, directory](const QString& problem) {
        unfollow(directory);
        Q_EMIT failed(directory, problem);
    };
    try {
        if (answer.contains("file")) {
            const std::string name = answer["file"].get<std::string>();
            if (std::find(followedFiles().begin(), followedFiles().end(), name) == followedFiles().end())
                return;
            // Another program cannot have shortened it; asking anew finds out what it has.
            if (!run.mirror.append(name, answer.at("offset").get<std::int64_t>(), bytes))
                sendFollow(directory, run);
            endWhenComplete(directory, run);
        } else if (answer.contains("identity")) {
            run.mirror.setIdentity(answer["identity"].get<std::string>());
        } else if (answer.contains("nice")) {
            const PriorityState state = priorityStateFrom(answer["nice"]);
            if (readPriorityState(run.mirror.directory()) != state)
                writePriorityState(run.mirror.directory(), state);
        } else if (answer.contains("control")) {
            takeControl(run, answer);
        } else if (answer.contains("differs")) {
            const QString name = QString::fromStdString(answer["differs"].get<std::string>());
            if (name == QLatin1String("events.jsonl"))
                return giveUp(
                    QStringLiteral("%1 on the machine is not the file whose beginning is here: it was "
                                   "changed or replaced")
                        .arg(name));
            run.replaced.insert(name.toStdString());
            endWhenComplete(directory, run);
        } else if (answer.contains("gone")) {
            giveUp(QStringLiteral("The run's directory is not on the machine any more."));
        } else if (answer.contains("alive") && !answer["alive"].get<bool>() &&
                   run.remote.scheduler == "none") {
            // Where a scheduler chose another node, nothing is known here of processes and locks.
            unfollow(directory);
            Q_EMIT ended(directory);
        }
    } catch (const Error& error) {
        giveUp(QString::fromUtf8(error.what()));
    } catch (const Json::exception& error) {
        giveUp(QString::fromUtf8(error.what()));
    }
}

/// The trainer takes a request away when it has carried it out, and another window may have made one.
void MachineFollower::takeControl(Run& run, const Json& answer) {
    if (answer.at("serial").get<std::int64_t>() != run.serial) return;  // said before it heard the last one
    Standing standing;
    for (const Json& name : answer.at("control"))
        if (const auto found = requestsByName().find(name.get<std::string>());
            found != requestsByName().end())
            standing.requests.insert(found->second);
    if (answer.contains("priority")) standing.priority = answer["priority"].get<int>();
    const ControlReader here(run.mirror.directory());
    for (const auto& [name, request] : requestsByName()) {
        const bool isThere = standing.requests.contains(request);
        if (isThere == run.asked.requests.contains(request)) continue;
        if (isThere)
            ask(run.mirror.directory(), request);
        else if (here.isAsked(request))
            withdraw(run.mirror.directory(), request);
    }
    if (standing.priority && standing.priority != run.asked.priority)
        askPriority(run.mirror.directory(), *standing.priority);
    if (standing != run.acknowledged) writeHeard(run.mirror, standing);
    run.asked = run.acknowledged = std::move(standing);
}

void MachineFollower::forwardRequests() {
    if (m_command && m_heard.elapsed() > (m_connected ? longestSilenceMs : longestConnectMs)) {
        disconnectNow();
        return failedToConnect(Error("the machine does not answer any more", m_machine.name));
    }
    if (!m_connected) return;
    for (auto& [directory, run] : m_runs) {
        const ControlReader here(run.mirror.directory());
        for (const auto& [name, request] : requestsByName()) {
            const bool isAsked = here.isAsked(request);
            if (isAsked == run.asked.requests.contains(request)) continue;
            send({{isAsked ? "ask" : "withdraw", directory.toStdString()},
                  {"request", name},
                  {"serial", ++run.serial}});
            if (isAsked)
                run.asked.requests.insert(request);
            else
                run.asked.requests.erase(request);
        }
        if (const auto nice = askedPriority(run.mirror.directory()); nice && nice != run.asked.priority) {
            send({{"priority", directory.toStdString()}, {"nice", *nice}, {"serial", ++run.serial}});
            run.asked.priority = nice;
        }
    }
}

}  // namespace retort
