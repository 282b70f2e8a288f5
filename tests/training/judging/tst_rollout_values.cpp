// Monte-Carlo values of steps against the exact chances of a tabular policy; what is shared, what is counted,
// what stops.
#include <QtTest>
#include <cmath>

#include "core/util/error.h"
#include "tabular_policy.h"
#include "training/judging/monte_carlo.h"
#include "training/judging/trace_tasks.h"

using namespace retort;
using namespace retort::test;

namespace {

struct Judged {
    std::vector<JudgedTrace> traces;
    bool whole = true;
};

Judged judged(TabularPolicy& policy, const std::vector<Trace>& traces, const RolloutPoolSettings& settings,
              const std::function<std::string(const Trace&)>& whyNot = noObjection) {
    const AnswerCheckFunction isRight = endsRight;
    const SampleFunction sample = policy.sampler();
    RolloutPool pool(traces, policy.tokenizer(), isRight, settings, sample);
    Judged result;
    result.whole = judgeByMonteCarlo(traces, pool, settings.rowsAtOnce, "table", whyNot,
                                     [&](JudgedTrace one) { result.traces.push_back(std::move(one)); });
    return result;
}

}  // namespace

class TestRolloutValues : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void valuesAreTheExactChances();
    void placesAreSharedAndCounted();
    void problemsAreKeptApart();
    void answersThatStandThereNeedNoRollouts();
    void lengthsAreBounded();
    void traceWithoutText();
    void batchesChangeNothing();
    void stopsLeaveWhatIsDone();
    void tasksCheckTheirOwnAnswers();
};

// All 16 ways through four steps: each value within five standard deviations of the exact chance, and their
// squares together as many as there should be.
void TestRolloutValues::valuesAreTheExactChances() {
    TabularPolicy policy;
    std::vector<Trace> traces;
    for (int way = 0; way < 16; ++way) {
        std::string completion = "<";
        for (int bit = 0; bit < 4; ++bit) completion += (way >> bit & 1) ? "b;" : "a;";
        traces.push_back(policy.trace("7", completion + ">W"));
    }
    RolloutPoolSettings settings;
    settings.rollouts = 1000;
    const Judged result = judged(policy, traces, settings);
    QCOMPARE(result.traces.size(), std::size_t(16));
    double squares = 0, places = 0;
    for (const JudgedTrace& one : result.traces) {
        QVERIFY(one.lane.kind == LaneKind::MonteCarlo && one.lane.name == "table");
        QCOMPARE(one.stepsFrom, std::string("markers"));
        QCOMPARE(one.lane.steps.size(), std::size_t(4));
        for (const StepJudgement& step : one.lane.steps) {
            const double exact = policy.chance(traces[one.trace].completion.substr(0, std::size_t(step.end)));
            const double deviation = std::sqrt(exact * (1 - exact) / 1000);
            QCOMPARE(step.rollouts, 1000);
            QCOMPARE(*step.value, double(step.successes) / 1000);
            QVERIFY2(std::abs(*step.value - exact) < 5 * deviation,
                     qPrintable(QString("%1 %2").arg(*step.value).arg(exact)));
            squares += (*step.value - exact) * (*step.value - exact) / (deviation * deviation);
            places += 1;
        }
    }
    // Of 64 places 30 are different: that chi-square is between 0.5 and 1.7 of its mean all but never fails
    // by chance.
    QVERIFY2(squares / places > 0.4 && squares / places < 1.8, qPrintable(QString::number(squares / places)));
    QCOMPARE(policy.rollouts, std::int64_t(30 * 1000));
}

void TestRolloutValues::placesAreSharedAndCounted() {
    TabularPolicy policy;
    const std::vector<Trace> traces = {policy.trace("1", "<a;b;a;a;>W"), policy.trace("1", "<a;b;b;a;>W"),
                                       policy.trace("1", "<a;b;a;a;>R")};
    RolloutPoolSettings settings;
    settings.rollouts = 4;
    const Judged result = judged(policy, traces, settings);
    QCOMPARE(policy.calls, 1);
    QCOMPARE(policy.asked.size(), std::size_t(6));  // a, ab, aba, abaa; abb, abba
    QCOMPARE(policy.streams.size(), std::size_t(6));
    QCOMPARE(result.traces[0].rollouts, std::int64_t(16));
    QCOMPARE(result.traces[1].rollouts, std::int64_t(8));
    QCOMPARE(result.traces[2].rollouts, std::int64_t(0));
    QVERIFY(result.traces[0].tokens > 0 && result.traces[2].tokens == 0);
    QVERIFY(result.traces[0].lane.steps == result.traces[2].lane.steps);
}

// The same text behind another prompt, of another problem or with another reference is another place.
void TestRolloutValues::problemsAreKeptApart() {
    TabularPolicy policy;
    std::vector<Trace> traces(4, policy.trace("1", "<a;a;a;a;>W"));
    traces[1].prompt = "2?";
    traces[2].gold = "W";
    traces[3].task = "other";
    RolloutPoolSettings settings;
    settings.rollouts = 1;
    judged(policy, traces, settings);
    QCOMPARE(policy.asked.size(), std::size_t(16));
}

