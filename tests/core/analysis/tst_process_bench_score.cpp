// ProcessBench's F1, the first error that lanes of each kind tell, thresholds, and the area under the ROC
// curve.
#include <QtTest>
#include <cmath>

#include "core/analysis/process_bench_score.h"
#include "core/analysis/roc.h"
#include "core/util/random.h"

using namespace retort;

namespace {

StepJudgement valued(std::int64_t begin, double value) {
    StepJudgement judgement;
    judgement.begin = begin;
    judgement.end = begin + 1;
    judgement.value = value;
    return judgement;
}

StepJudgement rated(std::int64_t begin, std::optional<std::int32_t> rating) {
    StepJudgement judgement;
    judgement.begin = begin;
    judgement.end = begin + 1;
    judgement.rating = rating;
    return judgement;
}

StepJudgement rolledOut(std::int64_t begin, int successes, int rollouts) {
    StepJudgement judgement = valued(begin, rollouts == 0 ? 0 : double(successes) / rollouts);
    judgement.successes = successes;
    judgement.rollouts = rollouts;
    return judgement;
}

const std::vector<TraceStep> three = {{0, 2, {}, {}}, {2, 4, {}, {}}, {4, 6, {}, {}}};

}  // namespace

class TestProcessBenchScore : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void harmonicMeans();
    void splitsAndTheirAverage();
    void firstErrors();
    void thresholds();
    void areas();
};

void TestProcessBenchScore::harmonicMeans() {
    QVERIFY(std::abs(processBenchF1(40, 90) - 55.384615384615) < 1e-9);  // traces.md b.2
    QCOMPARE(processBenchF1(0, 0), 0.0);
    QCOMPARE(processBenchF1(0, 100), 0.0);
    QCOMPARE(processBenchF1(100, 100), 100.0);
}

void TestProcessBenchScore::splitsAndTheirAverage() {
    std::vector<ProcessBenchItem> items;
    // gsm8k: 4 of 10 erroneous ones, 9 of 10 right ones; math: none and all; third: only right ones.
    for (int i = 0; i < 10; ++i) {
        items.push_back({"gsm8k", 2, i < 4 ? 2 : i < 8 ? 1 : -1});
        items.push_back({"gsm8k", -1, i < 9 ? -1 : 0});
        items.push_back({"math", 0, i < 5 ? std::optional<std::int64_t>() : -1});
        items.push_back({"math", -1, -1});
    }
    items.push_back({"third", -1, -1});
    const auto scores = processBenchScores(items);
    QCOMPARE(scores.size(), std::size_t(3));
    QCOMPARE(scores[0].split, std::string("gsm8k"));
    QCOMPARE(scores[0].erroneousAccuracy, 40.0);
    QCOMPARE(scores[0].correctAccuracy, 90.0);
    QVERIFY(std::abs(scores[0].f1 - 55.3846153846) < 1e-9);
    QCOMPARE(scores[1].erroneousAccuracy, 0.0);
    QCOMPARE(scores[1].f1, 0.0);
    QVERIFY(std::isnan(scores[2].erroneousAccuracy) && std::isnan(scores[2].f1));
    QCOMPARE(scores[2].correctAccuracy, 100.0);
    const ProcessBenchScore average = averageScore(scores);
    QVERIFY(std::abs(average.f1 - 55.3846153846 / 2) < 1e-9);
    QCOMPARE(average.erroneous, std::int64_t(20));
    QCOMPARE(average.correct, std::int64_t(21));
    QVERIFY(std::isnan(averageScore({}).f1));
    QVERIFY(processBenchScores({}).empty());
}

