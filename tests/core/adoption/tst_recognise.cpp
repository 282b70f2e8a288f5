// What is in a folder: runs and their files, whatever wrote them.
#include <QTest>

#include "../trackers/tracker_test.h"
#include "core/adoption/found_run.h"
#include "core/util/error.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

/// A file below the folder, with its folders.
void put(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    writeBytes(file, bytes);
}

const std::string state = R"({"global_step":1,"max_steps":2,"log_history":[{"loss":1,"step":1}]})";
const std::string verlMetrics = "{\"step\":1,\"data\":{\"a\":1}}\n";
const std::string verlRollout = "{\"input\":\"q\",\"output\":\"a\",\"score\":1,\"step\":1}\n";

std::string withArguments(const std::string& output) {
    Message text;
    text.text(1, "args/text_summary")
        .message(8, Message().number(1, 7).text(8, R"({"output_dir": ")" + output + R"("})"));
    Message event;
    event.real(1, 1).message(5, Message().message(1, text));
    return tfRecord(event.bytes);
}

/// "name: summary" of each.
QStringList runsOf(const FoundFolder& found) {
    QStringList list;
    for (const FoundRun& run : found.runs) list << QString::fromStdString(run.name + ": " + run.summary());
    return list;
}

}  // namespace

class TestRecognise : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void trainerFolder() {
        put(root() / "out/checkpoint-2/trainer_state.json", state);
        put(root() / "out/checkpoint-10/trainer_state.json", state);
        put(root() / "out/checkpoint-11/model.safetensors", "half written");
        put(root() / "out/runs/b/events.out.tfevents.20.h", scalarEvent(1, 1, "a", 1));
        put(root() / "out/runs/a/events.out.tfevents.30.h", scalarEvent(1, 1, "a", 1));
        put(root() / "out/runs/c/events.out.tfevents.9.h", scalarEvent(1, 1, "a", 1));
        const FoundFolder found = recognise(root());
        QCOMPARE(runsOf(found), QStringList{"out: tensorboard (3), trainer-state, checkpoint (2)"});
        QStringList order;
        for (const FoundSource& each : found.runs[0].sources)
            order << QString::fromStdString(each.path.lexically_relative(root() / "out").string());
        QCOMPARE(order,
                 (QStringList{"runs/c/events.out.tfevents.9.h", "runs/b/events.out.tfevents.20.h",
                              "runs/a/events.out.tfevents.30.h", ".", "checkpoint-2", "checkpoint-10"}));
        // The same run, whichever folder is named.
        QCOMPARE(recognise(root() / "out").runs[0].id(), found.runs[0].id());
    }

    // Before the first checkpoint: the run must not become another one when that is there.
    void trainerBeforeItsFirstCheckpoint() {
        put(root() / "out/runs/a/events.out.tfevents.1.h", withArguments("/somewhere/out/"));
        const std::string id = recognise(root()).runs[0].id();
        put(root() / "out/checkpoint-2/trainer_state.json", state);
        const FoundFolder found = recognise(root());
        QCOMPARE(found.runs.size(), std::size_t(1));
        QCOMPARE(found.runs[0].id(), id);

        put(root() / "renamed/runs/a/events.out.tfevents.1.h", withArguments("other"));
        QCOMPARE(recognise(root() / "renamed").runs[0].root, fs::canonical(root() / "renamed"));
        put(root() / "third/completions/completions_00001.parquet", "PAR1");
        QCOMPARE(recognise(root() / "third").runs[0].root, fs::canonical(root() / "third"));
    }

    void tensorBoardFolders() {
        put(root() / "a/events.out.tfevents.1.h", "");
        put(root() / "b/c/events.out.tfevents.1.h", "");
        put(root() / "b/c/events.out.tfevents.1.h.v2", "");
        QCOMPARE(runsOf(recognise(root())), (QStringList{"a: tensorboard", "b/c: tensorboard (2)"}));
    }

    void wandbRuns() {
        const std::string log =
            blockLog(std::string(":W&B\xE1\xBE\0", 7),
                     {Message().message(17, Message().text(1, "one").text(8, "fine-run")).bytes});
        put(root() / "wandb/offline-run-20260101_000000-one/run-one.wandb", log);
        put(root() / "wandb/offline-run-20260102_000000-one/run-one.wandb", log);  // resumed
        put(root() / "wandb/offline-run-20260102_000000-two/run-two.wandb", "words");
        std::error_code code;
        fs::create_directory_symlink(root() / "wandb/offline-run-20260101_000000-one",
                                     root() / "wandb/latest-run", code);
        const FoundFolder found = recognise(root());
        QCOMPARE(runsOf(found), QStringList{"fine-run: wandb (2)"});
        QCOMPARE(found.notes.size(), std::size_t(1));
        QVERIFY(found.notes[0].find("run-two.wandb") != std::string::npos);
    }

    void verl() {
        put(root() / "proj/exp.jsonl", verlMetrics);
        put(root() / "rollouts/1.jsonl", verlRollout);
        put(root() / "rollouts/2.jsonl", verlRollout);
        QCOMPARE(runsOf(recognise(root())), QStringList{"exp: verl, verl-rollouts (2)"});
        fs::remove_all(root() / "proj");
        QCOMPARE(runsOf(recognise(root())), QStringList{"rollouts: verl-rollouts (2)"});
    }

    void tables() {
        put(root() / "a.csv", "step,loss\n1,2\n");
        put(root() / "b.csv", "id,text\n1,words\n");  // no log
        put(root() / "c.jsonl", "{\"global_step\":1,\"loss\":2}\n");
        put(root() / "d.jsonl", "{\"question\":\"q\"}\n");
        QCOMPARE(runsOf(recognise(root())), (QStringList{"a: table", "c: jsonl"}));
        QVERIFY_EXCEPTION_THROWN(recognise(root(), columnMappingOf("step=n")), Error);
        put(root() / "runs.csv", "who,n,loss\nx,1,1\ny,1,1\nx,2,1\n");
        QCOMPARE(runsOf(recognise(root() / "runs.csv", columnMappingOf("step=n,run=who"))),
                 (QStringList{"x: table", "y: table"}));
    }

    void whatIsNotLookedInto() {
        put(root() / ".git/events.out.tfevents.1.h", "");
        put(root() / "run/run.json", "{}");
        put(root() / "run/events.jsonl", "{\"step\":1,\"data\":{}}\n");
        put(root() / "lab.db", "SQLite format 3\0");
        put(root() / "hollow.wandb", "");
        const FoundFolder found = recognise(root());
        QVERIFY(runsOf(found).size() <= 1);
        QVERIFY_EXCEPTION_THROWN(recognise(root() / "run"), Error);
        QVERIFY_EXCEPTION_THROWN(recognise(root() / "nowhere"), Error);
    }

    // Identities are UUIDs that differ by root and by key, and stay what they are.
    void identities() {
        FoundRun run;
        run.root = "/a/b";
        const std::string id = run.id();
        QCOMPARE(id.size(), std::size_t(36));
        QCOMPARE(id[14], '8');
        QVERIFY(std::string("89ab").find(id[19]) != std::string::npos);
        run.key = "1";
        QVERIFY(run.id() != id);
        run.key.clear();
        run.root = "/a/c";
        QVERIFY(run.id() != id);
        run.root = "/a/b";
        QCOMPARE(run.id(), id);
    }

  private:
    fs::path root() const { return fs::canonical(m_folder->path().toStdString()); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestRecognise)
#include "tst_recognise.moc"
