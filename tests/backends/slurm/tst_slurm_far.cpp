// Slurm on a machine that is reached by SSH alone and sees nothing of the files here: the real trainer, a
// real Slurm and a real sshd, in whose mount namespace the folder of runs here is another one.
#include <QProcess>
#include <QTemporaryDir>
#include <fstream>

#include "core/machines/remote_run.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "tests/backends/support/slurm_runs.h"
#include "tests/backends/support/sshd.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/slurm/slurm_backend.h"

namespace fs = std::filesystem;
using namespace retort;

class TestSlurmFar : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() {
        m_backend.reset();
        if (m_slurm) m_slurm->cancelAll();
    }
    void sharedFolderIsFoundOut();
    void trainsThere();
    void refusedInItsOwnWords();
    void requeuedWhileConnectionsBreak();
    void everythingDiesInTheMiddle();
    void cancelledThereWithACheckpoint();
    void arrayOfRuns();
    void openJobsAreKept();

  private:
    QString newRun(const QString& name = QStringLiteral("tiny $(touch x) 'q'")) {
        return newTinyRun(m_folder.path().toStdString() + "/runs", name);
    }
    /// Of the run there, which this process sees, because the two machines are one.
    fs::path farOf(const QString& run) {
        const auto remote = readRemoteRun(run.toStdString());
        return remote ? remote->directory : "";
    }
    void verifyMirror(const QString& run) {
        const auto remote = readRemoteRun(run.toStdString());
        QVERIFY(remote && remote->ended);
        QCOMPARE(remote->scheduler, std::string("slurm"));
        QCOMPARE(remote->machine, std::string("box"));
        const auto note = readSlurmNote(run.toStdString());
        QVERIFY(note && note->ended);
        QCOMPARE(note->job, remote->job);
        QCOMPARE(note->directory, remote->directory);
        QVERIFY(fs::equivalent(fs::path(remote->directory).parent_path(), m_sshd->workFolder() / "runs"));
        // An empty one does not come.
        const auto content = [](const fs::path& file) {
            return fs::exists(file) ? QByteArray::fromStdString(readFile(file, 64u << 20)) : QByteArray();
        };
        QVERIFY(!content(farOf(run) / "events.jsonl").isEmpty());
        for (const char* file : {"events.jsonl", "stdout.log", "stderr.log"})
            QCOMPARE(content(fs::path(run.toStdString()) / file), content(farOf(run) / file));
    }
    void verifyEveryEventOnce(const QString& run, int attempts, const char* state) {
        retort::verifyEveryEventOnce(m_folder.path().toStdString() + "/lab.db", run, attempts, state);
    }
    bool waitForPhase(const QString& run, SlurmPhase phase) {
        return retort::waitForPhase(*m_backend, run, phase);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestSlurm> m_slurm;
    std::unique_ptr<TestSshd> m_sshd;
    std::unique_ptr<SlurmBackend> m_backend;
    Machine m_machine;
};

