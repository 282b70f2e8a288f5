// Commands as trainers: real processes that end well and badly, are stopped, paused and left behind, and log
// in every way.
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <future>

#include "core/config/launch.h"
#include "core/runlog/control.h"
#include "core/runlog/follower.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/process_identity.h"
#include "training/external/external_trainer.h"
#include "training/external/process_tree.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

constexpr int patienceMs = 60'000;

struct Ended {
    std::optional<TrainOutcome> outcome;  // none: it threw
    std::string error;
};

/// What a run's log says, and whether it is a whole one.
struct Told {
    std::vector<Event> events;
    std::vector<std::string> problems;

    explicit Told(const RunDirectory& run) {
        const RunLogFollower follower(run.eventsFile());
        FollowerBatch batch;
        do {
            batch = follower.read(batch.offset, batch.lastSeq);
            events.insert(events.end(), batch.events.begin(), batch.events.end());
            problems.insert(problems.end(), batch.problems.begin(), batch.problems.end());
        } while (!batch.atEnd);
    }
    template <class T>
    std::vector<T> of() const {
        std::vector<T> found;
        for (const Event& event : events)
            if (const T* each = std::get_if<T>(&event.payload)) found.push_back(*each);
        return found;
    }
    std::vector<std::pair<std::int64_t, double>> series(const std::string& name) const {
        std::vector<std::pair<std::int64_t, double>> points;
        for (const Event& event : events) {
            if (const auto* rewind = std::get_if<RewindEvent>(&event.payload))
                while (!points.empty() && points.back().first > rewind->toStep) points.pop_back();
            if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
                for (const auto& [each, value] : scalars->values)
                    if (each == name) points.emplace_back(scalars->step, value);
        }
        return points;
    }
    std::string messages() const {
        std::string text;
        for (const MessageEvent& each : of<MessageEvent>()) text += each.text + "\n";
        return text;
    }
    EndEvent end() const {
        const auto ends = of<EndEvent>();
        return ends.empty() ? EndEvent{} : ends.back();
    }
    bool isWhole() const {
        return problems.empty() && !events.empty() && std::holds_alternative<EndEvent>(events.back().payload);
    }
};

bool eventually(const std::function<bool()>& condition) {
    return QTest::qWaitFor(condition, patienceMs);
}

bool lives(pid_t pid) {
    const auto process = processIdentity(pid);
    return process && isAlive(*process);
}

std::string textOf(const fs::path& file) {
    std::error_code code;
    return fs::exists(file, code) ? readFile(file) : std::string();
}

pid_t pidIn(const fs::path& file) {
    return pid_t(std::strtol(textOf(file).c_str(), nullptr, 10));
}

/// 'R', 'S', 'T' …; 0: there is no such process.
char stateOf(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const std::size_t close = text.rfind(')');
    return close == std::string::npos ? '\0' : text.at(close + 2);
}

}  // namespace

class TestExternalTrainer : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }
    void endings_data();
    void endings();
    void commandSeesItsRun();
    void filesLieInTheWorkFolder();
    void foreignLogsAreFollowed_data();
    void foreignLogsAreFollowed();
    void secondLogOfAKindIsLeft();
    void otherColumnsAndPlaces();
    void ownLogIsNotDoubled();
    void resumedRunGoesOn();
    void resumedRunGoesBack();
    void namedLogAddsToTheOwnOne();
    void stops_data();
    void stops();
    void listenerIsLeftToItself();
    void pausedProcessesStandStill();
    void checkpointIsAskedForBySignal_data();
    void checkpointIsAskedForBySignal();
    void hundredMegabytesOfOutput();
    void whatIsLeftBehindIsEnded_data();
    void whatIsLeftBehindIsEnded();
    void killedGuardFailsTheRun();
    void fullDiskLosesNothing();
    void secondSupervisorIsRefused();
    void example_data();
    void example();

  private:
    fs::path home() const { return fs::canonical(m_home->path().toStdString()); }
    RunDirectory run(const std::string& external, const fs::path& root = {}) const {
        const PreparedRun prepared = prepareRun(
            parseConfig("recipe: external\nname: a\nseed: 7\nexternal: " + external + "\n", "c.yaml"), home(),
            [](const std::string&) { return std::nullopt; });
        return createRun(prepared, root.empty() ? home() / "runs" : root, "test");
    }
    /// A script for the shell, as YAML.
    static std::string shell(const std::string& script, const std::string& more = "") {
        return "{shell: " + Json(script).dump() + (more.empty() ? "" : ", " + more) + "}";
    }
    Ended train(const RunDirectory& directory, bool resume = false, std::stop_token stop = {}) const {
        try {
            return {trainExternally(directory, resume, std::move(stop)), ""};
        } catch (const Error& error) {
            return {std::nullopt, error.what()};
        }
    }
    std::future<Ended> begin(const RunDirectory& directory, std::stop_token stop = {}) const {
        return std::async(std::launch::async, [=, this] { return train(directory, false, stop); });
    }

    std::unique_ptr<QTemporaryDir> m_home;
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

