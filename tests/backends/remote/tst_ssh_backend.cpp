// Runs on a machine behind a real sshd: they begin, move and end here as they do there, and everything that
// they say is here exactly once, whatever breaks in between.
#include <signal.h>

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "core/store/store.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "tests/backends/remote/far_machine.h"
#include "tests/core/runlog/log_lines.h"
#include "training/backends/remote/machine_follower.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/ssh_backend.h"
#include "training/backends/remote/transfer.h"
#include "training/backends/run_outcome.h"
#include "training/backends/run_settling.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

constexpr int longest = 40000;  // ms

fs::path directoryThere(const QString& run) {
    const auto remote = readRemoteRun(run.toStdString());
    return remote ? remote->directory : "";
}

/// A file into which nothing was written is not mirrored.
std::string textOf(const fs::path& file) {
    return fs::exists(file) ? readFile(file) : std::string();
}

/// Byte for byte what is there, and every step once.
void verifyWhole(const QString& run, std::int64_t steps) {
    for (const char* name : {"events.jsonl", "stdout.log", "stderr.log"})
        QCOMPARE(textOf(fs::path(run.toStdString()) / name), textOf(directoryThere(run) / name));
    std::int64_t expected = 0;
    for (const Event& event : eventsOf(run))
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            QCOMPARE(scalars->step, ++expected);
    if (steps > 0) QCOMPARE(expected, steps);
}

}  // namespace

class TestSshBackend : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void runsToItsEnd_data();
    void runsToItsEnd();
    void dataIsBroughtOnce();
    void crashIsReported();
    void killedTrainerIsReported();
    void controlFilesWorkThere();
    void killEndsIt();
    void killWhileItIsLaunched_data();
    void killWhileItIsLaunched();
    void stoppedWhileDataIsBrought();
    void brokenConnections_data();
    void brokenConnections();
    void serverThatComesBack();
    void windowThatWasClosed();
    void twoFollowersDoNoHarm();
    void storeHasEverythingOnce();
    void changedLogIsRefused();
    void goneDirectoryIsSaid();
    void launchFailuresAreSaid_data();
    void launchFailuresAreSaid();
    void wrongVersionIsSaidBeforeAnythingStarts();
    void checkpointIsFetchedAndVerified();
    void secondAttempt();
    void whatIsMineThere();

  private:
    /// Launches and waits until something has come.
    void launch(SshBackend& backend, const QString& run, std::int64_t untilStep = 5) {
        backend.launch(run, false);
        QTRY_VERIFY_WITH_TIMEOUT(lastStep(run) >= untilStep, longest);
    }

    std::unique_ptr<FarMachine> m_far;
};

void TestSshBackend::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    m_far = std::make_unique<FarMachine>();
}

void TestSshBackend::runsToItsEnd_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("plain") << QByteArray("plain");
    QTest::newRow("hostile") << QByteArray("$(touch x); 'y'");
    QTest::newRow("more hostile") << QByteArray("`touch x`; \\\"&& touch x #");
}

void TestSshBackend::runsToItsEnd() {
    QFETCH(QByteArray, name);
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("x");
    {
        RunDirectory directory = RunDirectory::open(run.toStdString());
        RunIdentity identity = directory.identity();
        identity.name = name.toStdString();
        directory.rewriteIdentity(identity);
    }
    // Retort itself makes tamer folders of such names; others may not.
    const QString renamed =
        QString::fromStdString((fs::path(run.toStdString()).parent_path() / name.toStdString()).string());
    fs::rename(run.toStdString(), renamed.toStdString());
    backend.launch(renamed, false);
    QVERIFY(backend.isRunning(renamed));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(0).toString(), renamed);
    QCOMPARE(ended.first().at(1).toString(), QString());
    QVERIFY(!backend.isRunning(renamed));
    verifyWhole(renamed, 100);
    QVERIFY(readRemoteRun(renamed.toStdString())->ended);
    // What the trainer found out about its machine is known here.
    const RunIdentity identity = RunDirectory::open(renamed.toStdString()).identity();
    QCOMPARE(identity.environment.value("cpu", ""), std::string("of the far machine"));
    QCOMPARE(identity.name, name.toStdString());
    for (const auto& entry : fs::recursive_directory_iterator(m_far->server().folder()))
        QVERIFY(entry.path().filename() != "x");
    QVERIFY(!fs::exists("x"));
}

