// Following 20 runs on a machine behind a real sshd, each with ten events a second: what that costs here and
// there, and how long an event takes from its writing there until it is read here, without and with a network
// of 50 ms there and back. Wanted: under 5 % of a core and 50 MB here, under 1 % there, 300 ms.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "core/machines/remote_run.h"
#include "core/runlog/follower.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/clock.h"
#include "tests/backends/support/delay_proxy.h"
#include "tests/backends/support/sshd.h"
#include "training/backends/remote/machine_follower.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

constexpr int runs = 20, secondsMeasured = 20, secondsPolled = 5;
constexpr auto interval = std::chrono::milliseconds(100);

/// What 20 trainers do, in one process; until it is killed.
[[noreturn]] void write(const std::vector<RunDirectory>& directories) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::vector<std::unique_ptr<RunLock>> locks;
    std::vector<std::unique_ptr<RunLogWriter>> logs;
    for (const RunDirectory& directory : directories) {
        locks.push_back(std::make_unique<RunLock>(directory));
        logs.push_back(std::make_unique<RunLogWriter>(directory.eventsFile()));
        logs.back()->write(StartEvent{1, 0, 1000000, ::getpid(), "far", "bench"});
    }
    for (std::int64_t step = 1;; ++step) {
        for (const auto& log : logs)
            log->write(ScalarsEvent{step, step, {{"loss", 1.0 / double(step)}, {"reward", 0.5}}});
        std::this_thread::sleep_for(interval);
    }
}

struct Cost {
    double seconds = 0;
    std::int64_t bytes = 0;  ///< proportional set size
};

/// Of all processes whose command line has `words`.
Cost costOf(const std::string& words, const std::string& name = {}) {
    Cost cost;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::ifstream line(entry.path() / "cmdline", std::ios::binary);
        std::stringstream text;
        text << line.rdbuf();
        if (text.str().find(words) == std::string::npos) continue;
        std::ifstream comm(entry.path() / "comm");
        std::string called;
        std::getline(comm, called);
        if (!name.empty() && called != name) continue;
        std::ifstream stat(entry.path() / "stat");
        std::string all;
        std::getline(stat, all);
        std::istringstream fields(all.substr(all.rfind(')') + 1));
        std::string field;
        double ticks = 0;
        for (int number = 3; number <= 15 && fields >> field; ++number)
            if (number >= 14) ticks += std::stod(field);
        cost.seconds += ticks / double(::sysconf(_SC_CLK_TCK));
        std::ifstream maps(entry.path() / "smaps_rollup");
        while (maps >> field)
            if (field == "Pss:") {
                maps >> field;
                cost.bytes += 1024 * std::stoll(field);
                break;
            }
    }
    return cost;
}

double ownSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void say(const char* what, double value, const char* unit, double atMost) {
    std::printf(
        "{\"case\": \"%s\", \"value\": %.3f, \"unit\": \"%s\", \"better\": \"lower\", \"at_most\": %g}\n",
        what, value, unit, atMost);
}

std::unique_ptr<MachineFollower> follow(const Machine& machine, const std::vector<RunDirectory>& mirrors) {
    auto follower = std::make_unique<MachineFollower>(machine);
    for (const RunDirectory& run : mirrors) follower->follow(QString::fromStdString(run.path().string()));
    return follower;
}

/// From an event's own time to its being read here, looked at every 2 ms.
void measureDelays(const std::vector<RunDirectory>& here, const std::string& network) {
    std::vector<double> delays;
    std::vector<FollowerBatch> places(here.size());
    for (std::size_t i = 0; i < here.size(); ++i) do
            places[i] = RunLogFollower(here[i].eventsFile()).read(places[i].offset, places[i].lastSeq);
        while (!places[i].atEnd);
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < secondsPolled * 1000) {
        QTest::qWait(2);
        const double time = unixTime();
        for (std::size_t i = 0; i < here.size(); ++i) {
            if (std::int64_t(fs::file_size(here[i].eventsFile())) == places[i].offset) continue;
            places[i] = RunLogFollower(here[i].eventsFile()).read(places[i].offset, places[i].lastSeq);
            for (const Event& event : places[i].events) delays.push_back(1000 * (time - event.t));
        }
    }
    std::sort(delays.begin(), delays.end());
    // Each run says ten a second: fewer would be a measurement of what came, not of what was late.
    const std::size_t wanted = here.size() * 10 * secondsPolled * 9 / 10;
    if (delays.size() < wanted) {
        std::fprintf(stderr, "only %zu events came, at %s\n", delays.size(), network.c_str());
        std::exit(1);
    }
    say(("event there to point here, p50, " + network).c_str(), delays[delays.size() / 2], "ms", 300);
    say(("event there to point here, p99, " + network).c_str(), delays[delays.size() * 99 / 100], "ms", 300);
}

}  // namespace