void TestExternalTrainer::foreignLogsAreFollowed_data() {
    QTest::addColumn<QString>("script");
    QTest::newRow("JSON lines") << QStringLiteral(
        "for i in 1 2 3 4 5; do echo \"{\\\"step\\\": $i, \\\"loss\\\": $i.5}\" "
        ">>\"$RETORT_OUTPUT_DIR/m.jsonl\"; "
        "sleep 0.05; done");
    QTest::newRow("CSV in the work folder") << QStringLiteral(
        "echo step,loss >m.csv; for i in 1 2 3 4 5; do echo $i,$i.5 >>m.csv; sleep 0.05; done");
    QTest::newRow("all at once, at the end")
        << QStringLiteral("printf 'step,loss\\n1,1.5\\n2,2.5\\n3,3.5\\n4,4.5\\n5,5.5\\n' >m.csv");
    QTest::newRow("trainer_state.json") << QStringLiteral(
        "mkdir -p \"$RETORT_OUTPUT_DIR/checkpoint-5\"; cd \"$RETORT_OUTPUT_DIR/checkpoint-5\"; echo "
        "'{\"global_step\": 5, \"max_steps\": 5, \"log_history\": [{\"step\": 1, \"loss\": 1.5}, {\"step\": "
        "2, "
        "\"loss\": 2.5}, {\"step\": 3, \"loss\": 3.5}, {\"step\": 4, \"loss\": 4.5}, {\"step\": 5, \"loss\": "
        "5.5}]}' "
        ">trainer_state.json");
}

void TestExternalTrainer::foreignLogsAreFollowed() {
    QFETCH(QString, script);
    const RunDirectory directory = run(shell(script.toStdString()));
    QCOMPARE(train(directory).error, std::string());
    const Told told(directory);
    QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
    const std::vector<std::pair<std::int64_t, double>> expected = {
        {1, 1.5}, {2, 2.5}, {3, 3.5}, {4, 4.5}, {5, 5.5}};
    QCOMPARE(told.series("loss"), expected);
    QCOMPARE(told.of<StartEvent>().size(), std::size_t(1));
    QVERIFY(told.messages().find("follows ") != std::string::npos);
    // None of this makes it a run that somebody adopted.
    QVERIFY(!fs::exists(directory.path() / "adopted.json"));
    const auto checkpoints = told.of<CheckpointEvent>();
    QCOMPARE(checkpoints.size(), std::size_t(script.contains(QStringLiteral("checkpoint-5")) ? 1 : 0));
    if (!checkpoints.empty()) QCOMPARE(checkpoints[0].path, std::string("output/checkpoint-5"));
}

void TestExternalTrainer::secondLogOfAKindIsLeft() {
    const RunDirectory directory =
        run(shell("cd \"$RETORT_OUTPUT_DIR\"; printf 'step,loss\\n1,1\\n2,2\\n' >a.csv; sleep 3; printf "
                  "'step,loss\\n1,7\\n2,8\\n' "
                  ">b.csv; sleep 2"));
    QCOMPARE(train(directory).error, std::string());
    const Told told(directory);
    QCOMPARE(told.series("loss"), (std::vector<std::pair<std::int64_t, double>>{{1, 1}, {2, 2}}));
    QVERIFY(told.messages().find("b.csv is not followed") != std::string::npos);
    QVERIFY(told.of<RewindEvent>().empty());
}

void TestExternalTrainer::otherColumnsAndPlaces() {
    fs::create_directories(home() / "logs");
    // An old one: named itself, so it is followed all the same.
    writeFileAtomically(home() / "logs" / "old.csv", "iteration,loss\n1,1\n");
    const RunDirectory directory =
        run(shell("echo 2,2 >>'" + (home() / "logs" / "old.csv").string() + "'",
                  "adopt: ['" + (home() / "logs" / "old.csv").string() + "'], columns: step=iteration"));
    QCOMPARE(train(directory).error, std::string());
    QCOMPARE(Told(directory).series("loss"), (std::vector<std::pair<std::int64_t, double>>{{1, 1}, {2, 2}}));
}

