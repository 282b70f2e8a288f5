// Ends of jobs that a cluster brings about: its node fails, and memory runs out. The trainer is a script that
// holds the run's lock; told to resume, it has nothing left to do.
#include <sys/stat.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/runlog/run_directory.h"
#include "core/util/files.h"
#include "tests/backends/slurm/waiting_command.h"
#include "tests/backends/support/slurm.h"
#include "training/backends/slurm/slurm_backend.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

constexpr int longest = 60000;  // ms

const char* const trainer =
    "#!/bin/sh\nexec 9>\"$2/run.lock\"\nflock -n 9 || exit 5\necho \"${3:-begin}\" >>\"$2/tries\"\n"
    "[ \"$3\" = --resume ] && exit 0\n"
    "if [ -e \"$2/greedy\" ]; then { head -c 300M /dev/zero; sleep 600; } | tail >/dev/null; fi\n"
    "exec sleep 600\n";

}  // namespace

class TestSlurmEnds : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        if (const QString missing = TestSlurm::missing(); !missing.isEmpty())
            QSKIP(qPrintable(QStringLiteral("NOT TESTED AGAINST A REAL SLURM: ") + missing));
        m_slurm = std::make_unique<TestSlurm>(TestSlurm::TooMuchMemory::Killed);
        const fs::path program = m_folder.path().toStdString() + "/trainer";
        writeFileAtomically(program, trainer);
        ::chmod(program.c_str(), 0755);
        qputenv("RETORT_CLI", program.c_str());
    }
    void cleanup() {
        if (m_slurm) m_slurm->cancelAll();
    }

    void theNodeFails_data() {
        QTest::addColumn<bool>("requeues");
        QTest::newRow("goes back into the queue") << true;
        QTest::newRow("does not") << false;
    }
    void theNodeFails() {
        QFETCH(bool, requeues);
        const QString run = newRun();
        SlurmRequest request;
        if (!requeues) request.extraLines = {"--no-requeue"};
        prepareSlurmRun(run.toStdString(), "here", request);
        SlurmBackend backend(thisSlurmMachine());
        backend.setPollInterval(200);
        QSignalSpy ended(&backend, &Backend::ended);
        backend.launch(run, false);
        QTRY_COMPARE_WITH_TIMEOUT(triesOf(run), QStringLiteral("begin\n"), longest);
        const std::string job = readSlurmNote(run.toStdString())->job;
        m_slurm->crashNode();
        if (!requeues) {
            QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
            m_slurm->startNode();
            const QString text = ended.first().at(1).toString();
            QVERIFY2(text.contains(QStringLiteral("the node of the job failed")), qPrintable(text));
            QVERIFY(TestSlurm::run("scontrol", {"show", "job", QString::fromStdString(job)})
                        .contains(QStringLiteral("JobState=NODE_FAIL")));
            return;
        }
        QTRY_VERIFY_WITH_TIMEOUT(
            backend.job(run) && slurmPhase(backend.job(run)->state) == SlurmPhase::Waiting, longest);
        QVERIFY(ended.isEmpty());
        m_slurm->startNode();
        TestSlurm::startNow(job);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
        QCOMPARE(ended.first().at(1).toString(), QString());
        QCOMPARE(triesOf(run), QStringLiteral("begin\n--resume\n"));
        QCOMPARE(readSlurmNote(run.toStdString())->job, job);
    }

    /// Without cgroups Slurm says JobLaunchFailure and SIGKILL, and only the log says why.
    void memoryRunsOut() {
        const QString run = newRun();
        writeFileAtomically(run.toStdString() + "/greedy", "");
        SlurmRequest request;
        request.memory = "60M";
        prepareSlurmRun(run.toStdString(), "here", request);
        SlurmBackend backend(thisSlurmMachine());
        backend.setPollInterval(200);
        QSignalSpy ended(&backend, &Backend::ended);
        backend.launch(run, false);
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
        const QString text = ended.first().at(1).toString();
        QVERIFY2(text.contains(QStringLiteral("memory ran out")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("xceeded")), qPrintable(text));
    }

  private:
    QString newRun() const {
        return test::newWaitingCommand(m_folder.path().toStdString() + "/runs", "ends");
    }
    static QString triesOf(const QString& run) {
        const fs::path file = run.toStdString() + "/tries";
        return fs::exists(file) ? QString::fromStdString(readFile(file)) : QString();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestSlurm> m_slurm;
};

QTEST_GUILESS_MAIN(TestSlurmEnds)
#include "tst_slurm_ends.moc"
