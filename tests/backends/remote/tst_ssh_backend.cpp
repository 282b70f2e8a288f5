// Runs on a machine behind a real sshd: they are launched, steered and end here as they do there.
#include <signal.h>

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include "core/runlog/control.h"
#include "core/store/store.h"
#include "core/util/files.h"
#include "tests/backends/remote/far_runs.h"
#include "tests/core/runlog/log_lines.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/transfer.h"
#include "training/backends/run_settling.h"

using namespace retort;
namespace fs = std::filesystem;

class TestSshBackend : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void runsToItsEnd_data();
    void runsToItsEnd();
    void crashIsReported();
    void killedTrainerIsReported();
    void controlFilesWorkThere();
    void killEndsIt();
    void killWhileItIsLaunched_data();
    void killWhileItIsLaunched();
    void stoppedWhileDataIsBrought();
    void launchFailuresAreSaid_data();
    void launchFailuresAreSaid();
    void wrongVersionIsSaidBeforeAnythingStarts();
    void secondAttempt();

  private:
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
    launchUntilItTrains(backend, run);
    ::kill(trainerPid(run), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(ended.first().at(1).toString().contains(QStringLiteral("ended unexpectedly")));
    verifyWhole(run, 0);
}

void TestSshBackend::controlFilesWorkThere() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = m_far->newRun("steered", {"study=wait"});
    launchUntilItTrains(backend, run);
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
    launchUntilItTrains(backend, run);
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

QTEST_GUILESS_MAIN(TestSshBackend)
#include "tst_ssh_backend.moc"