void TestExternalTrainer::ownLogIsNotDoubled() {
    if (!*PYTHON) QSKIP("no python3");
    writeFileAtomically(home() / "t.py",
                        "import os, sys\n"
                        "sys.path.insert(0, os.environ['MODULES'])\n"
                        "import retort_log\n"
                        "run = retort_log.init(total_steps=20)\n"
                        "table = open(os.path.join(os.environ['RETORT_OUTPUT_DIR'], 'm.csv'), 'w')\n"
                        "print('step,loss', file=table)\n"
                        "for step in range(1, 21):\n"
                        "    run.log({'loss': step / 2}, step=step, tokens=10 * step)\n"
                        "    print(f'{step},{step / 2}', file=table, flush=True)\n"
                        "    run.trace(f'question {step}', 'answer', step=step, reward=1.0)\n"
                        "folder = os.path.join(run.directory, 'checkpoints', 'step-00000020')\n"
                        "os.makedirs(folder)\n"
                        "run.checkpoint(folder, step=20)\n"
                        "other = os.path.join(os.environ['RETORT_OUTPUT_DIR'], 'best')\n"
                        "os.makedirs(other)\n"
                        "run.checkpoint(other, step=19)\n"
                        "run.evaluation('held out', {'accuracy': 0.5}, step=20)\n"
                        "if os.environ.get('FAIL'): raise ValueError('no more data')\n");
    for (const bool fails : {false, true}) {
        const RunDirectory directory =
            run(std::string("{command: [" PYTHON
                            ", t.py], files: [t.py], environment: [MODULES=" PYTHON_MODULES) +
                (fails ? ", FAIL=1]}" : "]}"));
        const Ended ended = train(directory);
        const Told told(directory);
        QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
        QCOMPARE(ended.outcome.has_value(), !fails);
        QCOMPARE(told.end().outcome, std::string(fails ? "failed" : "finished"));
        if (fails) QCOMPARE(told.end().error, std::string("exit status 1\nValueError: no more data"));
        QCOMPARE(told.of<StartEvent>().size(), std::size_t(1));
        QCOMPARE(told.of<EndEvent>().size(), std::size_t(1));
        QCOMPARE(told.of<ScalarsEvent>().size(), std::size_t(20));
        QCOMPARE(told.of<ScalarsEvent>().back().tokens, 200);
        QCOMPARE(told.of<TraceEvent>().size(), std::size_t(20));
        QCOMPARE(told.of<EvaluationEvent>().size(), std::size_t(1));
        // The curve's length is known from what it says of itself.
        const auto states = told.of<StatusEvent>();
        QVERIFY(std::any_of(states.begin(), states.end(),
                            [](const StatusEvent& each) { return each.totalSteps == 20; }));
        const auto checkpoints = told.of<CheckpointEvent>();
        QCOMPARE(checkpoints.size(), std::size_t(2));
        QCOMPARE(checkpoints[0].path, std::string("checkpoints/step-00000020"));
        QCOMPARE(checkpoints[1].path, std::string("checkpoints/step-00000019"));
        for (const CheckpointEvent& each : checkpoints)
            QVERIFY(fs::is_directory(directory.path() / each.path));
        QCOMPARE(fs::canonical(directory.path() / checkpoints[1].path), directory.path() / "output" / "best");
    }
}

void TestExternalTrainer::resumedRunGoesOn() {
    // Five steps an attempt; the second one begins where the first ended.
    const RunDirectory directory = run(shell(
        "cd \"$RETORT_OUTPUT_DIR\"; [ -e m.csv ] || echo step,loss >m.csv; from=$(grep -c , m.csv); for i in "
        "0 1 "
        "2 3 4; do s=$((from+i)); echo $s,$s.5 >>m.csv; done; echo \"${RETORT_RESUME:-no} $RETORT_ATTEMPT\" "
        ">>attempts; [ $RETORT_ATTEMPT -gt 1 ]"));
    QVERIFY(!train(directory).outcome);
    QCOMPARE(train(directory, true).error, std::string());
    QCOMPARE(textOf(directory.path() / "output" / "attempts"), std::string("no 1\n1 2\n"));
    const Told told(directory);
    QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
    QCOMPARE(told.of<ScalarsEvent>().size(), std::size_t(10));
    QCOMPARE(told.series("loss").size(), std::size_t(10));
    const auto starts = told.of<StartEvent>();
    QCOMPARE(starts.size(), std::size_t(2));
    QCOMPARE(starts[1].attempt, 2);
    QVERIFY(told.of<RewindEvent>().empty());
}

void TestExternalTrainer::resumedRunGoesBack() {
    // The first attempt died at step 7, and its checkpoint was of step 4.
    const RunDirectory directory =
        run(shell("cd \"$RETORT_OUTPUT_DIR\"; if [ $RETORT_ATTEMPT = 1 ]; then echo step,loss >m.csv; for i "
                  "in 1 2 3 4 5 6 7; do "
                  "echo $i,1 >>m.csv; done; exit 1; fi; for i in 5 6 7 8; do echo $i,2 >>m.csv; done"));
    QVERIFY(!train(directory).outcome);
    QCOMPARE(train(directory, true).error, std::string());
    const Told told(directory);
    QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
    QCOMPARE(told.of<StartEvent>().size(), std::size_t(2));
    QCOMPARE(told.of<RewindEvent>(), std::vector<RewindEvent>{RewindEvent{4}});
    const std::vector<std::pair<std::int64_t, double>> expected = {{1, 1}, {2, 1}, {3, 1}, {4, 1},
                                                                   {5, 2}, {6, 2}, {7, 2}, {8, 2}};
    QCOMPARE(told.series("loss"), expected);
}

