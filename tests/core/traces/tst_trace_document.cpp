// A completion as a document: think and answer regions by every known mark, steps by every rule, and what
// judges say of them.
#include <QTest>

#include "core/traces/step_facts.h"
#include "core/traces/text_search.h"
#include "core/traces/token_table.h"
#include "core/traces/trace_document.h"
#include "core/util/error.h"
#include "core/util/random.h"

using namespace retort;

namespace {

std::string cut(const std::string& text, std::int64_t begin, std::int64_t end) {
    return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

QString regionsOf(const std::string& text, const std::string& prompt = {},
                  const std::vector<RegionDelimiters>& custom = {}) {
    QStringList parts;
    for (const TraceRegion& r : cutRegions(text, prompt, custom).regions)
        parts << QStringLiteral("%1%2(%3)")
                     .arg(r.kind == TraceRegion::Kind::Think ? "think" : "answer", r.closed ? "" : "*",
                          QString::fromStdString(cut(text, r.textBegin, r.textEnd)));
    return parts.join(QLatin1Char(' '));
}

QString stepsOf(const Trace& trace, const StepCutting& cutting) {
    QStringList parts;
    const TraceDocument document(trace, cutting);
    for (const DocumentStep& s : document.steps())
        parts << QStringLiteral("%1(%2)").arg(s.number > 0 ? QString::number(s.number)
                                              : s.kind == DocumentStep::Kind::Answer
                                                  ? QStringLiteral("answer")
                                                  : QStringLiteral("text"),
                                              QString::fromStdString(cut(trace.completion, s.begin, s.end))
                                                  .replace(QLatin1Char('\n'), QLatin1Char('|')));
    return parts.join(QLatin1Char(' '));
}

/// Shown ranges of steps and regions cover the text without gaps, and lookups agree with them.
void checkCover(const Trace& trace, const TraceDocument& document) {
    const auto size = static_cast<std::int64_t>(trace.completion.size());
    std::int64_t at = 0;
    for (std::size_t i = 0; i < document.steps().size(); ++i) {
        const DocumentStep& s = document.steps()[i];
        QCOMPARE(s.shownBegin, at);
        QVERIFY(s.shownBegin <= s.begin && s.begin <= s.end && s.end <= s.shownEnd);
        QVERIFY(s.shownBegin < s.shownEnd);
        QCOMPARE(document.stepAt(s.shownBegin), static_cast<int>(i));
        QCOMPARE(document.stepAt(s.shownEnd - 1), static_cast<int>(i));
        QCOMPARE(document.regionAt(s.shownBegin), s.region);
        const auto [first, last] = document.stepsOf(s.region);
        QVERIFY(first <= static_cast<int>(i) && static_cast<int>(i) < last);
        at = s.shownEnd;
    }
    QCOMPARE(at, size);
    QCOMPARE(document.stepAt(size), -1);
    QCOMPARE(document.stepAt(-1), -1);
    at = 0;
    for (const TraceRegion& r : document.regions()) {
        QCOMPARE(r.begin, at);
        QVERIFY(r.begin <= r.textBegin && r.textBegin <= r.textEnd && r.textEnd <= r.end);
        at = r.end;
    }
    QCOMPARE(at, size);
}

Trace traceOf(const std::string& completion, const std::vector<TraceStep>& steps = {}) {
    Trace trace;
    trace.completion = completion;
    trace.steps = steps;
    return trace;
}

StepLane lane(LaneKind kind, std::vector<StepJudgement> steps) {
    return {kind, "judge", std::move(steps)};
}

StepJudgement rated(std::int64_t begin, std::int64_t end, int rating) {
    StepJudgement said;
    said.begin = begin;
    said.end = end;
    said.rating = rating;
    return said;
}

StepJudgement scored(std::int64_t begin, std::int64_t end, double value) {
    StepJudgement said;
    said.begin = begin;
    said.end = end;
    said.value = value;
    return said;
}

}  // namespace

class TestTraceDocument : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void regions_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected,
                            const char* prompt = "") {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(prompt)
                                << QString::fromUtf8(expected);
        };
        row("empty", "", "");
        row("bare", "42", "answer(42)");
        row("R1", "<think>\nhm\n</think>\n\n42", "think(hm) answer(42)");
        row("R1, opened by the template", "hm\n</think>\n42", "think(hm) answer(42)");
        row("never closed", "<think>hm", "think*(hm)");
        row("never closed, opened by the template", "hm, so", "think*(hm, so)",
            "User: 1+1?\nAssistant: <think>\n");
        row("template opens, model too", "<think>hm</think>4", "think(hm) answer(4)", "<think>\n");
        row("interleaved", "<think>a</think>call<think>b</think>4",
            "think(a) answer(call) think(b) answer(4)");
        row("text before", "Sure. <think>a</think>4", "answer(Sure.) think(a) answer(4)");
        row("OpenThoughts",
            "<|begin_of_thought|>\n\nhm\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\n4\n\n<|end_of_"
            "solution|>",
            "think(hm) answer(4)");
        row("Harmony",
            "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>4<|return|>",
            "think(hm) answer(4)");
        row("Harmony without special tokens", "analysishmassistantfinal4", "think(hm) answer(4)");
        row("analysis as a word", "analysis of the case", "answer(analysis of the case)");
        row("reasoning", "<reasoning>\nhm\n</reasoning>\n<answer>\n4\n</answer>", "think(hm) answer(4)");
        row("quickstart", "<2+4=6;1+3=4;>46", "think(2+4=6;1+3=4) answer(46)");
        row("quickstart, never closed", "<2+4=6;1+", "think*(2+4=6;1+)");
        row("answer tag alone", "<answer>4</answer>", "answer(4)");
        row("only marks", "<think></think>", "think()");
        row("less than later", "a < b > c", "answer(a < b > c)");
    }
    void regions() {
        QFETCH(QString, text);
        QFETCH(QString, prompt);
        QTEST(regionsOf(text.toStdString(), prompt.toStdString()), "expected");
    }

    void ownDelimiters() {
        QCOMPARE(regionsOf("[[hm]]4", {}, {{"[[", "]]"}}), QStringLiteral("think(hm) answer(4)"));
        QCOMPARE(regionsOf("hm]]4", {}, {{"", "]]"}}), QStringLiteral("think(hm) answer(4)"));
        QCOMPARE(regionsOf("<think>a</think>4", {}, {{"[[", "]]"}}), QStringLiteral("think(a) answer(4)"));
        QCOMPARE(regionsOf("a", {}, {{"", ""}}), QStringLiteral("answer(a)"));
    }

    void steps_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("rule");
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, StepRule rule, const char* expected,
                            const char* expression = "") {
            QTest::newRow(name) << QString::fromUtf8(text) << int(rule) << QString::fromUtf8(expression)
                                << QString::fromUtf8(expected);
        };
        row("paragraphs", "<think>a\nb\n\nc\n \n\nd</think>4", StepRule::Paragraphs,
            "1(a|b) 2(c) 3(d) answer(4)");
        row("lines when there are no paragraphs", "<think>a\nb</think>4", StepRule::Paragraphs,
            "1(a) 2(b) answer(4)");
        row("a solution without thinking", "a\n\nb\n\nThe answer is 4.", StepRule::Paragraphs,
            "1(a) 2(b) 3(The answer is 4.)");
        row("a bare answer is no step", "4", StepRule::Paragraphs, "answer(4)");
        row("code stays whole", "<think>a\n\n```\nx\n\ny\n```\n\nb</think>", StepRule::Paragraphs,
            "1(a) 2(```|x||y|```) 3(b)");
        row("carriage returns", "<think>a\r\n\r\nb</think>", StepRule::Paragraphs, "1(a) 2(b)");
        row("thoughts", "<think>It is 5. Wait, no. Waiting is fine. Hmm\nAlternatively, 6.</think>6",
            StepRule::Thoughts,
            "1(It is 5.) 2(Wait, no. Waiting is fine.) 3(Hmm) 4(Alternatively, 6.) answer(6)");
        row("no turn in a sentence", "<think>I said Wait there.</think>6", StepRule::Thoughts,
            "1(I said Wait there.) answer(6)");
        row("expression", "<think>intro Step 1: a\nStep 2: b</think>4", StepRule::Expression,
            "1(intro) 2(Step 1: a) 3(Step 2: b) answer(4)", "Step \\d+:");
        row("expression at lines", "<think>1. a 2. b\n2. c</think>4", StepRule::Expression,
            "1(1. a 2. b) 2(2. c) answer(4)", "^\\d\\.");
        row("expression without a match", "<think>a</think>4", StepRule::Expression, "1(a) answer(4)", "zzz");
        row("empty expression", "<think>a</think>4", StepRule::Expression, "1(a) answer(4)", "");
        row("the quickstart's without its steps", "<2+4=6;1+3=4;>46", StepRule::Automatic,
            "1(2+4=6) 2(1+3=4) answer(46)");
        row("no marks", "<think>a</think>4", StepRule::Marks, "text(a) answer(4)");
        row("blank", " \n\n ", StepRule::Paragraphs, "answer( || )");
        row("only marks", "<;>", StepRule::Marks, "text(<;>)");
    }
    void steps() {
        QFETCH(QString, text);
        QFETCH(int, rule);
        QFETCH(QString, expression);
        const Trace trace = traceOf(text.toStdString());
        const StepCutting cutting{static_cast<StepRule>(rule), expression.toStdString(), {}};
        QTEST(stepsOf(trace, cutting), "expected");
        checkCover(trace, TraceDocument(trace, cutting));
    }

    void markedSteps_data() {
        using Steps = QList<std::pair<int, int>>;
        QTest::addColumn<QString>("text");
        QTest::addColumn<Steps>("steps");
        QTest::addColumn<QString>("expected");
        QTest::newRow("worked") << "<1+2=3;4+5=8;>83" << Steps{{1, 6}, {7, 12}}
                                << "1(1+2=3) 2(4+5=8) answer(83)";
        QTest::newRow("never closed") << "<1+2=3;4+" << Steps{{1, 6}} << "1(1+2=3) text(4+)";
        QTest::newRow("out of range")
            << "<ab>c" << Steps{{-5, 3}, {3, 99}, {50, 60}} << "1(<ab) 2(>) answer(c)";
        QTest::newRow("overlapping") << "<abcd>e" << Steps{{1, 4}, {2, 5}} << "1(abc) 2(d) answer(e)";
        QTest::newRow("reversed") << "<abcd>e" << Steps{{4, 2}} << "text(abcd) answer(e)";
        QTest::newRow("unordered") << "<a;b;>c" << Steps{{3, 4}, {1, 2}} << "1(a) 2(b) answer(c)";
        QTest::newRow("in the answer") << "<a>b c" << Steps{{1, 2}, {3, 4}} << "1(a) 2(b) answer(c)";
        QTest::newRow("across the border")
            << "<think>ab</think>cd" << Steps{{8, 19}} << "text(a) 1(b</think>) answer(cd)";
    }
    void markedSteps() {
        QFETCH(QString, text);
        using Steps = QList<std::pair<int, int>>;
        QFETCH(Steps, steps);
        Trace trace = traceOf(text.toStdString());
        for (const auto& [begin, end] : steps)
            trace.steps.push_back({begin, end, StepVerdict::Unchecked, ""});
        QTEST(stepsOf(trace, {}), "expected");
        checkCover(trace, TraceDocument(trace));
    }

    void wrongExpressions() {
        const Trace trace = traceOf(std::string(40, 'a') + "b");
        QVERIFY_EXCEPTION_THROWN(TraceDocument(trace, {StepRule::Expression, "(", {}}), Error);
        QVERIFY_EXCEPTION_THROWN(
            TraceDocument(traceOf(std::string(200'000, 'a') + "!"), {StepRule::Expression, "(a+)+$", {}}),
            Error);
    }

    void automaticPrefersMarks() {
        QCOMPARE(TraceDocument(traceOf("a\n\nb")).rule(), StepRule::Paragraphs);
        QCOMPARE(TraceDocument(traceOf("a\n\nb", {{0, 1, StepVerdict::Wrong, "no"}})).rule(),
                 StepRule::Marks);
        QCOMPARE(TraceDocument(traceOf("a\n\nb", {{0, 1, StepVerdict::Wrong, "no"}})).firstWrong(), 0);
    }

    // Random bytes, random marks and steps: ranges always cover the text.
    void anyBytes() {
        Random random(7);
        const char* const pieces[] = {"<think>",      "</think>",   "<", ">", ";",    "\n\n",     "\n", " ",
                                      "Wait, ",       "ä",          "∑", "𝔸", "\xff", "\xe2\x88", "a.", "```",
                                      "</reasoning>", "<reasoning>"};
        for (int round = 0; round < 400; ++round) {
            Trace trace;
            const int count = random.integer(0, 30);
            for (int i = 0; i < count; ++i) trace.completion += pieces[random.integer(0, 17)];
            const int size = static_cast<int>(trace.completion.size());
            for (int i = random.integer(0, 5); i > 0; --i)
                trace.steps.push_back(
                    {random.integer(-3, size + 3), random.integer(-3, size + 3), StepVerdict::Correct, ""});
            for (const StepRule rule :
                 {StepRule::Marks, StepRule::Paragraphs, StepRule::Thoughts, StepRule::Expression})
                checkCover(trace, TraceDocument(trace, {rule, "[>a]", {}}));
        }
    }

    void hostileCounts() {
        std::string text;
        for (int i = 0; i < 300'000; ++i) text += "a\n\n";
        const Trace trace = traceOf(text);
        const TraceDocument document(trace, {StepRule::Paragraphs, {}, {}});
        QCOMPARE(document.steps().size(), TraceDocument::maxSteps);
        checkCover(trace, document);
        std::string thoughts;
        for (int i = 0; i < 50'000; ++i) thoughts += "<think></think>";
        checkCover(traceOf(thoughts), TraceDocument(traceOf(thoughts)));
        const Trace large = traceOf(std::string(TraceDocument::plainBytes + 1, 'x'));
        QVERIFY(TraceDocument(large).isPlain());
        checkCover(large, TraceDocument(large));
    }

    // --- judges ---

    void factsOfSteps() {
        const Trace trace = traceOf("<aaa;bbb;ccc;>4", {{1, 4, StepVerdict::Correct, ""},
                                                        {5, 8, StepVerdict::Unchecked, ""},
                                                        {9, 12, StepVerdict::Unchecked, ""}});
        const TraceDocument document(trace);
        StepJudgement carlo = scored(9, 12, 0.25);
        carlo.successes = 2;
        carlo.rollouts = 8;
        std::vector<StepLane> lanes{
            lane(LaneKind::Human, {rated(1, 4, -1), rated(4, 9, 1)}),
            lane(LaneKind::Human, {rated(9, 12, 0)}),
            lane(LaneKind::Prm, {scored(1, 4, 0.9), scored(5, 8, 0.4), scored(9, 12, 0.7)}),
            lane(LaneKind::MonteCarlo, {carlo}), lane(LaneKind::Critic, {rated(9, 12, -1)})};
        const auto facts = stepFacts(document, lanes);
        QCOMPARE(facts.size(), document.steps().size());
        QCOMPARE(facts[0].human, std::optional(-1));
        QVERIFY(facts[0].disagree);                  // the checker says right
        QCOMPARE(facts[1].human, std::optional(1));  // most bytes are of the second step
        QVERIFY(facts[1].disagree);                  // 0.4 is below one half
        QCOMPARE(facts[2].human, std::optional(0));  // of the second person
        QCOMPARE(facts[2].successes, 2);
        QCOMPARE(facts[2].rollouts, 8);
        QCOMPARE(facts[2].critic, std::optional(-1));
        QVERIFY(!facts[3].disagree);
        QCOMPARE(nextDisagreement(facts, -1), 0);
        QCOMPARE(nextDisagreement(facts, 2), 0);
        QCOMPARE(nextDisagreement(stepFacts(document, {}), 0), -1);
    }

    void firstErrors() {
        const Trace trace = traceOf("<aaa;bbb;ccc;>4", {{1, 4, StepVerdict::Unchecked, ""},
                                                        {5, 8, StepVerdict::Unchecked, ""},
                                                        {9, 12, StepVerdict::Unchecked, ""}});
        const TraceDocument document(trace);
        const auto first = [&](const std::vector<StepLane>& lanes) {
            return firstError(document, stepFacts(document, lanes));
        };
        const StepLane prm = lane(LaneKind::Prm, {scored(1, 4, 0.9), scored(5, 8, 0.8), scored(9, 12, 0.3)});
        const StepLane critic = lane(LaneKind::Critic, {rated(5, 8, -1)});
        const StepLane human = lane(LaneKind::Human, {rated(1, 4, -1)});
        QCOMPARE(first({}), -1);
        QCOMPARE(first({prm}), 2);
        QCOMPARE(first({prm, critic}), 1);
        QCOMPARE(first({prm, critic, human}), 0);
    }

    void signs() {
        StepJudgement said = scored(0, 1, 0.0);
        QCOMPARE(signOf(LaneKind::MonteCarlo, said), -1);
        said.rollouts = 8;
        said.successes = 1;
        QCOMPARE(signOf(LaneKind::MonteCarlo, said), 1);
        QCOMPARE(signOf(LaneKind::Prm, scored(0, 1, 0.49)), -1);
        QCOMPARE(signOf(LaneKind::Prm, scored(0, 1, std::numeric_limits<double>::quiet_NaN())), 0);
        QCOMPARE(signOf(LaneKind::Human, rated(0, 1, 0)), 1);
        QCOMPARE(signOf(LaneKind::Detector, StepJudgement{}), 0);
    }
};

QTEST_GUILESS_MAIN(TestTraceDocument)
#include "tst_trace_document.moc"
