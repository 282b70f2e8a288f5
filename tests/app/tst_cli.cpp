// retort-cli without training: usage, schema, the store's commands, exports, errors and exit statuses.
#include <sys/resource.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <csignal>

#include "cli_process.h"
#include "core/config/launch.h"
#include "core/config/parameter.h"
#include "core/runlog/codec.h"
#include "core/runlog/writer.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"
#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

// A finished run of ten steps with a trace and an evaluation, registered in a new store.
RunDirectory fillStore(const fs::path& home) {
    const PreparedRun prepared = prepareRun(
        parseConfig("recipe: sft\nname: first\ndata: {tasks: [{task: addition}]}\n", "c.yaml"), home, {});
    const RunDirectory run = createRun(prepared, home / "runs", "tst_cli");
    {
        RunLogWriter log(run.eventsFile());
        log.write(StartEvent{1, 0, 10, 1, "here", "tst_cli"});
        for (int step = 1; step <= 10; ++step)
            log.write(ScalarsEvent{step, step * 100, {{"loss", 1.0 / step}, {"odd", step == 5 ? NAN : 0.1}}});
        Trace trace;
        trace.step = 10;
        trace.phase = "eval";
        trace.task = "addition";
        trace.problemId = "addition:1+2";
        trace.prompt = "1+2=";
        trace.completion = "3, \"quoted\"\nline";
        trace.gold = "3";
        trace.correct = true;
        log.write(TraceEvent{trace});
        log.write(
            EvaluationEvent{10, "addition", "abc", {{"accuracy", 0.75}}, {{"addition:1+2", 1, 1, 4.0}}});
        log.write(AlarmEvent{7, "non_finite", "warning", "a value is not finite"});
        log.write(EndEvent{"finished", ""});
        log.sync();
    }
    StoreWriter store(home / "lab.db");
    store.ingest(store.addRun(run, "cli").get()).get();
    return run;
}

QJsonDocument json(const QByteArray& text) {
    return QJsonDocument::fromJson(text);
}

}  // namespace

class TestCli : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void usageErrors_data();
    void usageErrors();
    void helpOfEveryCommand();
    void schemaIsTheDeclarations();
    void wrongConfigurationsLeaveNothing_data();
    void wrongConfigurationsLeaveNothing();
    void commandsWithoutAStore_data();
    void commandsWithoutAStore();
    void runsAndShow();
    void exportsAreExact();
    void exportNeverHalfWrites();
    void storeCheckFindsProblems();
    void storeQueryReadsOnly();
    void storeBackupAndCompact();
    void storeReindexFindsRuns();
    void storesThatAreNone_data();
    void storesThatAreNone();
    void anOlderStoreIsBroughtUpToDate();
    void logsWithFaults_data();
    void logsWithFaults();
    void newerStoreIsRefused();
    void lockedStoreLeavesNoRun();
    void readOnlyStoreIsSaid();
    void fullDiskIsSaid();
    void requestsNeedARunningRun();
    void unknownRunsNameTheNearest();
    void closedPipeIsNoCrash();

  private:
    QString home() const { return m_home->path(); }
    fs::path folder() const { return home().toStdString(); }
    CliResult cli(const QStringList& arguments) const { return runCli(home(), arguments); }
    QString smallConfig() const {
        writeFileAtomically(folder() / "small.yaml",
                            "recipe: sft\nname: small\ndata: {tasks: [{task: addition}]}\n");
        return m_home->filePath("small.yaml");
    }

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestCli::usageErrors_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("nothing") << QStringList{} << QByteArray("usage: retort-cli COMMAND");
    QTest::newRow("unknown command") << QStringList{"tarin"} << QByteArray("did you mean train?");
    QTest::newRow("store alone") << QStringList{"store"}
                                 << QByteArray("check, backup, query, compact, reindex");
    QTest::newRow("half of two words")
        << QStringList{"traces"} << QByteArray("traces needs one of import, export");
    QTest::newRow("a wrong second word")
        << QStringList{"traces", "improt"} << QByteArray("traces needs one of import, export");
    QTest::newRow("an option before two words")
        << QStringList{"--store", "x.db", "traces", "export", "--nonsense"}
        << QByteArray("unknown option --nonsense");
    QTest::newRow("unknown option") << QStringList{"runs", "--jsno"} << QByteArray("did you mean --json?");
    QTest::newRow("missing argument") << QStringList{"show"} << QByteArray("RUN is missing");
    QTest::newRow("not a number") << QStringList{"store", "query", "x", "--limit", "many"}
                                  << QByteArray("expects an integer");
    QTest::newRow("format") << QStringList{"export", "x", "--format", "xml"}
                            << QByteArray("one of csv, jsonl");
}

