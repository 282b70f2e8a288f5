// Where preference pairs come from: injected errors, first wrong steps, and files in TRL's layouts.
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/tasks/preference_file.h"
#include "core/tasks/rejected_traces.h"
#include "core/util/error.h"

using namespace retort;

namespace {

std::size_t differences(const std::string& a, const std::string& b) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) count += a[i] != b[i];
    return count;
}

bool hasWrongStep(const Verdict& verdict) {
    for (const TraceStep& step : verdict.steps)
        if (step.verdict == StepVerdict::Wrong) return true;
    return false;
}

}  // namespace

namespace {

/// A task with several right ways: only the step `x;` is wrong.
class AnyWay final : public Task {
  public:
    std::string kind() const override { return "any_way"; }
    std::string alphabet() const override { return "abcx;"; }
    Problem problem(Split, std::uint64_t, std::uint64_t) const override { return {}; }
    Verdict verify(const Problem&, std::string_view completion) const override {
        Verdict verdict;
        for (std::size_t begin = 0; begin + 1 < completion.size(); begin += 2)
            verdict.steps.push_back({std::int64_t(begin), std::int64_t(begin) + 2,
                                     completion[begin] == 'x' ? StepVerdict::Wrong : StepVerdict::Correct,
                                     ""});
        return verdict;
    }
};

}  // namespace

class TestPreferences : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void injectedErrorsAreSmallAndFound_data();
    void injectedErrorsAreSmallAndFound();
    void bareAnswersAreMadeWrong();
    void firstBadStepSharesItsPrefix();
    void firstBadStepTakesAnotherSample();
    void nothingBadGivesNothing();
    void pairsAreRead_data();
    void pairsAreRead();
    void labelsAreRead();
    void badRowsAreNamed_data();
    void badRowsAreNamed();

  private:
    std::string file(const std::string& content) {
        const std::string path = m_folder.filePath(QStringLiteral("p.jsonl")).toStdString();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    QTemporaryDir m_folder;
};

void TestPreferences::injectedErrorsAreSmallAndFound_data() {
    QTest::addColumn<QString>("kind");
    for (const ParameterVariant& variant : taskVariants())
        QTest::newRow(variant.name.c_str()) << QString::fromStdString(variant.name);
}

void TestPreferences::injectedErrorsAreSmallAndFound() {
    QFETCH(QString, kind);
    const auto task = makeTask(kind.toStdString(), Json::object());
    int injected = 0;
    for (std::uint64_t i = 0; i < 50; ++i) {
        const Problem problem = task->problem(Split::Train, 1, i);
        Random random(3, i);
        const auto wrong = injectError(*task, problem, random);
        if (!wrong) continue;
        ++injected;
        const std::string& right = problem.worked.empty() ? problem.answer : problem.worked;
        QCOMPARE(wrong->size(), right.size());
        QCOMPARE(differences(*wrong, right), std::size_t(1));
        const Verdict verdict = task->verify(problem, *wrong);
        QVERIFY2(!verdict.correct || hasWrongStep(verdict), wrong->c_str());
        Random again(3, i);
        QVERIFY(injectError(*task, problem, again) == wrong);
    }
    QVERIFY2(injected >= 40, qPrintable(QString::number(injected)));
}

void TestPreferences::bareAnswersAreMadeWrong() {
    const auto task = makeTask("addition", Json::object());
    Problem problem = task->problem(Split::Train, 1, 0);
    problem.worked.clear();
    Random random(1);
    const auto wrong = injectError(*task, problem, random);
    QVERIFY(wrong && !task->verify(problem, *wrong).correct);
}

void TestPreferences::firstBadStepSharesItsPrefix() {
    const auto task = makeTask("modular_chain", Json::object());
    int found = 0;
    for (std::uint64_t i = 0; i < 20; ++i) {
        const Problem problem = task->problem(Split::Train, 2, i);
        Random random(4, i);
        const auto wrong = injectError(*task, problem, random);
        if (!wrong) continue;
        const auto pair = firstBadStep(*task, problem, *wrong, {});
        if (!pair) continue;
        ++found;
        QVERIFY(wrong->starts_with(pair->prefix + pair->rejected));
        QVERIFY(problem.worked.starts_with(pair->prefix + pair->chosen));
        QVERIFY(pair->chosen != pair->rejected);
        QVERIFY(!pair->prefix.empty());  // at the least, the think region's beginning
    }
    QVERIFY(found >= 10);
}

// Where the worked completion goes another way, a sample with the same beginning shows the right step.
void TestPreferences::firstBadStepTakesAnotherSample() {
    const AnyWay task;
    Problem problem;
    problem.worked = "b;c;";
    QVERIFY(!firstBadStep(task, problem, "a;x;", {"a;x;b;", "b;c;"}));
    const auto pair = firstBadStep(task, problem, "a;x;", {"b;c;", "a;x;", "a;b;c;", "a;c;"});
    QVERIFY(pair);
    QCOMPARE(pair->prefix, std::string("a;"));
    QCOMPARE(pair->chosen, std::string("b;"));
    QCOMPARE(pair->rejected, std::string("x;"));
    problem.worked = "a;c;";
    QCOMPARE(firstBadStep(task, problem, "a;x;", {"a;b;"})->chosen, std::string("c;"));
}

