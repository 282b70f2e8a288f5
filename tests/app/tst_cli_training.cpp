// retort-cli with the training module: a tiny model through train, stop, resume, eval, generate and the
// quickstart.
#include <signal.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "cli_process.h"
#include "core/runlog/log_tail.h"
#include "core/util/files.h"
#include "tests/app/tiny_config.h"

using namespace retort;

namespace {

QJsonObject object(const QByteArray& text) {
    return QJsonDocument::fromJson(text).object();
}

QList<QJsonObject> lines(const QByteArray& text) {
    QList<QJsonObject> list;
    for (const QByteArray& line : text.split('\n'))
        if (!line.isEmpty()) list << object(line);
    return list;
}

}  // namespace

class TestCliTraining : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void trainedRunIsInTheStore();
    void checkpointIsEvaluated();
    void checkpointGenerates();
    void commandsCheckpointIsGoneOnFrom();
    void interruptedRunResumes();
    void detachedRunGoesOn();
    void severalProcessesTrainOneRun();
    void severalProcessesStopTogether();
    void severalProcessesAreStoppedAtOnce_data();
    void severalProcessesAreStoppedAtOnce();
    void aKilledProcessEndsTheRun();
    void rankAloneMakesNoRun();
    void trainRunNeedsNoStore();
    void brokenCheckpointIsAnError();
    void environmentIsTold();
    void interruptedGenerationSaysWhatIsWhole();
    void interruptedEvaluationSaysWhatIsAnswered();
    void quickstartPassesThroughAllStages();
    void killedQuickstartGoesOn();

  private:
    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) const {
        return runCli(m_home.path(), arguments, input);
    }
    /// Ctrl+C a while after the training module was loaded: in the middle of what the command does.
    CliResult interrupted(const QStringList& arguments) const {
        QProcess process;
        prepareCli(process, m_home.path(), arguments);
        process.start();
        process.waitForStarted();
        const QString maps = QString("/proc/%1/maps").arg(process.processId());
        const auto isLoaded = [&] {
            QFile file(maps);
            return file.open(QIODevice::ReadOnly) && file.readAll().contains("retort_training");
        };
        while (process.state() == QProcess::Running && !isLoaded()) process.waitForFinished(20);
        process.waitForFinished(1000);
        ::kill(pid_t(process.processId()), SIGINT);
        process.waitForFinished(60'000);
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                process.readAllStandardOutput(), process.readAllStandardError()};
    }
    /// A command that trains until it is ended.
    struct Training {
        QProcess process;

        Training(const TestCliTraining& test, const QStringList& arguments) {
            prepareCli(process, test.m_home.path(), arguments + QStringList{"--json"});
            process.start();
        }
        ~Training() {
            if (process.state() == QProcess::NotRunning) return;
            process.kill();
            process.waitForFinished();
        }
        bool comesToSteps() {
            QByteArray out;
            while (!out.contains("\"scalars\"")) {
                if (!process.waitForReadyRead(60'000)) return false;
                out += process.readAllStandardOutput();
            }
            return true;
        }
        void signal(int number) const { ::kill(pid_t(process.processId()), number); }
        /// Its children, in the order in which they were started.
        QList<pid_t> ranks() const {
            QFile file(QString("/proc/%1/task/%1/children").arg(process.processId()));
            QList<pid_t> ranks;
            if (!file.open(QIODevice::ReadOnly)) return ranks;
            for (const QByteArray& pid : file.readAll().simplified().split(' '))
                if (!pid.isEmpty()) ranks << pid_t(pid.toInt());
            return ranks;
        }
    };
    QStringList train(const QStringList& more) const { return QStringList{"train", m_config} + more; }

    QTemporaryDir m_home;
    QString m_config;
};

void TestCliTraining::initTestCase() {
    m_config = m_home.filePath("tiny.yaml");
    writeFileAtomically(m_config.toStdString(), test::tinyConfig(6));
}

void TestCliTraining::trainedRunIsInTheStore() {
    const CliResult result = cli(train({"--json"}));
    QVERIFY2(result.status == 0, result.err.constData());
    const QList<QJsonObject> events = lines(result.out);
    QVERIFY(events.size() > 8);
    QVERIFY(QFile::exists(events[0]["directory"].toString() + "/run.json"));
    // After the line that announces the run come its events, all of them.
    int seq = 0;
    for (const QJsonObject& event : events.mid(1)) QCOMPARE(event["seq"].toInt(), ++seq);
    QCOMPARE(events.back()["kind"].toString(), QString("end"));

    const QJsonObject shown = object(cli({"show", "tiny", "--json"}).out);
    QCOMPARE(shown["state"].toString(), QString("finished"));
    QCOMPARE(shown["step"].toInt(), 6);
    QCOMPARE(shown["evaluations"].toArray().size(), 1);
    QVERIFY(shown["latest"].toObject().contains("loss"));
    QCOMPARE(cli({"store", "check"}).status, 0);
}

void TestCliTraining::checkpointIsEvaluated() {
    const CliResult own = cli({"eval", "tiny", "--json", "--problems", "8"});
    QVERIFY2(own.status == 0, own.err.constData());
    QVERIFY(object(own.out)["metrics"].toObject().contains("accuracy"));
    const CliResult other =
        cli({"eval", "tiny", "--task", "{task: addition, max_digits: 2, format: plain}", "--task",
             "{task: addition, name: short, max_digits: 1, format: plain}", "--problems", "4"});
    QVERIFY2(other.status == 0, other.err.constData());
    QVERIFY(other.out.contains("short"));
    const CliResult wrong = cli({"eval", "tiny", "--task", "adition"});
    QCOMPARE(wrong.status, 1);
    QVERIFY2(wrong.err.contains("did you mean addition?"), wrong.err.constData());
}

void TestCliTraining::checkpointGenerates() {
    const CliResult result =
        cli({"generate", "tiny", "--samples", "3", "--max-tokens", "5", "--json", "--seed", "7"},
            "a1+2=\na3+4=\n");
    QVERIFY2(result.status == 0, result.err.constData());
    const QList<QJsonObject> texts = lines(result.out);
    QCOMPARE(texts.size(), 6);
    QCOMPARE(texts[3]["prompt"].toString(), QString("a3+4="));
    QCOMPARE(cli({"generate", "tiny", "--samples", "3", "--max-tokens", "5", "--json", "--seed", "7"},
                 "a1+2=\na3+4=\n")
                 .out,
             result.out);
    QCOMPARE(cli({"generate", "tiny", "--prompt", "a1+2=", "--top-p", "0"}).status, 1);
    QCOMPARE(cli({"generate", "tiny"}).status, 1);
}

// A command starts from a run of ours and writes what transformers' Trainer would; a run of ours, an
// evaluation and a merge start from that.
void TestCliTraining::commandsCheckpointIsGoneOnFrom() {
    const QString theirs = m_home.filePath("theirs.yaml"), ours = m_home.filePath("ours.yaml"),
                  both = m_home.filePath("both.yaml");
    writeFileAtomically(theirs.toStdString(),
                        "recipe: external\nname: theirs\nmodel: {from: 'run:tiny'}\nexternal:\n  shell: |\n"
                        "    to=\"$RETORT_OUTPUT_DIR/checkpoint-7\"\n"
                        "    cp -r \"$RETORT_MODEL/.\" \"$to\"\n"
                        "    rm \"$to/trainer.json\" \"$to/optimizer.safetensors\"\n"
                        "    [ -z \"$TYPE\" ] || sed -i \"s/llama/$TYPE/\" \"$to/config.json\"\n"
                        "    echo '{\"log_history\": [{\"step\": 7, \"loss\": 1}], \"global_step\": 7}' "
                        ">\"$to/trainer_state.json\"\n");
    writeFileAtomically(ours.toStdString(),
                        "recipe: sft\nname: ours\nmodel: {from: 'run:theirs@7'}\n"
                        "data: {tasks: [{task: addition, max_digits: 1, format: plain}]}\n"
                        "training: {max_steps: 2, warmup_steps: 1, batch_size: 4, max_length: 32, precision: "
                        "fp32, num_threads: 1}\n"
                        "evaluation: {eval_steps: 0, num_problems: 4, max_completion_length: 8}\n");
    writeFileAtomically(
        both.toStdString(),
        "recipe: merge\nname: both\nmerge:\n  recipe: |\n    merge_method: linear\n    models:\n"
        "      - {model: 'run:tiny', parameters: {weight: 1}}\n"
        "      - {model: 'run:theirs', parameters: {weight: 1}}\n");
    for (const QString& each : {theirs, ours, both}) {
        const CliResult result = cli({"train", each});
        QVERIFY2(result.status == 0, result.err.constData());
    }
    QCOMPARE(object(cli({"show", "ours", "--json"}).out)["step"].toInt(), 2);
    const CliResult evaluated = cli(
        {"eval", "theirs", "--task", "{task: addition, max_digits: 1, format: plain}", "--problems", "4"});
    QVERIFY2(evaluated.status == 0, evaluated.err.constData());
    const QByteArray tree = cli({"lineage", "theirs"}).out;
    for (const char* name : {"tiny@6", "* theirs@7 (external", "trained: ours@2", "merged 1: both@0"})
        QVERIFY2(tree.contains(name), tree.constData());

    // What the engine cannot read is said with its name.
    const CliResult other =
        cli({"train", theirs, "--set", "name=mamba", "--set", "external.environment=[TYPE=mamba]"});
    QVERIFY2(other.status == 0, other.err.constData());
    const CliResult refused = cli({"train", ours, "--set", "model.from=run:mamba"});
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains("mamba"), refused.err.constData());
}

