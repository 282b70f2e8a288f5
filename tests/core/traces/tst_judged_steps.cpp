// How completions are cut into the pieces that judges judge, and the values that steps derive.
#include <QtTest>

#include "core/traces/derived_values.h"
#include "core/traces/judged_steps.h"

using namespace retort;

namespace {

/// Pieces with "|" between them.
QString pieces(const std::string& text, const std::vector<TraceStep>& steps) {
    QStringList list;
    for (const TraceStep& step : steps)
        list << QString::fromStdString(
            text.substr(std::size_t(step.begin), std::size_t(step.end - step.begin)));
    return list.join('|');
}

}  // namespace

class TestJudgedSteps : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void cuts_data();
    void cuts();
    void ownStepsComeFirst();
    void strangeStepsAreNotTaken();
    void stepsAreFound();
    void equations_data();
    void equations();
    void derivedValues_data();
    void derivedValues();
};

void TestJudgedSteps::cuts_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("steps");
    QTest::newRow("markers") << "<3+5=1;1*4=4;>4"
                             << "markers"
                             << "3+5=1;|1*4=4;";
    QTest::newRow("cut off in a step") << "<3+5=1;1*"
                                       << "markers"
                                       << "3+5=1;|1*";
    QTest::newRow("think tags are not our marks") << "<think>\na\n\nb;\n</think>\n\nc"
                                                  << "paragraphs"
                                                  << "<think>\na|b;\n</think>|c";
    QTest::newRow("paragraphs") << "a\nb\n\n \nc\n\n"
                                << "paragraphs"
                                << "a\nb|c";
    QTest::newRow("lines") << "a\r\n b\nc"
                           << "lines"
                           << "a|b|c";
    QTest::newRow("whole") << " a; b "
                           << "whole"
                           << "a; b";
    QTest::newRow("empty") << ""
                           << "empty"
                           << "";
    QTest::newRow("blanks") << " \n\n "
                            << "empty"
                            << "";
    QTest::newRow("a bare bracket") << "<"
                                    << "whole"
                                    << "<";
    QTest::newRow("nul bytes") << QString(QChar(0)) << "whole" << QString(QChar(0));
}

void TestJudgedSteps::cuts() {
    QFETCH(QString, text);
    QFETCH(QString, how);
    QFETCH(QString, steps);
    const std::string written = text.toStdString();
    const CutCompletion cut = cutText(written);
    QCOMPARE(QString::fromStdString(std::string(cut.how)), how);
    QCOMPARE(pieces(written, cut.steps), steps);
    for (const TraceStep& step : cut.steps) QVERIFY(step.verdict == StepVerdict::Unchecked);
}

void TestJudgedSteps::ownStepsComeFirst() {
    Trace trace;
    trace.completion = "abcdef";
    trace.steps = {{0, 2, StepVerdict::Correct, {}}, {3, 6, StepVerdict::Wrong, "no"}};
    const CutCompletion cut = cutCompletion(trace);
    QVERIFY(cut.how == "trace" && cut.steps == trace.steps);
    QCOMPARE(cut.end(), std::int64_t(6));
}

// Steps that overlap, stand beyond the text or are empty come from files.
void TestJudgedSteps::strangeStepsAreNotTaken() {
    for (const std::vector<TraceStep>& steps : {std::vector<TraceStep>{{0, 9, {}, {}}},
                                                {{0, 2, {}, {}}, {1, 3, {}, {}}},
                                                {{2, 2, {}, {}}},
                                                {{-1, 2, {}, {}}}}) {
        Trace trace;
        trace.completion = "ab\ncd";
        trace.steps = steps;
        QVERIFY(cutCompletion(trace).how == "lines");
    }
}

void TestJudgedSteps::stepsAreFound() {
    const std::vector<TraceStep> steps = {{1, 4, {}, {}}, {4, 6, {}, {}}, {8, 9, {}, {}}};
    const int expected[] = {-1, 0, 0, 0, 1, 1, -1, -1, 2, -1};
    for (int byte = 0; byte < 10; ++byte) QCOMPARE(stepAt(steps, byte), std::int64_t(expected[byte]));
    QCOMPARE(stepAt({}, 0), std::int64_t(-1));
}

void TestJudgedSteps::equations_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("found");  // + holds, - does not
    QTest::newRow("right") << "So 3 + 4 = 7."
                           << "+3 + 4 = 7";
    QTest::newRow("wrong") << "7*8=54"
                           << "-7*8=54";
    QTest::newRow("signs") << "3 × 4 = 12 and 12 ÷ 5 = 2"
                           << "+3 × 4 = 12|-12 ÷ 5 = 2";
    QTest::newRow("brackets") << "2*(3+4) = 14"
                              << "+2*(3+4) = 14";
    QTest::newRow("thousands") << "1,200 + 34 = 1,234"
                               << "+1,200 + 34 = 1,234";
    QTest::newRow("negative") << "-3 + 1 = -2"
                              << "+-3 + 1 = -2";
    QTest::newRow("chain") << "2+3 = 4+1 = 5"
                           << "+4+1 = 5";
    QTest::newRow("variables") << "2x + 3 = 7, y = 4"
                               << "";
    QTest::newRow("a variable before") << "x + 3 + 4 = 9"
                                       << "";
    QTest::newRow("modulo") << "3 + 5 = 1 mod 7"
                            << "";
    QTest::newRow("decimals are left alone") << "2.5 + 1 = 3.5; 1 + 1 = 2.5"
                                             << "";
    QTest::newRow("percent") << "10 + 10 = 20%"
                             << "";
    QTest::newRow("division by zero") << "1/0 = 3"
                                      << "";
    QTest::newRow("no operator") << "7 = 8"
                                 << "";
    QTest::newRow("powers") << "2^3 + 1 = 9"
                            << "";
}

void TestJudgedSteps::equations() {
    QFETCH(QString, text);
    QFETCH(QString, found);
    const std::string written = text.toStdString();
    QStringList list;
    for (const NumberEquation& each : equationsIn(written))
        list << (each.holds ? "+" : "-") +
                    QString::fromStdString(written.substr(each.begin, each.end - each.begin));
    QCOMPARE(list.join('|'), found);
}

void TestJudgedSteps::derivedValues_data() {
    QTest::addColumn<QString>("step");
    QTest::addColumn<QString>("value");
    QTest::newRow("equation") << "3+5=1;"
                              << "1";
    QTest::newRow("prose") << "Then 3 + 4 = 7 apples."
                           << "7";
    QTest::newRow("bare") << "9;"
                          << "9";
    QTest::newRow("letter") << "T;"
                            << "T";
    QTest::newRow("words") << "Let us begin with 3."
                           << "";
    QTest::newRow("negative") << "a = -21"
                              << "-21";
    QTest::newRow("nothing behind") << "x = "
                                    << "";
    QTest::newRow("empty") << ""
                           << "";
}

void TestJudgedSteps::derivedValues() {
    QFETCH(QString, step);
    QFETCH(QString, value);
    QCOMPARE(QString::fromStdString(derivedValue(step.toStdString()).value_or("")), value);
}

QTEST_GUILESS_MAIN(TestJudgedSteps)
#include "tst_judged_steps.moc"
