// The local-process backend against a program that finishes, fails, crashes, hangs and will not die.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/runlog/control.h"
#include "core/runlog/follower.h"
#include "core/runlog/launch_settings.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/uuid.h"
#include "training/backends/local_process_backend.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

QString endedWith(QSignalSpy& spy) {
    return spy.takeFirst().at(1).toString();
}

/// The pid of the last start event; 0 before there is one.
pid_t trainerPid(const QString& run) {
    const RunDirectory directory = RunDirectory::open(run.toStdString());
    pid_t pid = 0;
    for (const Event& event : RunLogFollower(directory.eventsFile()).read(0, 0).events)
        if (const auto* start = std::get_if<StartEvent>(&event.payload)) pid = pid_t(start->pid);
    return pid;
}

/// Whether the trainer has said all that it says before it waits.
bool hasSpoken(const QString& run) {
    return readFile(RunDirectory::open(run.toStdString()).stderrFile()).ends_with("stderr line 30\n");
}

}  // namespace

class TestLocalProcess : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void endIsReported_data();
    void endIsReported();
    void onlyThisAttemptsLinesAreShown();
    void onlyThisAttemptsEndCounts();
    void stopByRequest();
    void requestsThatStandAreObeyed();
    void secondLaunchIsRefused();
    void childIsDetachedAndNicer();
    void outlivesItsBackend();
    void adoptedCrashIsReported();
    void adoptsWhatItDidNotStart();
    void killEndsAHungTrainer();
    void killIsAStopForAPoliteTrainer();
    void killEndsADeafTrainer();
    void missingTrainerIsAnError();
    void aTrainerThatStillLoadsIsRunning();
    void itSeesOnlyItsGpus();

  private:
    /// A trainer that is this shell script.
    void useScript(const std::string& script) {
        const fs::path file = fs::path(m_folder->path().toStdString()) / "trainer";
        writeFileAtomically(file, "#!/bin/sh\n" + script);
        fs::permissions(file, fs::perms::owner_all);
        qputenv("RETORT_CLI", file.c_str());
    }
    QString newRun(const char* behaviour) {
        RunIdentity identity;
        identity.id = newUuid();
        const auto run = RunDirectory::create(m_folder->path().toStdString(), "r",
                                              std::string(behaviour) + "\n", identity);
        return QString::fromStdString(run.path().string());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestLocalProcess::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("RETORT_CLI", FAKE_TRAINER);
}

void TestLocalProcess::endIsReported_data() {
    QTest::addColumn<QByteArray>("behaviour");
    QTest::addColumn<QString>("firstLine");

    QTest::newRow("finish") << QByteArray("finish") << "";
    QTest::newRow("fail") << QByteArray("fail") << "loss is not finite at step 3 (exit status 1)";
    QTest::newRow("crash") << QByteArray("segfault") << "The trainer ended unexpectedly: killed by SIGSEGV";
}

void TestLocalProcess::endIsReported() {
    QFETCH(QByteArray, behaviour);
    QFETCH(QString, firstLine);
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = newRun(behaviour.constData());
    backend.launch(run, false);
    QVERIFY(backend.isRunning(run));
    QVERIFY(ended.wait());
    QCOMPARE(ended.first().at(0).toString(), run);
    const QStringList lines = endedWith(ended).split(QLatin1Char('\n'));
    QCOMPARE(lines.first(), firstLine);
    if (!firstLine.isEmpty()) {
        QCOMPARE(lines.size(), 21);
        QCOMPARE(lines.at(1), QStringLiteral("stderr line 11"));
        QCOMPARE(lines.last(), QStringLiteral("stderr line 30"));
    }
    QVERIFY(!backend.isRunning(run));
    QVERIFY(!fs::exists(fs::path(run.toStdString()) / "control/process.json"));
}

void TestLocalProcess::onlyThisAttemptsLinesAreShown() {
    const QString run = newRun("fail");
    std::ofstream(RunDirectory::open(run.toStdString()).stderrFile()) << "of an earlier attempt\n";
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    backend.launch(run, true);
    QVERIFY(ended.wait());
    QVERIFY(!endedWith(ended).contains(QStringLiteral("earlier attempt")));
    QVERIFY(
        readFile(RunDirectory::open(run.toStdString()).stderrFile()).starts_with("of an earlier attempt\n"));
}

