// retort-cli lineage: the tree, the family of one, differences, the merge check, folders from elsewhere, and
// what is wrong.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <map>

#include "cli_process.h"
#include "core/config/launch.h"
#include "core/lineage/lineage_record.h"
#include "core/runlog/writer.h"
#include "core/store/store.h"
#include "core/util/files.h"
#include "tests/core/lineage/small_checkpoint.h"

using namespace retort;
namespace fs = std::filesystem;

class TestCliLineage : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // base (folder) → first, second (runs); soup (folder) of both.
    void initTestCase() {
        makeCheckpoint(folder() / "base");
        for (const char* name : {"first", "second"}) makeRun(name);
        makeCheckpoint(folder() / "soup", {.value = 3});
        writeLineageRecord(folder() / "soup", {"linear",
                                               {{LineageKind::Merged, checkpoint("first"), {}, 0.25, false},
                                                {LineageKind::Merged, checkpoint("second"), {}, 0.75, true}},
                                               "",
                                               0,
                                               ""});
        const CliResult added = cli({"lineage", "add", soup()});
        QVERIFY2(added.status == 0, added.err);
        QVERIFY2(added.err.contains("soup: 2 parents"), added.err);
    }

    void tree() {
        const CliResult result = cli({"lineage"});
        QCOMPARE(result.status, 0);
        QCOMPARE(QString::fromUtf8(result.out),
                 QString::fromUtf8("base\n"
                                   "├─ trained: first@10 (sft, accuracy 0.5)\n"
                                   "│  └─ merged 0.25: soup (linear merge)\n"
                                   "└─ trained: second@10 (sft, accuracy 0.5)\n"
                                   "   └─ merged 0.75, base: soup (above)\n"));
    }
    void family() {
        const CliResult result = cli({"lineage", "first"});
        QVERIFY(result.out.contains("* first@10") && result.out.contains("soup") &&
                result.out.contains("base"));
        QVERIFY(!result.out.contains("second"));
        QCOMPARE(cli({"lineage", "first@10"}).out, result.out);
        QCOMPARE(cli({"lineage", QString::fromStdString(checkpoint("first"))}).out, result.out);
    }
    void jsonAndDot() {
        const QJsonObject json = QJsonDocument::fromJson(cli({"lineage", "--json"}).out).object();
        QCOMPARE(json["nodes"].toArray().size(), 4);
        QCOMPARE(json["edges"].toArray().size(), 4);
        const CliResult dot = cli({"lineage", "second", "--dot"});
        QVERIFY(dot.out.startsWith("digraph") && dot.out.count("->") == 2);
    }

    void differences() {
        const CliResult result = cli({"lineage", "--diff", "first", "second"});
        QCOMPARE(result.status, 0);
        QVERIFY2(result.out.contains("first@10 ← base → second@10"), result.out);
        QVERIFY(result.out.contains("common ancestor: base"));
        QVERIFY2(result.out.contains("data.tasks.0.max_digits"), result.out);
        const QJsonObject json =
            QJsonDocument::fromJson(cli({"lineage", "--diff", "first", "second", "--json"}).out).object();
        QCOMPARE(json["way"].toArray().size(), 2);
        QVERIFY(json["rows"].toArray().size() >= 1);
    }

    void check() {
        CliResult result = cli({"lineage", "--check", "first", "second"});
        QVERIFY2(result.status == 0, result.out + result.err);
        QVERIFY2(result.out.contains("Nearest common ancestor: base."), result.out);
        makeCheckpoint(folder() / "wide", {.hidden = 6});
        result = cli(
            {"lineage", "--check", "first", QString::fromStdString((folder() / "wide").string()), "--json"});
        QCOMPARE(result.status, 3);
        QCOMPARE(QJsonDocument::fromJson(result.out).array()[0].toObject()["severity"].toString(),
                 QString("error"));
    }

    void wrong_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("unknown") << QStringList{"lineage", "frist"} << QByteArray("did you mean first?");
        QTest::newRow("a folder that is none")
            << QStringList{"lineage", "add", home()} << QByteArray("holds no checkpoint");
        QTest::newRow("not recorded")
            << QStringList{"lineage", home()} << QByteArray("lineage add FOLDER takes it in");
        QTest::newRow("one to compare")
            << QStringList{"lineage", "--diff", "first"} << QByteArray("needs two checkpoints");
        QTest::newRow("three to compare") << QStringList{"lineage", "--diff", "first", "second", "soup"}
                                          << QByteArray("needs two checkpoints");
        QTest::newRow("one to check")
            << QStringList{"lineage", "--check", "first"} << QByteArray("at least two");
    }
    void wrong() {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, message);
        const CliResult result = cli(arguments);
        QVERIFY(result.status > 0);
        QVERIFY2(result.err.contains(message), result.err);
    }

    // After a reindex of the run directories the graph is the same.
    void reindex() {
        const QByteArray before = cli({"lineage"}).out;
        QCOMPARE(cli({"store", "reindex"}).status, 0);
        QCOMPARE(cli({"lineage"}).out, before);
    }

  private:
    QString home() const { return m_home.path(); }
    fs::path folder() const { return home().toStdString(); }
    QString soup() const { return m_home.filePath("soup"); }
    CliResult cli(const QStringList& arguments) const { return runCli(home(), arguments); }
    std::string checkpoint(const std::string& name) const { return m_checkpoints.at(name); }

    void makeRun(const std::string& name) {
        const std::string yaml = "recipe: sft\nname: " + name +
                                 "\nmodel: {from: base}\ndata: {tasks: [{task: addition, max_digits: " +
                                 std::to_string(name.size() - 2) + "}]}\n";
        const PreparedRun prepared = prepareRun(parseConfig(yaml, "c.yaml"), folder(), {});
        const RunDirectory run = createRun(prepared, folder() / "runs", "tst_cli_lineage");
        m_checkpoints[name] = makeCheckpoint(run.checkpointFolder(10)).string();
        RunLogWriter log(run.eventsFile());
        log.write(StartEvent{1, 0, 10, 1, "here", "test"});
        log.write(CheckpointEvent{10, "checkpoints/step-00000010"});
        log.write(EvaluationEvent{10, "addition", "x", {{"accuracy", 0.5}}, {}});
        log.write(EndEvent{"finished", ""});
        log.sync();
        StoreWriter store(folder() / "lab.db");
        store.ingest(store.addRun(run, "cli").get()).get();
    }

    QTemporaryDir m_home;
    std::map<std::string, std::string> m_checkpoints;
};

QTEST_GUILESS_MAIN(TestCliLineage)
#include "tst_cli_lineage.moc"
