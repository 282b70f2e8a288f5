// Domination, hypervolumes and NSGA-II against brute force and closed forms.
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/merging/search/pareto.h"

using namespace retort;

namespace {

std::vector<Objectives> randomPoints(std::size_t count, std::size_t objectives, std::uint64_t seed) {
    Random random(seed);
    std::vector<Objectives> points(count, Objectives(objectives));
    for (Objectives& point : points)
        for (double& value : point) value = double(random.integer(0, 20)) / 20;  // with ties
    return points;
}

}  // namespace

class TestPareto : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void domination();
    void ranksByBruteForce();
    void crowdingByHand();
    void hypervolumeByHand();
    void hypervolumeByMonteCarlo_data();
    void hypervolumeByMonteCarlo();
    void nsgaFindsKnownFronts_data();
    void nsgaFindsKnownFronts();
    void nsgaIsDeterministicAndBounded();
    void badInput();
};

void TestPareto::domination() {
    QVERIFY(dominates({1, 2}, {1, 3}) && !dominates({1, 3}, {1, 2}));
    QVERIFY(!dominates({1, 2}, {2, 1}) && !dominates({1, 2}, {1, 2}));
    QVERIFY(!dominates({NAN, 0}, {1, 1}) && dominates({1, 1}, {NAN, 0}) && !dominates({NAN, 0}, {NAN, 1}));
    QCOMPARE(paretoFront({{1, 3}, {2, 2}, {3, 1}, {2, 3}, {2, 2}, {NAN, 0}}),
             (std::vector<std::size_t>{0, 1, 2, 4}));
    QVERIFY(paretoFront({}).empty());
}

// Peeling: the points of a rank are those that nothing left dominates.
void TestPareto::ranksByBruteForce() {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto points = randomPoints(60, 2 + seed % 2, seed);
        std::vector<bool> gone(points.size(), false);
        std::size_t ranked = 0;
        for (const auto& rank : nonDominatedSort(points)) {
            std::vector<std::size_t> expected;
            for (std::size_t i = 0; i < points.size(); ++i) {
                bool beaten = gone[i];
                for (std::size_t j = 0; j < points.size(); ++j)
                    beaten |= !gone[j] && dominates(points[j], points[i]);
                if (!beaten) expected.push_back(i);
            }
            QCOMPARE(rank, expected);
            for (const std::size_t i : rank) gone[i] = true;
            ranked += rank.size();
        }
        QCOMPARE(ranked, points.size());
    }
}

void TestPareto::crowdingByHand() {
    const std::vector<Objectives> points = {{0, 4}, {1, 2}, {2, 1}, {4, 0}};
    const auto distances = crowdingDistances(points, {0, 1, 2, 3});
    QVERIFY(std::isinf(distances[0]) && std::isinf(distances[3]));
    QCOMPARE(distances[1], 2.0 / 4 + 3.0 / 4);
    QCOMPARE(distances[2], 3.0 / 4 + 2.0 / 4);
}

void TestPareto::hypervolumeByHand() {
    QCOMPARE(hypervolume({{3}, {2}, {7}}, {5}), 3.0);
    QCOMPARE(hypervolume({{1, 3}, {2, 2}, {3, 1}}, {4, 4}), 1.0 * 3 + 1 * 2 - 1 + 1 * 3 - 1 * 2 + 1);
    QCOMPARE(hypervolume({{1, 3}, {2, 2}, {3, 1}, {2, 3}, {5, 0}}, {4, 4}), 6.0);
    QCOMPARE(hypervolume({{0, 0, 0}}, {1, 2, 3}), 6.0);
    QCOMPARE(hypervolume({{0, 0, 1}, {1, 1, 0}}, {2, 2, 2}), 4.0 + 1.0);
    QCOMPARE(hypervolume({}, {1, 1}), 0.0);
    QCOMPARE(hypervolume({{NAN, 0}}, {1, 1}), 0.0);
}

void TestPareto::hypervolumeByMonteCarlo_data() {
    QTest::addColumn<int>("objectives");
    QTest::newRow("2") << 2;
    QTest::newRow("3") << 3;
}

void TestPareto::hypervolumeByMonteCarlo() {
    QFETCH(int, objectives);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto points = randomPoints(12, std::size_t(objectives), seed);
        Random random(seed + 100);
        constexpr int samples = 100000;
        int covered = 0;
        for (int i = 0; i < samples; ++i) {
            Objectives sample(std::size_t(objectives), 0);
            for (double& value : sample) value = 1.1 * random.uniform();
            covered += std::any_of(points.begin(), points.end(), [&](const Objectives& point) {
                for (std::size_t k = 0; k < point.size(); ++k)
                    if (point[k] > sample[k]) return false;
                return true;
            });
        }
        const double box = std::pow(1.1, objectives), estimate = box * double(covered) / samples;
        const double deviation = box * 0.5 / std::sqrt(double(samples));
        const double exact = hypervolume(points, Objectives(std::size_t(objectives), 1.1));
        QVERIFY(std::abs(exact - estimate) < 5 * deviation);
    }
}

void TestPareto::nsgaFindsKnownFronts_data() {
    QTest::addColumn<int>("problem");
    QTest::newRow("Schaffer") << 0;
    QTest::newRow("ZDT1") << 1;
    QTest::newRow("three quadratics") << 2;
}

