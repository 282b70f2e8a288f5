// The critic: ProcessBench's question, the index read from its answer, votes, and lanes.
#include <QtTest>

#include "core/util/error.h"
#include "tabular_policy.h"
#include "training/judging/critic.h"

using namespace retort;
using namespace retort::test;

namespace {

/// Every printable character.
std::shared_ptr<const Tokenizer> wideTokenizer() {
    std::string all = "\n";
    for (char c = ' '; c <= '~'; ++c) all += c;
    return makeCharacterTokenizer(all);
}

std::optional<std::int64_t> index(std::int64_t value) {
    return value;
}

}  // namespace

class TestCritic : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void questionHasProcessBenchsForm();
    void answersAreRead_data();
    void answersAreRead();
    void mostVotesWin();
    void lanes_data();
    void lanes();
    void votesAreCounted();
    void smallVocabulariesAreRefused();
    void stopsAreSaid();
};

void TestCritic::questionHasProcessBenchsForm() {
    const std::string question = critiqueQuestion("What is 2+2?", {"Add.", "It is 5."});
    QVERIFY(question.find(
                "[Math Problem]\n\nWhat is 2+2?\n\n[Solution]\n\n<paragraph_0>\nAdd.\n</paragraph_0>\n\n"
                "<paragraph_1>\nIt is 5.\n</paragraph_1>\n\n") != std::string::npos);
    QVERIFY(question.ends_with("\\boxed{}."));
}

void TestCritic::answersAreRead_data() {
    QTest::addColumn<QString>("critique");
    QTest::addColumn<int>("index");  // -9: none
    QTest::newRow("one") << "So \\boxed{3}." << 3;
    QTest::newRow("the last") << "\\boxed{3} … \\boxed{-1}" << -1;
    QTest::newRow("blanks") << "\\boxed{ 0 }" << 0;
    QTest::newRow("none") << "the second" << -9;
    QTest::newRow("words") << "\\boxed{paragraph_2}" << -9;
    QTest::newRow("a fraction") << "\\boxed{1.5}" << -9;
    QTest::newRow("not closed") << "\\boxed{1" << -9;
    QTest::newRow("empty") << "\\boxed{}" << -9;
    QTest::newRow("beyond any number") << "\\boxed{99999999999999999999}" << -9;
}

void TestCritic::answersAreRead() {
    QFETCH(QString, critique);
    QFETCH(int, index);
    QCOMPARE(critiqueAnswer(critique.toStdString()).value_or(-9), std::int64_t(index));
}

void TestCritic::mostVotesWin() {
    QCOMPARE(majorityAnswer({index(1), index(2), index(2)}), index(2));
    QCOMPARE(majorityAnswer({index(3), index(-1)}), index(3));  // the first of equals
    QCOMPARE(majorityAnswer({std::nullopt, std::nullopt, index(1)}), std::optional<std::int64_t>());
    QCOMPARE(majorityAnswer({}), std::optional<std::int64_t>());
}

void TestCritic::lanes_data() {
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QVector<int>>("ratings");
    QTest::addColumn<QString>("note");
    QTest::newRow("the second step") << "\\boxed{1}" << QVector<int>{1, -1} << "";
    QTest::newRow("none") << "\\boxed{-1}" << QVector<int>{1, 1, 1} << "";
    QTest::newRow("beyond") << "\\boxed{3}" << QVector<int>{} << "is no step";
    QTest::newRow("unreadable") << "all good" << QVector<int>{} << "no index";
}

