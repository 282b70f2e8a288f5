// retort-cli slurm against a real Slurm: from a configuration to a finished run in the store, and back.
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>
#include <memory>

#include "cli_process.h"
#include "core/runlog/run_directory.h"
#include "tests/backends/support/slurm.h"

using namespace retort;

namespace {

const char* const tiny =
    "recipe: sft\nname: %1\n"
    "model: {hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 1,\n"
    "        intermediate_size: 24, max_position_embeddings: 64}\n"
    "data: {tasks: [{task: addition, max_digits: 1, format: plain}]}\n"
    "training: {max_steps: 6, batch_size: 4, max_length: 32, warmup_steps: 1, precision: fp32, num_threads: "
    "1}\n"
    "evaluation: {eval_steps: 0, num_problems: 4, max_completion_length: 8}\n";

QJsonObject object(const QByteArray& text) {
    return QJsonDocument::fromJson(text).object();
}

}  // namespace

class TestCliSlurm : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void scriptIsShownAndSubmitted();
    void severalTasksTrainOneRun();
    void severalBecomeAnArray();
    void heldReleasedAndCancelled();
    void wrongRequestsLeaveNoRun_data();
    void wrongRequestsLeaveNoRun();
    void otherRunsAreRefused();

  private:
    CliResult cli(const QStringList& arguments) const { return runCli(m_home.path(), arguments); }
    QString config(const QString& name) const {
        const QString path = m_home.filePath(name + QStringLiteral(".yaml"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("no configuration");
        file.write(QString::fromLatin1(tiny).arg(name).toUtf8());
        return path;
    }
    QString stateOf(const QString& name) const {
        return object(cli({"show", name, "--json"}).out)["state"].toString();
    }

    QTemporaryDir m_home;
    std::unique_ptr<TestSlurm> m_slurm;
};

void TestCliSlurm::initTestCase() {
    if (const QString missing = TestSlurm::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED AGAINST A REAL SLURM: ") + missing));
    m_slurm = std::make_unique<TestSlurm>();
}

void TestCliSlurm::scriptIsShownAndSubmitted() {
    const CliResult script =
        cli({"slurm", "script", config("one"), "--time", "10", "--sbatch", "--comment=mine"});
    QVERIFY2(script.status == 0, script.err.constData());
    QVERIFY(script.out.startsWith("#!/bin/bash -l\n#SBATCH --job-name='one'\n#SBATCH --time='10'\n"));
    QVERIFY(script.out.contains("\n#SBATCH --comment=mine\n"));

    const CliResult submitted = cli({"slurm", "submit", config("one"), "--time", "10", "--follow", "--json"});
    QVERIFY2(submitted.status == 0, submitted.err.constData());
    QVERIFY(!object(submitted.out)["job"].toString().isEmpty());
    QCOMPARE(stateOf("one"), QString("finished"));
    QCOMPARE(object(cli({"show", "one", "--json"}).out)["step"].toInt(), 6);
    // It is over: following it once more says so at once.
    QCOMPARE(cli({"slurm", "follow", "one"}).status, 0);
    QVERIFY(cli({"slurm", "cancel", "one"}).status != 0);
}

/// Slurm's srun says to each task which it is; together they are one run.
void TestCliSlurm::severalTasksTrainOneRun() {
    if (!RETORT_HAS_C10D) QSKIP("NOT TESTED: this build has no Gloo, and trains by one process");
    const CliResult submitted = cli(
        {"slurm", "submit", config("both"), "--tasks-per-node", "2", "--time", "10", "--follow", "--json"});
    QVERIFY2(submitted.status == 0, submitted.err.constData());
    const QJsonObject shown = object(cli({"show", "both", "--json"}).out);
    QCOMPARE(shown["state"].toString(), QString("finished"));
    QCOMPARE(shown["step"].toInt(), 6);
    const RunDirectory run = RunDirectory::open(shown["directory"].toString().toStdString());
    QCOMPARE(run.identity().environment["processes"].get<int>(), 2);
}

void TestCliSlurm::severalBecomeAnArray() {
    const CliResult submitted = cli({"slurm", "submit", config("a"), config("b"), config("c"),
                                     "--array-at-once", "2", "--follow", "--json"});
    QVERIFY2(submitted.status == 0, submitted.err.constData());
    QVERIFY2(submitted.out.count("_") >= 3, submitted.out.constData());
    for (const char* name : {"a", "b", "c"}) QCOMPARE(stateOf(name), QString("finished"));
}

void TestCliSlurm::heldReleasedAndCancelled() {
    const CliResult submitted =
        cli({"slurm", "submit", config("waits"), "--sbatch", "--begin=now+3600", "--json"});
    QVERIFY2(submitted.status == 0, submitted.err.constData());
    const QString job = object(submitted.out)["job"].toString();
    CliResult queue = cli({"slurm", "queue", "--json"});
    QVERIFY2(queue.status == 0, queue.err.constData());
    QJsonObject row;
    for (const QByteArray& line : queue.out.split('\n'))
        if (const QJsonObject each = object(line); each["job"].toString() == job) row = each;
    QCOMPARE(row["state"].toString(), QString("PENDING"));
    QCOMPARE(row["name"].toString(), QString("waits"));
    QCOMPARE(cli({"slurm", "hold", "waits"}).status, 0);
    QCOMPARE(cli({"slurm", "release", "waits"}).status, 0);
    QCOMPARE(cli({"slurm", "cancel", "waits"}).status, 0);
    const CliResult followed = cli({"slurm", "follow", "waits"});
    QVERIFY(followed.status != 0);
    QVERIFY2(followed.err.contains("was cancelled"), followed.err.constData());
    QCOMPARE(stateOf("waits"), QString("failed"));
}

void TestCliSlurm::wrongRequestsLeaveNoRun_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("says");
    QTest::newRow("time") << QStringList{"--time", "soon"} << "is not a time limit";
    QTest::newRow("option") << QStringList{"--sbatch", "--output=/tmp/x"} << "set by the run itself";
    QTest::newRow("machine") << QStringList{"--machine", "moon"} << "moon";
}

void TestCliSlurm::wrongRequestsLeaveNoRun() {
    QFETCH(QStringList, options);
    QFETCH(QString, says);
    const CliResult result = cli(QStringList{"slurm", "submit", config("never")} + options);
    QVERIFY(result.status != 0);
    QVERIFY2(QString::fromUtf8(result.err).contains(says), result.err.constData());
    QVERIFY(cli({"show", "never"}).status != 0);
}

void TestCliSlurm::otherRunsAreRefused() {
    QCOMPARE(cli({"train", config("here")}).status, 0);
    const CliResult result = cli({"slurm", "cancel", "here"});
    QVERIFY(result.status != 0);
    QVERIFY2(result.err.contains("was not submitted to Slurm"), result.err.constData());
}

QTEST_GUILESS_MAIN(TestCliSlurm)
#include "tst_cli_slurm.moc"