void TestSshBackend::dataIsBroughtOnce() {
    const fs::path file = m_far->server().folder() / "da ta.jsonl";
    std::string rows;
    for (int i = 0; i < 20000; ++i)
        rows += "{\"prompt\": \"" + std::to_string(i) + "+1=\", \"completion\": \"" + std::to_string(i + 1) +
                "\"}\n";
    writeFileAtomically(file, rows);
    const std::string hash = sha256Of(file);
    const fs::path object = m_far->server().workFolder() / "objects" / hash;
    const std::vector<std::string> overrides = {"data.files=[{path: '" + file.string() + "'}]",
                                                "training.max_steps=3"};

    // What an earlier try left is continued: its first half is not sent again, which shows in that a wrong
    // one is found out.
    fs::create_directories(object.parent_path());
    writeFileAtomically(object.string() + ".part", rows.substr(0, rows.size() / 2));
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended), progress(&backend, &SshBackend::progress);
    const QString run = m_far->newRun("data", overrides);
    backend.launch(run, false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
    QCOMPARE(sha256Of(object), hash);
    const auto bringing = [&progress] {
        QStringList texts;
        for (const auto& arguments : progress)
            if (arguments.at(1).toString().contains(QStringLiteral("ta.jsonl")))
                texts << arguments.at(1).toString();
        return texts;
    };
    QCOMPARE(bringing().size(), 1);
    QVERIFY2(bringing().first().contains(QStringLiteral("the rest")), qPrintable(bringing().first()));
    // The trainer there read the file there, and said so.
    const std::string config = readFile(directoryThere(run) / "config.yaml");
    QVERIFY2(config.find((m_far->server().workFolder() / "brought").string()) != std::string::npos,
             config.c_str());
    QVERIFY(readFile(fs::path(run.toStdString()) / "config.yaml").find(file.string()) != std::string::npos);

    // The second run sends nothing; a damaged rest is found out and sent anew.
    progress.clear();
    backend.launch(m_far->newRun("again", overrides), false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 2, longest);
    QVERIFY(bringing().isEmpty());
    fs::remove_all(m_far->server().workFolder() / "brought");
    fs::remove(object);
    writeFileAtomically(object.string() + ".part", "not the beginning of it");
    backend.launch(m_far->newRun("damaged", overrides), false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 3, longest);
    QCOMPARE(ended.last().at(1).toString(), QString());
    QCOMPARE(bringing().size(), 2);
    QCOMPARE(sha256Of(object), hash);
}

void TestSshBackend::crashIsReported() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("crash", {"study=crash", "training.max_steps=20"});
    backend.launch(run, false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    const QString text = ended.first().at(1).toString();
    QVERIFY2(text.contains(QStringLiteral("ended unexpectedly")) &&
                 text.contains(QStringLiteral("CUDA out of memory")),
             qPrintable(text));
    verifyWhole(run, 20);
}

void TestSshBackend::killedTrainerIsReported() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("victim", {"study=wait"});
    launch(backend, run);
    ::kill(trainerPid(run), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(ended.first().at(1).toString().contains(QStringLiteral("ended unexpectedly")));
    verifyWhole(run, 0);
}

