// Paired tests, bootstrap, corrections and calibration: against scipy and statsmodels
// (tests/peers/comparison_statistics.py), published numbers, enumeration of all sign flips, and simulated
// coverage.
#include <QFile>
#include <QTest>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/analysis/calibration.h"
#include "core/analysis/merge_scores.h"
#include "core/analysis/multiple_testing.h"
#include "core/analysis/paired_bootstrap.h"
#include "core/analysis/paired_tests.h"
#include "core/util/error.h"
#include "core/util/json.h"
#include "core/util/random.h"

using namespace retort;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

bool near(double value, double expected, double relative = 1e-9) {
    return std::abs(value - expected) <= relative * std::max(std::abs(expected), 1e-300) + 1e-15;
}

/// Of all ways to give the discordant items to the two models, how many are at least as uneven.
double flipsByEnumeration(int b, int c) {
    const int n = b + c, apart = std::abs(b - c);
    int uneven = 0;
    for (int bits = 0; bits < 1 << n; ++bits) {
        const int ones = __builtin_popcount(unsigned(bits));
        uneven += std::abs(n - 2 * ones) >= apart;
    }
    return double(uneven) / double(1 << n);
}

}  // namespace

class TestPairedStatistics : public QObject {
    Q_OBJECT
    Json m_golden;

