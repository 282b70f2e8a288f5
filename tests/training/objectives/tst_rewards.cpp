// Rewards, advantages and schedules: plain numbers against closed forms.
#include <QtTest>
#include <cmath>
#include <limits>

#include "core/config/schedule.h"
#include "core/util/error.h"
#include "training/objectives/advantages.h"
#include "training/objectives/rewards.h"

using namespace retort;

class TestRewards : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void advantagesOfOneGroup_data();
    void advantagesOfOneGroup();
    void groupsAreSeparate();
    void equalRewardsTeachNothing();
    void nanRewardsAreLeftOut();
    void unevenGroupsAreRefused();
    void overlongPunishment_data();
    void overlongPunishment();
    void rewardIsTheWeightedSum();
    void repeatedTermsHaveTheirOwnNames();
    void badRewardsAreRefused();
    void schedules_data();
    void schedules();
};

void TestRewards::advantagesOfOneGroup_data() {
    QTest::addColumn<QString>("scale");
    QTest::addColumn<double>("right");
    QTest::addColumn<double>("wrong");
    // traces.md b.5: mean .25, std .46291
    QTest::newRow("group") << "group" << 0.75 / (std::sqrt(1.5 / 7) + 1e-4)
                           << -0.25 / (std::sqrt(1.5 / 7) + 1e-4);
    QTest::newRow("none") << "none" << 0.75 << -0.25;
}

void TestRewards::advantagesOfOneGroup() {
    QFETCH(QString, scale);
    QFETCH(double, right);
    QFETCH(double, wrong);
    const auto result = groupAdvantages({1, 0, 0, 1, 0, 0, 0, 0}, 8, scale.toStdString());
    for (std::size_t i = 0; i < 8; ++i) QCOMPARE(result.values[i], i == 0 || i == 3 ? right : wrong);
    if (scale == "group") {
        QVERIFY(std::abs(result.values[0] - 1.6199) < 1e-4);
        QVERIFY(std::abs(result.values[1] + 0.5399) < 1e-4);
    }
    QCOMPARE(result.rewardMean, 0.25);
    QVERIFY(std::abs(result.rewardStd - 0.46291) < 1e-5);
    QCOMPARE(result.zeroStdShare, 0.0);
}

void TestRewards::groupsAreSeparate() {
    const std::vector<double> rewards = {1, 0, 1, 1};  // std of all: 0.5
    const auto byGroup = groupAdvantages(rewards, 2, "group");
    const double std2 = std::sqrt(0.5);
    QCOMPARE(byGroup.values[0], 0.5 / (std2 + 1e-4));
    QCOMPARE(byGroup.values[1], -0.5 / (std2 + 1e-4));
    QCOMPARE(byGroup.values[2], 0.0);
    QCOMPARE(byGroup.zeroStdShare, 0.5);
    QCOMPARE(byGroup.rewardStd, std2 / 2);
    const auto byBatch = groupAdvantages(rewards, 2, "batch");
    QCOMPARE(byBatch.values[0], 0.5 / (0.5 + 1e-4));
}

void TestRewards::equalRewardsTeachNothing() {
    for (const char* scale : {"group", "batch", "none"}) {
        const auto result = groupAdvantages({0.3, 0.3, 0.3, 0.3}, 4, scale);
        for (double value : result.values) QVERIFY(std::abs(value) < 1e-9);
        QCOMPARE(result.zeroStdShare, 1.0);
    }
}

void TestRewards::nanRewardsAreLeftOut() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto result = groupAdvantages({1, nan, 0, 1}, 4, "none");
    QCOMPARE(result.values[1], 0.0);
    QCOMPARE(result.values[0], 1.0 / 3);
    const auto none = groupAdvantages({nan, nan}, 2, "group");
    QCOMPARE(none.values, std::vector<double>({0, 0}));
}

void TestRewards::unevenGroupsAreRefused() {
    QVERIFY_EXCEPTION_THROWN(groupAdvantages({1, 0, 1}, 2, "group"), Error);
    QVERIFY_EXCEPTION_THROWN(groupAdvantages({}, 2, "group"), Error);
    QVERIFY_EXCEPTION_THROWN(groupAdvantages({1, 0}, 2, "sideways"), Error);
}