void TestLocalProcess::onlyThisAttemptsEndCounts() {
    const QString run = newRun("never begin");
    {
        RunLogWriter log(RunDirectory::open(run.toStdString()).eventsFile());
        log.write(EndEvent{"failed", "of an earlier attempt"});
    }
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    backend.launch(run, true);
    QVERIFY(ended.wait());
    QCOMPARE(endedWith(ended), QStringLiteral("The trainer ended unexpectedly: exit status 2\n"
                                              "fake_trainer: no such checkpoint"));
}

void TestLocalProcess::stopByRequest() {
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = newRun("hang");
    backend.launch(run, false);
    QTRY_VERIFY(trainerPid(run) != 0);
    ask(run.toStdString(), Request::Stop);
    QVERIFY(ended.wait());
    QCOMPARE(endedWith(ended), QString());
}

// Who asks while it is being started finds no trainer: it obeys as soon as it lives.
void TestLocalProcess::requestsThatStandAreObeyed() {
    const QString run = newRun("hang");
    ask(run.toStdString(), Request::Pause);
    QVERIFY(!withdrawLeftOver(run.toStdString()));  // no stop
    ask(run.toStdString(), Request::Stop);
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    backend.launch(run, true);
    QVERIFY(ended.wait());
    QCOMPARE(endedWith(ended), QString());
    const ControlReader control(run.toStdString());
    QVERIFY(!control.isAsked(Request::Pause));
    QVERIFY(withdrawLeftOver(run.toStdString()));  // the fake trainer leaves it
    QVERIFY(!control.isAsked(Request::Stop));
}

void TestLocalProcess::secondLaunchIsRefused() {
    LocalProcessBackend backend, other;
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = newRun("hang");
    backend.launch(run, false);
    QVERIFY_EXCEPTION_THROWN(backend.launch(run, false), Error);
    QTRY_VERIFY(other.isRunning(run));  // by the lock
    QVERIFY_EXCEPTION_THROWN(other.launch(run, true), Error);
    ask(run.toStdString(), Request::Stop);
    QVERIFY(ended.wait());
    QCOMPARE(ended.size(), 1);
}

void TestLocalProcess::childIsDetachedAndNicer() {
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = newRun("hang");
    backend.launch(run, false);
    QTRY_VERIFY(trainerPid(run) != 0);
    const pid_t pid = trainerPid(run);
    QCOMPARE(::getsid(pid), pid);
    QCOMPARE(::getpriority(PRIO_PROCESS, id_t(pid)), std::min(19, ::getpriority(PRIO_PROCESS, 0) + 5));
    // Nothing of ours is open in it: a lock or a socket held by a long run would outlive the window.
    for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
        std::error_code gone;
        const fs::path target = fs::read_symlink(entry, gone);
        const bool isTheirs = gone || target == "/dev/null" || target.string().starts_with(run.toStdString());
        QVERIFY2(isTheirs, target.c_str());
    }
    ask(run.toStdString(), Request::Stop);
    QVERIFY(ended.wait());
}

void TestLocalProcess::outlivesItsBackend() {
    const QString run = newRun("hang");
    {
        LocalProcessBackend first;
        first.launch(run, false);
        QTRY_VERIFY(trainerPid(run) != 0);
    }
    QCOMPARE(::kill(trainerPid(run), 0), 0);
    LocalProcessBackend second;
    QSignalSpy ended(&second, &Backend::ended);
    QVERIFY(second.adopt(run));
    QVERIFY(second.isRunning(run));
    ask(run.toStdString(), Request::Stop);
    QVERIFY(ended.wait());
    QCOMPARE(endedWith(ended), QString());
    QVERIFY(!second.adopt(run));
}

void TestLocalProcess::adoptedCrashIsReported() {
    const QString run = newRun("hang");
    {
        LocalProcessBackend first;
        first.launch(run, false);
        QTRY_VERIFY(hasSpoken(run));
    }
    LocalProcessBackend second;
    QSignalSpy ended(&second, &Backend::ended);
    QVERIFY(second.adopt(run));
    ::kill(trainerPid(run), SIGKILL);
    QVERIFY(ended.wait());
    const QString error = endedWith(ended);
    QVERIFY2(error.startsWith(QStringLiteral("The trainer ended unexpectedly")), qPrintable(error));
    QVERIFY(error.endsWith(QStringLiteral("stderr line 30")));
}

