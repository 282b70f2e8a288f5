// The answer checker: a table of cases, the policies, symmetry, and input that is meant to break it.
#include <QFile>
#include <QTest>
#include <string>
#include <vector>

#include "core/answers/answer_checker.h"

using namespace retort;

namespace {

struct Case {
    QByteArray id, prediction, gold;
    bool expected = false;
};

QByteArray unescaped(const QByteArray& text) {
    QByteArray out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        ++i;
        out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    }
    return out;
}

std::vector<Case> readCases() {
    QFile file(QStringLiteral(RETORT_CASES));
    std::vector<Case> cases;
    if (!file.open(QIODevice::ReadOnly)) return cases;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.isEmpty() || line.startsWith('#') || line.startsWith("id\t")) continue;
        const QList<QByteArray> fields = line.split('\t');
        if (fields.size() < 5) return {};
        cases.push_back(
            {fields[1] + ": " + fields[0], unescaped(fields[2]), unescaped(fields[3]), fields[4] == "1"});
    }
    return cases;
}

AnswerCheck check(const std::string& prediction, const std::string& gold, const AnswerPolicy& policy = {}) {
    return checkAnswer(prediction, gold, policy);
}

QByteArray describe(const AnswerCheck& result) {
    return QByteArray::fromStdString(std::string(name(result.verdict)) + " by " + result.rule + ": " +
                                     result.reason + " (" + result.extracted + ")");
}

}  // namespace

