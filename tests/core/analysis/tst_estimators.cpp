// pass@k, Wilson's interval and TensorBoard's smoothing against published numbers.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/analysis/estimators.h"
#include "core/analysis/smoothing.h"

using namespace retort;

class TestEstimators : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void unbiased_data() {
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("correct");
        QTest::addColumn<int>("k");
        QTest::addColumn<double>("expected");
        QTest::newRow("16, 3 at 1") << 16 << 3 << 1 << 0.1875;
        QTest::newRow("16, 3 at 4") << 16 << 3 << 4 << 0.6071;
        QTest::newRow("16, 3 at 8") << 16 << 3 << 8 << 0.9;
        QTest::newRow("none") << 16 << 0 << 8 << 0.0;
        QTest::newRow("all") << 16 << 16 << 1 << 1.0;
        QTest::newRow("fewer wrong than k") << 4 << 2 << 3 << 1.0;
        QTest::newRow("large") << 100'000 << 1 << 50'000 << 0.5;
    }
    void unbiased() {
        QFETCH(int, samples);
        QFETCH(int, correct);
        QFETCH(int, k);
        QFETCH(double, expected);
        QVERIFY(std::abs(passAtK(samples, correct, k) - expected) < 5e-5);
    }

    void passAtKNeedsEnoughSamples() {
        QVERIFY(std::isnan(passAtK(4, 2, 5)));
        QVERIFY(std::isnan(passAtK(4, 5, 2)));
        QVERIFY(std::isnan(passAtK(0, 0, 1)));
        QVERIFY(std::isnan(passAtK(4, 2, 0)));
    }

    // Unbiased: the mean over all subsets of k samples is exactly this.
    void passAtKIsTheMeanOverSubsets() {
        for (int correct = 0; correct <= 6; ++correct)
            for (int k = 1; k <= 6; ++k) {
                int subsets = 0, passed = 0;
                for (unsigned mask = 0; mask < 64; ++mask) {
                    if (__builtin_popcount(mask) != k) continue;
                    ++subsets;
                    passed += (mask & ((1u << correct) - 1)) != 0;
                }
                QVERIFY(std::abs(passAtK(6, correct, k) - double(passed) / subsets) < 1e-12);
            }
    }

    void majority() {
        const std::vector<std::string> answers = {"4", "5", "5", "", "4", "4"};
        const std::vector<bool> correct = {true, false, false, false, true, true};
        QCOMPARE(majorityAtK(answers, correct, 6, 1), 1.0);
        QCOMPARE(majorityAtK({"4", "5", ""}, {true, false, false}, 3, 1), 0.5);  // a tie
        QCOMPARE(majorityAtK({"", ""}, {false, false}, 2, 1), 0.0);
        QCOMPARE(majorityAtK(answers, correct, 3, 7), majorityAtK(answers, correct, 3, 7));
        QVERIFY(std::isnan(majorityAtK(answers, correct, 7, 1)));
        // Against all subsets of three, ties shared.
        double expected = 0;
        for (unsigned mask = 0; mask < 64; ++mask) {
            if (__builtin_popcount(mask) != 3) continue;
            int right = 0, wrong = 0;
            for (unsigned i = 0; i < 6; ++i)
                if ((mask >> i & 1) && !answers[i].empty()) (answers[i] == "4" ? right : wrong)++;
            expected += (right > wrong ? 1.0 : right == wrong ? 0.5 : 0.0) / 20;
        }
        QVERIFY(std::abs(majorityAtK(answers, correct, 3, 3, 20000) - expected) < 0.02);
    }

    void weightedVotes_data() {
        QTest::addColumn<QStringList>("answers");
        QTest::addColumn<QList<double>>("weights");
        QTest::addColumn<double>("expected");  // "4" is right
        const double nan = std::nan(""), infinite = std::numeric_limits<double>::infinity();
        QTest::newRow("one outweighs two")
            << QStringList{"4", "5", "5"} << QList<double>{0.9, 0.3, 0.4} << 1.0;
        QTest::newRow("two outweigh one")
            << QStringList{"4", "5", "5"} << QList<double>{0.6, 0.3, 0.4} << 0.0;
        QTest::newRow("a tie") << QStringList{"4", "5", "5"} << QList<double>{0.5, 0.25, 0.25} << 0.5;
        QTest::newRow("equal weights: a majority")
            << QStringList{"4", "5", "4"} << QList<double>{2, 2, 2} << 1.0;
        QTest::newRow("no answer, no vote") << QStringList{"", "4"} << QList<double>{0.9, 0.1} << 1.0;
        QTest::newRow("nobody answers") << QStringList{"", ""} << QList<double>{0.9, 0.1} << 0.0;
        QTest::newRow("no number, no weight") << QStringList{"5", "4"} << QList<double>{nan, 0.1} << 1.0;
        QTest::newRow("no bound, no weight") << QStringList{"5", "4"} << QList<double>{infinite, 0.1} << 1.0;
        QTest::newRow("below zero, no weight")
            << QStringList{"5", "4", "4"} << QList<double>{0.1, -5, 0.2} << 1.0;
        QTest::newRow("no weight at all") << QStringList{"4", "5"} << QList<double>{0, -infinite} << 0.5;
    }
    void weightedVotes() {
        QFETCH(QStringList, answers);
        QFETCH(QList<double>, weights);
        QFETCH(double, expected);
        std::vector<std::string> texts;
        std::vector<bool> correct;
        for (const QString& answer : answers) {
            texts.push_back(answer.toStdString());
            correct.push_back(answer == "4");
        }
        const std::vector<double> all(weights.begin(), weights.end());
        QCOMPARE(weightedVoteAtK(texts, correct, all, std::int64_t(texts.size()), 1), expected);
        // Of one there is nothing to weigh: the answers' share of right ones, nobody's among them.
        double right = 0;
        for (const bool one : correct) right += one / double(correct.size());
        QVERIFY(std::abs(weightedVoteAtK(texts, correct, all, 1, 3, 20000) - right) < 0.02);
        QCOMPARE(weightedVoteAtK(texts, correct, std::vector<double>(texts.size(), 0.3), 1, 5),
                 majorityAtK(texts, correct, 1, 5));
        QVERIFY(std::isnan(weightedVoteAtK(texts, correct, all, std::int64_t(texts.size()) + 1, 1)));
        QVERIFY(std::isnan(weightedVoteAtK(texts, correct, {0.5}, 1, 1)));
    }

    void bestOfKIsTheMeanOverSubsets() {
        const std::vector<double> scores = {0.3, 0.9, 0.1, 0.9, 0.5};
        const std::vector<bool> correct = {true, false, true, true, false};
        for (int k = 1; k <= 5; ++k) {
            double sum = 0, subsets = 0;
            for (unsigned mask = 0; mask < 32; ++mask) {
                if (__builtin_popcount(mask) != k) continue;
                double best = -1, right = 0, equal = 0;
                for (unsigned i = 0; i < 5; ++i) {
                    if (!(mask >> i & 1) || scores[i] < best) continue;
                    if (scores[i] > best) best = scores[i], right = equal = 0;
                    right += correct[i];
                    equal += 1;
                }
                sum += right / equal;
                subsets += 1;
            }
            QVERIFY(std::abs(bestOfK(scores, correct, k) - sum / subsets) < 1e-12);
        }
        QVERIFY(std::isnan(bestOfK(scores, correct, 6)));
    }

    void bootstrap() {
        const Interval same = bootstrapInterval({0.5, 0.5, 0.5}, 100, 1);
        QCOMPARE(same.low, 0.5);
        QCOMPARE(same.high, 0.5);
        std::vector<double> values(400);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = i % 4 == 0;
        const Interval interval = bootstrapInterval(values, 2000, 3);
        // 0.25 ± 1.96·√(0.25·0.75/400)
        QVERIFY(std::abs(interval.low - (0.25 - 0.0424)) < 0.01 &&
                std::abs(interval.high - (0.25 + 0.0424)) < 0.01);
        QCOMPARE(bootstrapInterval(values, 2000, 3).low, interval.low);
        QCOMPARE(bootstrapInterval({}, 10, 1).high, 1.0);
    }

    void wilson_data() {
        QTest::addColumn<int>("successes");
        QTest::addColumn<int>("trials");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("7/30") << 7 << 30 << .1179 << .4093;
        QTest::newRow("30/30") << 30 << 30 << .8865 << 1.0;
        QTest::newRow("412/500") << 412 << 500 << .7882 << .8549;
        QTest::newRow("0/10") << 0 << 10 << 0.0 << .2775;
        QTest::newRow("no trials") << 0 << 0 << 0.0 << 1.0;
    }
    void wilson() {
        QFETCH(int, successes);
        QFETCH(int, trials);
        QFETCH(double, low);
        QFETCH(double, high);
        const Interval interval = wilsonInterval(successes, trials);
        QVERIFY(std::abs(interval.low - low) < 1e-4);
        QVERIFY(std::abs(interval.high - high) < 1e-4);
    }

    // last = last·w + (1-w)·x; smoothed = last / (1 - w^n), by hand for 1, 2, 4 at 0.5.
    void smoothing() {
        DebiasedEma ema(0.5);
        QCOMPARE(ema.add(1), 1.0);
        QCOMPARE(ema.add(2), 1.25 / 0.75);
        QCOMPARE(ema.add(4), 2.625 / 0.875);
        QVERIFY(std::isnan(ema.add(std::nan(""))));
        QVERIFY(std::isinf(ema.add(std::numeric_limits<double>::infinity())));
        QCOMPARE(ema.add(4), (2.625 * 0.5 + 2) / 0.9375);
    }

    void smoothingLeavesConstantsAlone() {
        DebiasedEma ema(0.97), none(0);
        for (int i = 0; i < 1000; ++i) QCOMPARE(ema.add(0.1), 0.1);
        for (double value : {3.0, -1.0, 7.5}) QCOMPARE(none.add(value), value);
        DebiasedEma strongest(2);
        QVERIFY(std::isfinite(strongest.add(1)) && std::isfinite(strongest.add(2)));
    }
};

QTEST_APPLESS_MAIN(TestEstimators)
#include "tst_estimators.moc"
