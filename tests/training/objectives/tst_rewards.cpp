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
    void leaveOneOut();
    void reinforcePlusPlusWhitensOverTokens_data();
    void reinforcePlusPlusWhitensOverTokens();
    void termsAreNormalisedByThemselves();
    void estimatorsByName();
    void rewardIsTheWeightedSum();
    void termsOfAGroup();
    void laterTermsWaitForTheirStep();
    void modelTermsTakeTheModelsValue();
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

void TestRewards::leaveOneOut() {
    const std::vector<double> rewards = {1, 0, 0.5, 3, 3, 1};
    const auto result = leaveOneOutAdvantages(rewards, 3);
    for (std::size_t i = 0; i < rewards.size(); ++i) {
        double others = 0;
        for (std::size_t j = i / 3 * 3; j < i / 3 * 3 + 3; ++j)
            if (j != i) others += rewards[j] / 2;
        QVERIFY(std::abs(result.values[i] - (rewards[i] - others)) < 1e-12);
    }
    QCOMPARE(leaveOneOutAdvantages({1, std::nan("")}, 2).values, std::vector<double>({0, 0}));
}

void TestRewards::reinforcePlusPlusWhitensOverTokens_data() {
    QTest::addColumn<bool>("baseline");
    QTest::newRow("batch alone") << false;
    QTest::newRow("group's mean first") << true;
}

void TestRewards::reinforcePlusPlusWhitensOverTokens() {
    QFETCH(bool, baseline);
    const std::vector<double> rewards = {1, 0, 0, 0};
    const std::vector<std::int64_t> lengths = {3, 1, 5, 2};
    // Token by token, as verl's masked whitening sees them.
    std::vector<double> tokens;
    for (std::size_t i = 0; i < 4; ++i)
        for (std::int64_t t = 0; t < lengths[i]; ++t)
            tokens.push_back(rewards[i] - (baseline && i < 2 ? 0.5 : 0.0));
    double mean = 0, variance = 0;
    for (double token : tokens) mean += token / double(tokens.size());
    for (double token : tokens) variance += (token - mean) * (token - mean) / double(tokens.size() - 1);
    const auto result = whitenedAdvantages(rewards, lengths, 2, baseline);
    std::size_t token = 0;
    for (std::size_t i = 0; i < 4; token += std::size_t(lengths[i]), ++i)
        QVERIFY(std::abs(result.values[i] - (tokens[token] - mean) / std::sqrt(variance + 1e-8)) < 1e-12);
    QCOMPARE(result.rewardMean, 0.25);
}

void TestRewards::termsAreNormalisedByThemselves() {
    // GDPO's point: sums of rewards that are equal hide terms that are not.
    const std::vector<std::vector<double>> terms = {{1, 0}, {0, 1}, {1, 1}, {0, 0}};
    const std::vector<double> weights = {1, 3};
    const double std4 = std::sqrt(1.0 / 3);  // of two ones and two zeros
    std::vector<double> sums;
    for (const auto& term : terms)
        sums.push_back((term[0] - 0.5) / (std4 + 1e-4) + 3 * (term[1] - 0.5) / (std4 + 1e-4));
    double variance = 0;
    for (double sum : sums) variance += sum * sum / 3;
    const auto result = decoupledAdvantages(terms, weights, 4);
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY(std::abs(result.values[i] - sums[i] / (std::sqrt(variance) + 1e-4)) < 1e-12);
    QCOMPARE(result.rewardMean, 2.0);  // of the weighted sums, not of the normalised ones
}

