// Commands as trainers: real processes that end well and badly, see what is theirs, and leave others behind.
#include <signal.h>
#include <unistd.h>

#include <QRegularExpression>
#include <QTest>

#include "tests/training/external/external_runs.h"

using namespace retort;
namespace fs = std::filesystem;

class TestExternalTrainer : public QObject, private ExternalRuns {
    Q_OBJECT

  private Q_SLOTS:
    void init() { makeHome(); }
    void endings_data();
    void endings();
    void commandSeesItsRun();
    void filesLieInTheWorkFolder();
    void hundredMegabytesOfOutput();
    void whatIsLeftBehindIsEnded_data();
    void whatIsLeftBehindIsEnded();
    void killedGuardFailsTheRun();
    void secondSupervisorIsRefused();
    void example_data();
    void example();
};

void TestExternalTrainer::endings_data() {
    QTest::addColumn<QString>("external");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("error");  // a regular expression
    const auto row = [](const char* name, const std::string& external, const char* outcome,
                        const char* error) {
        QTest::newRow(name) << QString::fromStdString(external) << QString::fromUtf8(outcome)
                            << QString::fromUtf8(error);
    };
    row("well", "{command: ['true']}", "finished", "^$");
    row("words are words", "{command: [sh, -c, 'test \"$1\" = \"$(echo a) ; b\"', x, '$(echo a) ; b']}",
        "failed", "^exit status 1");
    row("status 3 with a message", shell("echo out; echo 'no such model' >&2; exit 3"), "failed",
        "^exit status 3\nno such model$");
    row("status 3, said on the output", shell("echo 'no such model'; exit 3"), "failed",
        "^exit status 3\nno such model$");
    row("the shell ends at the first error", shell("false\ntrue"), "failed", "^exit status 1$");
    row("segmentation fault", shell("kill -SEGV $$"), "failed", "^killed by SIGSEGV");
    row("killed", shell("kill -KILL $$"), "failed", "^killed by SIGKILL .*memory");
    row("hostile words", shell("printf 'a\\377\\033[2Jb\\000\\n' >&2; exit 1"), "failed",
        "^exit status 1\na\xef\xbf\xbd"
        "b$");
    row("no such program", "{command: [no-such-program-of-ours]}", "failed",
        "cannot be started: No such file.*installed");
    row("no permission", "{command: [/etc/passwd]}", "failed", "cannot be started: Permission denied");
    row("no such folder", "{command: ['true'], folder: /no/such/folder}", "failed",
        "/no/such/folder: the command's folder cannot be entered");
}

void TestExternalTrainer::endings() {
    QFETCH(QString, external);
    QFETCH(QString, outcome);
    QFETCH(QString, error);
    const RunDirectory directory = run(external.toStdString());
    const Ended ended = train(directory);
    const Told told(directory);
    QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
    QCOMPARE(QString::fromStdString(told.end().outcome), outcome);
    QCOMPARE(ended.outcome.has_value(), outcome != QStringLiteral("failed"));
    const QString said = QString::fromStdString(told.end().error);
    QVERIFY2(said.contains(QRegularExpression(error, QRegularExpression::DotMatchesEverythingOption)),
             qPrintable(said));
    if (!ended.outcome) QCOMPARE(ended.error, told.end().error);
    QCOMPARE(told.of<StartEvent>().size(), std::size_t(1));
    QCOMPARE(told.of<EndEvent>().size(), std::size_t(1));
    QVERIFY(!directory.isRunning());
}

