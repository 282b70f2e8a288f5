// Commands that are stopped, paused and asked for checkpoints, whether they listen or not.
#include <QTest>

#include "core/runlog/control.h"
#include "tests/training/external/external_runs.h"

using namespace retort;
namespace fs = std::filesystem;

class TestExternalControl : public QObject, private ExternalRuns {
    Q_OBJECT

  private Q_SLOTS:
    void init() { makeHome(); }
    void stops_data();
    void stops();
    void listenerIsLeftToItself();
    void pausedProcessesStandStill();
    void checkpointIsAskedForBySignal_data();
    void checkpointIsAskedForBySignal();
};

void TestExternalControl::stops_data() {
    QTest::addColumn<QString>("script");
    QTest::addColumn<bool>("bySignal");  // of the supervisor; else by control/stop
    QTest::addColumn<QString>("message");
    const QString wait = QStringLiteral("while :; do sleep 0.1; done");
    for (const bool bySignal : {false, true}) {
        const char* how = bySignal ? "signal" : "request";
        QTest::addRow("%s, no reaction of its own", how)
            << "echo $$ >pid; touch ready; " + wait << bySignal << "";
        QTest::addRow("%s, saves", how)
            << "trap 'echo saved >saved; exit 0' TERM; echo $$ >pid; touch ready; " + wait << bySignal << "";
        QTest::addRow("%s, ends with a status", how)
            << "trap 'echo saved >saved; exit 9' TERM; echo $$ >pid; touch ready; " + wait << bySignal
            << "ended with exit status 9";
        QTest::addRow("%s, does not listen", how)
            << "trap '' TERM; echo $$ >pid; touch ready; " + wait << bySignal
            << "did not end within 1 s of SIGTERM, and was killed";
        QTest::addRow("%s, while it is paused", how)
            << "echo $$ >pid; touch ready pause-me; " + wait << bySignal << "";
    }
    QTest::newRow("request, the shell ends before its child")
        << "sh -c \"trap 'sleep 0.5; echo saved >saved; exit 0' TERM; echo \\$\\$ >pid; touch ready; while "
           ":; do sleep 0.1; "
           "done\" & wait"
        << false << "";
}

void TestExternalControl::stops() {
    QFETCH(QString, script);
    QFETCH(bool, bySignal);
    QFETCH(QString, message);
    const RunDirectory directory = run(shell(script.toStdString(), "grace: 1"));
    const fs::path work = directory.path() / "work";
    std::stop_source stop;
    std::future<Ended> training = begin(directory, stop.get_token());
    QVERIFY(eventually([&] { return fs::exists(work / "ready"); }));
    const pid_t pid = pidIn(work / "pid");
    if (fs::exists(work / "pause-me")) {
        ask(directory.path(), Request::Pause);
        QVERIFY(eventually([&] { return stateOf(pid) == 'T'; }));
    }
    if (bySignal)
        stop.request_stop();
    else
        ask(directory.path(), Request::Stop);
    const Ended ended = training.get();
    QCOMPARE(ended.error, std::string());
    QVERIFY(ended.outcome == TrainOutcome::Stopped);
    const Told told(directory);
    QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
    QCOMPARE(told.end().outcome, std::string("stopped"));
    QVERIFY2(told.messages().find(message.toStdString()) != std::string::npos, told.messages().c_str());
    if (message.isEmpty()) QCOMPARE(told.messages(), std::string());
    QCOMPARE(fs::exists(work / "saved"), script.contains(QStringLiteral("echo saved")));
    QVERIFY(!lives(pid));
    // The next attempt is not asked to stop.
    QVERIFY(!fs::exists(directory.path() / "control" / "stop"));
    QVERIFY(!fs::exists(directory.path() / "control" / "pause"));
}

