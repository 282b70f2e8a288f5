// retort-cli's commands for other machines, as a person or a script uses them.
#include <signal.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "core/machines/remote_run.h"
#include "core/store/store.h"
#include "core/util/error.h"
#include "tests/app/cli_process.h"
#include "tests/backends/remote/far_machine.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

/// Empty where the file is not there yet.
std::string textOf(const fs::path& file) {
    return fs::exists(file) ? readFile(file) : std::string();
}

}  // namespace

class TestCliRemote : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void init();
    void machinesAreKept();
    void machineIsTested();
    void unreachableMachineIsTested();
    void launchIsFollowed();
    void killedFollowerGoesOn();
    void requestsReachTheRun();
    void unreachableMachineLeavesNoRun();
    void checkpointIsFetchedAndTheMachineCleaned();
    void aStudyGoesThroughTheQueue();
    void anEarlierCheckpointIsNotTheLast();
    void theQueueWaitsForTheMachine();

  private:
    /// Two stages, of which the second starts from the first.
    QString study(const QByteArray& steps) const {
        const QByteArray rest =
            "\nstudy: save\nmodel: {hidden_size: 16, num_hidden_layers: 1, "
            "num_attention_heads: 2, num_key_value_heads: 2, intermediate_size: 32}\ndata: "
            "{tasks: [{task: addition, max_digits: 2}]}\ntraining: {warmup_steps: 0, "
            "max_steps: " +
            steps + "}\n";
        QByteArray second = "recipe: sft\nname: second" + rest;
        second.replace("model: {", "model: {from: \"@first\", ");
        QDir(m_home->path()).mkdir(QStringLiteral("study"));
        const fs::path folder = m_home->filePath(QStringLiteral("study")).toStdString();
        writeFileAtomically(folder / "1-first.yaml", ("recipe: sft\nname: first" + rest).toStdString());
        writeFileAtomically(folder / "2-second.yaml", second.toStdString());
        return m_home->filePath(QStringLiteral("study"));
    }
    RunRow runNamed(const char* name) const { return StoreReader(store()).findRun(name).value(); }
    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }
    void add() {
        const CliResult added =
            cli({QStringLiteral("machines"), QStringLiteral("add"), QStringLiteral("box"),
                 QStringLiteral("--ssh"), QStringLiteral("box"), QStringLiteral("--folder"),
                 QString::fromStdString(m_far->server().workFolder().string())});
        QCOMPARE(added.status, 0);
    }
    QString configuration(const QByteArray& more) const {
        const QString file = m_home->filePath(QStringLiteral("c.yaml"));
        writeFileAtomically(
            file.toStdString(),
            ("recipe: sft\nname: \"$(touch x); 'y'\"\nmodel: {hidden_size: 16, num_hidden_layers: 1, "
             "num_attention_heads: 2, num_key_value_heads: 2, intermediate_size: 32}\ndata: {tasks: [{task: "
             "addition, max_digits: 2}]}\n" +
             more)
                .toStdString());
        return file;
    }
    fs::path store() const { return fs::path(m_home->path().toStdString()) / "lab.db"; }
    RunRow onlyRun() const { return StoreReader(store()).runs().at(0); }

    std::unique_ptr<FarMachine> m_far;
    std::unique_ptr<QTemporaryDir> m_home;
};

void TestCliRemote::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    m_far = std::make_unique<FarMachine>();
}

void TestCliRemote::init() {
    m_home = std::make_unique<QTemporaryDir>();
}

void TestCliRemote::machinesAreKept() {
    add();
    QCOMPARE(cli({"machines", "add", "box"}).status, 1);
    QCOMPARE(cli({"machines", "add", "evil", "--ssh", "-oProxyCommand=touch x"}).status, 1);
    QCOMPARE(cli({"machines", "edit", "box", "--env", "module load cuda", "--env", "export A='b'",
                  "--at-once", "3", "--name", "gpu"})
                 .status,
             0);
    const QJsonArray list = QJsonDocument::fromJson(cli({"machines", "list", "--json"}).out).array();
    QCOMPARE(list.size(), 1);
    QCOMPARE(list[0].toObject()["name"].toString(), QStringLiteral("gpu"));
    QCOMPARE(list[0].toObject()["runs_at_once"].toInt(), 3);
    QCOMPARE(list[0].toObject()["environment"].toArray(), QJsonArray({"module load cuda", "export A='b'"}));
    QVERIFY(cli({"machines", "list"}).out.contains("gpu"));
    QCOMPARE(cli({"machines", "remove", "gpu"}).status, 0);
    const CliResult none = cli({"machines", "test", "gpu"});
    QCOMPARE(none.status, 1);
    QVERIFY(none.err.contains("there is no machine 'gpu'"));
}