// Started in a terminal, say: no note of a process, only the lock.
void TestLocalProcess::adoptsWhatItDidNotStart() {
    const QString run = newRun("nobody runs this");
    auto lock = std::make_unique<RunLock>(RunDirectory::open(run.toStdString()));
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    QVERIFY(backend.adopt(run));
    QVERIFY_EXCEPTION_THROWN(backend.kill(run), Error);
    lock.reset();
    QVERIFY(ended.wait());
    QCOMPARE(endedWith(ended), QStringLiteral("The trainer ended unexpectedly, without saying why"));
}

void TestLocalProcess::killEndsAHungTrainer() {
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = newRun("hang");
    backend.launch(run, false);
    QTRY_VERIFY(trainerPid(run) != 0);
    backend.kill(run);
    QVERIFY(ended.wait());
    QVERIFY(endedWith(ended).contains(QStringLiteral("killed by SIGTERM")));
    QVERIFY(!RunDirectory::open(run.toStdString()).isRunning());
}

void TestLocalProcess::killIsAStopForAPoliteTrainer() {
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = newRun("polite");
    backend.launch(run, false);
    QTRY_VERIFY(hasSpoken(run));
    backend.kill(run);
    QVERIFY(ended.wait());
    QCOMPARE(endedWith(ended), QString());
}

void TestLocalProcess::killEndsADeafTrainer() {
    LocalProcessBackend backend;
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = newRun("deaf");
    backend.launch(run, false);
    QTRY_VERIFY(hasSpoken(run));
    backend.kill(run);
    QVERIFY(ended.wait(20000));
    QVERIFY(endedWith(ended).contains(QStringLiteral("killed by SIGKILL")));
}

void TestLocalProcess::missingTrainerIsAnError() {
    qputenv("RETORT_CLI", "/nowhere/retort-cli");
    LocalProcessBackend backend;
    const QString run = newRun("finish");
    try {
        backend.launch(run, false);
        QFAIL("nothing was thrown");
    } catch (const Error& error) {
        QCOMPARE(QString::fromStdString(error.where()), QStringLiteral("/nowhere/retort-cli"));
    }
    QVERIFY(!backend.isRunning(run));
    QVERIFY_EXCEPTION_THROWN(backend.launch(m_folder->path(), false), Error);
}

// Who started it is gone before it has taken the run's lock, and left no note of it.
void TestLocalProcess::aTrainerThatStillLoadsIsRunning() {
    useScript("while [ ! -e \"$2/control/stop\" ]; do sleep 0.02; done\n");
    const QString run = newRun("load for long");
    { LocalProcessBackend().launch(run, false); }
    const RunDirectory directory = RunDirectory::open(run.toStdString());
    fs::remove(directory.path() / "control/process.json");
    QVERIFY(!directory.isRunning());
    LocalProcessBackend later;
    QSignalSpy ended(&later, &Backend::ended);
    QVERIFY(later.isRunning(run));
    QVERIFY_THROWS_EXCEPTION(Error, later.launch(run, false));
    QVERIFY(later.adopt(run));
    ask(directory.path(), Request::Stop);
    QVERIFY(ended.wait());
    QVERIFY(!later.isRunning(run));
}

void TestLocalProcess::itSeesOnlyItsGpus() {
    useScript("echo \"$CUDA_DEVICE_ORDER/$CUDA_VISIBLE_DEVICES/$HOME\"\n");
    qputenv("CUDA_VISIBLE_DEVICES", "7");
    const QByteArray home = qgetenv("HOME");
    qputenv("HOME", "/somewhere");
    for (const auto& [gpus, expected] : std::vector<std::pair<std::vector<int>, std::string>>{
             {{0, 2}, "PCI_BUS_ID/0,2//somewhere\n"}, {{}, "/7//somewhere\n"}}) {
        const QString run = newRun("");
        writeLaunchSettings(run.toStdString(), {gpus, 1, 0});
        LocalProcessBackend backend;
        QSignalSpy ended(&backend, &Backend::ended);
        backend.launch(run, false);
        QVERIFY(ended.wait());
        QCOMPARE(readFile(RunDirectory::open(run.toStdString()).stdoutFile()), expected);
    }
    qunsetenv("CUDA_VISIBLE_DEVICES");
    qputenv("HOME", home);
}

QTEST_GUILESS_MAIN(TestLocalProcess)
#include "tst_local_process.moc"
