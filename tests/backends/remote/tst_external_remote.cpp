// A command as the trainer of a run on another machine: the example, through a real sshd.
#include <signal.h>

#include <QTest>

#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "core/store/store.h"
#include "core/util/process_identity.h"
#include "tests/app/cli_process.h"
#include "tests/backends/remote/far_machine.h"

using namespace retort;
namespace fs = std::filesystem;

class TestExternalRemote : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void init();
    void exampleRunsThere_data();
    void exampleRunsThere();
    void checkpointsComeBack();
    void failureComesBack();
    void stoppedThere();
    void killedThereLeavesNothing();

  private:
    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }
    StoreReader store() const { return StoreReader(fs::path(m_home->path().toStdString()) / "lab.db"); }
    RunRow onlyRun() const {
        const auto runs = store().runs();
        return runs.empty() ? RunRow() : runs.front();
    }
    fs::path there() const { return readRemoteRun(onlyRun().directory)->directory; }
    QString config(const std::string& external) const {
        const QString file = m_home->filePath(QStringLiteral("c.yaml"));
        writeFileAtomically(file.toStdString(),
                            "recipe: external\nname: \"$(touch x); 'y'\"\nexternal: " + external + "\n");
        return file;
    }

    std::unique_ptr<FarMachine> m_far;
    std::unique_ptr<QTemporaryDir> m_home;
};

void TestExternalRemote::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    m_far = std::make_unique<FarMachine>();
    // The real trainer of commands.
    writeFileAtomically(m_far->bin() / "retort-cli",
                        "#!/bin/sh\nexec " + shellQuote(REAL_RETORT_CLI) + " \"$@\"\n");
    ::chmod((m_far->bin() / "retort-cli").c_str(), 0755);
}

void TestExternalRemote::init() {
    m_home = std::make_unique<QTemporaryDir>();
    const CliResult added = cli({QStringLiteral("machines"), QStringLiteral("add"), QStringLiteral("box"),
                                 QStringLiteral("--ssh"), QStringLiteral("box"), QStringLiteral("--folder"),
                                 QString::fromStdString(m_far->server().workFolder().string())});
    QVERIFY2(added.status == 0, added.err);
}

void TestExternalRemote::exampleRunsThere_data() {
    QTest::addColumn<QString>("file");
    QTest::newRow("plain") << QStringLiteral("plain.yaml");
    QTest::newRow("with retort_log.py") << QStringLiteral("logged.yaml");
}

void TestExternalRemote::exampleRunsThere() {
    QFETCH(QString, file);
    const CliResult result =
        cli({"launch", QStringLiteral(EXAMPLE "/") + file, "--machine", "box", "--follow"});
    QVERIFY2(result.status == 0, result.err);
    QCOMPARE(onlyRun().state, std::string("finished"));
    QCOMPARE(onlyRun().step, 300);
    StoreReader reader = store();
    std::size_t points = 0;
    for (const SeriesRow& series : reader.series(onlyRun().id))
        if (series.name == "accuracy") points = reader.points(series.id, true).size();
    QCOMPARE(points, 300u);
    QCOMPARE(readFile(fs::path(onlyRun().directory) / "events.jsonl"), readFile(there() / "events.jsonl"));
    // What it needs was brought, and runs from where it was put.
    QVERIFY(fs::exists(there() / "work" / "train.py"));
    const std::string configuration = readFile(there() / "config.yaml");
    QVERIFY(configuration.find((m_far->server().workFolder() / "brought").string()) != std::string::npos);
    QVERIFY(configuration.find(EXAMPLE) == std::string::npos);
}

