// retort-cli queue with real trainers in real processes: a study, one that fails, one that is tried again,
// and what is killed in the middle.
#include <signal.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "cli_process.h"
#include "core/util/files.h"

using namespace retort;

namespace {

const std::string tasks = "data: {tasks: [{task: addition, max_digits: 1, format: plain}]}\n";
const std::string rest = tasks + "evaluation: {eval_steps: 0, num_problems: 4, max_completion_length: 8}\n";
const char* const model =
    "model: {hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 1,\n"
    "        intermediate_size: 24, max_position_embeddings: 64}\n";

std::string training(int steps, const std::string& more = {}) {
    return "training: {max_steps: " + std::to_string(steps) +
           ", batch_size: 4, max_length: 32, warmup_steps: 1, precision: fp32, num_threads: 1" + more + "}\n";
}

std::string fresh(const std::string& name, int steps, const std::string& more = {}) {
    return "recipe: sft\nname: " + name + "\n" + model + rest + training(steps, more);
}

QJsonObject object(const QByteArray& text) {
    return QJsonDocument::fromJson(text).object();
}

}  // namespace

class TestCliQueue : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_home;

    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }
    QString write(const QString& name, const std::string& text) const {
        const QString file = m_home->filePath(name);
        std::filesystem::create_directories(std::filesystem::path(file.toStdString()).parent_path());
        writeFileAtomically(file.toStdString(), text);
        return file;
    }
    QString script(const QString& name, const std::string& text) const {
        const QString file = write(name, "#!/bin/sh\n" + text);
        QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return file;
    }
    /// The real trainer, behind these lines of sh.
    void useTrainer(const std::string& before) const {
        qputenv("RETORT_CLI", script("trainer", before + "exec '" RETORT_CLI "' \"$@\"\n").toUtf8());
    }
    /// distil → merge → RL, behind what they begin with.
    QString study(int steps) const {
        write("study/1-base.yaml", fresh("base", steps));
        write("study/2-distil.yaml", std::string("recipe: distill\nname: distil\nmodel: {from: \"@base\"}\n"
                                                 "distillation: {teacher: \"@base\", beta: 0, lmbda: 0}\n") +
                                         rest + training(3));
        write("study/3-merge.yaml",
              std::string("recipe: merge\nname: merge\nmerge:\n  recipe: |\n    merge_method: linear\n"
                          "    models:\n      - model: \"@base\"\n        parameters: {weight: 0.5}\n"
                          "      - model: \"@distil\"\n        parameters: {weight: 0.5}\n") +
                  tasks + "evaluation: {num_problems: 4, max_completion_length: 8}\n");
        write("study/4-rl.yaml", std::string("recipe: grpo\nname: rl\nmodel: {from: \"@merge\"}\n"
                                             "grpo: {prompts_per_step: 2, num_generations: 2, "
                                             "max_completion_length: 8, min_start_accuracy: 0}\n") +
                                     rest + "training: {max_steps: 2, warmup_steps: 1, num_threads: 1}\n");
        return m_home->filePath("study");
    }
    QString show(const QString& run, const QString& key) const {
        return object(cli({"show", run, "--json"}).out)[key].toVariant().toString();
    }
    /// "base:waiting distil:waiting"
    QString list() const {
        QStringList all;
        for (const QJsonValue& each : QJsonDocument::fromJson(cli({"queue", "list", "--json"}).out).array())
            all << each["name"].toString() + ":" + each["state"].toString();
        return all.join(' ');
    }
    QString detailOf(const QString& run) const {
        for (const QJsonValue& each : QJsonDocument::fromJson(cli({"queue", "list", "--json"}).out).array())
            if (each["name"].toString() == run) return each["detail"].toString();
        return {};
    }
    /// How often its log says that a trainer began.
    qsizetype startsOf(const QString& run) const {
        return readFile((show(run, "directory") + "/events.jsonl").toStdString(), 64u << 20).empty()
                   ? 0
                   : QByteArray::fromStdString(
                         readFile((show(run, "directory") + "/events.jsonl").toStdString(), 64u << 20))
                         .count("\"kind\":\"start\"");
    }

  private Q_SLOTS:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        qunsetenv("RETORT_CLI");
    }

    void aStudyRunsToItsEnd() {
        const CliResult added = cli({"queue", "add", study(6), "--json"});
        QVERIFY2(added.status == 0, added.err.constData());
        QCOMPARE(list(), QString("base:waiting distil:waiting merge:waiting rl:waiting"));
        QCOMPARE(detailOf("rl"), QString("until merge has finished"));
        QVERIFY(detailOf("base").contains("retort-cli queue run"));
        const CliResult done = cli({"queue", "run"});
        QVERIFY2(done.status == 0, done.err.constData());
        QCOMPARE(list(), QString());
        for (const char* run : {"base", "distil", "merge", "rl"}) {
            QCOMPARE(show(run, "state"), QString("finished"));
            QCOMPARE(startsOf(run), 1);
        }
        QVERIFY(readFile((show("distil", "directory") + "/config.yaml").toStdString(), 1 << 20)
                    .find(show("base", "directory").toStdString() + "/checkpoints/step-00000006") !=
                std::string::npos);
        const CliResult lineage = cli({"lineage", "rl"});
        QVERIFY2(lineage.out.contains("merge") && lineage.out.contains("base"), lineage.out.constData());
        QCOMPARE(cli({"store", "check"}).status, 0);
    }

    // No GPU here, and the run insists on one.
    void whatComesAfterAFailureIsNotStarted() {
        write("study/1-base.yaml", fresh("base", 2, ", device: cuda"));
        write("study/2-next.yaml",
              std::string("recipe: sft\nname: next\nmodel: {from: \"@base\"}\n") + rest + training(2));
        write("study/3-other.yaml", fresh("other", 2));
        QCOMPARE(cli({"queue", "limits", "--retry-pause", "1"}).status, 0);
        QCOMPARE(cli({"queue", "add", m_home->filePath("study"), "--retries", "1"}).status, 0);
        const CliResult done = cli({"queue", "run"});
        if (show("base", "state") == "finished") QSKIP("this machine has a GPU");
        QCOMPARE(done.status, 1);
        QVERIFY2(done.err.contains("base, next"), done.err.constData());
        QCOMPARE(list(), QString("base:failed next:waiting"));
        QCOMPARE(show("other", "state"), QString("finished"));
        QCOMPARE(startsOf("base"), 2);  // it was tried once more
        QVERIFY2(detailOf("base").contains("cuda", Qt::CaseInsensitive), qPrintable(detailOf("base")));
        QVERIFY2(detailOf("next").contains("base did not finish"), qPrintable(detailOf("next")));
        QCOMPARE(show("next", "state"), QString("created"));
        QCOMPARE(cli({"queue", "retry", "next"}).status, 1);  // that did not fail
        QCOMPARE(cli({"queue", "retry", "base"}).status, 0);
        QCOMPARE(list(), QString("base:waiting next:waiting"));
        QCOMPARE(cli({"queue", "remove", "base", "next"}).status, 0);
        QCOMPARE(list(), QString());
        QCOMPARE(show("next", "state"), QString("stopped"));
    }

    // The first trainer of all dies; the second try goes through, and so does what waits for it.
    void aRetryGoesOn() {
        const QString trainer =
            write("trainer", "#!/bin/sh\nif mkdir '" + m_home->filePath("seen").toStdString() +
                                 "' 2>/dev/null; then kill -9 $$; fi\nexec '" RETORT_CLI "' \"$@\"\n");
        QFile::setPermissions(trainer, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("RETORT_CLI", trainer.toUtf8());
        QCOMPARE(cli({"queue", "limits", "--retry-pause", "999"}).status, 0);
        QCOMPARE(cli({"queue", "add", study(4), "--retries", "2"}).status, 0);
        // It pauses before, unless somebody does not want to wait.
        QProcess owner;
        prepareCli(owner, m_home->path(), {"queue", "run"});
        owner.start();
        QVERIFY(owner.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(detailOf("base").contains("tries again at "), 120000);
        QCOMPARE(owner.state(), QProcess::Running);
        QCOMPARE(show("base", "state"), QString("failed"));
        QCOMPARE(cli({"queue", "retry", "base"}).status, 0);
        QVERIFY(owner.waitForFinished(300000));
        const CliResult done = {owner.exitCode(), owner.readAllStandardOutput(),
                                owner.readAllStandardError()};
        QVERIFY2(done.status == 0, done.err.constData());
        QVERIFY2(done.err.contains("base") && done.err.contains("failed"), done.err.constData());
        for (const char* run : {"base", "distil", "merge", "rl"})
            QCOMPARE(show(run, "state"), QString("finished"));
    }

    // Killed again and again: whoever comes next goes on, and nothing starts twice.
    void aKilledOwnerIsReplaced() {
        QCOMPARE(cli({"queue", "add", study(60)}).status, 0);
        int kills = 0;
        for (int round = 0; round < 40 && !list().isEmpty(); ++round) {
            QProcess owner;
            prepareCli(owner, m_home->path(), {"queue", "run"});
            owner.start();
            QVERIFY(owner.waitForStarted());
            if (!owner.waitForFinished(150 + 97 * (round % 9))) {
                ::kill(pid_t(owner.processId()), SIGKILL);
                ++kills;
                owner.waitForFinished();
            }
        }
        const CliResult done = cli({"queue", "run"});
        QVERIFY2(done.status == 0, done.err.constData());
        QVERIFY(kills > 2);
        for (const char* run : {"base", "distil", "merge", "rl"}) {
            QCOMPARE(show(run, "state"), QString("finished"));
            QCOMPARE(startsOf(run), 1);
        }
    }

    // Two at a time: one starts what waits, the other looks on, and takes over.
    void theSecondTakesOver() {
        write("study/1-base.yaml", fresh("base", 60));
        write("study/2-next.yaml",
              std::string("recipe: sft\nname: next\nmodel: {from: \"@base\"}\n") + rest + training(2));
        QCOMPARE(cli({"queue", "add", m_home->filePath("study")}).status, 0);
        QProcess first, second;
        prepareCli(first, m_home->path(), {"queue", "run"});
        prepareCli(second, m_home->path(), {"queue", "run"});
        first.start();
        QVERIFY(first.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(list().startsWith("base:started"), 30'000);
        second.start();
        QVERIFY(second.waitForStarted());
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT((said += second.readAllStandardError()).contains("takes over"), 30'000);
        ::kill(pid_t(first.processId()), SIGKILL);
        QVERIFY(first.waitForFinished());
        QVERIFY(second.waitForFinished(240'000));
        QCOMPARE(second.exitCode(), 0);
        for (const char* run : {"base", "next"}) {
            QCOMPARE(show(run, "state"), QString("finished"));
            QCOMPARE(startsOf(run), 1);
        }
    }

    // Two GPUs, says an nvidia-smi of ours; trainers wait until all have begun that can.
    void eachHasGpusOfItsOwn() {
        const QByteArray home = m_home->path().toUtf8(), path = qgetenv("PATH");
        script("bin/nvidia-smi", "printf 'A, 0, 1, 80000\\nB, 0, 1, 80000\\n'\n");
        qputenv("PATH", home + "/bin:" + path);
        useTrainer("echo \"gpu $CUDA_VISIBLE_DEVICES\" >>'" + home.toStdString() + "/gpus'\nwhile [ ! -e '" +
                   home.toStdString() + "/go' ]; do sleep 0.05; done\n");
        QCOMPARE(cli({"queue", "limits", "--at-once", "4"}).status, 0);
        for (const char* name : {"a", "b", "c"})
            QCOMPARE(cli({"queue", "add", write(QString(name) + ".yaml", fresh(name, 2))}).status, 0);
        QCOMPARE(cli({"queue", "add", write("d.yaml", fresh("d", 2, ", device: cpu"))}).status, 0);
        const QString both = write("e.yaml", "recipe: external\nname: e\nexternal: {shell: ':', gpus: 2}\n");
        QCOMPARE(cli({"queue", "add", both}).status, 0);
        QProcess owner;
        prepareCli(owner, m_home->path(), {"queue", "run"});
        owner.start();
        QTRY_COMPARE_WITH_TIMEOUT(list(), QString("a:started b:started c:waiting d:started e:waiting"),
                                  30'000);
        QCOMPARE(detailOf("a") + ", " + detailOf("b") + ", " + detailOf("c"),
                 QString("on GPU 0, on GPU 1, for a GPU"));
        write("go", "");
        QVERIFY(owner.waitForFinished(240'000));
        qputenv("PATH", path);
        QCOMPARE(owner.exitCode(), 0);
        QList<QByteArray> seen =
            QByteArray::fromStdString(readFile(m_home->filePath("gpus").toStdString(), 4096))
                .trimmed()
                .split('\n');
        QCOMPARE(seen.size(), 5);
        QCOMPARE(seen.takeLast(), QByteArray("gpu 0,1"));
        QVERIFY(seen.takeLast().startsWith("gpu "));  // the one that waited: whichever was free first
        std::sort(seen.begin(), seen.end());
        QCOMPARE(seen, (QList<QByteArray>{"gpu ", "gpu 0", "gpu 1"}));
    }

    // A command that somebody started by hand is on the first of its GPUs.
    void theQueueLeavesOthersTheirGpus() {
        const QByteArray home = m_home->path().toUtf8(), path = qgetenv("PATH");
        script("bin/nvidia-smi", "printf 'A, 0, 1, 80000\\nB, 0, 1, 80000\\nC, 0, 1, 80000\\n'\n");
        qputenv("PATH", home + "/bin:" + path);
        const auto command = [&](const std::string& name, const std::string& gpus) {
            return write(QString::fromStdString(name) + ".yaml",
                         "recipe: external\nname: " + name + "\nexternal: {shell: \"while [ ! -e '" +
                             home.toStdString() + "/go' ]; do sleep 0.05; done\", gpus: " + gpus + "}\n");
        };
        QCOMPARE(cli({"queue", "limits", "--at-once", "4"}).status, 0);
        QCOMPARE(cli({"train", command("by-hand", "2"), "--detach"}).status, 0);
        QTRY_COMPARE_WITH_TIMEOUT(show("by-hand", "state"), QString("running"), 30'000);
        QCOMPARE(cli({"queue", "add", command("a", "1")}).status, 0);
        QProcess owner;
        prepareCli(owner, m_home->path(), {"queue", "run"});
        owner.start();
        QTRY_COMPARE_WITH_TIMEOUT(detailOf("a"), QString("on GPU 2"), 30'000);
        write("go", "");
        QVERIFY(owner.waitForFinished(60'000));
        qputenv("PATH", path);
        QTRY_COMPARE_WITH_TIMEOUT(show("by-hand", "state"), QString("finished"), 30'000);
    }

    // Its turn has come, and its trainer has not said a word yet.
    void oneThatStillLoadsIsStopped() {
        useTrainer("while [ ! -e '" + m_home->path().toStdString() + "/go' ]; do sleep 0.05; done\n");
        QCOMPARE(cli({"queue", "add", write("a.yaml", fresh("a", 5000)), "--retries", "2"}).status, 0);
        QProcess owner;
        prepareCli(owner, m_home->path(), {"queue", "run"});
        owner.start();
        QTRY_COMPARE_WITH_TIMEOUT(list(), QString("a:started"), 30'000);
        QVERIFY2(cli({"resume", "a"}).err.contains("in the queue"), "two would train it");
        const CliResult stopped = cli({"stop", "a"});
        QVERIFY2(stopped.status == 0, stopped.err.constData());
        write("go", "");
        QVERIFY(owner.waitForFinished(240'000));
        QCOMPARE(owner.exitCode(), 0);
        QCOMPARE(list(), QString());
        QCOMPARE(show("a", "state"), QString("stopped"));
    }

    void orderAndHolding() {
        for (const char* name : {"a", "b", "c"})
            QCOMPARE(cli({"queue", "add", write(QString(name) + ".yaml", fresh(name, 2))}).status, 0);
        QCOMPARE(cli({"queue", "move", "c", "1"}).status, 0);
        QCOMPARE(cli({"queue", "hold", "a", "b"}).status, 0);
        QCOMPARE(list(), QString("c:waiting a:held b:held"));
        QCOMPARE(cli({"queue", "add", "--first", "--held", write("d.yaml", fresh("d", 2))}).status, 0);
        QCOMPARE(list(), QString("d:held c:waiting a:held b:held"));
        const CliResult left = cli({"queue", "run"});
        QCOMPARE(left.status, 1);
        QCOMPARE(list(), QString("d:held a:held b:held"));
        QCOMPARE(show("c", "state"), QString("finished"));
        QCOMPARE(cli({"queue", "release", "a"}).status, 0);
        QCOMPARE(cli({"queue", "run"}).status, 1);
        QCOMPARE(list(), QString("d:held b:held"));
        QCOMPARE(cli({"stop", "d"}).status, 0);  // another word for it
        QCOMPARE(show("d", "state"), QString("stopped"));
        QCOMPARE(cli({"stop", "d"}).status, 1);
        QCOMPARE(cli({"queue", "remove", "b"}).status, 0);
        QCOMPARE(cli({"queue", "run"}).status, 0);
        // Taken out, and put back.
        QCOMPARE(cli({"queue", "add", "b"}).status, 0);
        QCOMPARE(show("b", "state"), QString("created"));
        QCOMPARE(cli({"queue", "run"}).status, 0);
        QCOMPARE(show("b", "state"), QString("finished"));
    }

    void wrongRequests_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const QStringList& words, const char* message) {
            QTest::newRow(name) << words << QByteArray(message);
        };
        row("unknown run", {"hold", "nobody"}, "nobody");
        row("not queued", {"hold", "a"}, "not in the queue");
        row("no place", {"move", "a", "first"}, "not in the queue");
        row("unknown machine", {"add", "a.yaml", "--machine", "box"}, "there is no machine 'box'");
        row("nothing there", {"add", "none.yaml"}, "none.yaml");
        row("no stages", {"add", "empty"}, "holds no stage");
        row("too few at once", {"limits", "--at-once", "0"}, "from 1 to 999");
        row("many retries", {"add", "a.yaml", "--retries", "1000"}, "from 0 to 99");
        row("unknown predecessor", {"add", "a.yaml", "--after", "nobody"}, "nobody");
    }
    void wrongRequests() {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, message);
        const QString file = write("a.yaml", fresh("a", 2));
        QDir(m_home->path()).mkdir("empty");
        QCOMPARE(cli({"queue", "add", file}).status, 0);
        QCOMPARE(cli({"queue", "remove", "a"}).status, 0);
        for (QString& word : words)
            if (word == "a.yaml" || word == "empty") word = m_home->filePath(word);
        const CliResult result = cli(QStringList{"queue"} + words);
        QVERIFY(result.status != 0);
        QVERIFY2(result.err.contains(message), result.err.constData());
        QCOMPARE(list(), QString());
    }

    void limitsAreKept() {
        QCOMPARE(cli({"queue", "add", write("a.yaml", fresh("a", 2))}).status, 0);
        QCOMPARE(cli({"queue", "limits", "--at-once", "3"}).status, 0);
        const QJsonObject limits = object(cli({"queue", "limits", "--per-gpu", "0", "--json"}).out);
        QCOMPARE(limits["runs_at_once"].toInt(), 3);
        QCOMPARE(limits["runs_per_gpu"].toInt(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCliQueue)
#include "tst_cli_queue.moc"