void TestCli::usageErrors() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, message);
    const CliResult result = cli(arguments);
    QCOMPARE(result.status, 2);
    QVERIFY2(result.err.contains(message), result.err.constData());
    QVERIFY(result.out.isEmpty());
}

void TestCli::helpOfEveryCommand() {
    const CliResult overview = cli({"help"});
    QCOMPARE(overview.status, 0);
    const QStringList names = {
        "train", "resume", "eval",     "generate",   "runs", "show",       "export",      "schema",
        "stop",  "pause",  "continue", "checkpoint", "env",  "quickstart", "store check", "store reindex"};
    for (const QString& name : names) {
        QVERIFY2(overview.out.contains("  " + name.toUtf8() + " "), qPrintable(name));
        const CliResult help = cli(name.split(' ') + QStringList{"--help"});
        QCOMPARE(help.status, 0);
        QVERIFY2(help.out.contains("usage: retort-cli " + name.toUtf8()), qPrintable(name));
    }
    QVERIFY(cli({"--version"}).out.startsWith("retort-cli "));
}

void TestCli::schemaIsTheDeclarations() {
    const CliResult result = cli({"schema", "grpo", "--json"});
    QCOMPARE(result.status, 0);
    const QJsonObject schema = json(result.out).object();
    QCOMPARE(schema["recipe"].toString(), QString("grpo"));
    QHash<QString, QJsonObject> parameters;
    for (const QJsonValue& each : schema["parameters"].toArray())
        parameters[each.toObject()["path"].toString()] = each.toObject();
    QCOMPARE(parameters["training.learning_rate"]["default"].toDouble(), 1e-4);
    QCOMPARE(parameters["grpo.num_generations"]["minimum"].toDouble(), 2.0);
    QVERIFY(!parameters["data.tasks"]["variants"].toArray().isEmpty());
    QCOMPARE(json(cli({"schema", "--json"}).out).array().size(), qsizetype(recipeSchemas().size()));
    QVERIFY(cli({"schema", "sft"}).out.contains("learning_rate"));
    QVERIFY(
        cli({"schema", "sft", "--markdown"}).out.contains("| `training.learning_rate` | number | `0.001` |"));
    const CliResult wrong = cli({"schema", "stf"});
    QCOMPARE(wrong.status, 1);
    QVERIFY2(wrong.err.contains("did you mean sft?"), wrong.err.constData());
}

void TestCli::wrongConfigurationsLeaveNothing_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("unknown key") << QByteArray("recipe: sft\nlerning_rate: 1\n")
                                 << QByteArray("c.yaml:2:1: lerning_rate");
    QTest::newRow("several") << QByteArray("seed: x\nname: [a]\n") << QByteArray("c.yaml:2:7: name");
    QTest::newRow("truncated") << QByteArray("recipe: sft\ndata: {tasks: [{task: additi")
                               << QByteArray("a [ or { is not closed");
    QTest::newRow("out of range") << QByteArray(
                                         "data: {tasks: [{task: addition}]}\ntraining: {batch_size: 0}\n")
                                  << QByteArray("c.yaml:2:24: training.batch_size: expected an integer >= 1");
    QTest::newRow("data file with a bad line")
        << QByteArray("data: {files: [{path: bad.jsonl}]}\n") << QByteArray("bad.jsonl:2: ");
    QTest::newRow("broken") << QByteArray("a: [\n") << QByteArray("c.yaml:2:1: not valid YAML");
    QTest::newRow("nothing") << QByteArray() << QByteArray("there is nothing to learn from");
    QTest::newRow("unknown start") << QByteArray(
                                          "data: {tasks: [{task: addition}]}\nmodel: {from: run:none}\n")
                                   << QByteArray("there is no run 'none'");
    QTest::newRow("file that is not there")
        << QByteArray("data: {files: [{path: none.jsonl}]}\n") << QByteArray("there is no such file");
}