void TestCliTraining::interruptedRunResumes() {
    QProcess process;
    prepareCli(process, m_home.path(),
               train({"--json", "--set", "training.max_steps=1000000", "--set", "name=long"}));
    process.start();
    QByteArray out;
    while (!out.contains("\"scalars\"")) {
        QVERIFY(process.waitForReadyRead(60'000));
        out += process.readAllStandardOutput();
    }
    ::kill(pid_t(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 130);
    QJsonObject shown = object(cli({"show", "long", "--json"}).out);
    QCOMPARE(shown["state"].toString(), QString("stopped"));
    const int step = shown["step"].toInt();
    QVERIFY(step > 0);
    QCOMPARE(shown["checkpoints"].toArray().last()["step"].toInt(), step);

    QProcess again;
    prepareCli(again, m_home.path(), {"resume", "long", "--json"});
    again.start();
    out.clear();
    while (!out.contains("\"scalars\"")) {
        QVERIFY(again.waitForReadyRead(60'000));
        out += again.readAllStandardOutput();
    }
    // As a scheduler does, to all of a job's processes, and then the job's script once more.
    ::kill(pid_t(again.processId()), SIGTERM);
    QTest::qSleep(5);
    ::kill(pid_t(again.processId()), SIGTERM);
    QVERIFY(again.waitForFinished(60'000));
    QCOMPARE(again.exitCode(), 130);
    shown = object(cli({"show", "long", "--json"}).out);
    QVERIFY(shown["step"].toInt() > step);
    QCOMPARE(shown["attempts"].toInt(), 2);
    QCOMPARE(shown["checkpoints"].toArray().last()["step"].toInt(), shown["step"].toInt());
}

void TestCliTraining::detachedRunGoesOn() {
    const CliResult result = cli(train({"--detach", "--json", "--set", "name=away"}));
    QVERIFY2(result.status == 0, result.err.constData());
    QTRY_COMPARE_WITH_TIMEOUT(object(cli({"show", "away", "--json"}).out)["state"].toString(),
                              QString("finished"), 60'000);
}

void TestCliTraining::severalProcessesTrainOneRun() {
    if (!RETORT_HAS_C10D) QSKIP("NOT TESTED: this build has no Gloo, and trains by one process");
    const CliResult result = cli(train({"--processes", "2", "--json", "--set", "name=both"}));
    QVERIFY2(result.status == 0, result.err.constData());
    const QList<QJsonObject> events = lines(result.out);
    QVERIFY(events.size() > 8);
    int seq = 0;
    for (const QJsonObject& event : events.mid(1)) QCOMPARE(event["seq"].toInt(), ++seq);
    QCOMPARE(events.back()["outcome"].toString(), QString("finished"));
    const RunDirectory run = RunDirectory::open(events[0]["directory"].toString().toStdString());
    QCOMPARE(run.identity().environment["processes"].get<int>(), 2);
    QCOMPARE(object(cli({"show", "both", "--json"}).out)["state"].toString(), QString("finished"));
    const CliResult none = cli(train({"--processes", "0"}));
    QCOMPARE(none.status, 1);
    QVERIFY2(none.err.contains("--processes"), none.err.constData());
}

void TestCliTraining::severalProcessesStopTogether() {
    if (!RETORT_HAS_C10D) QSKIP("NOT TESTED: this build has no Gloo, and trains by one process");
    Training first(*this,
                   train({"--processes", "2", "--set", "training.max_steps=1000000", "--set", "name=pair"}));
    QVERIFY(first.comesToSteps());
    QCOMPARE(first.ranks().size(), 2);
    // As `kill` does: to the one that started them. (A terminal's Ctrl+C goes to all three.)
    first.signal(SIGINT);
    QVERIFY(first.process.waitForFinished(60'000));
    QCOMPARE(first.process.exitCode(), 130);
    QJsonObject shown = object(cli({"show", "pair", "--json"}).out);
    QCOMPARE(shown["state"].toString(), QString("stopped"));
    const int step = shown["step"].toInt();
    QVERIFY(!shown["checkpoints"].toArray().isEmpty());
    QCOMPARE(shown["checkpoints"].toArray().last()["step"].toInt(), step);

    Training again(*this, {"resume", "pair", "--processes", "2"});
    QVERIFY(again.comesToSteps());
    const QList<pid_t> ranks = again.ranks();
    QCOMPARE(ranks.size(), 2);
    // Nobody is left to tell them: they hear of it from the system, and save.
    again.signal(SIGKILL);
    QVERIFY(again.process.waitForFinished(60'000));
    for (const pid_t rank : ranks) QTRY_VERIFY_WITH_TIMEOUT(::kill(rank, 0) != 0, 60'000);
    const RunDirectory run = RunDirectory::open(shown["directory"].toString().toStdString());
    const auto end = endOfLastAttempt(run);
    QVERIFY(end && end->outcome == "stopped");
    QVERIFY(!run.checkpointSteps().empty() && run.checkpointSteps().back() > step);
}

void TestCliTraining::severalProcessesAreStoppedAtOnce_data() {
    QTest::addColumn<int>("afterMs");
    for (const int ms : {0, 20, 100, 300, 700}) QTest::addRow("after %d ms", ms) << ms;
}

// A Ctrl+C before the ranks listen.
void TestCliTraining::severalProcessesAreStoppedAtOnce() {
    if (!RETORT_HAS_C10D) QSKIP("NOT TESTED: this build has no Gloo, and trains by one process");
    QFETCH(int, afterMs);
    const QString name = QStringLiteral("hasty%1").arg(afterMs);
    Training training(
        *this, train({"--processes", "2", "--set", "training.max_steps=1000000", "--set", "name=" + name}));
    QElapsedTimer waiting;
    waiting.start();
    while (training.ranks().size() < 2 && waiting.elapsed() < 60'000) QThread::msleep(1);
    QThread::msleep(ulong(afterMs));
    const QList<pid_t> ranks = training.ranks();
    QCOMPARE(ranks.size(), 2);
    training.signal(SIGINT);
    for (const pid_t rank : ranks) ::kill(rank, SIGINT);
    QVERIFY(training.process.waitForFinished(60'000));
    QVERIFY2(training.process.exitCode() == 130, training.process.readAllStandardError().constData());
    QCOMPARE(object(cli({"show", name, "--json"}).out)["state"].toString(), QString("stopped"));
}

void TestCliTraining::aKilledProcessEndsTheRun() {
    if (!RETORT_HAS_C10D) QSKIP("NOT TESTED: this build has no Gloo, and trains by one process");
    Training training(
        *this, train({"--processes", "2", "--set", "training.max_steps=1000000", "--set", "name=torn"}));
    QVERIFY(training.comesToSteps());
    const QList<pid_t> ranks = training.ranks();
    QCOMPARE(ranks.size(), 2);
    ::kill(ranks[1], SIGKILL);
    QVERIFY(training.process.waitForFinished(60'000));
    QCOMPARE(training.process.exitCode(), 1);
    const QByteArray said = training.process.readAllStandardError();
    QVERIFY2(said.contains("lost rank 1"), said.constData());
    QVERIFY(::kill(ranks[0], 0) != 0);
    QCOMPARE(object(cli({"show", "torn", "--json"}).out)["state"].toString(), QString("failed"));
}

/// torchrun starts the command in every process: it must not make a run in each.
void TestCliTraining::rankAloneMakesNoRun() {
    QProcess process;
    prepareCli(process, m_home.path(), train({"--set", "name=twice"}));
    QProcessEnvironment environment = process.processEnvironment();
    environment.insert("RANK", "1");
    environment.insert("WORLD_SIZE", "2");
    environment.insert("MASTER_ADDR", "127.0.0.1");
    environment.insert("MASTER_PORT", "29500");
    process.setProcessEnvironment(environment);
    process.start();
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitCode(), 1);
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains("torchrun") && said.contains("--prepare"), said.constData());
    QCOMPARE(cli({"show", "twice"}).status, 1);
}

void TestCliTraining::trainRunNeedsNoStore() {
    const CliResult made =
        cli(train({"--json", "--out", m_home.filePath("elsewhere"), "--set", "training.max_steps=2"}));
    QVERIFY2(made.status == 0, made.err.constData());
    const QString directory = lines(made.out)[0]["directory"].toString();
    QVERIFY(directory.startsWith(m_home.filePath("elsewhere")));
    // It has been trained: without --resume that is an error, and the log is as it was.
    const QByteArray before = QByteArray::fromStdString(readFile((directory + "/config.yaml").toStdString()));
    QTemporaryDir other;
    const CliResult again = runCli(other.path(), {"train-run", directory});
    QCOMPARE(again.status, 1);
    QVERIFY(!again.err.isEmpty());
    QCOMPARE(QByteArray::fromStdString(readFile((directory + "/config.yaml").toStdString())), before);
    QVERIFY(!QFile::exists(other.filePath("lab.db")));
}

void TestCliTraining::brokenCheckpointIsAnError() {
    const QString checkpoint =
        object(cli({"show", "tiny", "--json"}).out)["checkpoints"].toArray().last()["path"].toString();
    const QString broken = m_home.filePath("broken");
    QVERIFY(QDir().mkpath(broken));
    for (const QString& name : QDir(checkpoint).entryList(QDir::Files))
        QFile::copy(checkpoint + "/" + name, broken + "/" + name);
    QFile::resize(broken + "/model.safetensors", 100);
    const CliResult truncated = cli({"generate", broken, "--prompt", "1+1="});
    QCOMPARE(truncated.status, 1);
    QVERIFY2(truncated.err.contains("model.safetensors"), truncated.err.constData());
    QFile::remove(broken + "/model.safetensors");
    const CliResult missing = cli({"eval", broken, "--task", "addition"});
    QCOMPARE(missing.status, 1);
    QVERIFY2(missing.err.contains("model.safetensors is missing"), missing.err.constData());
}

void TestCliTraining::environmentIsTold() {
    const CliResult result = cli({"env", "--json"});
    QVERIFY2(result.status == 0, result.err.constData());
    QVERIFY(object(result.out).size() > 3);
}

void TestCliTraining::interruptedGenerationSaysWhatIsWhole() {
    const CliResult result = interrupted(
        {"generate", "tiny", "--json", "--prompt", "a1+2=", "--samples", "1000000", "--max-tokens", "50"});
    QCOMPARE(result.status, 130);
    QVERIFY2(result.err.contains("interrupted") && result.err.contains("of 1000000 completions"),
             result.err.constData());
    for (const QJsonObject& text : lines(result.out)) QCOMPARE(text["prompt"].toString(), QString("a1+2="));
    QVERIFY(lines(result.out).size() < 1'000'000);
}

void TestCliTraining::interruptedEvaluationSaysWhatIsAnswered() {
    const CliResult result =
        interrupted({"eval", "tiny", "--json", "--task", "{task: addition, max_digits: 5, format: plain}",
                     "--problems", "100000", "--samples", "64", "--temperature", "1", "--max-tokens", "40"});
    QCOMPARE(result.status, 130);
    QVERIFY2(result.err.contains("interrupted"), result.err.constData());
    for (const QJsonObject& report : lines(result.out)) {
        QVERIFY(report["problems"].toInt() > 0);
        QVERIFY(report["problems"].toInt() < report["asked"].toInt());
        QVERIFY(report["metrics"].toObject().contains("accuracy"));
    }
}

void TestCliTraining::quickstartPassesThroughAllStages() {
    const QString out = m_home.filePath("quick");
    const CliResult result = cli({"quickstart", "--fast", "--quiet", "--out", out});
    QVERIFY2(result.status == 0, result.err.constData());
    QVERIFY2(result.out.contains("accuracy") && result.out.contains("reward"), result.out.constData());
    const CliResult runs = cli({"runs", "--json", "--store", out + "/lab.db"});
    const QJsonArray list = QJsonDocument::fromJson(runs.out).array();
    QVERIFY(list.size() >= 2);
    for (const QJsonValue& run : list) QCOMPARE(run["state"].toString(), QString("finished"));
}

void TestCliTraining::killedQuickstartGoesOn() {
    const QString out = m_home.filePath("killed"), store = out + "/lab.db";
    const QStringList quickstart = {"quickstart", "--fast", "--json", "--out", out};
    QProcess process;
    prepareCli(process, m_home.path(), quickstart);
    process.start();
    QByteArray said;
    while (!said.contains("\"stage\":\"teacher\"")) {
        QVERIFY(process.waitForReadyRead(60'000));
        said += process.readAllStandardOutput();
    }
    process.kill();
    QVERIFY(process.waitForFinished());

    const CliResult again = cli({"quickstart", "--fast", "--out", out});
    QVERIFY2(again.status == 0, again.err.constData());
    QVERIFY2(again.err.contains("pretrain (done before)") && again.err.contains("teacher (goes on)"),
             again.err.constData());
    const QJsonArray runs = QJsonDocument::fromJson(cli({"runs", "--json", "--store", store}).out).array();
    const int stages = runs.size();
    QVERIFY(stages >= 3);
    for (const QJsonValue& run : runs) QCOMPARE(run["state"].toString(), QString("finished"));

    // A study that is complete is not gone on with.
    QVERIFY(cli(quickstart).out.contains("\"stage\":\"pretrain\""));
    QCOMPARE(QJsonDocument::fromJson(cli({"runs", "--json", "--store", store}).out).array().size(),
             2 * stages);
}

QTEST_GUILESS_MAIN(TestCliTraining)
#include "tst_cli_training.moc"
