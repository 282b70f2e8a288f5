// What happens to numbers on their way to pixels: smoothing, thinning, metric names, exact CSV fields.
#include <QTest>
#include <cmath>
#include <limits>
#include <numeric>

#include "views/actions.h"
#include "views/live/curve.h"
#include "views/live/metric_catalog.h"
#include "views/widgets/command_palette.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> upTo(int count) {
    std::vector<double> x(static_cast<std::size_t>(count));
    std::iota(x.begin(), x.end(), 0.0);
    return x;
}

}  // namespace

class TestCurve : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // The whole complaint about trackers that sample (curves.md b.1): one high value in many must stay.
    void aSpikeSurvives() {
        const std::vector<double> x = upTo(100'000);
        std::vector<double> values(x.size(), 1.0);
        values[51'234] = 100;
        values[70'001] = -7;
        const auto points = decimate(x, values, 0, 99'999, 500);
        QVERIFY(points.size() <= 2 * 502);
        double low = 1e9, high = -1e9;
        for (const QPointF& point : points) {
            low = std::min(low, point.y());
            high = std::max(high, point.y());
        }
        QCOMPARE(high, 100.0);
        QCOMPARE(low, -7.0);
        QVERIFY(std::is_sorted(points.begin(), points.end(),
                               [](const QPointF& a, const QPointF& b) { return a.x() < b.x(); }));
    }

    void fewPointsStayExact() {
        const std::vector<double> x = {0, 1, 5, 9}, values = {3, kNaN, 2, 8};
        const auto points = decimate(x, values, 0, 9, 100);
        QCOMPARE(points.size(), std::size_t(3));
        QCOMPARE(points[1], QPointF(5, 2));
        QCOMPARE(breaksOf(x, values, 0, 9, 100), std::vector<double>({1}));
    }

    void aZoomedViewKeepsItsNeighbours() {
        const auto points = decimate(upTo(100), upTo(100), 40, 50, 100);
        QCOMPARE(points.front().x(), 39.0);
        QCOMPARE(points.back().x(), 51.0);
        QVERIFY(decimate({}, {}, 0, 1, 10).empty());
        QCOMPARE(decimate(upTo(10), upTo(10), 100, 200, 10).size(), std::size_t(1));
    }

    void smoothingIsDebiasedAndIncremental() {
        std::vector<double> values = {1, 2, kNaN, 4};
        Smoother atOnce(0.5), inSteps(0.5);
        const std::vector<double> whole = atOnce.update(values);
        QCOMPARE(whole[0], 1.0);  // the first value itself
        QCOMPARE(whole[1], (0.25 * 1 + 0.5 * 2) / 0.75);
        QVERIFY(std::isnan(whole[2]));
        std::vector<double> growing;
        std::vector<double> result;
        for (const double value : values) {
            growing.push_back(value);
            result = inSteps.update(growing);
        }
        QCOMPARE(result[3], whole[3]);
        Smoother constant(0.9);
        for (const double value : constant.update(std::vector<double>(50, 3.0))) QCOMPARE(value, 3.0);
        // To the last digit: a chart of nothing but rounding would show a wild zigzag.
        Smoother rate(0.75);
        for (const double value : rate.update(std::vector<double>(50, 1e-4))) QVERIFY(value == 1e-4);
    }

    void bucketsBecomeTheirExtremesInOrder() {
        SeriesBucket bucket;
        bucket.minX = 7;
        bucket.minValue = 1;
        bucket.maxX = 3;
        bucket.maxValue = 9;
        bucket.count = 5;
        SeriesBucket onlyNaN;
        onlyNaN.count = onlyNaN.nonFinite = 2;
        const auto points = pointsOf({bucket, onlyNaN});
        QCOMPARE(points, std::vector<QPointF>({{3, 9}, {7, 1}}));
    }

    void metricsHaveTitlesAndPlaces_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("title");
        QTest::addColumn<int>("section");
        QTest::newRow("known") << "loss"
                               << "Loss" << int(MetricSection::Overview);
        QTest::newRow("component") << "rewards/format/mean"
                                   << "Reward: format" << int(MetricSection::Reward);
        QTest::newRow("evaluation") << "eval/addition/accuracy"
                                    << "Held-out accuracy: addition" << int(MetricSection::Overview);
        QTest::newRow("speed") << "perf/other"
                               << "Speed: other" << int(MetricSection::Speed);
        QTest::newRow("a tracker's") << "train/loss"
                                     << "train/loss" << int(MetricSection::Overview);
        QTest::newRow("foreign") << "my/own"
                                 << "my/own" << int(MetricSection::Other);
        QTest::newRow("bare prefix") << "rewards/"
                                     << "rewards/" << int(MetricSection::Other);
        QTest::newRow("empty") << ""
                               << "" << int(MetricSection::Other);
    }
    void metricsHaveTitlesAndPlaces() {
        QFETCH(QString, name);
        const MetricInfo info = metricInfo(name.toStdString());
        QTEST(info.title, "title");
        QTEST(static_cast<int>(info.section), "section");
    }

    void colorsOfRunsDoNotCollide() {
        const auto colors = runColors({3, 11, 19, 4});  // 3, 11 and 19 would share one
        for (std::size_t i = 0; i < colors.size(); ++i)
            for (std::size_t j = i + 1; j < colors.size(); ++j) QVERIFY(colors[i] != colors[j]);
        QCOMPARE(runColors({4, 3})[1], colors[0]);
        QCOMPARE(runColors({}).size(), std::size_t(0));
    }

    void commandsAreFoundByLetters() {
        const QString text = QStringLiteral("Save a checkpoint now");
        QVERIFY(matchScore(QStringLiteral("check"), text) > 0);
        QVERIFY(matchScore(QStringLiteral("scn"), text) > 0);
        QVERIFY(matchScore(QStringLiteral("check"), text) > matchScore(QStringLiteral("scn"), text));
        QCOMPARE(matchScore(QStringLiteral("xyz"), text), -1);
        QCOMPARE(matchScore(QString(), text), 0);
    }
};

QTEST_GUILESS_MAIN(TestCurve)
#include "tst_curve.moc"
