// Logs of lines: verl's and other JSON, tables, MLflow's metric files; and the moments and columns in them.
#include <QTest>

#include "core/trackers/table_log.h"
#include "core/trackers/time_text.h"
#include "core/trackers/tolerant_json.h"
#include "core/util/error.h"
#include "tracker_test.h"

using namespace retort;

namespace {
using Lines = std::vector<std::string>;
Lines linesOf(const QStringList& list) {
    Lines lines;
    for (const QString& each : list) lines.push_back(each.toStdString());
    return lines;
}
}  // namespace

class TestTextLogs : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void files_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("map");
        QTest::addColumn<QStringList>("told");
        QTest::addColumn<int>("problems");
        const auto row = [](const char* name, const char* kind, const char* content, const char* map,
                            const QStringList& told, int problems = 0) {
            QTest::newRow(name) << QString(kind) << QByteArray(content) << QString(map) << told << problems;
        };
        row("verl", "verl",
            "{\"step\":1,\"data\":{\"actor/loss\":0.5,\"n\":null}}\n{\"step\":2,\"data\":{\"actor/"
            "loss\":2}}\n",
            "", {"1 actor/loss 0.5", "1 n nan", "2 actor/loss 2"});
        row("verl, lines that are wrong", "verl",
            "{\"step\":1}\nwords\n[1]\n{\"step\":\"x\",\"data\":{\"a\":1}}\n\n{\"step\":3,\"data\":{\"a\":1}}"
            "\n",
            "", {"3 a 1"}, 4);
        row("json lines", "jsonl",
            "{\"global_step\": 5, \"loss\": NaN, \"t\": \"words\", \"eval\": {\"acc\": true}}\n", "",
            {"5 loss nan", "5 eval/acc 1"});
        row("json lines without a step count", "jsonl", "{\"loss\": 1}\n{\"loss\": 2}\n", "",
            {"0 loss 1", "1 loss 2"});
        row("json lines, long", "jsonl",
            "{\"it\":1,\"metric\":\"a\",\"value\":2}\n{\"it\":1,\"metric\":\"b\",\"value\":\"Infinity\"}\n",
            "step=it", {"1 a 2", "1 b inf"});
        row("json lines, nested step", "jsonl", "{\"at\":{\"n\":7},\"loss\":1}\n", "step=at/n", {"7 loss 1"});
        row("csv", "table", "step,loss,note\n1,0.5,x\n2,,y\n3,nan,\n", "", {"1 loss 0.5", "3 loss nan"});
        row("csv with quotes and Windows' line ends", "table", "\"step\",\"a, \"\"b\"\"\"\r\n1,\"2.5\"\r\n",
            "", {"1 a, \"b\" 2.5"});
        row("tsv", "table", "iteration\tloss\n10\t1e-3\n", "", {"10 loss 0.001"});
        row("semicolons", "table", "Step;loss\n1;2\n", "", {"1 loss 2"});
        row("TensorBoard's own download", "table", "Wall time,Step,Value\n1700000000.5,3,0.25\n", "",
            {"3 Value 0.25"});
        row("long", "table", "step,name,value\n1,a,2\n1,b,3\n", "", {"1 a 2", "1 b 3"});
        row("mapped", "table", "n,when,who,l\n4,2026-01-01,x,1\n", "step=n,time=when", {"4 l 1"});
        row("no step", "table", "loss\n5\n6\n", "", {"0 loss 5", "1 loss 6"});
        row("rows that are wrong", "table", "step,a\n1,2,3\nx,1\n\"1,2\n5,6\n", "", {"5 a 6"}, 3);
        row("mlflow", "mlflow-metric",
            "1700000000000 0.5 3\n1700000000001 nan 4\n1700000000002 -inf 5 set 0a1b\n12 3\n", "",
            {"3 file 0.5", "4 file nan", "5 file -inf", "0 file 3"});
        row("mlflow, wrong", "mlflow-metric", "now 1 2\n1 x 2\n1 2 x\n1 2 3\n", "", {"3 file 2"}, 3);
        row("a line without its end", "verl",
            "{\"step\":1,\"data\":{\"a\":1}}\n{\"step\":2,\"data\":{\"a\":1}}", "", {"1 a 1"});
    }
    void files() {
        QFETCH(QString, kind);
        QFETCH(QByteArray, content);
        QFETCH(QString, map);
        QFETCH(QStringList, told);
        QFETCH(int, problems);
        writeBytes(file(), content.toStdString());
        TrackerOptions options;
        options.mapping = columnMappingOf(map.toStdString());
        const TrackerKind which = *trackerKindNamed(kind.toStdString());
        Told result;
        QVERIFY(readAll(*openTracker(which, file(), options), result));
        QCOMPARE(result.lines, linesOf(told));
        QCOMPARE(int(result.problems.size()), problems);
        for (const std::string& problem : result.problems)
            QVERIFY2(problem.starts_with(file().string() + ": byte "), problem.c_str());

        // Wherever it is cut, and by a second process that knows only the cursor: the same, once.
        for (qsizetype cut = 0; cut <= content.size(); ++cut) {
            writeBytes(file(), content.left(cut).toStdString());
            Told parts;
            const auto first = openTracker(which, file(), options);
            QVERIFY(readAll(*first, parts, 5));
            TrackerOptions later = options;
            later.from = first->cursor();
            later.head = first->head();
            appendBytes(file(), content.mid(cut).toStdString());
            QVERIFY(readAll(*openTracker(which, file(), later), parts, 5));
            QCOMPARE(parts.lines, result.lines);
            QCOMPARE(int(parts.problems.size()), problems);
        }
        for (qsizetype at = 0; at < content.size(); ++at) {
            QByteArray damaged = content;
            damaged[at] = char(~damaged[at]);
            writeBytes(file(), damaged.toStdString());
            Told any;
            try {
                QVERIFY(readAll(*openTracker(which, file(), options), any));
            } catch (const Error& error) {  // a header without the column that the mapping names
                QVERIFY2(error.where().starts_with(file().string()), error.what());
            }
        }
    }

    // A requeued job of verl opens its file anew: shorter, or with other bytes at its beginning.
    void requeued() {
        const auto line = [](int step, double loss) {
            return "{\"step\":" + std::to_string(step) + ",\"data\":{\"loss\":" + std::to_string(loss) +
                   "}}\n";
        };
        writeBytes(file(), line(1, 1) + line(2, 2) + line(3, 3));
        const auto reader = openTracker(TrackerKind::VerlMetrics, file());
        Told told;
        QVERIFY(readAll(*reader, told));
        writeBytes(file(), line(3, 30));
        QVERIFY(readAll(*reader, told));
        QCOMPARE(told.lines, (Lines{"1 loss 1", "2 loss 2", "3 loss 3", "restart", "3 loss 30"}));
        writeBytes(file(), line(2, 20) + line(3, 31) + line(4, 40));
        QVERIFY(readAll(*reader, told));
        QCOMPARE(Lines(told.lines.begin() + 5, told.lines.end()),
                 (Lines{"restart", "2 loss 20", "3 loss 31", "4 loss 40"}));
    }

    void runsInOneFile() {
        writeBytes(file(), "run,step,loss\na,1,1\nb,1,2\na,2,3\n");
        for (const auto& [run, lines] :
             {std::pair<std::string, Lines>{"a", {"1 loss 1", "2 loss 3"}}, {"b", {"1 loss 2"}}}) {
            TrackerOptions options;
            options.mapping.run = "run";
            options.select = run;
            Told told;
            QVERIFY(readAll(*openTracker(TrackerKind::Table, file(), options), told));
            QCOMPARE(told.lines, lines);
        }
    }

    void longLines() {
        writeBytes(file(), std::string(17u << 20, 'x') + "\n{\"step\":1,\"data\":{\"a\":1}}\n");
        Told told;
        QVERIFY(readAll(*openTracker(TrackerKind::VerlMetrics, file()), told));
        QCOMPARE(told.lines, (Lines{"1 a 1"}));
        QCOMPARE(told.problems.size(), std::size_t(1));
    }

    void deepJson() {
        const std::string deep(100'000, '[');
        QVERIFY(!tolerantJson(deep));
        writeBytes(file(), "{\"step\":1,\"a\":" + deep + "}\n{\"step\":2,\"a\":1}\n");
        Told told;
        QVERIFY(readAll(*openTracker(TrackerKind::JsonLines, file()), told));
        QCOMPARE(told.lines, (Lines{"2 a 1"}));
    }

    void moments_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("time");
        const auto row = [](const char* text, double time) { QTest::newRow(text) << QString(text) << time; };
        row("1700000000.25", 1700000000.25);
        row("1700000000250", 1700000000.25);
        row("1700000000250000000", 1700000000.25);
        row("2023-11-14T22:13:20Z", 1700000000);
        row("2023-11-14T22:13:20.5+00:00", 1700000000.5);
        row("2023-11-14 23:13:20+01:00", 1700000000);
        row("2023-11-14T22:13", 1699999980);
        row("2023-11-14", 1699920000);
        row("2024-02-29", 1709164800);
        for (const char* text :
             {"2023-02-29", "2023-13-01", "2023-11-14T22", "soon", "", "-5", "nan", "2023-11-14T22:13:20+x"})
            row(text, -1);
    }
    void moments() {
        QFETCH(QString, text);
        QFETCH(double, time);
        const auto found = timeOf(text.toStdString());
        QCOMPARE(found.has_value(), time >= 0);
        if (found) QVERIFY(std::abs(*found - time) < 1e-5);
    }

    void numbers_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("value");
        const auto row = [](const char* text, double value) {
            QTest::newRow(text) << QString(text) << value;
        };
        row("1e400", HUGE_VAL);
        row("-1e400", -HUGE_VAL);
        row("1e-400", 0);
        row(" 2.5 ", 2.5);
        row("+3", 3);
        row(".5", 0.5);
        row("True", 1);
        row("\"Infinity\"", HUGE_VAL);
    }
    void numbers() {
        QFETCH(QString, text);
        QFETCH(double, value);
        QCOMPARE(*tolerantNumber(text.toStdString()), value);
    }
    void noNumbers() {
        for (const char* text : {"", "-", "x", "1x", "\"1\"", "{}", "0x10", "--1", "1 2"})
            QVERIFY2(!tolerantNumber(text), text);
    }

    void mappings() {
        const ColumnMapping mapping = columnMappingOf("step=it,value=v,series=m");
        QCOMPARE(toText(mapping), std::string("step=it,series=m,value=v"));
        QVERIFY(mapping.isLong());
        for (const char* wrong : {"step", "step=", "steps=a", "step=a,step=b"})
            QVERIFY_EXCEPTION_THROWN(columnMappingOf(wrong), Error);
        QVERIFY_EXCEPTION_THROWN(completed(mapping, {"it", "v"}, "file"), Error);
        QVERIFY_EXCEPTION_THROWN(completed(columnMappingOf("series=m"), {"m", "x"}, "file"), Error);
    }

  private:
    std::filesystem::path file() const {
        return std::filesystem::path(m_folder->path().toStdString()) / "file";
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestTextLogs)
#include "tst_text_logs.moc"
