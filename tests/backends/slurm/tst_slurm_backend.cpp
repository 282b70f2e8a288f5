// Runs of the real trainer as jobs of a real Slurm: whatever happens to the job, the node's daemon, or the
// window, the run goes on as one run, and the store has every event once.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/runlog/control.h"
#include "core/runlog/run_directory.h"
#include "core/util/error.h"
#include "tests/backends/support/slurm.h"
#include "tests/backends/support/slurm_runs.h"
#include "tests/backends/support/sshd.h"
#include "training/backends/slurm/slurm_backend.h"

namespace fs = std::filesystem;
using namespace retort;

class TestSlurmBackend : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() {
        if (m_slurm) m_slurm->cancelAll();
    }
    void trainsInItsPlace();
    void editedScriptIsSubmittedAsItIs();
    void refusedByTheScheduler();
    void waitsWithAReason();
    void cancelledWithACheckpoint();
    void requeuedContinuesAsOneRun();
    void preemptedContinuesAsOneRun();
    void savesBeforeTheTimeLimit();
    void laterWindowFindsItsJobs();
    void nodesDaemonDies();
    void arrayOfRuns();
    void failureIsExplained();
    void throughSsh();

  private:
    QString newRun(const QString& name = QStringLiteral("tiny")) {
        return newTinyRun(m_folder.path().toStdString() + "/runs $(touch x) 'q'", name);
    }
    bool waitForPhase(const QString& run, SlurmPhase phase) {
        return retort::waitForPhase(*m_backend, run, phase);
    }
    void startNow(const QString& run) { TestSlurm::startNow(m_backend->job(run)->id); }
    void verifyEveryEventOnce(const QString& run, int attempts, const char* state) {
        retort::verifyEveryEventOnce(m_folder.path().toStdString() + "/lab.db", run, attempts, state);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestSlurm> m_slurm;
    std::unique_ptr<SlurmBackend> m_backend;
};

void TestSlurmBackend::initTestCase() {
    if (const QString missing = TestSlurm::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED AGAINST A REAL SLURM: ") + missing));
    m_slurm = std::make_unique<TestSlurm>();
}

void TestSlurmBackend::init() {
    Machine machine;
    machine.name = "here";
    machine.scheduler = Scheduler::Slurm;
    machine.environment = {"export RETORT_TEST_ENVIRONMENT='a b'"};
    m_backend = std::make_unique<SlurmBackend>(machine);
    m_backend->setPollInterval(300);
}

void TestSlurmBackend::trainsInItsPlace() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    QSignalSpy submitted(m_backend.get(), &SlurmBackend::submitted);
    QCOMPARE(m_backend->id(), QStringLiteral("slurm:here"));
    const QString run = newRun(QStringLiteral("$(touch x); 'y'"));
    m_backend->launch(run, false);
    QVERIFY(m_backend->isRunning(run));
    QVERIFY_EXCEPTION_THROWN(m_backend->launch(run, false), Error);
    QCOMPARE(endOf(ended, run), QString());
    QVERIFY(!m_backend->isRunning(run));
    QCOMPARE(submitted.count(), 1);
    const auto note = readSlurmNote(run.toStdString());
    QVERIFY(note && note->ended);
    QCOMPARE(QString::fromStdString(note->job), submitted.first().at(1).toString());
    QVERIFY(!m_backend->adopt(run));
    QVERIFY(!QFile::exists(QStringLiteral("x")));
    verifyEveryEventOnce(run, 1, "finished");
}

void TestSlurmBackend::editedScriptIsSubmittedAsItIs() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    SlurmRequest request;
    request.timeLimit = "10";
    prepareSlurmRun(run.toStdString(), "here", request);
    std::string script = slurmScriptFor(m_backend->machine(), RunDirectory::open(run.toStdString()));
    QVERIFY(script.find("#SBATCH --time='10'") != std::string::npos);
    script += "echo never reached\n";
    script.replace(script.find("\nrun="), 1, "\necho \"edited: $RETORT_TEST_ENVIRONMENT\"\n");
    prepareSlurmRun(run.toStdString(), "here", request, script);
    QCOMPARE(slurmScriptFor(m_backend->machine(), RunDirectory::open(run.toStdString())), script);
    m_backend->launch(run, false);
    QCOMPARE(endOf(ended, run), QString());
    QFile out(run + QStringLiteral("/stdout.log"));
    QVERIFY(out.open(QIODevice::ReadOnly));
    QVERIFY(out.readAll().startsWith("edited: \n"));  // before the environment's lines
    request.extraLines = {"mail"};
    QVERIFY_EXCEPTION_THROWN(prepareSlurmRun(run.toStdString(), "here", request), Error);
}