void TestRewards::estimatorsByName() {
    RewardedBatch batch{{1, 0, 0, 0}, {{1}, {0}, {0}, {0}}, {1}, {1, 2, 3, 4}, 2};
    const auto of = [&](const char* estimator, const char* aggregation = "sum_then_normalize") {
        return estimateAdvantages(batch, estimator, "none", aggregation).values;
    };
    QCOMPARE(of("grpo"), groupAdvantages(batch.rewards, 2, "none").values);
    QCOMPARE(of("grpo", "normalize_then_sum"), decoupledAdvantages(batch.terms, {1}, 2).values);
    QCOMPARE(of("rloo"), leaveOneOutAdvantages(batch.rewards, 2).values);
    QCOMPARE(of("reinforce_plus_plus"), whitenedAdvantages(batch.rewards, batch.lengths, 2, false).values);
    QCOMPARE(of("reinforce_plus_plus_baseline"),
             whitenedAdvantages(batch.rewards, batch.lengths, 2, true).values);
    QVERIFY_EXCEPTION_THROWN(of("guess"), Error);
    QVERIFY_EXCEPTION_THROWN(of("grpo", "sum"), Error);
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
    const std::vector<std::int32_t> ids(15, 7);
    const std::vector<RewardInput> inputs = {{&verdict, ids, "", true, {}}};
    const auto reward = composer(inputs, 1).front();
    QCOMPARE(reward.terms, std::vector<double>({1, 1, 0, 0.5, -0.5}));
    QCOMPARE(reward.total, 1 + 0.2 + 0.25 - 1.0);
    const RewardComposer plain({});
    QCOMPARE(plain.names(), std::vector<std::string>{"correctness"});
    QCOMPARE(plain(inputs, 1).front().total, 1.0);
}

void TestRewards::termsOfAGroup() {
    const std::vector<std::int32_t> two = {1, 2}, six = {1, 2, 1, 2, 1, 2};
    Verdict right, wrong;
    right.correct = right.wellFormed = true;
    const std::string text = "<a;b;a;>5";
    wrong.steps = {{1, 3, StepVerdict::Unchecked, ""}, {3, 5, StepVerdict::Unchecked, ""}, {5, 7, {}, ""}};
    const std::vector<RewardInput> group = {{&right, two, "5", true, {}}, {&wrong, six, text, false, {}}};
    const RewardComposer composer({{"kimi_length", 1, Json::object()},
                                   {"cosine_length", 1, Json{{"max_length", 4}, {"exceeded_value", -10}}},
                                   {"repetition", 1, Json{{"ngram_size", 2}}},
                                   {"format_length", 1, Json{{"max_length", 4}}},
                                   {"exploration", 1, Json{{"per_step", 0.1}, {"free_steps", 1}}}});
    const auto rewards = composer(group, 1);
    // Lengths 2 and 6; half way along the cosine from 1 to 0.5; 5 bigrams of which 2 differ; at the peak.
    const std::vector<double> first = {0.5, 0.75, 0, 2, 0}, second = {-0.5, -10, -0.6, -1, 0.1};
    for (std::size_t k = 0; k < first.size(); ++k) {
        QVERIFY2(std::abs(rewards[0].terms[k] - first[k]) < 1e-12, composer.names()[k].c_str());
        QVERIFY2(std::abs(rewards[1].terms[k] - second[k]) < 1e-12, composer.names()[k].c_str());
    }
}

void TestRewards::laterTermsWaitForTheirStep() {
    const std::vector<std::int32_t> one = {1}, two = {1, 2};
    const Verdict verdict;
    const std::vector<RewardInput> group = {{&verdict, one, "", true, {}}, {&verdict, two, "", true, {}}};
    const RewardComposer composer({{"kimi_length", 1, Json{{"start_step", 10}}}});
    QCOMPARE(composer(group, 9)[1].total, 0.0);
    QCOMPARE(composer(group, 10)[1].total, -0.5);
}

void TestRewards::modelTermsTakeTheModelsValue() {
    const RewardComposer composer(
        {{"correctness", 1, Json::object()}, {"reward_model", 2, Json{{"path", "rm"}}}});
    QVERIFY(composer.hasModelTerms());
    QVERIFY(!composer.modelTerm(0) && composer.modelTerm(1));
    const Verdict verdict;
    const std::vector<RewardInput> group = {{&verdict, {}, "", true, {0, 1.5}}};
    QCOMPARE(composer(group, 1)[0].total, 3.0);
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
    QVERIFY_EXCEPTION_THROWN(RewardComposer({{"cosine_length", 1, Json{{"max_length", 0}}}}), Error);
    QVERIFY_EXCEPTION_THROWN(RewardComposer({{"repetition", 1, Json{{"ngram_size", 0}}}}), Error);
    QVERIFY_EXCEPTION_THROWN(RewardComposer({{"repetition", 1, Json{{"max_penalty", 1.0}}}}), Error);
    QVERIFY_EXCEPTION_THROWN(RewardComposer({{"format_length", 1, Json{{"peak", 1.0}}}}), Error);
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