void TestPareto::nsgaFindsKnownFronts() {
    QFETCH(int, problem);
    NsgaSettings settings;
    settings.upper = 1;
    settings.generations = 150;
    if (problem == 0) {  // between the minima 0.2 and 0.7 all are best
        const auto front = nsga2(
            [](const std::vector<double>& x) {
                return Objectives{std::pow(x[0] - 0.2, 2), std::pow(x[0] - 0.7, 2)};
            },
            1, settings);
        QVERIFY(front.size() > 80);
        for (const FrontPoint& point : front)
            QVERIFY(point.coefficients[0] > 0.199 && point.coefficients[0] < 0.701);
        std::vector<Objectives> values, grid;
        for (const FrontPoint& point : front) values.push_back(point.values);
        for (int i = 0; i <= 1000; ++i)
            grid.push_back({std::pow(i / 1e3 - 0.2, 2), std::pow(i / 1e3 - 0.7, 2)});
        QVERIFY(hypervolume(values, {0.3, 0.3}) > 0.99 * hypervolume(grid, {0.3, 0.3}));
    } else if (problem ==
               1) {  // f2 = 1 − √f1 where all others are 0; the volume below (1.1, 1.1) is 0.21 + 2/3
        const auto front = nsga2(
            [](const std::vector<double>& x) {
                double g = 1;
                for (std::size_t i = 1; i < x.size(); ++i) g += 9 * x[i] / double(x.size() - 1);
                return Objectives{x[0], g * (1 - std::sqrt(x[0] / g))};
            },
            6, settings);
        std::vector<Objectives> values;
        for (const FrontPoint& point : front) values.push_back(point.values);
        const double found = hypervolume(values, {1.1, 1.1});
        QVERIFY2(found > 0.97 * (0.21 + 2.0 / 3) && found < 0.21 + 2.0 / 3 + 1e-9,
                 qPrintable(QString::number(found)));
    } else {  // distances to three corners: the front is their triangle
        const double corners[3][2] = {{0.1, 0.1}, {0.9, 0.1}, {0.1, 0.9}};
        const auto f = [&](const std::vector<double>& x) {
            Objectives values;
            for (const auto& corner : corners)
                values.push_back(std::pow(x[0] - corner[0], 2) + std::pow(x[1] - corner[1], 2));
            return values;
        };
        const auto front = nsga2(f, 2, settings);
        std::vector<Objectives> values, grid;
        std::size_t outside = 0;
        for (const FrontPoint& point : front) {
            values.push_back(point.values);
            outside += point.coefficients[0] + point.coefficients[1] > 1.05;
        }
        // Between sparse neighbours a point that is a little beyond the edge is dominated by none.
        QVERIFY(outside * 5 < front.size());
        // As many points spread evenly over the triangle: what 100 points can cover at most, nearly.
        for (int i = 0; i <= 12; ++i)
            for (int j = 0; i + j <= 12; ++j) grid.push_back(f({0.1 + i / 15.0, 0.1 + j / 15.0}));
        QVERIFY(hypervolume(values, {1, 1, 1}) > 0.95 * hypervolume(grid, {1, 1, 1}));
    }
}

void TestPareto::nsgaIsDeterministicAndBounded() {
    const auto f = [](const std::vector<double>& x) { return Objectives{-x[0], x[0] * x[0] - x[1]}; };
    NsgaSettings settings;
    settings.population = 20;
    settings.generations = 20;
    const auto a = nsga2(f, 2, settings), b = nsga2(f, 2, settings);
    settings.seed = 2;
    const auto c = nsga2(f, 2, settings);
    const auto same = [](const auto& p, const auto& q) {
        return std::equal(p.begin(), p.end(), q.begin(), q.end(),
                          [](const FrontPoint& x, const FrontPoint& y) {
                              return x.coefficients == y.coefficients && x.values == y.values;
                          });
    };
    QVERIFY(same(a, b) && !same(a, c));
    for (const FrontPoint& point : a)
        for (const double value : point.coefficients) QVERIFY(value >= 0 && value <= 1.5);
    QVERIFY(
        std::is_sorted(a.begin(), a.end(), [](const auto& p, const auto& q) { return p.values < q.values; }));
    std::stop_source stop;
    stop.request_stop();
    int evaluations = 0;
    nsga2([&](const std::vector<double>& x) { return ++evaluations, f(x); }, 2, settings, stop.get_token());
    QCOMPARE(evaluations, 20);
}

void TestPareto::badInput() {
    QVERIFY_EXCEPTION_THROWN(dominates({1}, {1, 2}), Error);
    QVERIFY_EXCEPTION_THROWN(hypervolume({{1, 1}}, {2}), Error);
    QVERIFY_EXCEPTION_THROWN(hypervolume({}, {1, 1, 1, 1}), Error);
    const auto f = [](const std::vector<double>& x) { return Objectives{x[0]}; };
    NsgaSettings odd;
    odd.population = 5;
    QVERIFY_EXCEPTION_THROWN(nsga2(f, 1, odd), Error);
    NsgaSettings empty;
    empty.upper = 0;
    QVERIFY_EXCEPTION_THROWN(nsga2(f, 1, empty), Error);
    QVERIFY_EXCEPTION_THROWN(nsga2(f, 0, {}), Error);
}

QTEST_GUILESS_MAIN(TestPareto)
#include "tst_pareto.moc"
