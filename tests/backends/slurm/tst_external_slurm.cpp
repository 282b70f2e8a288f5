// A command as the trainer of a Slurm job: the example, through a real Slurm.
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include "core/store/store.h"
#include "core/util/files.h"
#include "tests/app/cli_process.h"
#include "tests/backends/support/slurm.h"

using namespace retort;
namespace fs = std::filesystem;

class TestExternalSlurm : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void exampleIsAJob();
    void requeuedJobGoesOn();
    void cancelledJobSaves();

  private:
    CliResult cli(const QStringList& arguments) const { return runCli(m_home.path(), arguments); }
    RunRow run(const QString& name) const {
        for (const RunRow& row : StoreReader(fs::path(m_home.path().toStdString()) / "lab.db").runs())
            if (row.name == name.toStdString()) return row;
        return {};
    }
    QString config(const QString& name, const char* script) const {
        const QString file = m_home.filePath(name + QStringLiteral(".yaml"));
        writeFileAtomically(file.toStdString(), "recipe: external\nname: " + name.toStdString() +
                                                    "\nexternal:\n  shell: |\n    " + script + "\n");
        return file;
    }

    QTemporaryDir m_home;
    std::unique_ptr<TestSlurm> m_slurm;
};

void TestExternalSlurm::initTestCase() {
    if (const QString missing = TestSlurm::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED AGAINST A REAL SLURM: ") + missing));
    m_slurm = std::make_unique<TestSlurm>();
}

void TestExternalSlurm::exampleIsAJob() {
    const CliResult submitted = cli(
        {"slurm", "submit", QStringLiteral(EXAMPLE "/logged.yaml"), "--time", "10", "--follow", "--json"});
    QVERIFY2(submitted.status == 0, submitted.err.constData());
    QVERIFY(!QJsonDocument::fromJson(submitted.out).object()["job"].toString().isEmpty());
    QCOMPARE(run("sums-logged").state, std::string("finished"));
    QCOMPARE(run("sums-logged").step, 300);
}

void TestExternalSlurm::requeuedJobGoesOn() {
    const QString file =
        config("again",
               "echo $RETORT_ATTEMPT ${RETORT_RESUME:-new} >>\"$RETORT_OUTPUT_DIR/attempts\"; [ "
               "$RETORT_ATTEMPT = 1 ] || exit 0; touch ready; while :; do sleep 0.1; done");
    const CliResult submitted = cli({"slurm", "submit", file, "--time", "10", "--json"});
    QCOMPARE(submitted.status, 0);
    const QString job = QJsonDocument::fromJson(submitted.out).object()["job"].toString();
    const fs::path directory = run("again").directory;
    QTRY_VERIFY_WITH_TIMEOUT(fs::exists(directory / "work" / "ready"), 60000);
    const CliResult requeued = cli({"slurm", "requeue", "again"});
    QVERIFY2(requeued.status == 0, requeued.err.constData());
    QTRY_COMPARE_WITH_TIMEOUT(TestSlurm::run("squeue", {"-h", "-j", job, "-o", "%T"}), QString("PENDING"),
                              60000);
    TestSlurm::startNow(job.toStdString());
    const CliResult followed = cli({"slurm", "follow", "again"});
    QVERIFY2(followed.status == 0, followed.err.constData());
    QCOMPARE(run("again").state, std::string("finished"));
    QCOMPARE(readFile(directory / "output" / "attempts"), std::string("1 new\n2 1\n"));
}

void TestExternalSlurm::cancelledJobSaves() {
    // Slurm tells one process after the other: `sleep` may be gone before its shell hears of it, and -e would
    // end that.
    const QString file = config(
        "ends", "trap 'echo saved >saved; exit 0' TERM; touch ready; while :; do sleep 0.1 || :; done");
    QCOMPARE(cli({"slurm", "submit", file, "--time", "10"}).status, 0);
    const fs::path directory = run("ends").directory;
    QTRY_VERIFY_WITH_TIMEOUT(fs::exists(directory / "work" / "ready"), 60000);
    QCOMPARE(cli({"slurm", "cancel", "ends"}).status, 0);
    cli({"slurm", "follow", "ends"});
    QVERIFY(fs::exists(directory / "work" / "saved"));
    QVERIFY(readFile(directory / "events.jsonl").find("\"outcome\":\"stopped\"") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestExternalSlurm)
#include "tst_external_slurm.moc"