void TestCli::wrongConfigurationsLeaveNothing() {
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, message);
    const QString file = m_home->filePath("c.yaml");
    writeFileAtomically(file.toStdString(), yaml.toStdString());
    writeFileAtomically(folder() / "bad.jsonl", "{\"text\":\"fine\"}\n{\"text\":\n");
    const CliResult result = cli({"train", file});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains(message), result.err.constData());
    QVERIFY(result.out.isEmpty());
    QVERIFY(!QFile::exists(m_home->filePath("lab.db")));
    QVERIFY(!QFile::exists(m_home->filePath("runs")));
}

void TestCli::commandsWithoutAStore_data() {
    QTest::addColumn<QStringList>("arguments");
    for (const char* line :
         {"runs", "show x", "export x", "stop x", "store check", "store compact", "store query select"})
        QTest::newRow(line) << QString(line).split(' ');
}

void TestCli::commandsWithoutAStore() {
    QFETCH(QStringList, arguments);
    const CliResult result = cli(arguments);
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("lab.db: there is no store"), result.err.constData());
    QVERIFY(!QFile::exists(m_home->filePath("lab.db")));
}

void TestCli::runsAndShow() {
    const RunDirectory run = fillStore(folder());
    const CliResult runs = cli({"runs", "--json"});
    QCOMPARE(runs.status, 0);
    const QJsonArray list = json(runs.out).array();
    QCOMPARE(list.size(), 1);
    QCOMPARE(list[0]["name"].toString(), QString("first"));
    QCOMPARE(list[0]["state"].toString(), QString("finished"));
    QCOMPARE(list[0]["step"].toInt(), 10);
    QVERIFY(cli({"runs"}).out.contains("first"));

    for (const QString& name : {QString("first"), QString::fromStdString(run.identity().id.substr(0, 8))}) {
        const CliResult shown = cli({"show", name, "--json"});
        QCOMPARE(shown.status, 0);
        const QJsonObject object = json(shown.out).object();
        QCOMPARE(object["latest"]["loss"].toDouble(), 0.1);
        QCOMPARE(object["evaluations"][0]["metrics"]["accuracy"].toDouble(), 0.75);
        QVERIFY(object["config"].toString().contains("learning_rate: 0.001"));
    }
    const CliResult text = cli({"show", "first"});
    QCOMPARE(text.status, 0);
    for (const char* part : {"loss", "accuracy", "0.75", "a value is not finite", "1 traces"})
        QVERIFY2(text.out.contains(part), text.out.constData());
}

void TestCli::exportsAreExact() {
    fillStore(folder());
    const CliResult points = cli({"export", "first"});
    QCOMPARE(points.status, 0);
    QVERIFY(points.out.startsWith("series,step,tokens,time,value,attempt,superseded\n"));
    QVERIFY(points.out.contains("loss,3,300,"));
    QVERIFY(points.out.contains(",0.3333333333333333,1,0\n"));
    QVERIFY(points.out.contains(",NaN,1,0\n"));
    QCOMPARE(points.out.count('\n'), 21);

    const CliResult traces = cli({"export", "first", "--what", "traces", "--format", "jsonl"});
    QCOMPARE(json(traces.out.trimmed())["completion"].toString(), QString("3, \"quoted\"\nline"));
    const CliResult csv = cli({"export", "first", "--what", "traces"});
    QVERIFY2(csv.out.contains("1+2=,\"3, \"\"quoted\"\"\nline\",3,"), csv.out.constData());

    const QString file = m_home->filePath("out.jsonl");
    QCOMPARE(cli({"export", "first", "--what", "evaluations", "--format", "jsonl", "--out", file}).status, 0);
    QFile out(file);
    QVERIFY(out.open(QIODevice::ReadOnly));
    QCOMPARE(json(out.readAll())["items"][0]["problem"].toString(), QString("addition:1+2"));
}

void TestCli::exportNeverHalfWrites() {
    fillStore(folder());
    const CliResult result = cli({"export", "first", "--out", m_home->filePath("none/out.csv")});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("cannot write this file"), result.err.constData());
    QFile full("/dev/full");
    if (!full.exists()) return;
    QProcess process;
    prepareCli(process, home(), {"export", "first"});
    process.setStandardOutputFile("/dev/full");
    process.start();
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 1);
}