void TestSshBackend::controlFilesWorkThere() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("steered", {"study=wait"});
    launch(backend, run);
    const ControlReader here(run.toStdString());
    ask(run.toStdString(), Request::Checkpoint);
    // It is taken away here when it is carried out there.
    QTRY_VERIFY_WITH_TIMEOUT(!here.isAsked(Request::Checkpoint), longest);
    const auto hasCheckpoint = [&run] {
        for (const Event& event : eventsOf(run))
            if (std::holds_alternative<CheckpointEvent>(event.payload)) return true;
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasCheckpoint(), longest);
    const auto status = [&run] {
        std::string state;
        for (const Event& event : eventsOf(run))
            if (const auto* said = std::get_if<StatusEvent>(&event.payload)) state = said->state;
        return state;
    };
    ask(run.toStdString(), Request::Pause);
    QTRY_COMPARE_WITH_TIMEOUT(status(), std::string("paused"), longest);
    withdraw(run.toStdString(), Request::Pause);
    QTRY_COMPARE_WITH_TIMEOUT(status(), std::string("training"), longest);
    // Another program pauses it there: this side knows.
    const auto remote = readRemoteRun(run.toStdString());
    requestThere(*Shell::ssh(m_far->machine()), *remote, Request::Pause, true);
    QTRY_VERIFY_WITH_TIMEOUT(here.isAsked(Request::Pause), longest);
    ask(run.toStdString(), Request::Stop);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
    verifyWhole(run, 0);
}

void TestSshBackend::killEndsIt() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("killed", {"study=wait"});
    launch(backend, run);
    const pid_t pid = trainerPid(run);
    QCOMPARE(::getsid(pid), pid);  // it is nobody's child
    backend.kill(run);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    verifyWhole(run, 0);
}

void TestSshBackend::killWhileItIsLaunched_data() {
    QTest::addColumn<int>("delay");  // ms
    for (const int delay : {0, 20, 60, 120, 200, 350}) QTest::addRow("%d ms", delay) << delay;
}

// Wherever the launch is: nothing of it goes on there.
void TestSshBackend::killWhileItIsLaunched() {
    QFETCH(int, delay);
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended), problems(&backend, &SshBackend::problem);
    const QString run = m_far->newRun("hasty", {"study=wait"});
    backend.launch(run, false);
    if (delay > 0) QTest::qWait(delay);
    backend.kill(run);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(!ended.first().at(1).toString().isEmpty());
    QVERIFY(problems.isEmpty());
    const std::unique_ptr<Shell> shell = Shell::ssh(m_far->machine());
    for (const FarRun& each : contentThere(openWorkPlace(*shell, m_far->machine())).runs)
        QVERIFY2(!each.isAlive || each.name != "hasty", each.directory.c_str());
}

// How much was brought is told, and a request to stop ends it: the run never began, and did not fail.
void TestSshBackend::stoppedWhileDataIsBrought() {
    const fs::path file = m_far->server().folder() / "large.jsonl";
    writeFileAtomically(file, "x");
    fs::resize_file(file, std::uintmax_t(300) << 20);
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("never", {"data.files=[{path: '" + file.string() + "'}]"});
    StoreWriter store(m_far->server().folder() / "lab.db");
    const RowId id = store.addRun(RunDirectory::open(run.toStdString()), "ssh:box").get();
    QStringList steps;
    connect(&backend, &SshBackend::launchStepChanged, &backend, [&](const QString& changed) {
        QCOMPARE(changed, run);
        steps << backend.launchStep(run);
        if (steps.last().startsWith(QStringLiteral("bringing large.jsonl")))
            ask(run.toStdString(), Request::Stop);
    });
    backend.launch(run, false);
    QVERIFY(!backend.launchStep(run).isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    const QRegularExpression said(QStringLiteral("^bringing large\\.jsonl: \\d+ % of 314\\D6 MB$"));
    QVERIFY2(!steps.filter(said).isEmpty(), qPrintable(steps.join(QLatin1Char('\n'))));
    QCOMPARE(backend.launchStep(run), QString());
    QVERIFY(!backend.isRunning(run));
    QVERIFY(!fs::exists(m_far->server().workFolder() / "objects" / sha256Of(file)));
    StoreReader reader(store.file());
    settleRun(store, reader, id, ended.first().at(1).toString().toStdString());
    QCOMPARE(reader.run(id)->state, std::string("stopped"));
}

void TestSshBackend::brokenConnections_data() {
    QTest::addColumn<QByteArray>("what");
    QTest::newRow("sshd's side") << QByteArray("server");
    QTest::newRow("our ssh") << QByteArray("client");
}

void TestSshBackend::brokenConnections() {
    QFETCH(QByteArray, what);
    const QString run = m_far->newRun("broken", {"training.max_steps=400"});
    const std::unique_ptr<Shell> shell = Shell::ssh(m_far->machine());
    launchThere(openWorkPlace(*shell, m_far->machine()), RunDirectory::open(run.toStdString()), false);
    MachineFollower follower(m_far->machine());
    QSignalSpy ended(&follower, &MachineFollower::ended), failed(&follower, &MachineFollower::failed);
    follower.follow(run);
    for (int cut = 1; cut <= 4; ++cut) {
        const std::int64_t step = lastStep(run);
        QTRY_VERIFY_WITH_TIMEOUT(lastStep(run) > step || !ended.isEmpty(), longest);
        if (what == "server")
            m_far->server().cutConnections();
        else if (follower.processId() > 0)
            ::kill(pid_t(follower.processId()), SIGKILL);
    }
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(failed.isEmpty());
    verifyWhole(run, 400);
}

void TestSshBackend::serverThatComesBack() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended), connection(&backend, &SshBackend::connectionChanged);
    const QString run = m_far->newRun("patient", {"training.max_steps=500"});
    launch(backend, run);
    m_far->server().stop();
    QTRY_VERIFY_WITH_TIMEOUT(!connection.isEmpty() && !connection.last().at(0).toBool(), longest);
    QVERIFY(!connection.last().at(1).toString().isEmpty());
    const std::int64_t step = lastStep(run);
    QTest::qWait(1500);
    QCOMPARE(lastStep(run), step);
    QVERIFY(ended.isEmpty());
    QVERIFY(m_far->server().start());
    QTRY_VERIFY_WITH_TIMEOUT(connection.last().at(0).toBool(), longest);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
    verifyWhole(run, 500);
}

