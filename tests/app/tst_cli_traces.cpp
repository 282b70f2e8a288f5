// retort-cli traces: imports become runs in the store, once; exports are read back.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "cli_process.h"
#include "core/store/store.h"

using namespace retort;

namespace {

const QByteArray bench =
    R"({"id":"gsm8k-0","generator":"Qwen","problem":"P","steps":["To find …","Then 1.","So 2."],"final_answer_correct":false,"label":1})";
const QByteArray benchRight =
    R"({"id":"gsm8k-1","generator":"Qwen","problem":"Q","steps":["a","b"],"final_answer_correct":true,"label":-1})";

const QByteArray stepwiseTwo = R"({"prompt":"q","completions":["aa","bb"],"labels":[true,true]})";
const QByteArray stepwiseOne = R"({"prompt":"q","completions":["cc"],"labels":[true]})";
const QByteArray verlRow = R"({"input":"2+2?","output":"4","gts":"4","score":1,"step":1})";

}  // namespace

class TestCliTraces : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void importsOnce() {
        const QString file = write("gsm8k.json", "[\n" + bench + ",\n" + benchRight + "\n]\n");
        const CliResult first = cli({"traces", "import", file, "--run", "bench", "--json"});
        QVERIFY2(first.status == 0, first.err.constData());
        const QJsonObject report = QJsonDocument::fromJson(first.out).object();
        QCOMPARE(report["files"][0]["format"].toString(), QString("processbench"));
        QCOMPARE(report["files"][0]["traces"].toInt(), 2);
        QVERIFY(QFile::exists(report["directory"].toString() + "/events.jsonl"));
        const CliResult rows = cli(
            {"store", "query",
             "SELECT r.name, r.state, count(*) AS steps, sum(s.verdict <> 'unchecked') AS checked, "
             "(SELECT count(*) FROM trace_judgements JOIN lanes ON lanes.id = lane_id WHERE kind = 'human' "
             "AND lanes.name = 'ProcessBench') AS judged FROM runs r "
             "JOIN traces t ON t.run_id = r.id JOIN trace_steps s ON s.trace_id = t.id"});
        QVERIFY2(rows.out.simplified().endsWith("bench finished 5 0 4"), rows.out.constData());

