// Logs that a command writes, its own and foreign ones: followed once, over attempts, and past a full disk.
#include <sched.h>
#include <sys/mount.h>

#include <QTest>
#include <thread>

#include "tests/training/external/external_runs.h"

using namespace retort;
namespace fs = std::filesystem;

class TestExternalLogs : public QObject, private ExternalRuns {
    Q_OBJECT

  private Q_SLOTS:
    void init() { makeHome(); }
    void foreignLogsAreFollowed_data();
    void foreignLogsAreFollowed();
    void secondLogOfAKindIsLeft();
    void otherColumnsAndPlaces();
    void ownLogIsNotDoubled();
    void resumedRunGoesOn();
    void resumedRunGoesBack();
    void namedLogAddsToTheOwnOne();
    void fullDiskLosesNothing();
};

void TestExternalLogs::foreignLogsAreFollowed_data() {
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

void TestExternalLogs::foreignLogsAreFollowed() {
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

void TestExternalLogs::secondLogOfAKindIsLeft() {
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

void TestExternalLogs::otherColumnsAndPlaces() {
    fs::create_directories(home() / "logs");
    // An old one: named itself, so it is followed all the same.
    writeFileAtomically(home() / "logs" / "old.csv", "iteration,loss\n1,1\n");
    const RunDirectory directory =
        run(shell("echo 2,2 >>'" + (home() / "logs" / "old.csv").string() + "'",
                  "adopt: ['" + (home() / "logs" / "old.csv").string() + "'], columns: step=iteration"));
    QCOMPARE(train(directory).error, std::string());
    QCOMPARE(Told(directory).series("loss"), (std::vector<std::pair<std::int64_t, double>>{{1, 1}, {2, 2}}));
}

void TestExternalLogs::ownLogIsNotDoubled() {
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

void TestExternalLogs::resumedRunGoesOn() {
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

void TestExternalLogs::resumedRunGoesBack() {
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
void TestExternalLogs::namedLogAddsToTheOwnOne() {
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

void TestExternalLogs::fullDiskLosesNothing() {
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

QTEST_GUILESS_MAIN(TestExternalLogs)
#include "tst_external_logs.moc"