void TestExternalRemote::checkpointsComeBack() {
    // One that transformers' Trainer would write, where it keeps it; it is not told by the command.
    const CliResult result = cli(
        {"launch",
         config(
             "{shell: 'for s in 5 10; do c=\"$RETORT_OUTPUT_DIR/checkpoint-$s\"; mkdir \"$c\"; echo {} "
             ">\"$c/config.json\"; seq 1 100000 >\"$c/model.safetensors\"; echo m >\"$c/optimizer.pt\"; echo "
             "\"{\\\"log_history\\\": [{\\\"step\\\": $s, \\\"loss\\\": 1}], \\\"global_step\\\": $s}\" "
             ">\"$c/trainer_state.json\"; done'}"),
         "--machine", "box", "--follow"});
    QVERIFY2(result.status == 0, result.err);
    const QString id = QString::fromStdString(onlyRun().uuid.substr(0, 8));
    const RunDirectory here = RunDirectory::open(onlyRun().directory);
    QVERIFY(here.checkpointSteps().empty());
    const CliResult fetched = cli({"fetch", id});
    QVERIFY2(fetched.status == 0, fetched.err);
    QCOMPARE(fetched.out.trimmed().toStdString(), here.checkpointFolder(10).string());
    QCOMPARE(here.checkpointSteps(), std::vector<std::int64_t>{10});
    for (const char* file : {"config.json", "model.safetensors", "optimizer.pt", "trainer_state.json"})
        QCOMPARE(readFile(here.checkpointFolder(10) / file),
                 readFile(there() / "output" / "checkpoint-10" / file));
    QVERIFY(!fs::exists(here.checkpointFolder(10) / "trainer.json"));

    // A later command starts from it there, with what it needs of it.
    const QString later = m_home->filePath(QStringLiteral("later.yaml"));
    writeFileAtomically(
        later.toStdString(),
        "recipe: external\nname: later\nmodel: {from: 'run:" + onlyRun().uuid +
            "'}\nexternal: {shell: 'ls \"$RETORT_MODEL\" >files; cmp \"$RETORT_MODEL/model.safetensors\" "
            "\"" +
            (there() / "output/checkpoint-10/model.safetensors").string() + "\"'}\n");
    const CliResult second = cli({"launch", later, "--machine", "box", "--follow"});
    QVERIFY2(second.status == 0, second.err);
    for (const RunRow& row : store().runs()) {
        if (row.name != "later") continue;
        QCOMPARE(readFile(fs::path(readRemoteRun(row.directory)->directory) / "work" / "files"),
                 std::string("config.json\nmodel.safetensors\ntrainer_state.json\n"));
        return;
    }
    QFAIL("the second run is not in the store");
}

void TestExternalRemote::failureComesBack() {
    writeFileAtomically(m_home->filePath(QStringLiteral("go.sh")).toStdString(),
                        "#!/bin/sh\necho \"no model in $1\" >&2\nexit 3\n");
    ::chmod(m_home->filePath(QStringLiteral("go.sh")).toUtf8(), 0755);
    const CliResult result = cli({"launch", config("{command: [./go.sh, \"$(touch y)\"], files: [go.sh]}"),
                                  "--machine", "box", "--follow"});
    QCOMPARE(result.status, 1);
    QCOMPARE(onlyRun().state, std::string("failed"));
    QVERIFY2(onlyRun().error.find("exit status 3") != std::string::npos &&
                 onlyRun().error.find("no model in $(touch y)") != std::string::npos,
             onlyRun().error.c_str());
}

void TestExternalRemote::stoppedThere() {
    const QString file = config(
        "{shell: 'trap \"echo saved >saved; exit 0\" TERM; touch ready$RETORT_ATTEMPT; "
        "while :; do sleep 0.1; done'}");
    QCOMPARE(cli({"launch", file, "--machine", "box"}).status, 0);
    QTRY_VERIFY_WITH_TIMEOUT(fs::exists(there() / "work" / "ready1"), 60000);
    const QString id = QString::fromStdString(onlyRun().uuid.substr(0, 8));
    QCOMPARE(cli({"stop", id}).status, 0);
    const CliResult followed = cli({"follow", id});
    QVERIFY2(followed.status == 0, followed.err);
    QCOMPARE(onlyRun().state, std::string("stopped"));
    QVERIFY(fs::exists(there() / "work" / "saved"));
}

void TestExternalRemote::killedThereLeavesNothing() {
    QCOMPARE(cli({"launch", config("{shell: 'echo $$ >pid; while :; do sleep 0.1; done', grace: 1}"),
                  "--machine", "box"})
                 .status,
             0);
    const fs::path pidFile = there() / "work" / "pid";
    QTRY_VERIFY_WITH_TIMEOUT(fs::exists(pidFile) && fs::file_size(pidFile) > 1, 60000);
    const auto command = processIdentity(pid_t(std::stol(readFile(pidFile))));
    QVERIFY(command && isAlive(*command));
    // As a machine's memory killer does.
    const Json process = Json::parse(readFile(there() / "control" / "process.json"));
    QCOMPARE(::kill(process.at("pid").get<pid_t>(), SIGKILL), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!isAlive(*command), 60000);
    QCOMPARE(cli({"follow", QString::fromStdString(onlyRun().uuid.substr(0, 8))}).status, 1);
    QCOMPARE(onlyRun().state, std::string("failed"));
}

QTEST_GUILESS_MAIN(TestExternalRemote)
#include "tst_external_remote.moc"