class TestAnswerChecker : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void cases_data() {
        QTest::addColumn<QByteArray>("prediction");
        QTest::addColumn<QByteArray>("gold");
        QTest::addColumn<bool>("expected");
        const std::vector<Case> all = readCases();
        QVERIFY2(all.size() > 250, "the table of cases is not there, or broken");
        for (const Case& each : all)
            QTest::newRow(each.id.constData()) << each.prediction << each.gold << each.expected;
    }
    void cases() {
        QFETCH(QByteArray, prediction);
        QFETCH(QByteArray, gold);
        QFETCH(bool, expected);
        const AnswerCheck result = check(prediction.toStdString(), gold.toStdString());
        QVERIFY2(result.correct == expected, describe(result).constData());
        QVERIFY2(!result.rule.empty() && !result.reason.empty(), "a verdict needs its rule and reason");
        const bool accepting =
            result.verdict == AnswerVerdict::Correct || result.verdict == AnswerVerdict::Probable;
        QVERIFY(result.verdict == AnswerVerdict::Policy || result.correct == accepting);
    }

    // Every reference answers itself, boxed or not.
    void everyReferenceIsItsOwnAnswer() {
        for (const Case& each : readCases()) {
            const std::string gold = each.gold.toStdString();
            if (gold.find("\\boxed") != std::string::npos || gold.find("####") != std::string::npos) continue;
            const AnswerCheck result = check("so it is $\\boxed{" + gold + "}$", gold);
            QVERIFY2(result.correct, (each.id + ", " + describe(result)).constData());
        }
    }

    // No answer of one case is taken for the reference of a case of another value.
    void unrelatedAnswersAreRefused() {
        const std::vector<std::string> different = {"1",
                                                    "-1",
                                                    "\\frac{1}{2}",
                                                    "\\sqrt{2}",
                                                    "\\pi",
                                                    "x",
                                                    "x+1",
                                                    "(1,2)",
                                                    "(2,1)",
                                                    "\\{1,3\\}",
                                                    "[1,2]",
                                                    "x>2",
                                                    "y>2",
                                                    "\\text{yes}",
                                                    "\\text{no}",
                                                    "2+i",
                                                    "3:4",
                                                    "12:00",
                                                    "10_2",
                                                    "7 \\text{ cm}",
                                                    "9\\%",
                                                    "\\infty",
                                                    "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
                                                    "x+y=5",
                                                    "\\text{(D)}",
                                                    "2^n",
                                                    "n!",
                                                    "\\sin x",
                                                    "\\emptyset"};
        for (const std::string& a : different)
            for (const std::string& b : different) {
                if (a == b) continue;
                const AnswerCheck result = check(a, b);
                QVERIFY2(!result.correct, qPrintable(QString::fromStdString(a + " for " + b)));
            }
    }

    void policies_data() {
        QTest::addColumn<QString>("policy");
        QTest::addColumn<QString>("prediction");
        QTest::addColumn<QString>("gold");
        QTest::addColumn<bool>("byDefault");
        QTest::addColumn<bool>("strictly");
        QTest::newRow("percent sign") << "percent"
                                      << "28"
                                      << "28\\%" << true << false;
        QTest::newRow("percent value") << "percent"
                                       << "0.28"
                                       << "28\\%" << true << true;
        QTest::newRow("unit") << "units"
                              << "10"
                              << "10 cm" << true << false;
        QTest::newRow("unit on both") << "units"
                                      << "10 cm"
                                      << "10 cm" << true << true;
        QTest::newRow("reduced") << "reduced"
                                 << "\\frac{2}{6}"
                                 << "\\frac{1}{3}" << true << false;
        QTest::newRow("reduced already") << "reduced"
                                         << "1/3"
                                         << "\\frac{1}{3}" << true << true;
        QTest::newRow("label") << "labels"
                               << "5"
                               << "x = 5" << true << false;
        QTest::newRow("label on both") << "labels"
                                       << "x=5"
                                       << "x = 5" << true << true;
        QTest::newRow("set order") << "order"
                                   << "\\{2,1\\}"
                                   << "\\{1,2\\}" << true << false;
        QTest::newRow("set in order") << "order"
                                      << "\\{1, 2\\}"
                                      << "\\{1,2\\}" << true << true;
        QTest::newRow("other base") << "bases"
                                    << "54"
                                    << "204_5" << false << true;
    }
    void policies() {
        QFETCH(QString, policy);
        QFETCH(QString, prediction);
        QFETCH(QString, gold);
        QFETCH(bool, byDefault);
        QFETCH(bool, strictly);
        AnswerPolicy other;
        if (policy == "percent") other.percent = AnswerPolicy::Percent::Value;
        other.requireUnits = policy == "units";
        other.requireReduced = policy == "reduced";
        other.requireLabels = policy == "labels";
        other.orderedSets = policy == "order";
        other.allowBases = policy == "bases";
        QCOMPARE(check(prediction.toStdString(), gold.toStdString()).correct, byDefault);
        QCOMPARE(check(prediction.toStdString(), gold.toStdString(), other).correct, strictly);
    }

    void verdictsAndRules() {
        QCOMPARE(check("\\boxed{4}", "4").rule, std::string("boxed, identical"));
        QCOMPARE(check("\\boxed{4}", "4").extracted, std::string("4"));
        QVERIFY(check("\\boxed{2/4}", "1/2").verdict == AnswerVerdict::Correct);
        QVERIFY(check("\\boxed{5}", "4").verdict == AnswerVerdict::Wrong);
        QVERIFY(check("\\boxed{@}", "4").verdict == AnswerVerdict::Unparsed);
        QVERIFY(check("\\boxed{\\sin^2 x}", "1 - \\cos^2 x").verdict == AnswerVerdict::Probable);
        QVERIFY(check("\\boxed{28}", "28\\%").verdict == AnswerVerdict::Policy);
        QVERIFY(check("<think>4", "4").verdict == AnswerVerdict::Unparsed);
        QVERIFY(check("4", "").verdict == AnswerVerdict::Unparsed);
        QVERIFY(check("", "").verdict == AnswerVerdict::Unparsed);
        QVERIFY(check(std::string("\0", 1), "4").verdict == AnswerVerdict::Unparsed);
    }

    // Each would need exponential time, gigabytes, or a stack that there is not; QtTest's own limit is the
    // guard.
    void hostile_data() {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* what, const std::string& text) {
            QTest::newRow(what) << QByteArray::fromStdString(text);
        };
        const auto repeated = [](const std::string& part, int count) {
            std::string text;
            for (int i = 0; i < count; ++i) text += part;
            return text;
        };
        const std::string megabytes(10'000'000, '7');
        row("10 MB of digits", megabytes);
        row("10 MB of digits in a box", "\\boxed{" + megabytes + "}");
        row("10 MB of boxes", repeated("\\boxed{", 1'400'000));
        row("10 MB of empty boxes", repeated("\\boxed{}", 1'200'000));
        row("10 MB of think marks", repeated("<think>", 1'400'000));
        row("10 MB of answers", repeated("the answer is ", 700'000));
        row("10 MB of dollars", repeated("$", 10'000'000));
        row("10 MB of hashes", repeated("####", 2'500'000));
        row("10 MB of invalid UTF-8", std::string(10'000'000, '\xff'));
        row("deep brackets", repeated("(", 2000) + "1" + repeated(")", 2000));
        row("deep braces", repeated("{", 2000) + "1" + repeated("}", 2000));
        row("deep fractions", repeated("\\frac{1}{", 400) + "2" + repeated("}", 400));
        row("deep roots", repeated("\\sqrt{", 500) + "2" + repeated("}", 500));
        row("deep bare roots", repeated("\\sqrt", 800) + "2");
        row("deep minus", repeated("-", 4000) + "1");
        row("deep powers", repeated("2^", 1500) + "2");
        row("power tower", "9^9^9^9");
        row("power tower in braces", "9^{9^{9^9}}");
        row("large power", "(10^9)^{10^9}");
        row("power of a power", repeated("(", 30) + "2" + repeated("^{10000})", 30));
        row("factorial", "(9999!)!");
        row("factorials", repeated("9999!", 300));
        row("binomial", "\\binom{10000}{5000}^{10000}");
        row("expansion", "(a+b+c+d+e+f)^{9999}");
        row("expansion of many", repeated("(a+b+c+d+e+f+g+h)^{50}", 100));
        row("nested expansion", repeated("(1+", 40) + "x" + repeated(")^{9}", 40));
        row("nested kernels", repeated("\\sin((", 20) + "x" + repeated("+1)^{50})", 20));
        row("many signs", repeated("\\pm 1 ", 200));
        row("division by zero", "\\frac{1}{1-1}");
        row("root of zero below", "\\frac{1}{\\sqrt{0}}");
        row("logarithm of zero", "\\ln 0");
        row("long exponent", "1e99999999999999999999");
        row("long repetend", "0.\\overline{" + std::string(3000, '3') + "}");
        row("long list", repeated("1,", 2000) + "1");
        row("long matrix", "\\begin{pmatrix}" + repeated("1&", 1500) + "1\\end{pmatrix}");
        row("open matrix", "\\begin{pmatrix}1&2");
        row("large prime products", "\\sqrt{" + std::string(250, '7') + "}");
        row("bars", repeated("|", 999));
        row("end in a command", "\\frac");
        row("end in a backslash", "\\");
        row("intervals", repeated("(1,2)\\cup", 300) + "(1,2)");
        row("10 MB of formulas", repeated("$x$ and ", 1'250'000));
        row("10 MB of formulas in round brackets", repeated("\\(x\\), ", 1'400'000));
        row("10 MB of bold type", repeated("** ", 3'300'000));
        row("sines of large numbers", "\\sin(e^{e^{20}}) + \\cos(10^{1000} e^{e^{e}})");
        row("product of powers", "\\prod_{k=1}^{64} (x+k)^{50}");
        row("sums of sums", repeated("\\sum_{k=1}^{64} ", 40) + "k");
        row("double factorials", "((9999!!)!!)!!");
        row("cases", "\\begin{cases}" + repeated("x=1\\\\", 800) + "\\end{cases}");
        row("wide spaces", repeated("1\\quad", 600) + "1");
        row("alternatives", repeated("1 or ", 800) + "1");
    }
    void hostile() {
        QFETCH(QByteArray, text);
        const std::string prediction = text.toStdString();
        QVERIFY(!check(prediction, "12345").correct);
        QVERIFY(!check("\\boxed{" + prediction.substr(0, 4000) + "}", "12345").correct);
        QVERIFY(!check("12345", prediction).correct);
        QVERIFY(check(prediction, "12345").extracted.size() <= 1024);
    }

    // No text makes it accept, throw or crash: pieces of the grammar in random order.
    void randomText() {
        const std::vector<std::string> pieces = {"\\frac",
                                                 "{",
                                                 "}",
                                                 "(",
                                                 ")",
                                                 "[",
                                                 "]",
                                                 "\\{",
                                                 "\\}",
                                                 "1",
                                                 "2.5",
                                                 "x",
                                                 "^",
                                                 "_",
                                                 "+",
                                                 "-",
                                                 "*",
                                                 "/",
                                                 ",",
                                                 ";",
                                                 "=",
                                                 "<",
                                                 "\\le",
                                                 "|",
                                                 "\\sqrt",
                                                 "!",
                                                 "%",
                                                 ":",
                                                 "\\pm",
                                                 "\\cup",
                                                 "\\text{a}",
                                                 " ",
                                                 "and",
                                                 "\\boxed",
                                                 "$",
                                                 "\\pi",
                                                 "\\sin",
                                                 "\\infty",
                                                 "&",
                                                 "\\\\",
                                                 "\\in",
                                                 "'",
                                                 "\\begin{pmatrix}",
                                                 "\\end{pmatrix}",
                                                 "\xe2\x88\x92",
                                                 "\xff",
                                                 "e",
                                                 "i"};
        std::uint32_t state = 1;
        for (int round = 0; round < 5'000; ++round) {
            std::string text;
            state = state * 1664525u + 1013904223u;
            for (std::uint32_t left = 1 + (state >> 28); left > 0; --left) {
                state = state * 1664525u + 1013904223u;
                text += pieces[(state >> 8) % pieces.size()];
            }
            const AnswerCheck result = check(text, "987654321");
            QVERIFY2(!result.correct, text.c_str());
            check("987654321", text);
        }
    }
};

QTEST_GUILESS_MAIN(TestAnswerChecker)
#include "tst_answer_checker.moc"