void TestSlurmBackend::refusedByTheScheduler() {
    verifyRefusedAndThenRun(*m_backend, newRun(), "invalid partition");
}

/// More CPUs than there are: Slurm takes the job, and it waits for ever.
void TestSlurmBackend::waitsWithAReason() {
    QSignalSpy changed(m_backend.get(), &SlurmBackend::jobChanged);
    const QString run = newRun();
    SlurmRequest request;
    request.cpusPerTask = 64;
    prepareSlurmRun(run.toStdString(), "here", request);
    m_backend->launch(run, false);
    QVERIFY(waitForPhase(run, SlurmPhase::Waiting));
    QVERIFY(!changed.isEmpty());
    const std::string words = explainWaiting(m_backend->job(run)->reason);
    QVERIFY2(words.find("fewer") != std::string::npos, words.c_str());
    verifyCancelled(*m_backend, run);
    QCOMPARE(countOf<StartEvent>(run), 0);
}

void TestSlurmBackend::cancelledWithACheckpoint() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);
    verifyCancelled(*m_backend, run);
    QCOMPARE(RunDirectory::open(run.toStdString()).checkpointSteps().size(), std::size_t(1));
    verifyEveryEventOnce(run, 1, "stopped");
    // And on, as another job.
    ended.clear();
    m_backend->launch(run, true);
    QCOMPARE(endOf(ended, run), QString());
    verifyEveryEventOnce(run, 2, "finished");
}

void TestSlurmBackend::requeuedContinuesAsOneRun() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);
    QVERIFY(waitForPhase(run, SlurmPhase::Running));
    m_backend->requeue(run);
    QVERIFY(waitForPhase(run, SlurmPhase::Waiting));
    QVERIFY(QTest::qWaitFor([&] { return countOf<EndEvent>(run) == 1; }, longest));
    withdraw(run.toStdString(), Request::Pause);
    startNow(run);
    QCOMPARE(endOf(ended, run), QString());
    QCOMPARE(ended.count(), 1);
    verifyEveryEventOnce(run, 2, "finished");
}

/// The job ends within its grace period, and goes back into the queue by itself.
void TestSlurmBackend::preemptedContinuesAsOneRun() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);
    QVERIFY(waitForPhase(run, SlurmPhase::Running));
    TestSlurm::run(QStringLiteral("sbatch"),
                   {QStringLiteral("--partition=urgent"), QStringLiteral("--ntasks=%1").arg(TestSlurm::cpus),
                    QStringLiteral("--output=/dev/null"), QStringLiteral("--wrap=sleep 1")});
    QVERIFY(waitForPhase(run, SlurmPhase::Waiting));
    QVERIFY(QTest::qWaitFor([&] { return countOf<EndEvent>(run) == 1; }, longest));
    QVERIFY(RunDirectory::open(run.toStdString()).checkpointSteps().size() == 1);
    withdraw(run.toStdString(), Request::Pause);
    startNow(run);
    QCOMPARE(endOf(ended, run), QString());
    verifyEveryEventOnce(run, 2, "finished");
}

void TestSlurmBackend::savesBeforeTheTimeLimit() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    SlurmRequest request;
    request.timeLimit = "1";  // the shortest that there is
    request.graceSeconds = 15;
    prepareSlurmRun(run.toStdString(), "here", request);
    m_backend->launch(run, false);
    halt(run);
    const QString text = endOf(ended, run);
    QVERIFY2(text.contains(QStringLiteral("reached its time limit")), qPrintable(text));
    QCOMPARE(RunDirectory::open(run.toStdString()).checkpointSteps().size(), std::size_t(1));
    verifyEveryEventOnce(run, 1, "stopped");
}