void TestCliRemote::machineIsTested() {
    add();
    const CliResult result = cli({"machines", "test", "box", "--json"});
    QVERIFY2(result.status == 0, result.out + result.err);
    const QJsonObject report = QJsonDocument::fromJson(result.out).object();
    QStringList steps;
    for (const QJsonValue& step : report["steps"].toArray()) {
        steps << step["step"].toString();
        if (step["step"].toString() != QLatin1String("scheduler"))
            QCOMPARE(step["state"].toString(), QStringLiteral("ok"));
    }
    QCOMPARE(steps, QStringList({"reach", "authentication", "host key", "work folder", "disk", "clock",
                                 "scheduler", "program", "devices"}));
    QVERIFY(report["load"].toObject()["cores"].toInt() > 0);
    QVERIFY(cli({"machines", "load", "box"}).out.contains("cores"));
}

void TestCliRemote::unreachableMachineIsTested() {
    QCOMPARE(cli({"machines", "add", "wrong", "--ssh", "box", "--port", "1"}).status, 0);
    const CliResult result = cli({"machines", "test", "wrong"});
    QCOMPARE(result.status, 3);
    QVERIFY2(result.out.contains("FAILED   reach") && result.out.contains("check the port"), result.out);
    QVERIFY(result.out.contains("not tried"));
}

void TestCliRemote::launchIsFollowed() {
    add();
    const CliResult result = cli({"launch", configuration("training: {max_steps: 60, warmup_steps: 0}\n"),
                                  "--machine", "box", "--follow"});
    QVERIFY2(result.status == 0, result.err);
    const RunRow run = onlyRun();
    QCOMPARE(run.state, std::string("finished"));
    QCOMPARE(run.step, 60);
    QCOMPARE(run.backend, std::string("ssh:box"));
    QCOMPARE(run.name, std::string("$(touch x); 'y'"));
    QCOMPARE(StoreReader(store()).job(run.id)->machine, std::string("box"));
    // A run that failed says so with its exit status.
    const CliResult failed =
        cli({"launch", configuration("study: crash\ntraining: {max_steps: 5, warmup_steps: 0}\n"),
             "--machine", "box", "--follow"});
    QCOMPARE(failed.status, 1);
    QVERIFY2(failed.err.contains("CUDA out of memory"), failed.err);
    QCOMPARE(StoreReader(store()).runs().at(0).state, std::string("failed"));
}

void TestCliRemote::killedFollowerGoesOn() {
    add();
    QCOMPARE(
        cli({"launch", configuration("training: {max_steps: 400, warmup_steps: 0}\n"), "--machine", "box"})
            .status,
        0);
    const QString directory = QString::fromStdString(onlyRun().directory);
    for (int i = 0; i < 3; ++i) {
        QProcess follower;
        prepareCli(follower, m_home->path(), {"follow", "--quiet", directory});
        follower.start();
        const std::int64_t step = lastStep(directory);
        QTRY_VERIFY_WITH_TIMEOUT(lastStep(directory) > step || follower.state() == QProcess::NotRunning,
                                 30000);
        follower.kill();
        follower.waitForFinished();
    }
    const CliResult result = cli({"follow", directory});
    QVERIFY2(result.status == 0, result.err);
    StoreReader reader(store());
    const RunRow run = onlyRun();
    QCOMPARE(run.state, std::string("finished"));
    for (const SeriesRow& series : reader.series(run.id))
        if (series.name == "loss") {
            const auto points = reader.points(series.id, true);
            QCOMPARE(points.size(), 400u);
            for (std::size_t i = 0; i < points.size(); ++i) QCOMPARE(points[i].step, std::int64_t(i + 1));
        }
    QCOMPARE(readFile(directory.toStdString() + "/events.jsonl"),
             readFile(readRemoteRun(directory.toStdString())->directory + "/events.jsonl"));
    // Ended: nothing is left to follow, and that is no error.
    QCOMPARE(cli({"follow", directory}).status, 0);
}