void TestProcessBenchScore::firstErrors() {
    using Index = std::optional<std::int64_t>;
    StepLane prm{LaneKind::Prm, "p", {valued(0, 0.9), valued(2, 0.4), valued(4, 0.1)}};
    QCOMPARE(firstErrorOf(prm, three), Index(1));
    QCOMPARE(firstErrorOf(prm, three, 0.2), Index(2));
    QCOMPARE(firstErrorOf(prm, three, 0.05), Index(-1));
    QCOMPARE(firstErrorOf(prm, {}, 0.2), Index(2));
    QVERIFY(needsThreshold(prm));
    StepLane monteCarlo{
        LaneKind::MonteCarlo, "m", {rolledOut(0, 3, 8), rolledOut(2, 1, 8), rolledOut(4, 0, 8)}};
    QCOMPARE(firstErrorOf(monteCarlo, three), Index(2));
    monteCarlo.steps[0] = rolledOut(0, 0, 0);  // nothing could be rolled out: that says nothing
    QCOMPARE(firstErrorOf(monteCarlo, three), Index(2));
    QVERIFY(!needsThreshold(monteCarlo));
    // OmegaPRM's lane has values of few steps, and ratings.
    StepLane omega{LaneKind::MonteCarlo, "o", {rated(0, 1), rolledOut(2, 0, 8), rated(4, std::nullopt)}};
    omega.steps[1].rating = 1;
    QCOMPARE(firstErrorOf(omega, three), Index(-1));
    omega.steps[1].rating = -1;
    QCOMPARE(firstErrorOf(omega, three), Index(1));
    // A neutral step is no error; an answer that is wrong is no step.
    StepLane human{LaneKind::Human, "h", {rated(0, 1), rated(2, 0), rated(6, -1)}};
    QCOMPARE(firstErrorOf(human, three), Index(-1));
    // Another way of cutting steps: by where a judgement begins.
    human.steps = {rated(3, -1)};
    QCOMPARE(firstErrorOf(human, three), Index(1));
    QCOMPARE(firstErrorOf(StepLane{LaneKind::Critic, "c", {}}, three), Index());
    QCOMPARE(firstErrorOf(StepLane{LaneKind::Human, "n", {rated(0, std::nullopt)}}, three), Index());
    StepLane nan{LaneKind::Prm, "n", {valued(0, std::nan(""))}};
    QCOMPARE(firstErrorOf(nan, three), Index(-1));
}

void TestProcessBenchScore::thresholds() {
    // Right steps above 0.6, wrong ones below 0.3: anything between is perfect.
    std::vector<ScoredSolution> solutions;
    Random random(3);
    for (int i = 0; i < 200; ++i) {
        ScoredSolution one;
        one.label = i % 2 == 0 ? -1 : random.integer(0, 4);
        for (int step = 0; step < 5; ++step)
            one.scores.push_back(step == one.label ? 0.3 * random.uniform() : 0.6 + 0.4 * random.uniform());
        solutions.push_back(one);
    }
    const ThresholdChoice choice = chooseThreshold(solutions);
    QCOMPARE(choice.f1, 100.0);
    QVERIFY(choice.threshold > 0.29 && choice.threshold < 0.61);
    QVERIFY(chooseThreshold(solutions, 8).f1 <= 100);
    QCOMPARE(chooseThreshold({}).threshold, 0.5);
    QCOMPARE(chooseThreshold({{{0.1}, -1}}).threshold, 0.5);  // one class only
    QCOMPARE(chooseThreshold({{{}, -1}, {{}, 0}}).threshold, 0.5);
}

void TestProcessBenchScore::areas() {
    const double scores[] = {0.1, 0.4, 0.35, 0.8};
    const int right[] = {0, 0, 1, 1};
    QCOMPARE(rocAuc(scores, right), 0.75);  // scikit-learn's example
    const double ties[] = {1, 1, 1, 1};
    QCOMPARE(rocAuc(ties, right), 0.5);
    const int one[] = {1, 1, 1, 1};
    QVERIFY(std::isnan(rocAuc(scores, one)));
    const double nan[] = {0.1, std::nan(""), 0.2, 0.3};
    QVERIFY(std::isnan(rocAuc(nan, right)));
    QVERIFY(std::isnan(rocAuc({}, {})));
    // Against counting of pairs.
    Random random(9);
    std::vector<double> many;
    std::vector<int> labels;
    for (int i = 0; i < 120; ++i) {
        many.push_back(double(random.integer(0, 20)));
        labels.push_back(int(random.integer(0, 1)));
    }
    double wins = 0, pairs = 0;
    for (std::size_t i = 0; i < many.size(); ++i)
        for (std::size_t j = 0; j < many.size(); ++j)
            if (labels[i] == 1 && labels[j] == 0) {
                wins += many[i] > many[j] ? 1 : many[i] == many[j] ? 0.5 : 0;
                pairs += 1;
            }
    QVERIFY(std::abs(rocAuc(many, labels) - wins / pairs) < 1e-12);
}

QTEST_GUILESS_MAIN(TestProcessBenchScore)
#include "tst_process_bench_score.moc"