void TestPreferences::nothingBadGivesNothing() {
    const auto task = makeTask("modular_chain", Json::object());
    const Problem problem = task->problem(Split::Train, 2, 3);
    QVERIFY(!firstBadStep(*task, problem, problem.worked, {}));
    QVERIFY(!firstBadStep(*task, problem, "", {}));
}

void TestPreferences::pairsAreRead_data() {
    QTest::addColumn<QString>("row");
    QTest::addColumn<QString>("prompt");
    QTest::newRow("texts") << R"({"prompt": "2+2=", "chosen": "4", "rejected": "5", "score": 1})"
                           << "2+2=";
    QTest::newRow("messages with the prompt inside")
        << R"({"chosen": [{"role": "user", "content": "2+2="}, {"role": "assistant", "content": "4"}],
              "rejected": [{"role": "user", "content": "2+2="}, {"role": "assistant", "content": "5"}]})"
        << "User: 2+2=\nAssistant: ";
    QTest::newRow("messages with the prompt before")
        << R"({"prompt": [{"role": "user", "content": "2+2="}], "chosen": [{"role": "assistant", "content": "4"}],
              "rejected": [{"role": "assistant", "content": "5"}]})"
        << "User: 2+2=\nAssistant: ";
}

void TestPreferences::pairsAreRead() {
    QFETCH(QString, row);
    QFETCH(QString, prompt);
    const auto pairs = readPreferencePairs(file("\xef\xbb\xbf" + row.remove('\n').toStdString() + "\r\n\n"));
    QCOMPARE(pairs.size(), std::size_t(1));
    const PreferencePair expected{prompt.toStdString(), "4", "5"};
    QVERIFY(pairs[0] == expected);
}

void TestPreferences::labelsAreRead() {
    const auto rows = readLabelledCompletions(file(R"({"prompt": "p", "completion": "good", "label": true}
{"prompt": "p", "completion": "bad", "label": false}
{"prompt": "q", "chosen": "yes", "rejected": "no"}
)"));
    QCOMPARE(rows.size(), std::size_t(4));
    const LabelledCompletion bad{"p", "bad", false}, no{"q", "no", false};
    QVERIFY(rows[1] == bad && rows[3] == no && rows[2].good);
}

void TestPreferences::badRowsAreNamed_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("message");
    QTest::newRow("empty") << QByteArray("\n\n") << "holds no preferences";
    QTest::newRow("no JSON") << QByteArray("{\"prompt\": \"a\"") << "p.jsonl:1: not valid JSON";
    QTest::newRow("no object") << QByteArray("[1]") << "expected a JSON object";
    QTest::newRow("missing") << QByteArray(R"({"prompt": "a", "chosen": "b"})") << "has no field 'rejected'";
    QTest::newRow("number") << QByteArray(R"({"prompt": "a", "chosen": 1, "rejected": "c"})")
                            << "neither a text";
    QTest::newRow("mixed") << QByteArray(R"({"prompt": "a", "chosen": "b", "rejected": []})")
                           << "not of one kind";
    QTest::newRow("same") << QByteArray(R"({"prompt": "a", "chosen": "b", "rejected": "b"})")
                          << "are the same";
    QTest::newRow("no assistant")
        << QByteArray(
               R"({"chosen": [{"role": "user", "content": "x"}], "rejected": [{"role": "user", "content": "y"}]})")
        << "not the assistant's";
    QTest::newRow("two prompts")
        << QByteArray(
               R"({"chosen": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "1"}],)"
               R"( "rejected": [{"role": "user", "content": "y"}, {"role": "assistant", "content": "2"}]})")
        << "different prompts";
    QTest::newRow("half a message") << QByteArray(R"({"chosen": [{"role": "user"}], "rejected": []})")
                                    << "is not {\"role\"";
    QTest::newRow("UTF-8") << QByteArray("{\"prompt\": \"\xff\", \"chosen\": \"b\", \"rejected\": \"c\"}")
                           << "not valid JSON";
    QTest::newRow("NUL") << QByteArray("{\"prompt\": \"a\", \0 \"chosen\"", 26) << "not valid JSON";
    QTest::newRow("huge line") << QByteArray("{\"prompt\": \"" + QByteArray(20 << 20, 'x') + "\"}")
                               << "p.jsonl:1";
    QTest::newRow("deep") << QByteArray(QByteArray(100000, '[')) << "not valid JSON";
}

void TestPreferences::badRowsAreNamed() {
    QFETCH(QByteArray, content);
    QFETCH(QString, message);
    const std::string path = file(content.toStdString());
    QString found;
    try {
        readPreferencePairs(path);
    } catch (const Error& error) {
        found = QString::fromStdString(error.what());
    }
    QVERIFY2(found.contains(message), qPrintable(found));
    QVERIFY_EXCEPTION_THROWN(readLabelledCompletions(path), Error);
}

QTEST_GUILESS_MAIN(TestPreferences)
#include "tst_preferences.moc"