void TestCliRemote::requestsReachTheRun() {
    add();
    QCOMPARE(cli({"launch", configuration("study: wait\n"), "--machine", "box"}).status, 0);
    const std::string id = onlyRun().uuid.substr(0, 8);
    const fs::path there = readRemoteRun(onlyRun().directory)->directory;
    const QJsonObject load = QJsonDocument::fromJson(cli({"machines", "load", "box", "--json"}).out).object();
    QCOMPARE(load["runs"].toArray().size(), 1);
    const QJsonObject used = load["runs"].toArray()[0].toObject();
    QCOMPARE(used["directory"].toString().toStdString(), there.string());
    QVERIFY(used["processes"].toInt() >= 1 && used["memory"].toDouble() > 1e6);
    QCOMPARE(cli({"pause", QString::fromStdString(id)}).status, 0);
    QTRY_VERIFY(textOf(there / "events.jsonl").find("\"paused\"") != std::string::npos);
    QCOMPARE(cli({"continue", QString::fromStdString(id)}).status, 0);
    QTRY_VERIFY(textOf(there / "events.jsonl").find("\"training\"") != std::string::npos);
    QCOMPARE(cli({"stop", QString::fromStdString(id)}).status, 0);
    const CliResult followed = cli({"follow", QString::fromStdString(id)});
    QVERIFY2(followed.status == 0, followed.err);
    QCOMPARE(onlyRun().state, std::string("stopped"));
    QCOMPARE(cli({"stop", QString::fromStdString(id)}).status, 1);
}

void TestCliRemote::unreachableMachineLeavesNoRun() {
    QCOMPARE(cli({"machines", "add", "wrong", "--ssh", "box", "--port", "1"}).status, 0);
    const CliResult result = cli({"launch", configuration(""), "--machine", "wrong"});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("nothing answers on the port"), result.err);
    QVERIFY(StoreReader(store()).runs().empty());
    QCOMPARE(cli({"launch", configuration("")}).status, 1);
}

void TestCliRemote::checkpointIsFetchedAndTheMachineCleaned() {
    add();
    QCOMPARE(cli({"launch", configuration("study: wait\n"), "--machine", "box"}).status, 0);
    const QString id = QString::fromStdString(onlyRun().uuid);
    const fs::path there = readRemoteRun(onlyRun().directory)->directory;
    QCOMPARE(cli({"machines", "clean", "box", id}).status, 1);  // it runs
    QCOMPARE(cli({"checkpoint", id}).status, 0);
    QTRY_VERIFY(fs::exists(there / "checkpoints") && !RunDirectory::open(there).checkpointSteps().empty());
    QCOMPARE(cli({"stop", id}).status, 0);
    QCOMPARE(cli({"follow", id}).status, 0);
    const CliResult absent = cli({"fetch", id, "--step", "1000000"});
    QCOMPARE(absent.status, 1);
    QVERIFY2(absent.err.contains("there is no checkpoint of step 1000000 (there are: "), absent.err);
    const QByteArray shown = cli({"show", id}).out;
    QVERIFY2(shown.contains("(on box: retort-cli fetch)") && !shown.contains("(removed)"), shown);
    const CliResult fetched = cli({"fetch", id});
    QVERIFY2(fetched.status == 0, fetched.err);
    QVERIFY(fs::exists(fs::path(fetched.out.trimmed().toStdString()) / "model.safetensors"));
    QVERIFY(cli({"machines", "runs", "box"}).out.contains(id.left(8).toUtf8()));
    QCOMPARE(cli({"machines", "clean", "box", id}).status, 0);
    QVERIFY(!fs::exists(there));
    QVERIFY(fs::exists(fs::path(onlyRun().directory) / "events.jsonl"));
}