void TestSshBackend::windowThatWasClosed() {
    const QString run = m_far->newRun("left alone", {"training.max_steps=600"});
    {
        SshBackend backend(m_far->machine());
        launch(backend, run);
    }
    const std::int64_t step = lastStep(run);
    QVERIFY(step < 600);
    QTRY_VERIFY_WITH_TIMEOUT(endOfLastAttempt(RunDirectory::open(directoryThere(run))), longest);
    QCOMPARE(lastStep(run), step);
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    QVERIFY(backend.adopt(run));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
    verifyWhole(run, 600);
    QVERIFY(!backend.adopt(run));
    Machine other = m_far->machine();
    other.name = "other";
    SshBackend stranger(other);
    QVERIFY(!stranger.adopt(run));
}

void TestSshBackend::twoFollowersDoNoHarm() {
    const QString run = m_far->newRun("shared", {"training.max_steps=300"});
    SshBackend one(m_far->machine()), two(m_far->machine());
    QSignalSpy oneEnded(&one, &Backend::ended), twoEnded(&two, &Backend::ended);
    launch(one, run);
    QVERIFY(two.adopt(run));
    QTRY_VERIFY_WITH_TIMEOUT(oneEnded.size() == 1 && twoEnded.size() == 1, longest);
    verifyWhole(run, 300);
}

void TestSshBackend::storeHasEverythingOnce() {
    const QString run = m_far->newRun("stored", {"training.max_steps=300"});
    StoreWriter store(m_far->server().folder() / "lab.db");
    const RowId id = store.addRun(RunDirectory::open(run.toStdString()), "ssh:box").get();
    store.follow(id);
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    launch(backend, run);
    m_far->server().cutConnections();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    store.ingest(id).get();
    StoreReader reader(store.file());
    QCOMPARE(reader.run(id)->state, std::string("finished"));
    for (const SeriesRow& series : reader.series(id))
        if (series.name == "loss") {
            const auto points = reader.points(series.id, true);
            QCOMPARE(points.size(), 300u);
            for (std::size_t i = 0; i < points.size(); ++i) QCOMPARE(points[i].step, std::int64_t(i + 1));
        }
}

