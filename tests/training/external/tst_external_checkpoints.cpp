// Checkpoints that a command writes, wherever it keeps them: the run's, for whoever starts from them.
#include <QTest>

#include "tests/training/external/external_runs.h"

using namespace retort;
namespace fs = std::filesystem;

class TestExternalCheckpoints : public QObject, private ExternalRuns {
    Q_OBJECT

  private Q_SLOTS:
    void init() { makeHome(); }
    void checkpointsAreTheRuns();
};

void TestExternalCheckpoints::checkpointsAreTheRuns() {
    // As transformers' Trainer writes them, which keeps the last two; it knows nothing of the lab.
    const RunDirectory directory =
        run(shell("cd \"$RETORT_OUTPUT_DIR\"; echo \"${RETORT_CHECKPOINT:-none}\" >>from; for s in 5 10 15; "
                  "do c=checkpoint-$s; "
                  "mkdir -p $c; echo '{}' >$c/config.json; echo w$s >$c/model.safetensors; echo "
                  "'{\"log_history\": [{\"step\": '$s', \"loss\": 0.5}], \"global_step\": '$s'}' "
                  ">$c/trainer_state.json; "
                  "done; rm -r checkpoint-5; mkdir -p checkpoint-20; touch checkpoint-20/model.safetensors"));
    QCOMPARE(train(directory).error, std::string());
    const Told told(directory);
    QVERIFY2(told.isWhole(), told.problems.empty() ? "" : told.problems[0].c_str());
    // 20 has no state yet: it is not whole.
    QCOMPARE(directory.checkpointSteps(), (std::vector<std::int64_t>{10, 15}));
    for (const CheckpointEvent& each : told.of<CheckpointEvent>())
        QCOMPARE(each.path, "checkpoints/" + directory.checkpointFolder(each.step).filename().string());
    QCOMPARE(textOf(directory.checkpointFolder(15) / "model.safetensors"), std::string("w15\n"));

    // Whoever names the run, its step, or the folder in which the command keeps it, gets the run's
    // checkpoint.
    const FindRun find = [&](const std::string& name) {
        return name == "a" ? std::optional(KnownRun{directory.path()}) : std::nullopt;
    };
    for (const char* name : {"run:a", "run:a@15", "checkpoint-15"}) {
        const fs::path found = findCheckpoint(name, directory.path() / "output", find);
        QCOMPARE(found, directory.checkpointFolder(15));
        QCOMPARE(runOfCheckpoint(found), directory.path());
    }
    // Also a later command, to which it is told; a resumed one is told under its own name.
    const PreparedRun next =
        prepareRun(parseConfig("recipe: external\nmodel: {from: 'run:a@10'}\nexternal: {shell: "
                               "'echo \"$RETORT_MODEL\" >model'}\n",
                               "c.yaml"),
                   home(), find);
    QCOMPARE(next.parent, std::optional(directory.identity().id));
    const RunDirectory second = createRun(next, home() / "runs", "test");
    QCOMPARE(train(second).error, std::string());
    QCOMPARE(textOf(second.path() / "work" / "model"), directory.checkpointFolder(10).string() + "\n");
    QCOMPARE(train(directory, true).error, std::string());
    QCOMPARE(textOf(directory.path() / "output" / "from"),
             "none\n" + (directory.path() / "output" / "checkpoint-15").string() + "\n");
}

QTEST_GUILESS_MAIN(TestExternalCheckpoints)
#include "tst_external_checkpoints.moc"