void TestCli::storeCheckFindsProblems() {
    const RunDirectory run = fillStore(folder());
    const CliResult good = cli({"store", "check"});
    QVERIFY2(good.status == 0, good.out.constData());
    fs::resize_file(run.eventsFile(), 40);
    const CliResult bad = cli({"store", "check", "--json"});
    QCOMPARE(bad.status, 3);
    QVERIFY(!json(bad.out)["problems"].toArray().isEmpty());
}

void TestCli::storeQueryReadsOnly() {
    fillStore(folder());
    const CliResult rows =
        cli({"store", "query", "SELECT 1 AS one, 'a' AS letter UNION SELECT 2, 'b'", "--json"});
    QCOMPARE(rows.status, 0);
    QCOMPARE(rows.out, QByteArray("{\"one\":\"1\",\"letter\":\"a\"}\n{\"one\":\"2\",\"letter\":\"b\"}\n"));
    for (const char* sql :
         {"DROP TABLE runs", "CREATE TABLE x(y)", "nonsense", "SELECT 1; DELETE FROM runs"}) {
        const CliResult result = cli({"store", "query", sql});
        QVERIFY2(result.status == 1, sql);
        QVERIFY(!result.err.isEmpty());
    }
    QCOMPARE(json(cli({"runs", "--json"}).out).array().size(), 1);
}

void TestCli::storeBackupAndCompact() {
    fillStore(folder());
    const QString copy = m_home->filePath("copy.db");
    QCOMPARE(cli({"store", "backup", copy}).status, 0);
    QCOMPARE(json(cli({"runs", "--json", "--store", copy}).out).array().size(), 1);
    const CliResult again = cli({"store", "backup", copy});
    QCOMPARE(again.status, 1);
    QVERIFY2(again.err.contains("is there already"), again.err.constData());
    QCOMPARE(cli({"store", "compact"}).status, 0);
    QCOMPARE(cli({"--store", copy, "store", "check"}).status, 0);
}

void TestCli::storeReindexFindsRuns() {
    fillStore(folder());
    for (const char* file : {"lab.db", "lab.db-wal", "lab.db-shm"}) fs::remove(folder() / file);
    const CliResult result = cli({"store", "reindex", "--json"});
    QCOMPARE(result.status, 0);
    QCOMPARE(json(result.out)["runs"].toInt(), 1);
    QCOMPARE(json(cli({"show", "first", "--json"}).out)["step"].toInt(), 10);
    QCOMPARE(cli({"store", "reindex", m_home->filePath("none")}).status, 1);
}

// After an update the first command may be one that only reads.
void TestCli::anOlderStoreIsBroughtUpToDate() {
    const fs::path file = folder() / "lab.db";
    fs::copy_file(fs::path(STORE_FIXTURES) / "v6.db", file);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    const CliResult result = cli({"runs", "--json"});
    QVERIFY2(result.status == 0, result.err.constData());
    QVERIFY(fs::exists(folder() / "lab.db.v6.bak"));
    QCOMPARE(cli({"queue", "list"}).status, 0);
}

void TestCli::storesThatAreNone_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("text")
        << QByteArray("this is not a database, but a text that is longer than a header").repeated(20);
    QTest::newRow("truncated header") << QByteArray("SQLite format 3");
}

void TestCli::storesThatAreNone() {
    QFETCH(QByteArray, content);
    const fs::path file = folder() / "other.db";
    writeFileAtomically(file, content.toStdString());
    for (const QStringList& command :
         {QStringList{"runs"}, QStringList{"store", "check"}, QStringList{"store", "compact"}}) {
        const CliResult result = cli(command + QStringList{"--store", QString::fromStdString(file.string())});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.err.contains("other.db"), result.err.constData());
    }
    QCOMPARE(QByteArray::fromStdString(readFile(file)), content);
}

void TestCli::logsWithFaults_data() {
    QTest::addColumn<QByteArray>("added");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("torn last line") << QByteArray("{\"seq\":16,\"t\":1,\"ki")
                                    << QByteArray(
                                           "the log's last line is torn, 19 bytes that count for nothing; "
                                           "retort-cli resume cuts them off");
    QTest::newRow("foreign line") << QByteArray("Segmentation fault\n") << QByteArray("events.jsonl:16: ");
    QTest::newRow("gap in seq")
        << QByteArray("{\"seq\":99,\"t\":1,\"kind\":\"message\",\"level\":\"info\",\"text\":\"x\"}\n")
        << QByteArray("events.jsonl:16: seq 99 follows 15: 83 events are missing");
}