void TestRolloutValues::answersThatStandThereNeedNoRollouts() {
    TabularPolicy policy;
    Trace trace = policy.trace("1", "a\nR");
    trace.steps = {{0, 1, {}, {}}, {2, 3, {}, {}}};
    RolloutPoolSettings settings;
    settings.rollouts = 4;
    Judged result = judged(policy, {trace}, settings);
    QCOMPARE(policy.asked.size(), std::size_t(1));
    const StepJudgement last = result.traces[0].lane.steps[1];
    QCOMPARE(last.successes, 1);
    QCOMPARE(last.rollouts, 1);
    QCOMPARE(last.value, std::optional<double>(1));
    QCOMPARE(result.traces[0].stepsFrom, std::string("trace"));
    // Cut off there, it goes on.
    trace.finish = "length";
    policy.asked.clear();
    judged(policy, {trace}, settings);
    QCOMPARE(policy.asked.size(), std::size_t(2));
}

void TestRolloutValues::lengthsAreBounded() {
    TabularPolicy policy;
    const Trace trace = policy.trace("1", "<a;a;a;a;>R");
    RolloutPoolSettings settings;
    settings.rollouts = 8;
    settings.maxTokens = 7;  // "<a;a;a;" and nothing more
    const Judged result = judged(policy, {trace}, settings);
    QCOMPARE(policy.asked.size(), std::size_t(2));
    for (const StepJudgement& step : result.traces[0].lane.steps) QCOMPARE(step.successes, 0);  // all cut off
    QCOMPARE(result.traces[0].lane.steps[1].rollouts, 8);
    QVERIFY(!result.traces[0].lane.steps[2].value && !result.traces[0].lane.steps[2].text.empty());
    settings.maxTokens = 100;
    settings.maxPositions = 6;  // "1?<a;" leaves one
    policy.asked.clear();
    judged(policy, {trace}, settings);
    QCOMPARE(policy.asked.size(), std::size_t(1));
}

void TestRolloutValues::traceWithoutText() {
    TabularPolicy policy;
    RolloutPoolSettings settings;
    const Judged empty = judged(policy, {policy.trace("1", "")}, settings);
    QVERIFY(empty.traces[0].lane.steps.empty());
    QCOMPARE(empty.traces[0].stepsFrom, std::string("empty"));
    const Judged refused = judged(policy, {policy.trace("1", "<a;>R")}, settings,
                                  [](const Trace&) { return std::string("there is no reference answer"); });
    QVERIFY(refused.traces[0].lane.steps.empty());
    QCOMPARE(refused.traces[0].note, std::string("there is no reference answer"));
    QCOMPARE(policy.calls, 0);
}

// However many rows go through the sampler together: the same values, in the same order.
void TestRolloutValues::batchesChangeNothing() {
    std::vector<Trace> traces;
    TabularPolicy table;
    Random random(1);
    for (int i = 0; i < 40; ++i)
        traces.push_back(table.trace(std::to_string(i % 7), table.sampled("", random)));
    std::vector<std::vector<JudgedTrace>> results;
    for (const std::int64_t rows : {1, 20, 100000}) {
        TabularPolicy policy;
        RolloutPoolSettings settings;
        settings.rowsAtOnce = rows;
        results.push_back(judged(policy, traces, settings).traces);
    }
    for (std::size_t i = 0; i < traces.size(); ++i) {
        QCOMPARE(results[0][i].trace, i);
        QVERIFY(results[0][i].lane == results[1][i].lane && results[0][i].lane == results[2][i].lane);
        QCOMPARE(results[0][i].rollouts, results[2][i].rollouts);
    }
}

void TestRolloutValues::stopsLeaveWhatIsDone() {
    TabularPolicy policy;
    const std::vector<Trace> traces = {policy.trace("1", "<a;a;a;a;>W"), policy.trace("2", "<a;a;a;a;>W")};
    const AnswerCheckFunction isRight = endsRight;
    const SampleFunction sample = policy.sampler();
    RolloutPoolSettings settings;
    settings.rowsAtOnce = 8;
    RolloutPool pool(traces, policy.tokenizer(), isRight, settings, sample);
    std::size_t done = 0;
    const bool whole =
        judgeByMonteCarlo(traces, pool, settings.rowsAtOnce, "t", noObjection, [&](JudgedTrace) {
            ++done;
            policy.isStopped = true;
        });
    QVERIFY(!whole);
    QCOMPARE(done, std::size_t(1));
}

void TestRolloutValues::tasksCheckTheirOwnAnswers() {
    const std::string yaml =
        "recipe: sft\ndata:\n  tasks:\n    - {task: countdown, name: numbers}\n    - task: addition\n"
        "evaluation:\n  max_completion_length: 77\n";
    const TraceTasks tasks(yaml, {});
    QCOMPARE(tasks.completionLength(), std::int64_t(77));
    const auto countdown = makeTask("countdown", Json::object());
    const Problem problem = countdown->problem(Split::Train, 1, 1);
    Trace trace;
    trace.task = "numbers";
    trace.problemId = problem.id;
    trace.prompt = problem.prompt;
    trace.gold = problem.answer;
    QVERIFY(tasks.isRight(trace, problem.worked));
    QVERIFY(!tasks.isRight(trace, "1"));
    // A task that nobody knows: by core/answers.
    trace.task = "imported";
    trace.gold = "\\frac{1}{2}";
    QVERIFY(tasks.isRight(trace, "so it is \\boxed{0.5}"));
    QVERIFY(!tasks.isRight(trace, "so it is \\boxed{2}"));
    QVERIFY(tasks.whyNot(trace).empty());
    trace.gold.clear();
    QVERIFY(!tasks.whyNot(trace).empty());
    QCOMPARE(TraceTasks("", {}).completionLength(), std::int64_t(0));
    QVERIFY_EXCEPTION_THROWN(TraceTasks("recipe: none\n", {}), Error);
}

QTEST_GUILESS_MAIN(TestRolloutValues)
#include "tst_rollout_values.moc"