  private Q_SLOTS:
    void initTestCase() {
        QFile file(QStringLiteral(GOLDEN "/comparison_statistics.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_golden = Json::parse(file.readAll().toStdString());
    }

    void mcnemarAsStatsmodels() {
        for (const Json& row : m_golden["mcnemar"]) {
            const std::int64_t b = row["b"], c = row["c"];
            const QByteArray where = QByteArray::number(qint64(b)) + ", " + QByteArray::number(qint64(c));
            QVERIFY2(near(mcnemarExact(b, c), row["exact"], 1e-8), where);
            if (row["chi_square"].is_null()) continue;
            QVERIFY2(near(mcnemarChiSquare(b, c).statistic, row["chi_square"]), where);
            QVERIFY2(near(mcnemarChiSquare(b, c).p, row["chi_p"], 1e-8), where);
        }
    }

    // traces.md, "Statistics the app needs".
    void mcnemarFixtures() {
        QVERIFY(std::abs(mcnemarExact(2, 12) - 0.012939) < 1e-6);
        QVERIFY(std::abs(mcnemarExact(9, 25) - 0.009041) < 1e-6);
        QCOMPARE(mcnemarExact(5, 5), 1.0);
        QVERIFY(std::abs(mcnemarExact(0, 6) - 0.03125) < 1e-12);
        QVERIFY(std::abs(mcnemarMidP(2, 12) - 0.007385) < 1e-6);
        QVERIFY(std::abs(mcnemarChiSquare(2, 12).statistic - 5.7857) < 1e-4);
    }

    void mcnemarIsTheEnumerationOfFlips() {
        for (int b = 0; b <= 7; ++b)
            for (int c = 0; c <= 7; ++c) {
                QVERIFY(near(mcnemarExact(b, c), flipsByEnumeration(b, c)));
                QVERIFY(mcnemarMidP(b, c) <= mcnemarExact(b, c) && mcnemarMidP(b, c) > 0);
                QVERIFY(near(mcnemarExact(b, c), mcnemarExact(c, b)));
            }
        QVERIFY(std::isnan(mcnemarExact(-1, 3)) && std::isnan(mcnemarMidP(3, -1)));
        QCOMPARE(mcnemarMidP(0, 0), 1.0);
        QCOMPARE(mcnemarChiSquare(0, 0).p, 1.0);
    }

    void studentAsScipy() {
        for (const Json& row : m_golden["student"]) {
            const double t = row["t"], df = row["df"];
            QVERIFY2(near(studentTwoSided(t, df), row["p"], 1e-7), qPrintable(QString::number(t)));
            QVERIFY2(near(studentQuantile(0.95, df), row["q95"], 1e-9), qPrintable(QString::number(df)));
        }
        QVERIFY(std::isnan(studentTwoSided(1, 0)) && std::isnan(studentQuantile(1, 3)));
    }

    void pairedTAsScipy() {
        for (const Json& row : m_golden["paired"]) {
            const std::vector<double> a = row["a"], b = row["b"];
            std::vector<double> apart;
            for (std::size_t i = 0; i < a.size(); ++i) apart.push_back(b[i] - a[i]);
            const MeanEstimate estimate = estimateMean(apart);
            QVERIFY(near(estimate.mean, row["mean"]));
            QVERIFY(near(estimate.standardError, row["sem"]));
            QVERIFY(near(estimate.p, row["p"], 1e-7));
            QVERIFY(near(estimate.interval.low, row["low"]) && near(estimate.interval.high, row["high"]));
        }
    }

    void meansOfTooLittle() {
        QVERIFY(std::isnan(estimateMean({}).mean));
        const std::vector<double> one = {0.5}, equal = {0.25, 0.25, 0.25};
        QCOMPARE(estimateMean(one).mean, 0.5);
        QVERIFY(std::isnan(estimateMean(one).p) && std::isnan(estimateMean(one).interval.low));
        QCOMPARE(estimateMean(equal).standardError, 0.0);
        QVERIFY(std::isnan(estimateMean(equal).p));
        QCOMPARE(estimateMean(equal).interval.high, 0.25);
    }

    void wilsonAsStatsmodels() {
        for (const Json& row : m_golden["wilson"]) {
            const Interval interval = wilsonInterval(row["count"], row["n"]);
            QVERIFY(std::abs(interval.low - double(row["low"])) < 1e-12);
            QVERIFY(std::abs(interval.high - double(row["high"])) < 1e-12);
        }
    }

    // With one sample an item the two intervals are nearly one (the sample variance divides by n - 1).
    void clusteredIsWilsonOfSingleSamples() {
        std::vector<double> items(500, 0);
        std::fill_n(items.begin(), 412, 1.0);
        const Interval wilson = wilsonInterval(412, 500), clustered = clusteredInterval(items);
        QVERIFY(std::abs(wilson.low - clustered.low) < 2e-4 && std::abs(wilson.high - clustered.high) < 2e-4);
        QCOMPARE(clusteredInterval({}).high, 1.0);
        const std::vector<double> all(30, 1.0);
        QVERIFY(std::abs(clusteredInterval(all).low - 0.8865) < 1e-4);
    }

    // Items of very different difficulty with 16 samples each: 95 % of the intervals hold the true mean; the
    // interval that takes all samples for independent would hold it much less often.
    void clusteredIntervalsCover() {
        constexpr int experiments = 1500, itemCount = 40, samples = 16;
        Random random(11);
        int covered = 0, naive = 0;
        for (int e = 0; e < experiments; ++e) {
            std::vector<double> items;
            std::int64_t right = 0;
            for (int i = 0; i < itemCount; ++i) {
                const double ability = random.uniform() < 0.5 ? 0.15 : 0.85;
                int correct = 0;
                for (int s = 0; s < samples; ++s) correct += random.uniform() < ability;
                items.push_back(double(correct) / samples);
                right += correct;
            }
            const Interval interval = clusteredInterval(items),
                           flat = wilsonInterval(right, itemCount * samples);
            covered += interval.low <= 0.5 && 0.5 <= interval.high;
            naive += flat.low <= 0.5 && 0.5 <= flat.high;
        }
        const double share = double(covered) / experiments;
        QVERIFY2(share > 0.93 && share < 0.97, qPrintable(QString::number(share)));
        QVERIFY2(double(naive) / experiments < 0.7, qPrintable(QString::number(double(naive) / experiments)));
    }

    void bootstrapCoversTheDifference() {
        constexpr int experiments = 400, items = 200;
        const double truth = 0.1;
        Random random(5);
        int covered = 0;
        for (int e = 0; e < experiments; ++e) {
            std::vector<std::vector<float>> apart(1);
            for (int i = 0; i < items; ++i) {
                const double u = random.uniform();
                apart[0].push_back(u < 0.2 ? 1.0f : u < 0.3 ? -1.0f : 0.0f);
            }
            BootstrapOptions options;
            options.draws = 400;
            options.seed = std::uint64_t(e);
            const Interval interval = pairedBootstrap(apart, options)[0];
            covered += interval.low <= truth && truth <= interval.high;
        }
        const double share = double(covered) / experiments;
        QVERIFY2(share > 0.91 && share < 0.98, qPrintable(QString::number(share)));
    }

    void bootstrapIsOfTheSeedAlone() {
        Random random(3);
        std::vector<std::vector<float>> apart(3, std::vector<float>(501));
        for (auto& row : apart)
            for (float& value : row) value = float(random.normal());
        BootstrapOptions options;
        options.draws = 300;
        const auto alone = pairedBootstrap(apart, options);
        options.threads = 3;
        const auto together = pairedBootstrap(apart, options);
        const MeanEstimate estimate = estimateMean(std::vector<double>(apart[1].begin(), apart[1].end()));
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(alone[i].low, together[i].low);
            QCOMPARE(alone[i].high, together[i].high);
        }
        // Near the normal one.
        QVERIFY(std::abs(alone[1].low - estimate.interval.low) < estimate.standardError / 2);
        options.seed = 2;
        QVERIFY(pairedBootstrap(apart, options)[0].low != alone[0].low);
        QVERIFY(std::isnan(pairedBootstrap({{}}, options)[0].low));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(std::isnan(pairedBootstrap(apart, options, stop.get_token())[0].low));
        QVERIFY_EXCEPTION_THROWN(pairedBootstrap({{1}, {1, 2}}, options), Error);
    }

    void correctionsAsStatsmodels() {
        for (const Json& row : m_golden["correction"]) {
            const std::vector<double> p = row["p"], byHolm = row["holm"], byHochberg = row["bh"];
            const auto mine = holm(p), other = benjaminiHochberg(p);
            for (std::size_t i = 0; i < p.size(); ++i)
                QVERIFY(near(mine[i], byHolm[i]) && near(other[i], byHochberg[i]));
        }
    }

    void whatIsNoTestIsNotCounted() {
        const auto adjusted = holm(std::vector<double>{none, 0.02, none});
        QVERIFY(std::isnan(adjusted[0]) && std::isnan(adjusted[2]));
        QCOMPARE(adjusted[1], 0.02);
        QCOMPARE(benjaminiHochberg(std::vector<double>{0.04, none})[0], 0.04);
        QVERIFY(holm({}).empty());
    }

    void calibrationByHand() {
        const std::vector<double> confidence = {0.95, 0.95, 0.55, 0.55, 1.0, none, 1.5};
        const std::vector<double> correct = {1, 0, 1, 1, 1, 1, 1};
        const Calibration result = calibrationOf(confidence, correct, 10);
        QCOMPARE(result.count, 5);
        QCOMPARE(result.bins[9].count, 3);
        QVERIFY(near(result.bins[9].accuracy, 2.0 / 3));
        // (3 |2/3 - 2.9/3| + 2 |1 - 0.55|) / 5
        QVERIFY(near(result.expectedError, (0.9 + 0.9) / 5));
        QVERIFY(near(result.largestError, 0.45));
        QVERIFY(near(result.brier, (0.0025 + 0.9025 + 2 * 0.2025) / 5));
        QVERIFY(std::isnan(result.bins[0].accuracy));
        QVERIFY(std::isnan(calibrationOf({}, {}).expectedError));
    }

    void mergeScoresByHand() {
        QVERIFY(near(normalisedAccuracy(std::vector<double>{0.4, 0.9}, std::vector<double>{0.8, 0.9}), 0.75));
        QVERIFY(near(normalisedAccuracy(std::vector<double>{0.4, 0.9}, std::vector<double>{0.8, 0}), 0.5));
        QVERIFY(std::isnan(normalisedAccuracy(std::vector<double>{0.4}, std::vector<double>{0})));
        QVERIFY(near(synergy(0.7, std::vector<double>{0.6, 0.75}), -0.05));
        QVERIFY(std::isnan(synergy(0.7, {})));
        QVERIFY(near(forgetting(std::vector<double>{0.9, 0.5}, std::vector<double>{0.6, 0.6}), 0.1));
        QVERIFY(std::isnan(forgetting(std::vector<double>{0.9}, {})));
    }

    void barriers() {
        const Barrier barrier = barrierOf({{-0.25, 9}, {0, 1}, {0.25, 1.5}, {0.5, 4}, {1, 2}, {1.25, 9}});
        QVERIFY(near(barrier.height, 2.5) && barrier.alpha == 0.5);
        QCOMPARE(barrierOf({{0, 1}, {0.5, 0.5}, {1, 1}}).height, 0.0);
        QVERIFY(std::isnan(barrierOf({{0, 1}, {0.5, 0.5}}).height));
    }
};

QTEST_APPLESS_MAIN(TestPairedStatistics)
#include "tst_paired_statistics.moc"