void TestSlurmFar::initTestCase() {
    if (const QString missing = TestSlurm::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED AGAINST A REAL SLURM: ") + missing));
    if (const QString missing = TestSshd::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED THROUGH A REAL SSHD: ") + missing));
    const QStringList apart = {QStringLiteral("-m"),    QStringLiteral("mount"), QStringLiteral("-t"),
                               QStringLiteral("tmpfs"), QStringLiteral("none"),  QStringLiteral("/mnt")};
    if (QProcess::execute(QStringLiteral("unshare"), apart) != 0)
        QSKIP("NOT TESTED WITH A FILE SYSTEM OF ITS OWN: this machine allows no mount namespaces");
    m_slurm = std::make_unique<TestSlurm>();
    fs::create_directories(m_folder.path().toStdString() + "/runs");
    TestSshd::Settings settings;
    settings.lines = {QStringLiteral("AcceptEnv SLURM_CONF")};
    settings.through = {QStringLiteral("unshare"),
                        QStringLiteral("-m"),
                        QStringLiteral("sh"),
                        QStringLiteral("-c"),
                        QStringLiteral("mount -t tmpfs none \"$0\" && exec \"$@\""),
                        m_folder.filePath(QStringLiteral("runs"))};
    m_sshd = std::make_unique<TestSshd>(settings);
    std::ofstream(m_sshd->folder() / "ssh_config", std::ios::app)
        << "  SetEnv SLURM_CONF=" << qgetenv("SLURM_CONF").toStdString() << "\n";
    m_machine = m_sshd->machine();
    m_machine.scheduler = Scheduler::Slurm;
}

void TestSlurmFar::init() {
    m_backend = std::make_unique<SlurmBackend>(m_machine);
    m_backend->setPollInterval(300);
}

void TestSlurmFar::sharedFolderIsFoundOut() {
    const std::unique_ptr<Shell> shell = Shell::ssh(m_machine);
    const fs::path folder = m_folder.path().toStdString();
    QVERIFY(seesFolder(*shell, folder));
    QVERIFY(!seesFolder(*shell, folder / "runs"));
    for (const auto& entry : fs::directory_iterator(folder))
        QVERIFY2(entry.path().filename().string()[0] != '.', entry.path().c_str());
}

void TestSlurmFar::trainsThere() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    QSignalSpy progress(m_backend.get(), &SlurmBackend::progress);
    const QString run = newRun();
    m_backend->launch(run, false);
    QVERIFY(m_backend->isRunning(run));
    QVERIFY_EXCEPTION_THROWN(m_backend->launch(run, false), Error);
    QCOMPARE(endOf(ended, run), QString());
    QVERIFY(!progress.isEmpty());  // the program was brought
    verifyMirror(run);
    verifyEveryEventOnce(run, 1, "finished");
    QVERIFY(!m_backend->adopt(run));
    QVERIFY(!fs::exists("x"));
    // A checkpoint comes when it is asked for.
    const RunDirectory here = RunDirectory::open(run.toStdString());
    QVERIFY(here.checkpointSteps().empty());
    const std::unique_ptr<Shell> shell = Shell::ssh(m_machine);
    const WorkPlace place = openWorkPlace(*shell, m_machine);
    const auto there = checkpointStepsThere(place, *readRemoteRun(here.path()));
    QCOMPARE(there, (std::vector<std::int64_t>{steps}));
    fetchCheckpoint(place, here, steps);
    QCOMPARE(here.checkpointSteps(), there);
}

void TestSlurmFar::refusedInItsOwnWords() {
    const QString run = newRun();
    verifyRefusedAndThenRun(*m_backend, run, "invalid partition specified: moon");
    verifyMirror(run);
    verifyEveryEventOnce(run, 1, "finished");
}

void TestSlurmFar::requeuedWhileConnectionsBreak() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);  // the request goes there, and its answer comes back
    QVERIFY(fs::exists(farOf(run) / "control" / "pause"));
    QVERIFY(waitForPhase(run, SlurmPhase::Running));
    m_sshd->cutConnections();
    m_backend->requeue(run);
    QVERIFY(waitForPhase(run, SlurmPhase::Waiting));
    QVERIFY(QTest::qWaitFor([&] { return countOf<EndEvent>(run) == 1; }, longest));
    withdraw(run.toStdString(), Request::Pause);
    QVERIFY(QTest::qWaitFor([&] { return !fs::exists(farOf(run) / "control" / "pause"); }, longest));
    m_sshd->cutConnections();
    TestSlurm::startNow(m_backend->job(run)->id);
    QVERIFY(QTest::qWaitFor([&] { return countOf<StartEvent>(run) == 2; }, longest));
    m_sshd->cutConnections();
    QCOMPARE(endOf(ended, run), QString());
    QCOMPARE(ended.count(), 1);
    verifyMirror(run);
    verifyEveryEventOnce(run, 2, "finished");
}

