#include "training/backends/remote/source_build.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QThread>

#include "training/backends/remote/far_process.h"
#include "training/backends/remote/shell_quote.h"
#include "training/backends/remote/ssh_advice.h"
#include "training/backends/remote/transfer.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* archiveName = "retort-source.tar.zst";
constexpr int goesOn = 70, isDone = 71;              // what the start's script ends with
constexpr int buildFailed = 80, buildWasEnded = 81;  // and the one that follows
constexpr int retryMs = 2000, longestOutageMs = 120000;
constexpr int longestConnectMs = 60000;  // who took longer to fail was there

/// Whatever makes another program of it.
std::string keyOf(const std::string& archive, const Machine& machine, const BuildOptions& options) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](const std::string& text) {
        hash.addData(QByteArray::fromStdString(text + "\n"));
    };
    add(archive);
    add(machine.libtorch);
    for (const std::string& line : machine.environment) add(line);
    for (const std::string& each : options.definitions) add(each);
    return hash.result().toHex().left(16).toStdString();
}

BuildTools toolsThere(const WorkPlace& place) {
    const BuildTools tools = parseBuildTools(
        runThere(place, buildToolsScript(place.machine), "the environment set-up lines of the machine fail"));
    if (tools.problems.empty()) return tools;
    std::string problems;
    for (const std::string& each : tools.problems) problems += (problems.empty() ? "" : "; ") + each;
    throw Error("retort-cli cannot be built there: " + problems, place.machine.name,
                "install it there, or bring it in with the environment set-up lines (module load cmake gcc)");
}

/// Starts the build unless it goes on or is done; true: it is done.
bool startBuild(const WorkPlace& place, const std::string& folder, const std::string& program,
                const std::string& script) {
    const CommandResult started =
        place.shell.wait("mkdir -p -- " + shellQuote(folder + "/control") + " && cd -- " +
                             shellQuote(folder) + " || exit 1\n" + processFunctions + "alive && exit " +
                             std::to_string(goesOn) + "\n[ \"$(cat status 2>/dev/null)\" = 0 ] && [ -x " +
                             shellQuote(program + "/retort-cli") + " ] && exit " + std::to_string(isDone) +
                             "\ncat >build.sh || exit 1\nrm -f status control/process.json\n: >build.log\n" +
                             startDetached("./build.sh", ">>build.log 2>&1") + "[ -f control/process.json ]",
                         QByteArray::fromStdString(script), place.stop);
    if (started.exitCode == isDone) return true;
    if (started.exitCode != 0 && started.exitCode != goesOn)
        throw Error("the build does not begin: " + lastWordsOf(started), place.machine.name + ":" + folder);
    return false;
}

/// The log from a byte on, until nothing writes it any more. Whether that is so is looked at first: what is
/// read behind it is all that comes.
std::string followScript(const std::string& folder, std::int64_t offset) {
    return "cd -- " + shellQuote(folder) + " || exit 1\n" + processFunctions + "n=" + std::to_string(offset) +
           "\nwhile :; do\nif alive; then a=1; else a=0; fi\ns=$(wc -c <build.log)\n"
           "if [ $s -gt $n ]; then tail -c +$((n+1)) build.log | head -c $((s-n)); n=$s; fi\n"
           "[ $a = 0 ] && break\npause; pause; pause\ndone\n"
           "case $(cat status 2>/dev/null) in 0) exit 0;; '') exit " +
           std::to_string(buildWasEnded) + ";; *) exit " + std::to_string(buildFailed) + ";; esac";
}

/// Its exit status. A connection that breaks is made again.
int followBuild(const WorkPlace& place, const std::string& folder, BuildLog& log,
                const std::function<void(const BuildProgress&)>& progress) {
    std::int64_t offset = 0;
    QElapsedTimer outage, connected;
    while (true) {
        CommandStreams streams;
        connected.start();
        streams.output = [&](const QByteArray& bytes) {
            outage.invalidate();
            offset += bytes.size();
            log.add(bytes.toStdString(), progress);
        };
        try {
            return place.shell.wait(followScript(folder, offset), std::move(streams), place.stop).exitCode;
        } catch (const Error& error) {
            const std::string later = "the build goes on there; building again looks at it";
            if (place.stop && place.stop())
                throw Error("not waited for any longer", place.machine.name, later);
            // Compilers may be silent for longer than that.
            if (!outage.isValid() || connected.hasExpired(longestConnectMs)) outage.start();
            if (outage.hasExpired(longestOutageMs) ||
                adviceFor(error.what_happened(), place.machine.destination).isPermanent())
                throw Error(error.what_happened(), error.where(), later);
            place.say("not connected, trying again; the build goes on there");
            for (int waited = 0; waited < retryMs && !(place.stop && place.stop()); waited += 100)
                QThread::msleep(100);
        }
    }
}

}  // namespace

fs::path sourceArchive() {
    if (const QString named = qEnvironmentVariable("RETORT_SOURCE"); !named.isEmpty())
        return named.toStdString();
    const fs::path file = fs::path(QCoreApplication::applicationDirPath().toStdString()) / ".." / "share" /
                          "retort" / archiveName;
    if (fs::exists(file)) return fs::canonical(file);
    throw Error("the source that retort-cli is built from is missing here", file.lexically_normal().string(),
                "install Retort as a whole, or name the file in $RETORT_SOURCE");
}

std::string buildProgram(const WorkPlace& place, const BuildOptions& options,
                         const std::function<void(const BuildProgress&)>& progress) {
    const fs::path archive = sourceArchive();
    const std::string content = sha256Of(archive), key = keyOf(content, place.machine, options);
    const BuildTools tools = toolsThere(place);
    const std::string brought = bringFiles(place, {{archive, archiveName}}, "sources") + "/" + archiveName;
    const std::string folder = place.folder + "/builds/" + key;
    const std::string program = place.folder + "/programs/built-" + key;
    const std::string script = buildScript(place.machine, folder, brought, content, program, options);
    const std::string path = program + "/retort-cli";
    if (startBuild(place, folder, program, script)) return path;
    BuildLog log;
    const int status = followBuild(place, folder, log, progress);
    const std::string where = place.machine.name + ":" + folder + "/build.log";
    if (status == buildWasEnded)
        throw Error("the build there was ended while it was " +
                        (log.progress().step.empty() ? "starting" : log.progress().step),
                    where, "building again goes on where it was");
    if (status != 0) {
        const std::string words = log.lastWords();
        throw Error("building there failed (" + log.progress().step + "):\n" + words, where,
                    adviceForBuild(words, tools));
    }
    return path;
}

bool stopBuilds(const WorkPlace& place) {
    const CommandResult result =
        place.shell.wait("cd -- " + shellQuote(place.folder) + " || exit 1\n" + processFunctions +
                         "any=3\nfor d in builds/*/; do [ -d \"$d\" ] || continue\n(cd \"$d\" || exit 3\n" +
                         killProcess + "\n) && any=0\ndone\nexit $any");
    if (result.exitCode != 0 && result.exitCode != 3)
        throw Error("the build there cannot be ended: " + lastWordsOf(result), place.machine.name);
    return result.exitCode == 0;
}

std::string builtFrom(const WorkPlace& place, const std::string& program) {
    const std::string file = program.substr(0, program.rfind('/') + 1) + "source.sha256";
    const std::string out =
        runThere(place, "cat " + shellQuote(file) + " 2>/dev/null; true", "cannot be read there");
    return out.substr(0, out.find('\n'));
}

}  // namespace retort