void TestRewards::overlongPunishment_data() {
    QTest::addColumn<int>("tokens");
    QTest::addColumn<double>("value");
    QTest::newRow("short") << 10 << 0.0;
    QTest::newRow("edge of the cache") << 48 << 0.0;
    QTest::newRow("a quarter in") << 52 << -0.25;
    QTest::newRow("half") << 56 << -0.5;
    QTest::newRow("limit") << 64 << -1.0;
    QTest::newRow("beyond") << 1000 << -1.0;
}

void TestRewards::overlongPunishment() {
    QFETCH(int, tokens);
    QTEST(softOverlongPunishment(tokens, 64, 16), "value");
}

void TestRewards::rewardIsTheWeightedSum() {
    const RewardComposer composer({{"correctness", 1, Json::object()},
                                   {"format", 0.2, Json::object()},
                                   {"worked", 0.1, Json::object()},
                                   {"step_accuracy", 0.5, Json::object()},
                                   {"length", 2, Json{{"max_length", 20}, {"cache", 10}}}});
    Verdict verdict;
    verdict.correct = verdict.wellFormed = true;
    verdict.stepAccuracy = 0.5;
    const auto reward = composer(verdict, 15);
    QCOMPARE(reward.terms, std::vector<double>({1, 1, 0, 0.5, -0.5}));
    QCOMPARE(reward.total, 1 + 0.2 + 0.25 - 1.0);
    const RewardComposer plain({});
    QCOMPARE(plain.names(), std::vector<std::string>{"correctness"});
    QCOMPARE(plain(verdict, 5).total, 1.0);
}

void TestRewards::repeatedTermsHaveTheirOwnNames() {
    const RewardComposer composer(
        {{"length", 1, Json::object()}, {"format", 1, {}}, {"length", 1, Json::object()}});
    QCOMPARE(composer.names(), (std::vector<std::string>{"length", "format", "length-2"}));
}

void TestRewards::badRewardsAreRefused() {
    QVERIFY_EXCEPTION_THROWN(RewardComposer({{"beauty", 1, Json::object()}}), Error);
    QVERIFY_EXCEPTION_THROWN(RewardComposer({{"length", 1, Json{{"max_length", 10}, {"cache", 11}}}}), Error);
    QVERIFY_EXCEPTION_THROWN(RewardComposer({{"length", 1, Json{{"max_length", 10}, {"cache", 0}}}}), Error);
}

void TestRewards::schedules_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("step");
    QTest::addColumn<double>("rate");
    // warm-up 10, 110 steps, rate 2, ratio .1, wsd decays over the last half: from step 55
    QTest::newRow("warm-up first") << "cosine" << 1 << 0.2;
    QTest::newRow("warm-up last") << "cosine" << 10 << 2.0;
    QTest::newRow("constant") << "constant" << 109 << 2.0;
    QTest::newRow("half warm") << "linear" << 5 << 1.0;
    QTest::newRow("cosine middle") << "cosine" << 60 << 1.1;
    QTest::newRow("cosine end") << "cosine" << 110 << 0.2;
    QTest::newRow("linear middle") << "linear" << 60 << 1.1;
    QTest::newRow("linear quarter") << "linear" << 35 << 1.55;
    QTest::newRow("linear end") << "linear" << 110 << 0.2;
    QTest::newRow("wsd stable") << "wsd" << 54 << 2.0;
    QTest::newRow("wsd half decayed") << "wsd" << 55 + 22 << 2 * (0.1 + 0.9 * 0.6);
    QTest::newRow("wsd end") << "wsd" << 110 << 0.2;
    QTest::newRow("beyond the end") << "linear" << 500 << 0.2;
}

void TestRewards::schedules() {
    QFETCH(QString, type);
    QFETCH(int, step);
    QFETCH(double, rate);
    TrainingSettings settings;
    settings.lr_scheduler_type = type.toStdString();
    settings.learning_rate = 2;
    settings.warmup_steps = 10;
    settings.max_steps = 110;
    settings.min_lr_ratio = 0.1;
    settings.decay_share = 0.5;
    QVERIFY2(std::abs(scheduledLearningRate(settings, step) - rate) < 1e-12,
             qPrintable(QString::number(scheduledLearningRate(settings, step))));
}

QTEST_APPLESS_MAIN(TestRewards)
#include "tst_rewards.moc"
