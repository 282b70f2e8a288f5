// retort-cli traces: imports become runs in the store, once; exports are read back.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "cli_process.h"

namespace {

const QByteArray bench =
    R"({"id":"gsm8k-0","generator":"Qwen","problem":"P","steps":["To find …","Then 1.","So 2."],"final_answer_correct":false,"label":1})";
const QByteArray benchRight =
    R"({"id":"gsm8k-1","generator":"Qwen","problem":"Q","steps":["a","b"],"final_answer_correct":true,"label":-1})";

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
        const CliResult rows =
            cli({"store", "query",
                 "SELECT r.name, r.state, count(*), sum(s.verdict = 'wrong') FROM runs r "
                 "JOIN traces t ON t.run_id = r.id JOIN trace_steps s ON s.trace_id = t.id",
                 "--json"});
        QVERIFY2(rows.out.contains("bench") && rows.out.contains("finished") && rows.out.contains("5"),
                 rows.out.constData());

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
        QVERIFY2(zip.err.contains("inspect log convert"), zip.err.constData());
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
};

QTEST_GUILESS_MAIN(TestCliTraces)
#include "tst_cli_traces.moc"