        // Again, under another name and twice: nothing new. With another option it is another import.
        QVERIFY(QFile::copy(file, m_home->filePath("copy.json")));
        const CliResult again = cli({"traces", "import", file, m_home->filePath("copy.json"), "--json"});
        QCOMPARE(again.status, 0);
        QVERIFY(QJsonDocument::fromJson(again.out)["id"].isNull());
        QVERIFY(QJsonDocument::fromJson(again.out)["files"][1]["known"].toBool());
        QCOMPARE(runs(), 1);
        QCOMPARE(cli({"traces", "import", file, "--format", "processbench"}).status, 0);
        QCOMPARE(runs(), 2);
    }

    void exportsWhatWasImported() {
        const QByteArray list = "[\n" + bench + ",\n" + benchRight + "\n]\n";
        QCOMPARE(cli({"traces", "import", write("gsm8k.json", list), "--run", "bench"}).status, 0);
        const QString out = m_home->filePath("out.json");
        const QStringList asBench = {"traces", "export", "bench",       "--format", "processbench",
                                     "--out",  out,      "--generator", "Qwen"};
        const CliResult done = cli(asBench);
        QVERIFY2(done.status == 0, done.err.constData());
        QCOMPARE(read(out), list);
        const CliResult refused = cli(asBench);
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("--overwrite"), refused.err.constData());
        QCOMPARE(cli(asBench + QStringList{"--overwrite"}).status, 0);

        for (const char* format : {"prm800k", "trl-stepwise", "trl-sft", "csv", "jsonl"}) {
            const QString file = m_home->filePath(format);
            const CliResult result = cli({"traces", "export", "--format", format, "--out", file, "--json"});
            QVERIFY2(result.status == 0, result.err.constData());
            QVERIFY2(QJsonDocument::fromJson(result.out)["written"].toInt() > 0, result.out.constData());
        }
        QCOMPARE(
            read(m_home->filePath("trl-stepwise")),
            QByteArray("{\"prompt\":\"P\",\"completions\":[\"To find …\",\"Then 1.\"],\"labels\":[true,"
                       "false]}\n{\"prompt\":\"Q\",\"completions\":[\"a\",\"b\"],\"labels\":[true,true]}\n"));
        QCOMPARE(cli({"traces", "import", m_home->filePath("jsonl"), "--run", "back"}).status, 0);
        const QString second = m_home->filePath("second.jsonl");
        QCOMPARE(cli({"traces", "export", "back", "--format", "jsonl", "--out", second}).status, 0);
        QCOMPARE(read(second), read(m_home->filePath("jsonl")));
        QCOMPARE(cli({"traces", "export", "--format", "csv"}).status, 2);
        QCOMPARE(cli({"traces", "export", "none", "--format", "csv", "--out", m_home->filePath("x")}).status,
                 1);
    }

    void preferencePairs() {
        const QByteArray dump = R"({"input":"2+2?","output":"A","gts":"4","score":S,"step":1})";
        QByteArray content;
        for (const char* pair : {"r1 1", "w1 0", "r2 1", "w2 0", "w3 0"}) {
            QByteArray line = dump;
            content += line.replace("\"A\"", "\"" + QByteArray(pair, 2) + "\"").replace("S", pair + 3) + "\n";
        }
        const CliResult done = cli({"traces", "import", write("1.jsonl", content)});
        QVERIFY2(done.status == 0, done.err.constData());
        const QString out = m_home->filePath("pairs.jsonl");
        QCOMPARE(cli({"traces", "export", "1", "--format", "trl-preference", "--out", out}).status, 0);
        QCOMPARE(read(out), QByteArray("{\"prompt\":\"2+2?\",\"chosen\":\"r1\",\"rejected\":\"w1\"}\n"
                                       "{\"prompt\":\"2+2?\",\"chosen\":\"r2\",\"rejected\":\"w2\"}\n"));
    }

    // Bad rows are listed and the rest is kept; a file that is none leaves nothing behind.
    void badInput() {
        QByteArray beyond = bench;
        beyond.replace("\"label\":1", "\"label\":7");
        const CliResult some = cli({"traces", "import", write("b.jsonl", bench + "\n" + beyond + "\n{\n")});
        QCOMPARE(some.status, 3);
        QVERIFY2(some.out.contains("b.jsonl:2: label: is 7") && some.out.contains("b.jsonl:3:"),
                 some.out.constData());
        QCOMPARE(runs(), 1);
        const CliResult zip = cli({"traces", "import", write("log.eval", "PK\x03\x04")});
        QCOMPARE(zip.status, 1);
        QVERIFY2(zip.err.contains("zip archive"), zip.err.constData());
        // The second of two files is no trace: neither is taken.
        const CliResult two =
            cli({"traces", "import", write("c.jsonl", benchRight + "\n"), write("d", "{}")});
        QCOMPARE(two.status, 1);
        QCOMPARE(runs(), 1);
        QCOMPARE(QDir(m_home->filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1);
        QCOMPARE(cli({"traces", "import", m_home->filePath("none")}).status, 1);
        QCOMPARE(cli({"traces", "import"}).status, 2);
        QCOMPARE(cli({"traces", "import", "x", "--format", "word"}).status, 2);
        QCOMPARE(cli({"traces", "import", "x", "--field", "colour=c"}).status, 1);
    }

    // Two judges of the same steps: whose labels are written has to be said.
    void lanesAreAsked() {
        QCOMPARE(cli({"traces", "import", write("gsm8k.json", "[" + bench + "]"), "--run", "bench"}).status,
                 0);
        const RowId trace = firstTrace();
        StoreWriter store(m_store);
        store
            .setLanes(
                trace,
                {StepLane{
                    LaneKind::Prm,
                    "judge",
                    {{0, 11, {}, 0.9, 0, 0, ""}, {13, 20, {}, 0.2, 0, 0, ""}, {22, 27, {}, 0.4, 0, 0, ""}}}})
            .get();
        const QString out = m_home->filePath("out.jsonl");
        const QStringList ask = {"traces", "export", "--format", "trl-stepwise", "--out", out, "--overwrite"};
        const CliResult refused = cli(ask);
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains("human:ProcessBench, prm:judge") && refused.err.contains("--lane"),
                 refused.err.constData());
        const auto labels = [&](const QStringList& options) {
            const CliResult result = cli(ask + options);
            if (result.status != 0) return result.err;
            return QJsonDocument(QJsonDocument::fromJson(read(out)).object()["labels"].toArray())
                .toJson(QJsonDocument::Compact);
        };
        QCOMPARE(labels({"--lane", "human:ProcessBench"}), QByteArray("[true,false]"));
        QCOMPARE(labels({"--lane", "prm:judge"}), QByteArray("[true,false,false]"));
        QCOMPARE(labels({"--lane", "prm:judge", "--threshold", "0.3"}), QByteArray("[true,false,true]"));
        QCOMPARE(cli(ask + QStringList{"--lane", "human:nobody"}).status, 1);
        QCOMPARE(cli(ask + QStringList{"--lane", "judge"}).status, 1);
    }

    // What people said here: ratings, unsure, a correction, how it ended, and which of two is better.
    void exportsAnnotations() {
        const QByteArray rows = stepwiseTwo + "\n" + stepwiseOne + "\n";
        QCOMPARE(cli({"traces", "import", write("s.jsonl", rows), "--lane", "critic:c"}).status, 0);
        const RowId first = firstTrace(), second = first + 1;
        StoreWriter store(m_store);
        store
            .annotate(
                first, "ann",
                {{{AnnotationKind::StepRating, 0, 2}, 1, "", 2},
                 {{AnnotationKind::StepRating, 3, 5}, -1, "", 3},
                 {{AnnotationKind::Correction, 3, 5}, "BB", "", 1},
                 {{AnnotationKind::Outcome, -1, -1}, Json{{"outcome", "submitted"}, {"reason", ""}}, "", 0}})
            .get();
        store.annotate(second, "ann", {{{AnnotationKind::FirstError, -1, -1}, 0, "", 1}}).get();
        const std::int64_t mark = StoreReader(m_store).annotationEvents(second).at(0).mark;
        store
            .annotate(
                first, "ann",
                {{{AnnotationKind::Preference, -1, -1}, Json{{"other", mark}, {"choice", "other"}}, "", 0}})
            .get();
        const QString out = m_home->filePath("out.jsonl");
        const auto lines = [&](const QStringList& options) {
            const CliResult result =
                cli(QStringList{"traces", "export", "--out", out, "--overwrite"} + options);
            return result.status == 0 ? read(out) : result.err;
        };
        const QList<QByteArray> rated =
            lines({"--format", "prm800k", "--lane", "human:ann"}).trimmed().split('\n');
        QCOMPARE(rated.size(), 2);
        const QJsonObject one = QJsonDocument::fromJson(rated[0]).object(), label = one["label"].toObject();
        QCOMPARE(one["labeler"].toString(), QString("ann"));
        QCOMPARE(label["total_time"].toInt(), 6000);
        QCOMPARE(label["finish_reason"].toString(), QString("found_error"));
        QCOMPARE(label["steps"][1]["human_completion"]["text"].toString(), QString("BB"));
        QVERIFY(rated[1].contains("\"rating\":-1"));
        QCOMPARE(lines({"--format", "trl-preference", "--pairs", "corrections"}),
                 QByteArray("{\"prompt\":\"qaa\\n\",\"chosen\":\"BB\",\"rejected\":\"bb\"}\n"));
        QCOMPARE(lines({"--format", "trl-preference", "--pairs", "preferences"}),
                 QByteArray("{\"prompt\":\"q\",\"chosen\":\"cc\",\"rejected\":\"aa\\nbb\"}\n"));
        QCOMPARE(lines({"--format", "trl-preference", "--pairs", "preferences", "--lane", "human:else"}),
                 QByteArray());
    }

    // A file that has grown gives what is new, once.
    void grownFile() {
        const QByteArray row = verlRow + "\n";
        const QString file = write("1.jsonl", row);
        QCOMPARE(cli({"traces", "import", file}).status, 0);
        QFile more(file);
        QVERIFY(more.open(QIODevice::Append));
        more.write(QByteArray(row).replace("2+2", "2+3"));
        more.close();
        const CliResult grown = cli({"traces", "import", file});
        QVERIFY2(grown.status == 0 && grown.out.contains("1 traces") && grown.out.contains("behind line 1"),
                 grown.out.constData());
        QVERIFY(QJsonDocument::fromJson(cli({"traces", "import", file, "--json"}).out)["files"][0]["known"]
                    .toBool());
        QCOMPARE(runs(), 2);
    }

    // The disk takes no more: one message, and nothing is left behind.
    void diskFull() {
        QByteArray rows;
        for (int i = 0; i < 2000; ++i)
            rows += QByteArray(verlRow).replace("2+2", QByteArray::number(i)) + "\n";
        QCOMPARE(cli({"traces", "import", write("1.jsonl", rows)}).status, 0);
        const QString out = m_home->filePath("out.jsonl");
        const QByteArray said = limited(64, {"traces", "export", "--format", "jsonl", "--out", out});
        QVERIFY2(said.contains("cannot write"), said.constData());
        QCOMPARE(QDir(m_home->path()).entryList({"out.jsonl*"}).size(), 0);
        const QByteArray full = limited(64, {"traces", "import", write("2.jsonl", rows.replace("?", "="))});
        QVERIFY2(full.contains("cannot write the run's log"), full.constData());
        QCOMPARE(QDir(m_home->filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1);
    }

    void plainWithNames() {
        const QString file = write("x.jsonl", "{\"q\":\"1+1\",\"a\":\"\\\\boxed{2}\",\"gold\":\"2\"}\n");
        const CliResult done = cli({"traces", "import", file, "--field", "prompt=q", "--field",
                                    "completion=a", "--field", "answer=gold", "--json"});
        QVERIFY2(done.status == 0, done.err.constData());
        QCOMPARE(QJsonDocument::fromJson(done.out)["files"][0]["format"].toString(), QString("plain"));
        const CliResult rows = cli({"store", "query", "SELECT correct, reward FROM traces", "--json"});
        QVERIFY2(rows.out.contains("1"), rows.out.constData());
    }

  private:
    RowId firstTrace() {
        m_store = m_home->filePath("lab.db").toStdString();
        TraceFilter filter;
        filter.order = TraceFilter::Order::Oldest;
        return StoreReader(m_store).traces(filter, 0, 1).at(0).id;
    }
    /// Standard error of a failing retort-cli that may write files of so many kilobytes.
    QByteArray limited(int kilobytes, const QStringList& arguments) const {
        QProcess shell;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("RETORT_HOME", m_home->path());
        shell.setProcessEnvironment(environment);
        const QString script = QString("trap '' XFSZ; ulimit -f %1; exec \"$0\" \"$@\"").arg(kilobytes);
        shell.start("bash", QStringList{"-c", script, RETORT_CLI} + arguments);
        shell.waitForFinished();
        return shell.exitCode() == 1 ? shell.readAllStandardError() : "it went well";
    }
    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }
    int runs() const { return int(cli({"runs", "--json"}).out.count("\"id\"")); }
    QString write(const char* name, const QByteArray& content) const {
        QFile file(m_home->filePath(name));
        if (file.open(QIODevice::WriteOnly)) file.write(content);
        return file.fileName();
    }
    static QByteArray read(const QString& name) {
        QFile file(name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_home;
    std::filesystem::path m_store;
};

QTEST_GUILESS_MAIN(TestCliTraces)
#include "tst_cli_traces.moc"