void TestSshBackend::changedLogIsRefused() {
    const QString run = m_far->newRun("changed", {"study=wait"});
    std::string mirrored;
    {
        SshBackend backend(m_far->machine());
        launch(backend, run);
        backend.kill(run);
        QSignalSpy ended(&backend, &Backend::ended);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    }
    RemoteRun remote = *readRemoteRun(run.toStdString());
    remote.ended = false;
    writeRemoteRun(run.toStdString(), remote);
    mirrored = readFile(fs::path(run.toStdString()) / "events.jsonl");
    std::string changed = mirrored;
    changed[changed.size() - 10] ^= 1;
    writeFileAtomically(directoryThere(run) / "events.jsonl", changed + "{}\n");
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    QVERIFY(backend.adopt(run));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY2(
        ended.first().at(1).toString().contains(QStringLiteral("is not the file whose beginning is here")),
        qPrintable(ended.first().at(1).toString()));
    QCOMPARE(readFile(fs::path(run.toStdString()) / "events.jsonl"), mirrored);
}

void TestSshBackend::goneDirectoryIsSaid() {
    const QString run = m_far->newRun("gone", {"study=wait"});
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    launch(backend, run);
    ::kill(trainerPid(run), SIGKILL);
    fs::remove_all(directoryThere(run));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(!ended.first().at(1).toString().isEmpty());
}

void TestSshBackend::launchFailuresAreSaid_data() {
    QTest::addColumn<QString>("destination");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("environment");
    QTest::addColumn<QString>("says");
    QTest::newRow("host") << "nowhere.invalid"
                          << "/tmp"
                          << ""
                          << "no host of this name";
    QTest::newRow("folder") << "box"
                            << "/proc/nothing"
                            << ""
                            << "the work folder cannot be written";
    QTest::newRow("environment") << "box"
                                 << ""
                                 << "if then"
                                 << "environment set-up lines";
    QTest::newRow("environment that leaves") << "box"
                                             << ""
                                             << "exit 9"
                                             << "environment set-up lines";
}