void TestCritic::lanes() {
    QFETCH(QString, answer);
    QFETCH(QVector<int>, ratings);
    QFETCH(QString, note);
    const auto tokenizer = wideTokenizer();
    Trace trace;
    trace.prompt = "Q";
    trace.completion = "a\n\nb\n\nc";
    std::string asked;
    SamplingSettings seen;
    const SampleFunction sample = [&](const auto& prompts, std::int64_t samples, const auto& sampling,
                                      std::uint64_t) {
        asked = tokenizer->decode(prompts.at(0));
        seen = sampling;
        Completion completion;
        completion.ids = tokenizer->encode(answer.toStdString());
        completion.finished = completion.whole = true;
        return std::vector<Completion>(std::size_t(samples), completion);
    };
    std::vector<JudgedTrace> judged;
    QVERIFY(judgeByCritic(
        {trace, Trace()}, *tokenizer, [](const std::string& text) { return "User: " + text; }, {}, sample,
        "critic", [&](JudgedTrace one) { judged.push_back(std::move(one)); }));
    QCOMPARE(judged.size(), std::size_t(2));
    QVERIFY(asked.starts_with("User: The following") &&
            asked.find("<paragraph_2>\nc\n") != std::string::npos);
    QCOMPARE(seen.temperature, 0.0);  // one answer is greedy
    QVector<int> found;
    for (const StepJudgement& step : judged[0].lane.steps) found << *step.rating;
    QCOMPARE(found, ratings);
    QVERIFY(judged[0].lane.kind == LaneKind::Critic);
    QVERIFY2(note.isEmpty() == judged[0].note.empty() &&
                 judged[0].note.find(note.toStdString()) != std::string::npos,
             judged[0].note.c_str());
    QVERIFY(judged[1].lane.steps.empty());
    QCOMPARE(judged[1].stepsFrom, std::string("empty"));
}

void TestCritic::votesAreCounted() {
    const auto tokenizer = wideTokenizer();
    std::vector<Trace> traces(3);
    for (Trace& trace : traces) trace.completion = "a\nb\nc";
    int calls = 0;
    const SampleFunction sample = [&](const auto& prompts, std::int64_t samples, const auto& sampling,
                                      std::uint64_t) {
        ++calls;
        QTest::qCompare(sampling.temperature, 0.7, "", "", __FILE__, __LINE__);
        std::vector<Completion> completions;
        for (std::size_t i = 0; i < prompts.size() * std::size_t(samples); ++i) {
            Completion completion;
            completion.ids = tokenizer->encode(i % 4 == 0 ? "\\boxed{0}" : i % 4 == 3 ? "hm" : "\\boxed{2}");
            completion.finished = completion.whole = true;
            completions.push_back(completion);
        }
        return completions;
    };
    CriticSettings settings;
    settings.answers = 4;
    settings.temperature = 0.7;
    settings.tracesAtOnce = 2;
    std::vector<JudgedTrace> judged;
    judgeByCritic(
        traces, *tokenizer, [](const std::string& text) { return text; }, settings, sample, "critic",
        [&](JudgedTrace one) { judged.push_back(std::move(one)); });
    QCOMPARE(calls, 2);
    QCOMPARE(judged.size(), std::size_t(3));
    QCOMPARE(judged[2].lane.steps[2].rating, std::optional<std::int32_t>(-1));
    QCOMPARE(judged[2].lane.steps[2].text, std::string("2 of 4 answers"));
    QCOMPARE(judged[0].rollouts, std::int64_t(4));
}

void TestCritic::smallVocabulariesAreRefused() {
    TabularPolicy policy;
    const SampleFunction sample = policy.sampler();
    try {
        judgeByCritic(
            {policy.trace("1", "a")}, policy.tokenizer(), [](const std::string& text) { return text; }, {},
            sample, "critic", [](JudgedTrace) {});
        QFAIL("nothing was thrown");
    } catch (const Error& error) {
        QVERIFY2(std::string(error.what()).find("vocabulary") != std::string::npos, error.what());
    }
}

void TestCritic::stopsAreSaid() {
    const auto tokenizer = wideTokenizer();
    Trace trace;
    trace.completion = "a";
    const SampleFunction sample = [](const auto& prompts, std::int64_t samples, const auto&, std::uint64_t) {
        return std::vector<Completion>(prompts.size() * std::size_t(samples));
    };
    QVERIFY(!judgeByCritic(
        {trace}, *tokenizer, [](const std::string& text) { return text; }, {}, sample, "critic",
        [](JudgedTrace) {}));
}

QTEST_GUILESS_MAIN(TestCritic)
#include "tst_critic.moc"
