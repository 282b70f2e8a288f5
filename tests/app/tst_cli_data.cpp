// retort-cli verify-answers and data: what they print, how they end, what they leave behind.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "cli_process.h"

class TestCliData : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void answersAsJson() {
        const QString table = write("a.tsv",
                                    "# a comment\nid\tcategory\tprediction\tgold\texpected\n"
                                    "one\tx\t\\\\boxed{\\\\frac{1}{2}}\t0.5\t1\n"
                                    "two\tx\tsaid:\\n#### 7\t8\t0\r\n\n"
                                    "three\tx\t\t8\t0\n");
        const CliResult result = cli({"verify-answers", table, "--json"});
        QCOMPARE(result.status, 0);
        const QJsonArray rows = QJsonDocument::fromJson(result.out).array();
        QCOMPARE(rows.size(), 3);
        const QJsonObject one = rows[0].toObject();
        QCOMPARE(QStringList(one.keys()),
                 (QStringList{"correct", "extracted", "id", "reason", "rule", "verdict"}));
        QCOMPARE(one["id"].toString(), QString("one"));
        QCOMPARE(one["verdict"].toString(), QString("correct"));
        QVERIFY(one["correct"].isBool() && one["correct"].toBool());
        QCOMPARE(one["extracted"].toString(), QString("\\frac{1}{2}"));
        QCOMPARE(rows[1].toObject()["extracted"].toString(), QString("7"));
        QVERIFY(!rows[1].toObject()["correct"].toBool());
        QCOMPARE(rows[2].toObject()["verdict"].toString(), QString("unparsed"));
        const CliResult text = cli({"verify-answers", table});
        QVERIFY2(text.out.contains("3 of 3 as expected, 0 wrong answers accepted"), text.out.constData());
    }

    void answersByPolicy() {
        const QString table = write("a.tsv", "id\tprediction\tgold\none\t28\t28\\\\%\n");
        const auto isCorrect = [&](const QStringList& more) {
            const CliResult result = cli(QStringList{"verify-answers", table, "--json"} + more);
            return QJsonDocument::fromJson(result.out)[0]["correct"].toBool();
        };
        QVERIFY(isCorrect({}));
        QVERIFY(!isCorrect({"--percent", "value"}));
    }

    void badTables_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("empty") << QByteArray() << QByteArray("holds no table");
        QTest::newRow("no column") << QByteArray("id\tprediction\n")
                                   << QByteArray("t.tsv:1: has no column 'gold'");
        QTest::newRow("short row") << QByteArray("id\tprediction\tgold\na\tb\n")
                                   << QByteArray("t.tsv:2: has 2 columns");
        QTest::newRow("escape") << QByteArray("id\tprediction\tgold\na\t\\x\tb\n")
                                << QByteArray("t.tsv:2: a backslash");
    }
    void badTables() {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, message);
        const CliResult result = cli({"verify-answers", write("t.tsv", content)});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.err.contains(message), result.err.constData());
        QVERIFY(result.out.isEmpty());
    }

    void inspect() {
        const QString good = write("g.jsonl", "{\"question\":\"q\",\"answer\":\"a #### 1\"}\n");
        const QString bad = write("b.jsonl", "{\"prompt\":\"p\",\"completion\":\"c\"}\nbroken\n");
        const CliResult one = cli({"data", "inspect", good});
        QCOMPARE(one.status, 0);
        QVERIFY2(one.out.contains("GSM8K, 1 rows"), one.out.constData());
        const CliResult both = cli({"data", "inspect", good, bad, "--json"});
        QCOMPARE(both.status, 3);
        const QJsonArray files = QJsonDocument::fromJson(both.out).array();
        QCOMPARE(files.size(), 2);
        QCOMPARE(files[0]["shape"].toString(), QString("GSM8K"));
        QCOMPARE(files[1]["bad_lines"].toInt(), 1);
        QCOMPARE(files[1]["problems"][0]["line"].toInt(), 2);
        QCOMPARE(cli({"data", "inspect", m_home->filePath("none")}).status, 1);
        QCOMPARE(cli({"data", "inspect"}).status, 2);
    }

    void prepare() {
        const QByteArray row = "{\"prompt\":\"What is one and one?\",\"completion\":\"two\"}\n";
        const QString in = write("in.jsonl", row + row + "{\"prompt\":\"Leak\",\"completion\":\"x\"}\n");
        const QString eval = write("eval.jsonl", "{\"problem\":\"leak!\",\"answer\":\"x\"}\n");
        const QString out = m_home->filePath("out.jsonl");
        QCOMPARE(cli({"data", "prepare", in}).status, 2);
        const CliResult result = cli({"data", "prepare", in, "--out", out, "--against", eval, "--json"});
        QVERIFY2(result.status == 0, result.err.constData());
        const QJsonObject report = QJsonDocument::fromJson(result.out).object();
        QCOMPARE(report["read"].toInt(), 3);
        QCOMPARE(report["kept"].toInt(), 1);
        QCOMPARE(report["exact_duplicates"].toInt(), 1);
        QCOMPARE(report["contaminated_by"][eval].toInt(), 1);
        QCOMPARE(read(out), row);
        const CliResult again = cli({"data", "prepare", in, "--out", out});
        QCOMPARE(again.status, 1);
        QVERIFY2(again.err.contains("--force"), again.err.constData());
        QCOMPARE(cli({"data", "prepare", in, "--out", out, "--force"}).status, 0);
        QCOMPARE(read(out).count('\n'), 2);
    }

    void importsLmEvalResults() {
        const QString results = write("results.json", R"({
            "results": {"gsm8k": {"exact_match,strict-match": 0.5, "exact_match_stderr,strict-match": 0.25}},
            "versions": {"gsm8k": 3.0}, "config": {"model": "hf", "model_args": "pretrained=tiny"}})");
        const QString samples =
            write("samples_gsm8k_2026-01-01.jsonl",
                  "{\"doc_id\": 0, \"filter\": \"strict-match\", \"exact_match\": 1.0}\n"
                  "{\"doc_id\": 1, \"filter\": \"strict-match\", \"exact_match\": 0.0}\n");
        const CliResult done = cli({"import-results", results, "--samples", samples, "--name", "tiny"});
        QVERIFY2(done.status == 0, done.err.constData());
        QVERIFY2(done.out.contains("exact_match,strict-match"), done.out.constData());
        const CliResult items = cli({"store", "query",
                                     "SELECT r.name, r.state, e.name, sum(i.correct), count(*) FROM runs r "
                                     "JOIN evaluations e ON e.run_id = r.id "
                                     "JOIN evaluation_items i ON i.evaluation_id = e.id"});
        QVERIFY2(items.status == 0, items.err.constData());
        QVERIFY2(items.out.contains("tiny") && items.out.contains("finished") && items.out.contains("gsm8k"),
                 items.out.constData());
        // Another task's samples, and a run that is not there: nothing is kept.
        const QString strange = write("samples_other_1.jsonl", "{}\n");
        QCOMPARE(cli({"import-results", results, "--samples", strange}).status, 1);
        QCOMPARE(cli({"import-results", results, "--run", "none"}).status, 1);
        QCOMPARE(cli({"runs", "--json"}).out.count("\"id\""), 1);
    }

  private:
    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }
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

QTEST_GUILESS_MAIN(TestCliData)
#include "tst_cli_data.moc"