void TestSshBackend::launchFailuresAreSaid() {
    QFETCH(QString, destination);
    QFETCH(QString, folder);
    QFETCH(QString, environment);
    QFETCH(QString, says);
    Machine machine = m_far->machine();
    machine.destination = destination.toStdString();
    if (!folder.isEmpty()) machine.workFolder = folder.toStdString();
    if (!environment.isEmpty()) machine.environment = {environment.toStdString()};
    SshBackend backend(machine);
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("unlucky");
    backend.launch(run, false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY2(ended.first().at(1).toString().contains(says), qPrintable(ended.first().at(1).toString()));
    QVERIFY(!backend.isRunning(run));
    QVERIFY(eventsOf(run).empty());
}

void TestSshBackend::wrongVersionIsSaidBeforeAnythingStarts() {
    m_far->setVersion("0.0.1");
    // And this machine has none that could be brought.
    qputenv("RETORT_CLI", "/nowhere/retort-cli");
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("old");
    backend.launch(run, false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    qunsetenv("RETORT_CLI");
    m_far->setVersion(RETORT_VERSION);
    const QString text = ended.first().at(1).toString();
    QVERIFY2(text.contains(QStringLiteral("is version 0.0.1, this is " RETORT_VERSION)), qPrintable(text));
    QVERIFY(!isRemoteRun(run.toStdString()));
}

void TestSshBackend::checkpointIsFetchedAndVerified() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString path = m_far->newRun("checkpoints", {"study=wait"});
    launch(backend, path);
    ask(path.toStdString(), Request::Checkpoint);
    const ControlReader here(path.toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(!here.isAsked(Request::Checkpoint), longest);
    ask(path.toStdString(), Request::Stop);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    const RunDirectory run = RunDirectory::open(path.toStdString());
    const std::int64_t step = RunDirectory::open(directoryThere(path)).checkpointSteps().at(0);
    const fs::path there = directoryThere(path) / fs::relative(run.checkpointFolder(step), run.path());
    const std::string weights = readFile(there / "model.safetensors");
    QVERIFY(run.checkpointSteps().empty());

    const std::unique_ptr<Shell> shell = Shell::ssh(m_far->machine());
    WorkPlace place = openWorkPlace(*shell, m_far->machine());
    std::vector<std::string> said;
    place.say = [&said](const std::string& text) { said.push_back(text); };
    // An earlier try was cut off in the middle of one file, and wrote rubbish into another.
    const fs::path beside =
        run.checkpointsFolder() / (".fetching-" + run.checkpointFolder(step).filename().string());
    fs::create_directories(beside);
    writeFileAtomically(beside / "model.safetensors", weights.substr(0, 300000));
    writeFileAtomically(beside / "config.json", "xx");
    writeFileAtomically(beside / "left over", "x");
    fetchCheckpoint(place, run, step);
    QCOMPARE(run.checkpointSteps(), std::vector<std::int64_t>{step});
    QCOMPARE(readFile(run.checkpointFolder(step) / "model.safetensors"), weights);
    QCOMPARE(readFile(run.checkpointFolder(step) / "config.json"), std::string("{}"));
    QVERIFY(!fs::exists(run.checkpointFolder(step) / "left over") && !fs::exists(beside));
    QVERIFY(std::find(said.begin(), said.end(), "fetching model.safetensors (0.4 MB)") != said.end());
    said.clear();
    fetchCheckpoint(place, run, step);
    QVERIFY(said.empty());
    QVERIFY_EXCEPTION_THROWN(fetchCheckpoint(place, run, step + 1), Error);
}

void TestSshBackend::secondAttempt() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("twice", {"study=crash", "training.max_steps=10"});
    backend.launch(run, false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    const std::int64_t before = std::int64_t(fs::file_size(fs::path(run.toStdString()) / "events.jsonl"));
    backend.launch(run, true);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 2, longest);
    QCOMPARE(readRemoteRun(run.toStdString())->eventsOffset, before);
    QVERIFY(ended.last().at(1).toString().count(QStringLiteral("CUDA out of memory")) == 1);
    QCOMPARE(readFile(fs::path(run.toStdString()) / "events.jsonl"),
             readFile(directoryThere(run) / "events.jsonl"));
    // One that began here does not go on there.
    const QString local = m_far->newRun("local");
    writeFileAtomically(fs::path(local.toStdString()) / "events.jsonl", lineOf(1, StartEvent{}));
    backend.launch(local, true);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 3, longest);
    QVERIFY(ended.last().at(1).toString().contains(QStringLiteral("began on this machine")));
    // One whose first launch never got there does.
    const QString unreached = m_far->newRun("unreached", {"training.max_steps=5"});
    backend.launch(unreached, true);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 4, longest);
    QCOMPARE(ended.last().at(1).toString(), QString());
    QVERIFY(readRemoteRun(unreached.toStdString())->ended);
}

void TestSshBackend::whatIsMineThere() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString path = m_far->newRun("mine", {"study=wait"});
    launch(backend, path);
    const std::unique_ptr<Shell> shell = Shell::ssh(m_far->machine());
    const WorkPlace place = openWorkPlace(*shell, m_far->machine());
    const RunIdentity identity = RunDirectory::open(path.toStdString()).identity();
    const auto find = [&]() -> std::optional<FarRun> {
        for (const FarRun& run : contentThere(place).runs)
            if (run.id == identity.id) return run;
        return std::nullopt;
    };
    const auto mine = find();
    QVERIFY(mine && mine->isAlive && mine->bytes > 0);
    QCOMPARE(mine->name, identity.name);
    QVERIFY_EXCEPTION_THROWN(removeThere(place, {*mine}), Error);
    QVERIFY_EXCEPTION_THROWN(removeBrought(place), Error);
    ask(path.toStdString(), Request::Stop);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(!find()->isAlive);
    FarRun outside = *mine;
    outside.directory = "../objects";
    QVERIFY_EXCEPTION_THROWN(removeThere(place, {outside}), Error);
    removeThere(place, {*mine});
    QVERIFY(!find());
    QVERIFY(!fs::exists(directoryThere(path)));
}

QTEST_GUILESS_MAIN(TestSshBackend)
#include "tst_ssh_backend.moc"
