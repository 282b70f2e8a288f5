// The small parts of retort-cli: argument parsing, tables, sparklines.
#include <QtTest>
#include <cmath>

#include "app/cli/arguments.h"
#include "app/cli/table.h"

using namespace retort::cli;

class TestCliText : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void argumentsAreParsed();
    void wrongArguments_data();
    void wrongArguments();
    void tablesAlign();
    void tablesFit();
    void controlCharactersAreShown();
    void sparklines_data();
    void sparklines();
    void durations();
};

namespace {

const Syntax syntax = {{{"RUN"}, {"FILE", true}},
                       {{Option::Kind::Text, "--set", "K=V", "", {}, true},
                        {Option::Kind::Integer, "--limit", "N", "", {}, false},
                        {Option::Kind::Text, "--format", "F", "", {"csv", "jsonl"}, false},
                        {Option::Kind::Flag, "--json", "", "", {}, false}}};

}  // namespace

void TestCliText::argumentsAreParsed() {
    Arguments arguments;
    QVERIFY(
        !arguments.parse({"a", "--set", "x=1", "--set=y=2", "--json", "--limit=-3", "--", "--b"}, syntax));
    QCOMPARE(arguments.positional(0), std::string("a"));
    QCOMPARE(arguments.positional(1), std::string("--b"));
    QCOMPARE(arguments.all("--set"), (std::vector<std::string>{"x=1", "y=2"}));
    QCOMPARE(arguments.integer("--limit", 0), std::int64_t(-3));
    QVERIFY(arguments.has("--json"));
    QCOMPARE(arguments.text("--format", "csv"), std::string("csv"));
}

void TestCliText::wrongArguments_data() {
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("message");
    QTest::newRow("missing") << QStringList{} << "RUN is missing";
    QTest::newRow("too many") << QStringList{"a", "b", "c"} << "unexpected argument 'c'";
    QTest::newRow("unknown") << QStringList{"a", "--sett", "x"}
                             << "unknown option --sett (did you mean --set?)";
    QTest::newRow("no value") << QStringList{"a", "--limit"} << "--limit needs a value: N";
    QTest::newRow("not an integer") << QStringList{"a", "--limit", "3x"}
                                    << "--limit expects an integer, found '3x'";
    QTest::newRow("flag with value") << QStringList{"a", "--json=1"} << "--json takes no value";
    QTest::newRow("twice") << QStringList{"a", "--limit=1", "--limit=2"} << "--limit is given twice";
    QTest::newRow("choice") << QStringList{"a", "--format", "cvs"}
                            << "--format expects one of csv, jsonl, found 'cvs' (did you mean csv?)";
}

void TestCliText::wrongArguments() {
    QFETCH(QStringList, words);
    QFETCH(QString, message);
    std::vector<std::string> list;
    for (const QString& word : words) list.push_back(word.toStdString());
    Arguments arguments;
    QCOMPARE(QString::fromStdString(arguments.parse(list, syntax).value_or("")), message);
}

void TestCliText::tablesAlign() {
    QCOMPARE(QString::fromStdString(formatTable({"name", "n"}, {{"ä", "1"}, {"long name", "10"}})),
             QString("name        n\nä           1\nlong name  10\n"));
    QCOMPARE(QString::fromStdString(shortened("äöüß", 3)), QString("äö…"));
    QCOMPARE(shortened("abc", 3), std::string("abc"));
}

void TestCliText::tablesFit() {
    const std::vector<std::string> head = {"id", "name", "state"};
    const std::vector<std::vector<std::string>> rows = {{"1", "a name that is too long", "done"},
                                                        {"2", "short", "done"}};
    QCOMPARE(formatTable(head, rows, 1, std::nullopt), formatTable(head, rows));
    QCOMPARE(formatTable(head, rows, 1, 80), formatTable(head, rows));
    QCOMPARE(formatTable(head, rows, 1, 20),
             formatTable(head, {{"1", "a name t…", "done"}, {"2", "short", "done"}}));
    QCOMPARE(formatTable(head, rows, 1, 3),
             formatTable(head, {{"1", "a name …", "done"}, {"2", "short", "done"}}));
}

void TestCliText::controlCharactersAreShown() {
    QCOMPARE(QString::fromStdString(printable("a\n\x1b[2Jé\t\x7f")), QString("a\\n\\x1b[2Jé\\t\\x7f"));
}

void TestCliText::sparklines_data() {
    QTest::addColumn<QList<double>>("values");
    QTest::addColumn<int>("width");
    QTest::addColumn<QString>("line");
    QTest::newRow("none") << QList<double>{} << 10 << "";
    QTest::newRow("one") << QList<double>{3} << 10 << "▅";
    QTest::newRow("rising") << QList<double>{0, 1, 2, 3, 4, 5, 6, 7} << 8 << "▁▂▃▄▅▆▇█";
    QTest::newRow("means") << QList<double>{0, 0, 7, 7} << 2 << "▁█";
    QTest::newRow("NaN") << QList<double>{0, NAN, 7} << 3 << "▁ █";
}

void TestCliText::sparklines() {
    QFETCH(QList<double>, values);
    QFETCH(int, width);
    QFETCH(QString, line);
    QCOMPARE(QString::fromStdString(sparkline({values.begin(), values.end()}, std::size_t(width))), line);
}

void TestCliText::durations() {
    QCOMPARE(duration(12.4), std::string("12 s"));
    QCOMPARE(duration(192), std::string("3 min 12 s"));
    QCOMPARE(duration(7260), std::string("2 h 01 min"));
    QCOMPARE(duration(NAN), std::string("?"));
}

QTEST_APPLESS_MAIN(TestCliText)
#include "tst_cli_text.moc"
