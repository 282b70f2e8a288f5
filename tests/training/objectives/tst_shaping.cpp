// Reward terms as plain functions, against closed forms and brute force.
#include <QtTest>
#include <cmath>
#include <random>

#include "training/objectives/process_advantages.h"
#include "training/objectives/shaping.h"

using namespace retort;

class TestShaping : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void overlongPunishment_data();
    void overlongPunishment();
    void cosineLength_data();
    void cosineLength();
    void repetitionMatchesBruteForce();
    void kimiLength();
    void surrogateLengthPeaks();
    void explorationIsCapped();
    void stepRewardsAreBounded();
    void processAdvantagesAreOfWhatFollows();
    void processAdvantagesAreScaled();
};

void TestShaping::overlongPunishment_data() {
    QTest::addColumn<int>("tokens");
    QTest::addColumn<double>("value");
    QTest::newRow("short") << 10 << 0.0;
    QTest::newRow("edge of the cache") << 48 << 0.0;
    QTest::newRow("a quarter in") << 52 << -0.25;
    QTest::newRow("half") << 56 << -0.5;
    QTest::newRow("limit") << 64 << -1.0;
    QTest::newRow("beyond") << 1000 << -1.0;
}

void TestShaping::overlongPunishment() {
    QFETCH(int, tokens);
    QTEST(softOverlongPunishment(tokens, 64, 16), "value");
}

void TestShaping::cosineLength_data() {
    QTest::addColumn<int>("tokens");
    QTest::addColumn<bool>("correct");
    QTest::addColumn<double>("value");
    // The numbers of #100: right 2 → 1, wrong -10 → 0.
    QTest::newRow("right, empty") << 0 << true << 2.0;
    QTest::newRow("right, half") << 50 << true << 1.5;
    QTest::newRow("right, a third") << 20 << true << 1 + (1 + std::cos(M_PI / 5)) / 2;
    QTest::newRow("right, full") << 100 << true << 1.0;
    QTest::newRow("wrong, empty") << 0 << false << -10.0;
    QTest::newRow("wrong, half") << 50 << false << -5.0;
    QTest::newRow("wrong, full") << 100 << false << 0.0;
    QTest::newRow("right, too long") << 101 << true << -11.0;
}

void TestShaping::cosineLength() {
    QFETCH(int, tokens);
    QFETCH(bool, correct);
    QFETCH(double, value);
    const CosineLength reward{100, -10, 0, 1, 2, -11};
    QVERIFY(std::abs(reward(tokens, true, correct) - value) < 1e-12);
    QCOMPARE(reward(tokens, false, correct), -11.0);
}

void TestShaping::repetitionMatchesBruteForce() {
    std::mt19937 random(5);
    for (int round = 0; round < 50; ++round) {
        std::vector<std::int32_t> ids(random() % 30);
        for (auto& id : ids) id = std::int32_t(random() % 3);
        for (std::int64_t size = 1; size <= 4; ++size) {
            double repeated = 0, all = 0;
            for (std::size_t i = 0; i + std::size_t(size) <= ids.size(); ++i, ++all) {
                bool seen = false;
                for (std::size_t j = 0; j < i && !seen; ++j)
                    seen = std::equal(ids.begin() + long(i), ids.begin() + long(i) + size,
                                      ids.begin() + long(j));
                repeated += seen;
            }
            const double expected = all == 0 ? 0 : repeated / all * -0.5;
            QVERIFY(std::abs(repetitionPenalty(ids, size, -0.5) - expected) < 1e-12);
        }
    }
}

void TestShaping::kimiLength() {
    const std::vector<std::int64_t> tokens = {10, 20, 30, 30};
    QCOMPARE(kimiLengthRewards(tokens, {true, true, true, false}), std::vector<double>({0.5, 0, -0.5, -0.5}));
    QCOMPARE(kimiLengthRewards(tokens, {false, false, true, true}), std::vector<double>({0, 0, -0.5, -0.5}));
    QCOMPARE(kimiLengthRewards(std::vector<std::int64_t>{7, 7}, {true, false}), std::vector<double>({0, 0}));
    QVERIFY(kimiLengthRewards({}, {}).empty());
}