int main(int argc, char** argv) {
    constexpr int skipped = 77;
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        return std::fprintf(stderr, "%s\n", qPrintable(why)), skipped;
    QCoreApplication app(argc, argv);
    TestSshd server;
    std::vector<RunDirectory> there, here;
    for (int i = 0; i < runs; ++i) {
        there.push_back(RunDirectory::create(server.workFolder() / "runs", "r" + std::to_string(i), "", {}));
        const fs::path mirror = server.folder() / "here" / std::to_string(i);
        fs::create_directories(mirror / "control");
        fs::copy_file(there.back().path() / "run.json", mirror / "run.json");
        RemoteRun remote;
        remote.machine = "box";
        remote.directory = there.back().path().string();
        remote.program = (fs::path(app.applicationDirPath().toStdString()) / "retort-cli").string();
        writeRemoteRun(mirror, remote);
        here.push_back(RunDirectory::open(mirror));
    }
    const pid_t writer = ::fork();
    if (writer == 0) write(there);

    std::int64_t before = 0;
    for (std::ifstream maps("/proc/self/smaps_rollup"); maps;) {
        std::string field;
        if (maps >> field && field == "Pss:") maps >> before;
    }
    std::unique_ptr<MachineFollower> follower = follow(server.machine(), here);
    const auto isFollowed = [&here] {
        return std::all_of(here.begin(), here.end(),
                           [](const RunDirectory& run) { return fs::exists(run.eventsFile()); });
    };
    if (!QTest::qWaitFor(isFollowed, 60000)) return std::fprintf(stderr, "nothing comes\n"), 1;
    QTest::qWait(2000);

    // Our own ssh processes name the configuration in the server's folder; the far program names its request.
    const std::string ours = (server.folder() / "run").string();
    const double self = ownSeconds();
    const Cost clients = costOf(ours, "ssh"), far = costOf("serve-runs", "retort-cli");
    QElapsedTimer clock;
    clock.start();
    QTest::qWait(secondsMeasured * 1000);
    const double seconds = double(clock.elapsed()) / 1000;
    const Cost clientsNow = costOf(ours, "ssh"), farNow = costOf("serve-runs", "retort-cli");
    std::int64_t now = 0;
    for (std::ifstream maps("/proc/self/smaps_rollup"); maps;) {
        std::string field;
        if (maps >> field && field == "Pss:") maps >> now;
    }
    say("20 runs here", 100 * (ownSeconds() - self + clientsNow.seconds - clients.seconds) / seconds,
        "% of a core", 5);
    say("20 runs here, memory", double(1024 * (now - before) + clientsNow.bytes) / 1e6, "MB", 50);
    say("20 runs there", 100 * (farNow.seconds - far.seconds) / seconds, "% of a core", 1);

    measureDelays(here, "no delay");
    follower.reset();
    const DelayProxy proxy(server.port(), 25);
    {
        std::ifstream key(server.folder() / "host_key.pub");
        std::ofstream(server.folder() / "known_hosts", std::ios::app)
            << "[127.0.0.1]:" << proxy.port() << " " << key.rdbuf();
    }
    Machine behind = server.machine();
    behind.port = proxy.port();
    follower = follow(behind, here);
    if (!QTest::qWaitFor([&] { return follower->isConnected(); }, 20000))
        return std::fprintf(stderr, "no connection through the delay\n"), 1;
    QTest::qWait(2000);
    measureDelays(here, "50 ms there and back");
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);
    return 0;
}