/// The window, the machine's sshd and the node's daemon.
void TestSlurmFar::everythingDiesInTheMiddle() {
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);
    QVERIFY(waitForPhase(run, SlurmPhase::Running));
    m_backend.reset();
    m_sshd->stop();
    m_slurm->killNode();
    init();
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    QSignalSpy problems(m_backend.get(), &SlurmBackend::problem);
    QVERIFY(m_backend->adopt(run));
    QVERIFY(QTest::qWaitFor([&] { return !problems.isEmpty(); }, longest));
    QVERIFY(m_backend->isRunning(run));
    withdraw(run.toStdString(), Request::Pause);  // nobody is there who could hear it yet
    QVERIFY(m_sshd->start());
    QVERIFY(QTest::qWaitFor([&] { return countOf<EndEvent>(run) == 1; }, longest));
    QVERIFY(ended.isEmpty());
    m_slurm->startNode();
    QCOMPARE(endOf(ended, run), QString());
    verifyMirror(run);
    verifyEveryEventOnce(run, 1, "finished");
}

void TestSlurmFar::cancelledThereWithACheckpoint() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);
    verifyCancelled(*m_backend, run);
    verifyMirror(run);
    verifyEveryEventOnce(run, 1, "stopped");
    // And on, as another job in the same directory there.
    const fs::path far = farOf(run);
    ended.clear();
    m_backend->launch(run, true);
    QCOMPARE(endOf(ended, run), QString());
    QCOMPARE(farOf(run), far);
    verifyMirror(run);
    verifyEveryEventOnce(run, 2, "finished");
}

void TestSlurmFar::arrayOfRuns() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    QStringList runs;
    for (const char* name : {"a", "b $(touch x)"}) runs << newRun(QString::fromLatin1(name));
    SlurmRequest request;
    request.arrayAtOnce = 1;
    prepareSlurmRun(runs.first().toStdString(), "box", request);
    m_backend->launchArray(runs);
    for (const QString& run : runs) QCOMPARE(endOf(ended, run), QString());
    for (qsizetype i = 0; i < runs.size(); ++i) {
        verifyMirror(runs[i]);
        verifyEveryEventOnce(runs[i], 1, "finished");
        const std::string job = readSlurmNote(runs[i].toStdString())->job;
        QVERIFY2(job.ends_with("_" + std::to_string(i)), job.c_str());
        QCOMPARE(readFile(farOf(runs[i]) / "control" / "slurm-job", 100), job + "\n");
    }
}

/// What a job still needs is not cleaned up.
void TestSlurmFar::openJobsAreKept() {
    const QString run = newRun();
    SlurmRequest request;
    request.extraLines = {"--begin=now+3600"};
    prepareSlurmRun(run.toStdString(), "box", request);
    m_backend->launch(run, false);
    QVERIFY(waitForPhase(run, SlurmPhase::Waiting));
    const std::unique_ptr<Shell> shell = Shell::ssh(m_machine);
    const WorkPlace place = openWorkPlace(*shell, m_machine);
    const std::string name = farOf(run).filename().string();
    const auto alive = [&] {
        for (const FarRun& each : contentThere(place).runs)
            if (each.directory == name) return each.isAlive;
        return false;
    };
    QVERIFY(alive());
    FarRun far;
    far.directory = name;
    QVERIFY_EXCEPTION_THROWN(removeThere(place, {far}), Error);
    QVERIFY_EXCEPTION_THROWN(removeBrought(place), Error);
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    m_backend->kill(run);
    QVERIFY(endOf(ended, run).contains(QStringLiteral("was cancelled")));
    QVERIFY(!alive());
    removeThere(place, {far});
    QVERIFY(!fs::exists(m_sshd->workFolder() / "runs" / name));
}

QTEST_GUILESS_MAIN(TestSlurmFar)
#include "tst_slurm_far.moc"