void TestShaping::surrogateLengthPeaks() {
    QCOMPARE(surrogateLength(0, 100, 0.5), 0.0);
    QCOMPARE(surrogateLength(50, 100, 0.5), 1.0);
    QCOMPARE(surrogateLength(25, 100, 0.5), 0.75);
    QCOMPARE(surrogateLength(75, 100, 0.5), 0.5);
    QCOMPARE(surrogateLength(100, 100, 0.5), -1.0);
    QCOMPARE(surrogateLength(1000, 100, 0.5), -1.0);
    QVERIFY(std::abs(surrogateLength(80, 100, 0.8) - 1) < 1e-12);
}

void TestShaping::explorationIsCapped() {
    const std::vector<std::string_view> steps = {"a", "b", "a", "c", "d"};
    QVERIFY(std::abs(explorationBonus(steps, 0.1, 0, 1) - 0.4) < 1e-12);  // a step said twice is one
    QVERIFY(std::abs(explorationBonus(steps, 0.1, 3, 1) - 0.1) < 1e-12);
    QCOMPARE(explorationBonus(steps, 0.1, 0, 0.25), 0.25);
    QCOMPARE(explorationBonus(steps, 0.1, 9, 1), 0.0);
}

void TestShaping::stepRewardsAreBounded() {
    const std::vector<double> scores = {0.9, 0.2, 0.6, 0.8};
    QCOMPARE(shapedStepRewards(scores, StepShaping::None, 0), scores);
    const auto clipped = shapedStepRewards(scores, StepShaping::Clip, 0.5);
    QCOMPARE(clipped, std::vector<double>({0, 0.2 - 0.5, 0, 0}));
    // The return from step k on is q_k, whatever follows.
    const auto delta = shapedStepRewards(scores, StepShaping::Delta, 0);
    double rest = 0;
    for (std::size_t k = scores.size(); k-- > 0;) {
        rest += delta[k];
        QVERIFY(std::abs(rest - scores[k]) < 1e-12);
    }
    // A hundred more steps that are called right earn nothing more.
    const auto total = [](std::size_t more, StepShaping shaping) {
        const std::vector<double> padded(4 + more, 0.8);
        double sum = 0;
        for (double reward : shapedStepRewards(padded, shaping, 0.5)) sum += reward;
        return sum;
    };
    QVERIFY(total(100, StepShaping::None) > total(0, StepShaping::None) + 50);
    for (StepShaping shaping : {StepShaping::Clip, StepShaping::Delta, StepShaping::ClipDelta})
        QVERIFY(std::abs(total(100, shaping) - total(0, shaping)) < 1e-9);
}

// Two completions of two and one steps; the second step of the first has nobody to be compared with.
void TestShaping::processAdvantagesAreOfWhatFollows() {
    const double none = std::nan("");
    const std::vector<std::vector<double>> steps = {{none, 0.5, none, 0.25, none}, {0.75, none, none}};
    const auto found = processAdvantages({1, 0}, steps, 2, "none");
    // Returns of the first: 1.75 twice, 1.25 twice, 1; of the second: 0.75, then 0 twice.
    const std::vector<std::vector<float>> expected = {{0.5f, 0.5f, 0.625f, 0.625f, 0},
                                                      {-0.5f, -0.625f, -0.625f}};
    QVERIFY(found == expected);
    // Completions that did all the same have no advantage over each other anywhere.
    for (const auto& completion : processAdvantages({1, 1}, {steps[0], steps[0]}, 2, "group"))
        for (const float value : completion) QCOMPARE(value, 0.0f);
    // Without steps it is the outcome less the group's mean.
    const auto bare = processAdvantages({1, 0}, {{none, none}, {none}}, 2, "none");
    QVERIFY((bare == std::vector<std::vector<float>>{{0.5f, 0.5f}, {-0.5f}}));
}

void TestShaping::processAdvantagesAreScaled() {
    const double none = std::nan("");
    const std::vector<std::vector<double>> steps = {{0.5, none}, {0.25, none}, {1, none}, {0, none}};
    const std::vector<double> outcomes = {1, 0, 10, 0};
    for (const char* scale : {"group", "batch"}) {
        const auto found = processAdvantages(outcomes, steps, 2, scale);
        double squares = 0, tokens = 0;
        for (std::size_t i = 0; i < 2; ++i)
            for (const float value : found[i]) squares += double(value) * value, tokens += 1;
        QVERIFY((std::abs(squares / tokens - 1) < 1e-3) == (std::string(scale) == "group"));
    }
    QVERIFY_EXCEPTION_THROWN(processAdvantages({1}, {{none}}, 2, "group"), std::exception);
}

QTEST_APPLESS_MAIN(TestShaping)
#include "tst_shaping.moc"