void TestExternalTrainer::commandSeesItsRun() {
    qputenv("RETORT_RUN_DIR", "/somebody/elses");
    qputenv("RETORT_CHECKPOINT", "/somebody/elses");
    const RunDirectory directory = run(
        shell("env >\"$RETORT_OUTPUT_DIR/env\"; pwd >\"$RETORT_OUTPUT_DIR/pwd\"; cat; ls -1 /proc/self/fd "
              ">\"$RETORT_OUTPUT_DIR/fds\"",
              "environment: [MINE=a=b c, WANDB_DIR=/mine]"));
    QCOMPARE(train(directory).error, std::string());
    qunsetenv("RETORT_RUN_DIR");
    qunsetenv("RETORT_CHECKPOINT");
    const fs::path path = directory.path();
    const std::string environment = "\n" + textOf(path / "output" / "env");
    for (const char* expected :
         {"MINE=a=b c", "WANDB_DIR=/mine", "RETORT_RUN_NAME=a", "RETORT_SEED=7", "RETORT_ATTEMPT=1"})
        QVERIFY2(environment.find("\n" + std::string(expected) + "\n") != std::string::npos, expected);
    for (const auto& [name, folder] : {std::pair("RETORT_RUN_DIR", path / "external" / "log"),
                                       {"RETORT_OUTPUT_DIR", path / "output"},
                                       {"RETORT_CONTROL_DIR", path / "control"},
                                       {"RETORT_WORK_DIR", path / "work"}})
        QVERIFY2(
            environment.find("\n" + std::string(name) + "=" + folder.string() + "\n") != std::string::npos,
            name);
    QVERIFY(environment.find("\nRETORT_RUN_ID=" + directory.identity().id + "\n") != std::string::npos);
    QVERIFY(environment.find("\nRETORT_RESUME=") == std::string::npos);
    QVERIFY(environment.find("\nRETORT_CHECKPOINT=") == std::string::npos);
    QCOMPARE(textOf(path / "output" / "pwd"), (path / "work").string() + "\n");
    // Nothing of ours is left open in it: ls itself opens the fourth.
    QCOMPARE(textOf(path / "output" / "fds"), std::string("0\n1\n2\n3\n"));
}

void TestExternalTrainer::filesLieInTheWorkFolder() {
    fs::create_directories(home() / "lib" / "inside");
    writeFileAtomically(home() / "lib" / "inside" / "x.txt", "in a folder\n");
    writeFileAtomically(home() / "go.sh", "#!/bin/sh\ncat lib/inside/x.txt\n");
    fs::permissions(home() / "go.sh", fs::perms::owner_exec, fs::perm_options::add);
    const RunDirectory directory = run("{command: [./go.sh], files: [go.sh, lib]}");
    QCOMPARE(train(directory).error, std::string());
    QCOMPARE(textOf(directory.stdoutFile()), std::string("in a folder\n"));
    // A resumed run goes on with what it began with.
    writeFileAtomically(home() / "go.sh", "#!/bin/sh\nexit 1\n");
    QCOMPARE(train(directory, true).error, std::string());
    QCOMPARE(Told(directory).of<StartEvent>().size(), std::size_t(2));
}

void TestExternalTrainer::hundredMegabytesOfOutput() {
    const RunDirectory directory =
        run(shell("head -c 100000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero >&2; exit 4"));
    QVERIFY(!train(directory).outcome);
    QCOMPARE(fs::file_size(directory.stdoutFile()), std::uintmax_t(100000000));
    const Told told(directory);
    QVERIFY(told.isWhole());
    // The error's bytes are all control characters: the output speaks instead.
    QCOMPARE(told.end().error, "exit status 4\n" + std::string(400, 'x') + "…");
    QVERIFY(fs::file_size(directory.eventsFile()) < 10000);
}

void TestExternalTrainer::whatIsLeftBehindIsEnded_data() {
    QTest::addColumn<QString>("script");
    QTest::newRow("in its group") << QStringLiteral("sleep 1000 & echo $! >pid");
    QTest::newRow("in its own session") << QStringLiteral(
        "setsid sh -c 'echo $$ >pid; exec sleep 1000' & while [ ! -s pid ]; do sleep 0.05; done");
    QTest::newRow("a daemon") << QStringLiteral(
        "(setsid sh -c '(echo $$ >/dev/null; exec sh -c \"echo \\$\\$ >pid; exec sleep 1000\") &') & while [ "
        "! -s pid ]; do sleep 0.05; done");
    QTest::newRow("deaf to SIGTERM") << QStringLiteral(
        "sh -c 'trap \"\" TERM; echo $$ >pid; while :; do sleep 0.1; done' & while [ ! -s pid ]; do sleep "
        "0.05; done");
}