// What the rest of the log says counts; the check says which line does not, and the log stays as it is.
void TestCli::logsWithFaults() {
    QFETCH(QByteArray, added);
    QFETCH(QByteArray, message);
    const RunDirectory run = fillStore(folder());
    const std::string before = readFile(run.eventsFile()) + added.toStdString();
    writeFileAtomically(run.eventsFile(), before);
    QCOMPARE(cli({"store", "reindex"}).status, 0);
    const CliResult check = cli({"store", "check"});
    QCOMPARE(check.status, 3);
    QVERIFY2(check.out.contains(message), check.out.constData());
    QVERIFY(check.out.contains(run.eventsFile().c_str()));
    QCOMPARE(json(cli({"show", "first", "--json"}).out)["step"].toInt(), 10);
    if (added.endsWith('\n')) QVERIFY(cli({"show", "first"}).out.contains("events.jsonl:16"));
    QCOMPARE(readFile(run.eventsFile()), before);
}

void TestCli::newerStoreIsRefused() {
    fillStore(folder());
    const QString store = m_home->filePath("lab.db");
    Database(folder() / "lab.db", Database::Mode::ReadWrite).execute("PRAGMA user_version = 999");
    const QByteArray before = QByteArray::fromStdString(readFile(store.toStdString()));
    const QString config = smallConfig();
    for (const QStringList& command :
         {QStringList{"runs"}, QStringList{"train", config}, QStringList{"store", "check"}}) {
        const CliResult result = cli(command);
        QCOMPARE(result.status, 1);
        QVERIFY2(result.err.contains("newer version of Retort (schema 999"), result.err.constData());
    }
    QCOMPARE(QByteArray::fromStdString(readFile(store.toStdString())), before);
    QCOMPARE(QDir(m_home->filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1);
}

// A run that the store cannot take is not begun.
void TestCli::lockedStoreLeavesNoRun() {
    fillStore(folder());
    Database other(folder() / "lab.db", Database::Mode::ReadWrite);
    other.execute("BEGIN IMMEDIATE");
    const CliResult result = cli({"train", "--detach", smallConfig()});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("locked by another program"), result.err.constData());
    QCOMPARE(QDir(m_home->filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1);
    QVERIFY(cli({"show", "first"}).out.contains("finished"));
}

void TestCli::readOnlyStoreIsSaid() {
    fillStore(folder());
    const QString config = smallConfig(), store = m_home->filePath("lab.db");
    QFile(store).setPermissions(QFile::ReadOwner);
    const bool isRoot = QFile(store).open(QIODevice::ReadWrite);
    if (isRoot) QSKIP("root may write everything");
    const CliResult result = cli({"train", config});
    QFile(store).setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("the store is read-only"), result.err.constData());
    QCOMPARE(QDir(m_home->filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1);
}

// A limit on the size of files tears a write as a full disk does.
void TestCli::fullDiskIsSaid() {
    fillStore(folder());
    const std::string before = readFile(folder() / "lab.db");
    QProcess process;
    prepareCli(process, home(), {"store", "backup", m_home->filePath("copy.db")});
    process.setChildProcessModifier([] {
        const rlimit limit{120'000, 120'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::signal(SIGXFSZ, SIG_IGN);
    });
    process.start();
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 1);
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains("copy.db"), said.constData());
    QVERIFY(!QFile::exists(m_home->filePath("copy.db")));
    QCOMPARE(readFile(folder() / "lab.db"), before);
}

void TestCli::requestsNeedARunningRun() {
    fillStore(folder());
    for (const char* command : {"stop", "pause", "continue", "checkpoint"}) {
        const CliResult result = cli({command, "first"});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.err.contains("this run is not running"), result.err.constData());
    }
}

void TestCli::unknownRunsNameTheNearest() {
    fillStore(folder());
    const CliResult result = cli({"show", "frist"});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("did you mean first?"), result.err.constData());
}

void TestCli::closedPipeIsNoCrash() {
    QProcess process;
    prepareCli(process, home(), {"schema"});
    process.start();
    process.closeReadChannel(QProcess::StandardOutput);
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