void TestExternalControl::listenerIsLeftToItself() {
    if (!*PYTHON) QSKIP("no python3");
    // SIGTERM would end it as stopped without the last words.
    writeFileAtomically(
        home() / "t.py",
        "import os, sys, time\n"
        "sys.path.insert(0, os.environ['MODULES'])\n"
        "import retort_log\n"
        "run = retort_log.init()\n"
        "step = 0\n"
        "while not run.should_stop():\n"
        "    step += 1\n"
        "    run.log({'loss': 1.0}, step=step)\n"
        "    run.wait_while_paused(0.01)\n"
        "    if run.should_checkpoint():\n"
        "        os.makedirs(os.path.join(run.directory, 'checkpoints', 'here'), exist_ok=True)\n"
        "        run.checkpoint(os.path.join(run.directory, 'checkpoints', 'here'))\n"
        "    time.sleep(0.01)\n"
        "run.message('last words')\n");
    for (const bool bySignal : {false, true}) {
        const RunDirectory directory =
            run("{command: [" PYTHON ", t.py], files: [t.py], environment: [MODULES=" PYTHON_MODULES "]}");
        std::stop_source stop;
        std::future<Ended> training = begin(directory, stop.get_token());
        const auto says = [&](const char* state) {
            const auto states = Told(directory).of<StatusEvent>();
            return !states.empty() && states.back().state == state;
        };
        QVERIFY(eventually([&] { return !Told(directory).series("loss").empty(); }));
        QCOMPARE(textOf(directory.path() / "control" / "listens"), std::string("stop pause checkpoint\n"));
        ask(directory.path(), Request::Pause);
        QVERIFY(eventually([&] { return says("paused"); }));
        withdraw(directory.path(), Request::Pause);
        QVERIFY(eventually([&] { return says("training"); }));
        ask(directory.path(), Request::Checkpoint);
        QVERIFY(eventually([&] { return !Told(directory).of<CheckpointEvent>().empty(); }));
        if (bySignal)
            stop.request_stop();
        else
            ask(directory.path(), Request::Stop);
        QVERIFY(training.get().outcome == TrainOutcome::Stopped);
        const Told told(directory);
        QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
        QCOMPARE(told.end().outcome, std::string("stopped"));
        QVERIFY(told.messages().find("last words") != std::string::npos);
        QVERIFY(!fs::exists(directory.path() / "control" / "stop"));
    }
}

void TestExternalControl::pausedProcessesStandStill() {
    // The shell's child stands still, too, also in a session of its own.
    const RunDirectory directory =
        run(shell("setsid sh -c 'echo $$ >child; while :; do sleep 0.1; done' & echo $$ >pid; while [ ! -e "
                  "go ]; do sleep "
                  "0.1; done; kill $(cat child)"));
    const fs::path work = directory.path() / "work";
    std::future<Ended> training = begin(directory);
    QVERIFY(eventually([&] { return pidIn(work / "child") > 0 && pidIn(work / "pid") > 0; }));
    const pid_t pid = pidIn(work / "pid"), child = pidIn(work / "child");
    ask(directory.path(), Request::Pause);
    QVERIFY(eventually([&] { return stateOf(pid) == 'T' && stateOf(child) == 'T'; }));
    withdraw(directory.path(), Request::Pause);
    QVERIFY(eventually([&] { return stateOf(pid) != 'T' && stateOf(child) != 'T'; }));
    writeFileAtomically(work / "go", "");
    QCOMPARE(training.get().error, std::string());
    std::vector<std::string> states;
    for (const StatusEvent& each : Told(directory).of<StatusEvent>()) states.push_back(each.state);
    QCOMPARE(states, (std::vector<std::string>{"training", "paused", "training"}));
}

void TestExternalControl::checkpointIsAskedForBySignal_data() {
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("signal");
    QTest::addColumn<QString>("message");
    const QString wait =
        QStringLiteral("touch ready; while [ ! -e saved ] && [ ! -e go ]; do sleep 0.05; done");
    // Its children, which know nothing of the signal, live on: at `-e` the death of one would end it.
    QTest::newRow("with a handler") << "trap 'touch saved' USR1; " + wait << "USR1"
                                    << "";
    QTest::newRow("another signal") << "trap 'touch saved' USR2; " + wait << "USR2"
                                    << "";
    QTest::newRow("without a handler") << wait << "USR1"
                                       << "no process of the command has a handler for SIGUSR1";
    QTest::newRow("none") << wait << "none"
                          << "does not look at requests";
}

void TestExternalControl::checkpointIsAskedForBySignal() {
    QFETCH(QString, script);
    QFETCH(QString, signal);
    QFETCH(QString, message);
    const RunDirectory directory =
        run(shell(script.toStdString(), "checkpoint_signal: " + signal.toStdString()));
    const fs::path work = directory.path() / "work";
    std::future<Ended> training = begin(directory);
    QVERIFY(eventually([&] { return fs::exists(work / "ready"); }));
    ask(directory.path(), Request::Checkpoint);
    QVERIFY(eventually([&] { return !fs::exists(directory.path() / "control" / "checkpoint"); }));
    if (!message.isEmpty()) writeFileAtomically(work / "go", "");
    QCOMPARE(training.get().error, std::string());
    QCOMPARE(fs::exists(work / "saved"), message.isEmpty());
    const std::string messages = Told(directory).messages();
    QVERIFY2(message.isEmpty() ? messages.empty() : messages.find(message.toStdString()) != std::string::npos,
             messages.c_str());
}

QTEST_GUILESS_MAIN(TestExternalControl)
#include "tst_external_control.moc"