void TestExternalTrainer::whatIsLeftBehindIsEnded() {
    QFETCH(QString, script);
    const RunDirectory directory = run(shell(script.toStdString(), "grace: 1"));
    const Ended ended = train(directory);
    QCOMPARE(ended.error, std::string());
    const pid_t pid = pidIn(directory.path() / "work" / "pid");
    QVERIFY(pid > 0);
    QVERIFY(!lives(pid));
    const Told told(directory);
    QCOMPARE(told.end().outcome, std::string("finished"));
    QVERIFY2(told.messages().find("left processes behind") != std::string::npos &&
                 told.messages().find("(" + std::to_string(pid) + ")") != std::string::npos,
             told.messages().c_str());
}

void TestExternalTrainer::killedGuardFailsTheRun() {
    const RunDirectory directory =
        run(shell("echo $PPID >parent; echo $$ >pid; while :; do sleep 0.1; done"));
    const fs::path work = directory.path() / "work";
    std::future<Ended> training = begin(directory);
    QVERIFY(eventually([&] { return pidIn(work / "pid") > 0; }));
    const pid_t guard = pidIn(work / "parent"), command = pidIn(work / "pid");
    QVERIFY(guard > 1 && guard != ::getpid());
    ::kill(guard, SIGKILL);
    QVERIFY(!training.get().outcome);
    QCOMPARE(Told(directory).end().outcome, std::string("failed"));
    const std::string error = Told(directory).end().error;
    QVERIFY2(error.find("guard was killed") != std::string::npos, error.c_str());
    QVERIFY(eventually([&] { return !lives(command); }));
}

void TestExternalTrainer::secondSupervisorIsRefused() {
    const RunDirectory directory = run(shell("touch ready; while [ ! -e go ]; do sleep 0.05; done"));
    std::future<Ended> training = begin(directory);
    QVERIFY(eventually([&] { return fs::exists(directory.path() / "work" / "ready"); }));
    QVERIFY(directory.isRunning());
    const Ended second = train(directory);
    QVERIFY2(second.error.find("already running") != std::string::npos, second.error.c_str());
    writeFileAtomically(directory.path() / "work" / "go", "");
    QCOMPARE(training.get().error, std::string());
    QCOMPARE(Told(directory).of<StartEvent>().size(), std::size_t(1));
}

void TestExternalTrainer::example_data() {
    QTest::addColumn<QString>("file");
    QTest::newRow("plain") << QStringLiteral("plain.yaml");
    QTest::newRow("with retort_log.py") << QStringLiteral("logged.yaml");
}

void TestExternalTrainer::example() {
    if (!*PYTHON) QSKIP("no python3");
    QFETCH(QString, file);
    const fs::path yaml = fs::path(EXAMPLE) / file.toStdString();
    const PreparedRun prepared = prepareRun(parseConfig(readFile(yaml), yaml.string()), EXAMPLE,
                                            [](const std::string&) { return std::nullopt; });
    const RunDirectory directory = createRun(prepared, home() / "runs", "test");
    QCOMPARE(train(directory).error, std::string());
    const Told told(directory);
    QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
    const auto reward = told.series("reward"), accuracy = told.series("accuracy");
    QCOMPARE(reward.size(), std::size_t(300));
    QCOMPARE(reward.back().first, 300);
    QVERIFY(reward.front().second < 0.4);
    QVERIFY2(accuracy.back().second > 0.9, qPrintable(QString::number(accuracy.back().second)));
    if (file == QStringLiteral("logged.yaml")) {
        QCOMPARE(told.of<CheckpointEvent>().size(), std::size_t(7));
        QVERIFY(!told.of<TraceEvent>().empty());
        // Going on from there, it has nothing left to do.
        QCOMPARE(train(directory, true).error, std::string());
        QCOMPARE(Told(directory).series("reward").size(), std::size_t(300));
    }
}

QTEST_GUILESS_MAIN(TestExternalTrainer)
#include "tst_external_trainer.moc"
