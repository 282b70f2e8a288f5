// The number of a job whose submission was cut off: from control/slurm-job, and never an older one's.
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
constexpr int longest = 60000;
}

class TestSlurmNumber : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void cleanup() {
        qputenv("PATH", m_path);
        if (m_slurm) m_slurm->cancelAll();
    }
    void brokenAfterSbatch();
    void brokenBeforeSbatch_data();
    void brokenBeforeSbatch();
    void windowDiedInBetween();
    void windowDiedBeforeSbatch();

  private:
    QString newRun() const {
        return test::newWaitingCommand(m_folder.path().toStdString() + "/runs $(touch x) 'q'", "number");
    }
    std::unique_ptr<SlurmBackend> newBackend() const {
        auto backend = std::make_unique<SlurmBackend>(thisSlurmMachine());
        backend->setPollInterval(200);
        return backend;
    }
    /// In place of a program that the submission calls.
    void replace(const char* program, const std::string& script) const {
        const fs::path bin = m_folder.path().toStdString() + "/bin";
        fs::create_directories(bin);
        writeFileAtomically(bin / program, "#!/bin/sh\nPATH='" + m_path.toStdString() + "'\n" + script);
        ::chmod((bin / program).c_str(), 0755);
        qputenv("PATH", QByteArray::fromStdString(bin.string()) + ":" + m_path);
    }
    static QString textOf(const QSignalSpy& ended) {
        return ended.isEmpty() ? QStringLiteral("it did not end") : ended.first().at(1).toString();
    }

    QTemporaryDir m_folder;
    QByteArray m_path = qgetenv("PATH");
    std::unique_ptr<TestSlurm> m_slurm;
};

void TestSlurmNumber::initTestCase() {
    if (const QString missing = TestSlurm::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED AGAINST A REAL SLURM: ") + missing));
    m_slurm = std::make_unique<TestSlurm>();
    qputenv("RETORT_CLI", RETORT_CLI);
}

void TestSlurmNumber::brokenAfterSbatch() {
    // What speaks with us dies with the number written and not said.
    replace("tee", "cat >\"$1\"\nkill -9 $PPID\n");
    const QString run = newRun();
    const auto backend = newBackend();
    QSignalSpy ended(backend.get(), &SlurmBackend::ended), submitted(backend.get(), &SlurmBackend::submitted);
    backend->launch(run, false);
    QVERIFY(QTest::qWaitFor([&] { return !submitted.isEmpty() || !ended.isEmpty(); }, longest));
    QCOMPARE(submitted.size(), 1);
    const std::string number = readFile(run.toStdString() + "/control/slurm-job");
    QCOMPARE(submitted.first().at(1).toString() + "\n", QString::fromStdString(number));
    QVERIFY(QTest::qWaitFor([&] { return !ended.isEmpty(); }, longest));
    QCOMPARE(textOf(ended), QString());
    QVERIFY(readFile(run.toStdString() + "/events.jsonl").find("\"outcome\":\"finished\"") !=
            std::string::npos);
}

void TestSlurmNumber::brokenBeforeSbatch_data() {
    QTest::addColumn<bool>("hadJob");
    QTest::newRow("a first attempt") << false;
    QTest::newRow("a further one") << true;
}

void TestSlurmNumber::brokenBeforeSbatch() {
    QFETCH(bool, hadJob);
    const QString run = newRun();
    const auto backend = newBackend();
    QSignalSpy ended(backend.get(), &SlurmBackend::ended), submitted(backend.get(), &SlurmBackend::submitted);
    if (hadJob) {
        backend->launch(run, false);
        QVERIFY(QTest::qWaitFor([&] { return !ended.isEmpty(); }, longest));
        QCOMPARE(submitted.size(), 1);
    }
    ended.clear();
    submitted.clear();
    // The number of the attempt before is still there, and not this one's.
    replace("mkdir", "kill -9 $PPID\n");
    backend->launch(run, hadJob);
    QVERIFY(QTest::qWaitFor([&] { return !ended.isEmpty(); }, longest));
    QVERIFY(!textOf(ended).isEmpty());
    QVERIFY(submitted.isEmpty());
    QVERIFY(!backend->isRunning(run));
}

void TestSlurmNumber::windowDiedInBetween() {
    const QString run = newRun();
    QString number;
    {
        const auto backend = newBackend();
        QSignalSpy submitted(backend.get(), &SlurmBackend::submitted);
        backend->launch(run, false);
        QVERIFY(QTest::qWaitFor([&] { return !submitted.isEmpty(); }, longest));
        number = submitted.first().at(1).toString();
    }
    auto note = readSlurmNote(run.toStdString());
    QVERIFY(note);
    note->job.clear();
    writeSlurmNote(run.toStdString(), *note);
    const auto later = newBackend();
    QSignalSpy ended(later.get(), &SlurmBackend::ended), submitted(later.get(), &SlurmBackend::submitted);
    QVERIFY(later->adopt(run));
    QVERIFY(QTest::qWaitFor([&] { return !ended.isEmpty(); }, longest));
    QCOMPARE(textOf(ended), QString());
    QCOMPARE(submitted.size(), 1);
    QCOMPARE(submitted.first().at(1).toString(), number);
    QCOMPARE(readSlurmNote(run.toStdString())->job, number.toStdString());
}

void TestSlurmNumber::windowDiedBeforeSbatch() {
    const QString run = newRun();
    SlurmNote note;
    note.machine = thisSlurmMachine().name;
    note.directory = run.toStdString();
    writeSlurmNote(run.toStdString(), note);
    const auto later = newBackend();
    QSignalSpy ended(later.get(), &SlurmBackend::ended);
    QVERIFY(later->adopt(run));
    QVERIFY(QTest::qWaitFor([&] { return !ended.isEmpty(); }, longest));
    QVERIFY(textOf(ended).contains(QStringLiteral("not submitted")));
}

QTEST_GUILESS_MAIN(TestSlurmNumber)
#include "tst_slurm_number.moc"