// What is named beside the command's own log comes late, in batches: what was told is not told again, and its
// steps of before are no step back.
void TestExternalTrainer::namedLogAddsToTheOwnOne() {
    const RunDirectory directory = run(
        shell("if [ $RETORT_ATTEMPT = 1 ]; then s=1; else s=6; fi; for i in $(seq $s $((s + 4))); do echo "
              "\"{\\\"seq\\\": $i, \\\"t\\\": $i, \\\"kind\\\": \\\"scalars\\\", \\\"step\\\": $i, "
              "\\\"tokens\\\": 0, "
              "\\\"values\\\": {\\\"loss\\\": $i.5}}\" >>\"$RETORT_RUN_DIR/events.jsonl\"; done\n"
              "[ $RETORT_ATTEMPT -gt 1 ]\n"
              "echo step,loss,extra >m.csv; for i in $(seq 12); do echo $i,$i.5,$i >>m.csv; done",
              "adopt: [m.csv]"));
    QVERIFY(!train(directory).outcome);
    QCOMPARE(train(directory, true).error, std::string());
    const Told told(directory);
    QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
    QVERIFY(told.of<RewindEvent>().empty());
    std::vector<std::pair<std::int64_t, double>> losses, extras;
    for (int step = 1; step <= 12; ++step) {
        losses.emplace_back(step, step + 0.5);
        extras.emplace_back(step, step);
    }
    QCOMPARE(told.series("loss"), losses);
    QCOMPARE(told.series("extra"), extras);
}

void TestExternalTrainer::stops_data() {
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

void TestExternalTrainer::stops() {
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

void TestExternalTrainer::listenerIsLeftToItself() {
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

void TestExternalTrainer::pausedProcessesStandStill() {
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

void TestExternalTrainer::checkpointIsAskedForBySignal_data() {
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

void TestExternalTrainer::checkpointIsAskedForBySignal() {
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
    QVERIFY(Told(directory).end().error.find("guard was killed") != std::string::npos);
    QVERIFY(eventually([&] { return !lives(command); }));
}

void TestExternalTrainer::fullDiskLosesNothing() {
    const fs::path small = home() / "small";
    fs::create_directories(small);
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=400k") != 0)
        QSKIP("A FULL DISK IS NOT TESTED: no file system can be mounted here");
    {
        const fs::path log = home() / "m.csv";
        writeFileAtomically(log, "step,loss\n");
        const RunDirectory directory =
            run(shell("while [ ! -e '" + (home() / "go").string() + "' ]; do sleep 0.05; done",
                      "adopt: ['" + log.string() + "']"),
                small);
        // In this thread: the mount is its own. What happens meanwhile is another thread's.
        bool wasFull = false, wasShort = false;
        std::thread user([&] {
            const auto add = [&](int from, int to) {
                std::ofstream table(log, std::ios::app);
                for (int step = from; step <= to; ++step) table << step << "," << step << ".5\n";
            };
            const auto toldSteps = [&] { return Told(directory).of<ScalarsEvent>().size(); };
            const auto wait = [](const std::function<bool()>& condition) {
                for (int i = 0; i < 3000 && !condition(); ++i)
                    std::this_thread::sleep_for(std::chrono::milliseconds(20));
                return condition();
            };
            add(1, 10);
            wait([&] { return toldSteps() == 10; });
            std::ofstream filler(small / "filler");
            const std::string block(4096, 'x');
            while (filler.write(block.data(), std::streamsize(block.size())) && filler.flush()) {
            }
            filler.close();
            wasFull = fs::space(small).available == 0;
            add(11, 2000);
            std::this_thread::sleep_for(std::chrono::milliseconds(800));
            wasShort = toldSteps() < 2000;
            fs::remove(small / "filler");
            wait([&] { return toldSteps() == 2000; });
            add(2001, 2010);
            std::ofstream(home() / "go") << "now";
        });
        const Ended ended = train(directory);
        user.join();
        QVERIFY(wasFull);
        QVERIFY(wasShort);
        QCOMPARE(ended.error, std::string());
        const Told told(directory);
        QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
        QCOMPARE(told.of<ScalarsEvent>().size(), std::size_t(2010));
        std::int64_t step = 0;
        for (const ScalarsEvent& each : told.of<ScalarsEvent>()) QCOMPARE(each.step, ++step);
        QCOMPARE(told.of<StartEvent>().size(), std::size_t(1));
    }
    ::umount2(small.c_str(), MNT_DETACH);
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