void TestSlurmBackend::laterWindowFindsItsJobs() {
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);
    QVERIFY(waitForPhase(run, SlurmPhase::Running));
    init();  // the first window is gone
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    QVERIFY(!m_backend->isRunning(run));
    QVERIFY(m_backend->adopt(run));
    QVERIFY(waitForPhase(run, SlurmPhase::Running));
    withdraw(run.toStdString(), Request::Pause);
    QCOMPARE(endOf(ended, run), QString());
    verifyEveryEventOnce(run, 1, "finished");
}

void TestSlurmBackend::nodesDaemonDies() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);
    m_slurm->killNode();
    withdraw(run.toStdString(), Request::Pause);
    QVERIFY(QTest::qWaitFor([&] { return countOf<EndEvent>(run) == 1; }, longest));
    m_slurm->startNode();
    QCOMPARE(endOf(ended, run), QString());
    verifyEveryEventOnce(run, 1, "finished");
}

void TestSlurmBackend::arrayOfRuns() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    QStringList runs;
    for (const char* name : {"a", "b $(touch x)", "c 'q'"}) runs << newRun(QString::fromLatin1(name));
    SlurmRequest request;
    request.arrayAtOnce = 2;
    prepareSlurmRun(runs.first().toStdString(), "here", request);
    m_backend->launchArray(runs);
    for (const QString& run : runs) QCOMPARE(endOf(ended, run), QString());
    QSet<QString> jobs;
    for (const QString& run : runs) {
        jobs.insert(QString::fromStdString(readSlurmNote(run.toStdString())->job));
        verifyEveryEventOnce(run, 1, "finished");
    }
    QCOMPARE(jobs.size(), 3);
    QFile script(runs.first() + QStringLiteral("/control/array/control/job.sbatch"));
    QVERIFY(script.open(QIODevice::ReadOnly));
    QVERIFY(script.readAll().contains("#SBATCH --array=0-2%2\n"));
    for (const QString& job : jobs) QVERIFY2(job.contains(QLatin1Char('_')), qPrintable(job));
}

void TestSlurmBackend::failureIsExplained() {
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    const QString run = newRun();
    QFile config(run + QStringLiteral("/config.yaml"));
    QVERIFY(config.open(QIODevice::WriteOnly));
    config.write("recipe: sft\nmodel: {from: /nowhere}\n");
    config.close();
    m_backend->launch(run, false);
    const QString text = endOf(ended, run);
    QVERIFY2(text.contains(QStringLiteral("/nowhere")) || text.contains(QStringLiteral("config.yaml")),
             qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("exit status 1")), qPrintable(text));
}

/// From a machine that sees the cluster's file system and reaches its login node.
void TestSlurmBackend::throughSsh() {
    if (const QString missing = TestSshd::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED THROUGH A REAL SSHD: ") + missing));
    TestSshd::Settings settings;
    settings.lines = {QStringLiteral("AcceptEnv SLURM_CONF")};
    TestSshd sshd(settings);
    std::ofstream(sshd.folder() / "ssh_config", std::ios::app)
        << "  SetEnv SLURM_CONF=" << qgetenv("SLURM_CONF").toStdString() << "\n";
    Machine machine = sshd.machine();
    machine.scheduler = Scheduler::Slurm;
    m_backend = std::make_unique<SlurmBackend>(machine);
    m_backend->setPollInterval(300);
    QSignalSpy ended(m_backend.get(), &Backend::ended);
    QSignalSpy problems(m_backend.get(), &SlurmBackend::problem);
    const QString run = newRun();
    m_backend->launch(run, false);
    halt(run);
    QVERIFY(waitForPhase(run, SlurmPhase::Running));
    // The login node is away for a while: nothing is given up.
    sshd.stop();
    QVERIFY(QTest::qWaitFor([&] { return !problems.isEmpty(); }, longest));
    QVERIFY(m_backend->isRunning(run));
    QVERIFY(sshd.start());
    withdraw(run.toStdString(), Request::Pause);
    QCOMPARE(endOf(ended, run), QString());
    QCOMPARE(problems.last().at(1).toString(), QString());
    verifyEveryEventOnce(run, 1, "finished");
    m_backend.reset();
}

QTEST_GUILESS_MAIN(TestSlurmBackend)
#include "tst_slurm_backend.moc"
