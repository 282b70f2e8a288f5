// retort-cli slurm against a real Slurm: from a configuration to a finished run in the store, and back.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>
#include <memory>
#include <tuple>

#include "cli_process.h"
#include "core/runlog/follower.h"
#include "core/runlog/log_tail.h"
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
    void severalTasksSaveAndGoOnTogether();
    void severalBecomeAnArray();
    void whatIsRememberedIsAskedEverywhere();
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

/// The batch script passes Slurm's SIGTERM on to every task: one checkpoint, one end, and a next attempt that
/// begins there.
void TestCliSlurm::severalTasksSaveAndGoOnTogether() {
    if (!RETORT_HAS_C10D) QSKIP("NOT TESTED: this build has no Gloo, and trains by one process");
    const CliResult submitted = cli({"slurm", "submit", config("pair"), "--tasks-per-node", "2", "--time",
                                     "10", "--set", "training.max_steps=1000000", "--json"});
    QVERIFY2(submitted.status == 0, submitted.err.constData());
    const RunDirectory run =
        RunDirectory::open(object(cli({"show", "pair", "--json"}).out)["directory"].toString().toStdString());
    const auto trainsInAttempt = [&](int attempt) {
        bool began = false, trains = false;
        for (const Event& event : RunLogFollower(run.eventsFile()).read(0, 0).events) {
            if (const auto* start = std::get_if<StartEvent>(&event.payload))
                began = start->attempt == attempt;
            trains |= began && std::holds_alternative<ScalarsEvent>(event.payload);
        }
        return trains;
    };
    QTRY_VERIFY_WITH_TIMEOUT(trainsInAttempt(1), 120'000);
    QCOMPARE(cli({"slurm", "cancel", "pair"}).status, 0);
    QTRY_VERIFY_WITH_TIMEOUT(endOfLastAttempt(run), 60'000);
    QCOMPARE(endOfLastAttempt(run)->outcome, std::string("stopped"));
    QVERIFY(!run.checkpointSteps().empty());
    const std::int64_t step = run.checkpointSteps().back();
    cli({"slurm", "follow", "pair"});  // until the job is over, too

    const CliResult resumed = cli({"slurm", "resume", "pair"});
    QVERIFY2(resumed.status == 0, resumed.err.constData());
    QTRY_VERIFY_WITH_TIMEOUT(trainsInAttempt(2), 120'000);
    QCOMPARE(cli({"slurm", "cancel", "pair"}).status, 0);
    QTRY_VERIFY_WITH_TIMEOUT(endOfLastAttempt(run), 60'000);
    QVERIFY(run.checkpointSteps().back() > step);
    QCOMPARE(RunDirectory::open(run.path()).identity().environment["processes"].get<int>(), 2);
}

void TestCliSlurm::severalBecomeAnArray() {
    const CliResult submitted = cli({"slurm", "submit", config("a"), config("b"), config("c"),
                                     "--array-at-once", "2", "--follow", "--json"});
    QVERIFY2(submitted.status == 0, submitted.err.constData());
    QVERIFY2(submitted.out.count("_") >= 3, submitted.out.constData());
    for (const char* name : {"a", "b", "c"}) QCOMPARE(stateOf(name), QString("finished"));
}

/// By the queue and by `launch`; what the line says is asked instead.
void TestCliSlurm::whatIsRememberedIsAskedEverywhere() {
    QCOMPARE(cli({"machines", "add", "cluster", "--scheduler", "slurm"}).status, 0);
    QCOMPARE(cli({"slurm", "request", "--machine", "cluster"}).out, QByteArray("the cluster's defaults\n"));
    const QStringList request = {"slurm", "request", "--machine", "cluster"};
    QCOMPARE(cli(request + QStringList{"--time", "30", "--sbatch", "--comment=mine"}).status, 0);
    QCOMPARE(cli(request).out, QByteArray("--time=30 --comment=mine\n"));

    QCOMPARE(cli({"queue", "add", config("queued"), "--machine", "cluster"}).status, 0);
    const CliResult other =
        cli({"queue", "add", config("other"), "--machine", "cluster", "--plain", "--time", "40"});
    QVERIFY2(other.status == 0, other.err.constData());
    QVERIFY(cli({"queue", "add", config("local"), "--time", "40"}).status != 0);
    const QJsonArray list = QJsonDocument::fromJson(cli({"queue", "list", "--json"}).out).array();
    QCOMPARE(list.size(), 2);
    QCOMPARE(list[0]["request"]["time"].toString(), QString("30"));
    QCOMPARE(list[1]["request"]["time"].toString(), QString("40"));
    QVERIFY(list[1]["request"]["extra"].toArray().isEmpty());
    QCOMPARE(list[1]["state"].toString(), QString("waiting"));
    QVERIFY(cli({"queue", "list"}).out.contains("asks Slurm for --time=40"));
    const CliResult done = cli({"queue", "run"});
    QVERIFY2(done.status == 0, done.err.constData());
    const CliResult launched = cli({"launch", config("launched"), "--machine", "cluster", "--follow"});
    QVERIFY2(launched.status == 0, launched.err.constData());

    for (const auto& [name, limit, comment] :
         {std::tuple("queued", "00:30:00", true), std::tuple("other", "00:40:00", false),
          std::tuple("launched", "00:30:00", true)}) {
        QCOMPARE(stateOf(name), QString("finished"));
        const QString folder = object(cli({"show", name, "--json"}).out)["directory"].toString();
        QFile number(folder + "/control/slurm-job");
        QVERIFY(number.open(QIODevice::ReadOnly));
        const QString job =
            TestSlurm::run("scontrol", {"show", "job", QString::fromLatin1(number.readAll()).trimmed()});
        QVERIFY2(job.contains(QStringLiteral("TimeLimit=") + QLatin1String(limit)), qPrintable(job));
        QCOMPARE(job.contains("Comment=mine"), comment);
    }
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