// The checkpoint comes here, and goes there again; whoever starts runs is killed twice.
void TestCliRemote::aStudyGoesThroughTheQueue() {
    add();
    const CliResult added = cli({"queue", "add", study("150"), "--machine", "box"});
    QVERIFY2(added.status == 0, added.err);
    for (const char* run : {"first", "second"}) {
        QProcess owner;
        prepareCli(owner, m_home->path(), {"queue", "run"});
        owner.start();
        const auto isGoing = [&] {
            return !textOf(fs::path(runNamed(run).directory) / "events.jsonl").empty();
        };
        QTRY_VERIFY_WITH_TIMEOUT(isGoing(), 60'000);
        owner.kill();
        owner.waitForFinished();
    }
    const CliResult done = cli({"queue", "run"});
    QVERIFY2(done.status == 0, done.err);
    const RunRow first = runNamed("first"), second = runNamed("second");
    for (const RunRow& run : {first, second}) {
        QCOMPARE(run.state, std::string("finished"));
        QCOMPARE(run.step, 150);
        QCOMPARE(run.attempts, 1);
        QCOMPARE(StoreReader(store()).job(run.id)->machine, std::string("box"));
    }
    const fs::path fetched = RunDirectory::open(first.directory).checkpointFolder(150);
    QVERIFY(fs::exists(fetched / "model.safetensors"));
    QVERIFY2(second.config.find(fetched.string()) != std::string::npos, second.config.c_str());
}

// One that was brought while the run went on does not stand for its last: the queue brings that, and who
// starts runs at once is told.
void TestCliRemote::anEarlierCheckpointIsNotTheLast() {
    add();
    QCOMPARE(cli({"launch", configuration("study: wait\n"), "--machine", "box"}).status, 0);
    const RunRow run = onlyRun();
    const RunDirectory here = RunDirectory::open(run.directory);
    const RunDirectory there = RunDirectory::open(readRemoteRun(run.directory)->directory);
    const QString id = QString::fromStdString(run.uuid);
    for (const std::size_t count : {1, 2}) {
        QCOMPARE(cli({"checkpoint", id}).status, 0);
        QTRY_VERIFY(there.checkpointSteps().size() >= count);
        if (count == 1) QCOMPARE(cli({"fetch", id}).status, 0);
    }
    QCOMPARE(cli({"stop", id}).status, 0);
    QCOMPARE(cli({"follow", id}).status, 0);
    const std::int64_t earlier = here.checkpointSteps().back(), last = there.checkpointSteps().back();
    QVERIFY(earlier < last);

    const auto startingFrom = [&](const QString& checkpoint) {
        QByteArray text = QByteArray::fromStdString(
            readFile(configuration("training: {max_steps: 2, warmup_steps: 0}\n").toStdString()));
        text.replace("model: {", "model: {from: \"" + checkpoint.toUtf8() + "\", ");
        text.replace("name: ", "name: next # ");
        const QString file = m_home->filePath(QStringLiteral("next.yaml"));
        writeFileAtomically(file.toStdString(), text.toStdString());
        return file;
    };
    const CliResult refused = cli({"train", startingFrom("run:" + id), "--prepare"});
    QCOMPARE(refused.status, 1);
    QVERIFY2(
        refused.err.contains("was not fetched from its machine") && refused.err.contains("retort-cli fetch"),
        refused.err);
    const CliResult named =
        cli({"train", startingFrom("run:" + id + "@" + QString::number(earlier)), "--prepare"});
    QVERIFY2(named.status == 0, named.err);
    const CliResult added = cli({"queue", "add", startingFrom("run:" + id), "--machine", "box"});
    QVERIFY2(added.status == 0, added.err);
    const CliResult done = cli({"queue", "run"});
    QVERIFY2(done.status == 0, done.err);
    QVERIFY(here.checkpointSteps().back() == last);
    const RunRow next = onlyRun();
    QCOMPARE(next.state, std::string("finished"));
    QVERIFY2(next.config.find(here.checkpointFolder(last).string()) != std::string::npos,
             next.config.c_str());
}

void TestCliRemote::theQueueWaitsForTheMachine() {
    add();
    QCOMPARE(cli({"machines", "edit", "box", "--port", "1"}).status, 0);
    const CliResult added = cli({"queue", "add", study("5"), "--machine", "box"});
    QVERIFY2(added.status == 0, added.err);
    QProcess owner;
    prepareCli(owner, m_home->path(), {"queue", "run"});
    owner.start();
    QVERIFY(!owner.waitForFinished(6000));
    QCOMPARE(runNamed("first").state, std::string("created"));  // neither started nor failed
    QCOMPARE(cli({"machines", "edit", "box", "--port", "0"}).status, 0);
    QVERIFY(owner.waitForFinished(120'000));
    QCOMPARE(owner.exitCode(), 0);
    QCOMPARE(runNamed("second").state, std::string("finished"));
}

QTEST_GUILESS_MAIN(TestCliRemote)
#include "tst_cli_remote.moc"
