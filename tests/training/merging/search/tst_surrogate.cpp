// The quadratic surrogate against quadratics, links and MAP's whole search against brute force.
#include <QtTest>
#include <cmath>
#include <limits>
#include <set>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/merging/search/map_search.h"

using namespace retort;

namespace {

/// e + b·c + Σ over i ≤ j of the rest, in the surrogate's order.
double quadratic(const std::vector<double>& w, const std::vector<double>& c) {
    double sum = w[0];
    std::size_t at = 1;
    for (const double value : c) sum += w[at++] * value;
    for (std::size_t i = 0; i < c.size(); ++i)
        for (std::size_t j = i; j < c.size(); ++j) sum += w[at++] * c[i] * c[j];
    return sum;
}

double linked(SurrogateLink link, double q) {
    return link == SurrogateLink::Sigmoid    ? 1 / (1 + std::exp(-q))
           : link == SurrogateLink::Softplus ? std::log1p(std::exp(q))
                                             : q;
}

std::vector<std::vector<double>> randomPoints(std::size_t n, std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::vector<std::vector<double>> points(count, std::vector<double>(n));
    for (auto& point : points)
        for (double& value : point) value = random.uniform();
    return points;
}

}  // namespace

class TestSurrogate : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void coefficientCounts();
    void recoversQuadratics_data();
    void recoversQuadratics();
    void leastSquaresOfNoise();
    void linksFitBetterThanTheirInverse();
    void rSquaredByHand();
    void valuesAtTheLinksEnds();
    void badInput();
    void mapPointsFillTheCube();
    void mapFrontOfQuadratics();
    void mapHearsStops();
};

void TestSurrogate::coefficientCounts() {
    QCOMPARE(QuadraticSurrogate::coefficientCount(1), std::size_t(3));
    QCOMPARE(QuadraticSurrogate::coefficientCount(2), std::size_t(6));
    QCOMPARE(QuadraticSurrogate::coefficientCount(5), std::size_t(21));
}

void TestSurrogate::recoversQuadratics_data() {
    QTest::addColumn<int>("link");
    QTest::addColumn<int>("n");
    for (int link = 0; link < 3; ++link)
        for (int n : {1, 2, 4}) {
            const std::string name(surrogateLinkName(SurrogateLink(link)));
            QTest::newRow(qPrintable(QStringLiteral("%1, %2").arg(name.c_str()).arg(n))) << link << n;
        }
}

void TestSurrogate::recoversQuadratics() {
    QFETCH(int, link);
    QFETCH(int, n);
    Random random(7, std::uint64_t(n));
    std::vector<double> truth(QuadraticSurrogate::coefficientCount(std::size_t(n)));
    for (double& value : truth) value = random.normal();
    const auto points = randomPoints(std::size_t(n), 2 * truth.size(), 3);
    std::vector<double> values;
    for (const auto& point : points) values.push_back(linked(SurrogateLink(link), quadratic(truth, point)));
    const auto fit = QuadraticSurrogate::fit(points, values, SurrogateLink(link));
    for (std::size_t i = 0; i < truth.size(); ++i) QVERIFY(std::abs(fit.coefficients()[i] - truth[i]) < 1e-4);
    const auto others = randomPoints(std::size_t(n), 20, 4);
    std::vector<double> otherValues;
    for (const auto& point : others)
        otherValues.push_back(linked(SurrogateLink(link), quadratic(truth, point)));
    QVERIFY(fit.rSquared(others, otherValues) > 1 - 1e-8);
    QCOMPARE(fit.toJson().at("coefficients").size(), truth.size());
}

// The residuals of least squares are orthogonal to every term.
void TestSurrogate::leastSquaresOfNoise() {
    const auto points = randomPoints(2, 30, 5);
    Random random(6);
    std::vector<double> values;
    for (std::size_t i = 0; i < points.size(); ++i) values.push_back(random.normal());
    const auto fit = QuadraticSurrogate::fit(points, values, SurrogateLink::Identity);
    double constant = 0, linear = 0, product = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double residual = values[i] - fit(points[i]);
        constant += residual;
        linear += residual * points[i][1];
        product += residual * points[i][0] * points[i][1];
    }
    QVERIFY(std::abs(constant) < 1e-10 && std::abs(linear) < 1e-10 && std::abs(product) < 1e-10);
}

// Noise in the metric: squares are least there, and not behind the link.
void TestSurrogate::linksFitBetterThanTheirInverse() {
    Random random(8);
    const std::vector<double> truth = {-3, 9, -3};
    const auto points = randomPoints(1, 40, 9);
    std::vector<double> values, behind;
    for (const auto& point : points) {
        values.push_back(linked(SurrogateLink::Sigmoid, quadratic(truth, point)) + 0.05 * random.normal());
        const double inside = std::min(std::max(values.back(), 0.01), 0.99);
        behind.push_back(std::log(inside / (1 - inside)));
    }
    const auto fit = QuadraticSurrogate::fit(points, values, SurrogateLink::Sigmoid);
    const auto naive = QuadraticSurrogate::fit(points, behind, SurrogateLink::Identity);
    double squares = 0, naiveSquares = 0, trueSquares = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        squares += std::pow(values[i] - fit(points[i]), 2);
        naiveSquares += std::pow(values[i] - linked(SurrogateLink::Sigmoid, naive(points[i])), 2);
        trueSquares += std::pow(values[i] - linked(SurrogateLink::Sigmoid, quadratic(truth, points[i])), 2);
    }
    QVERIFY(squares < naiveSquares && squares <= trueSquares);
}

void TestSurrogate::rSquaredByHand() {
    const auto fit = QuadraticSurrogate::fit({{0}, {1}, {2}}, {0, 1, 4}, SurrogateLink::Identity);  // c²
    QVERIFY(std::abs(fit.rSquared({{1}, {2}}, {1, 5}) - (1 - 1.0 / 8)) < 1e-9);
    QVERIFY(std::isnan(fit.rSquared({{1}}, {1})) && std::isnan(fit.rSquared({{1}, {2}}, {3, 3})));
    QVERIFY(std::abs(fit.rSquared({{1}, {2}, {3}}, {1, 5, NAN}) - (1 - 1.0 / 8)) < 1e-9);
}

void TestSurrogate::valuesAtTheLinksEnds() {
    const auto points = randomPoints(1, 12, 2);
    std::vector<double> values;
    for (const auto& point : points) values.push_back(point[0] > 0.5 ? 1 : 0);
    const auto fit = QuadraticSurrogate::fit(points, values, SurrogateLink::Sigmoid);
    for (std::size_t i = 0; i < points.size(); ++i) QVERIFY(std::abs(fit(points[i]) - values[i]) < 0.4);
    const auto zero = QuadraticSurrogate::fit(points, std::vector<double>(12, 0.0), SurrogateLink::Softplus);
    QVERIFY(zero(points[0]) < 0.01);
}

void TestSurrogate::badInput() {
    using Fit = QuadraticSurrogate;
    const auto identity = SurrogateLink::Identity;
    QVERIFY_EXCEPTION_THROWN(Fit::fit({}, {}, identity), Error);
    QVERIFY_EXCEPTION_THROWN(Fit::fit({{0}, {1}}, {1, 2}, identity), Error);             // too few
    QVERIFY_EXCEPTION_THROWN(Fit::fit({{0}, {1}, {2}}, {1, 2, NAN}, identity), Error);   // left out: too few
    QVERIFY_EXCEPTION_THROWN(Fit::fit({{0}, {1}, {1, 2}}, {1, 2, 3}, identity), Error);  // lengths
    QVERIFY_EXCEPTION_THROWN(Fit::fit({{1}, {1}, {1}, {1}}, {1, 2, 3, 4}, identity), Error);  // all the same
    QVERIFY_EXCEPTION_THROWN(Fit::fit({{0}, {1}, {2}}, {0, 1, 4}, identity)(std::vector<double>{1, 2}),
                             Error);
    QVERIFY_EXCEPTION_THROWN(surrogateLinkOf("tanh"), Error);
    QVERIFY(surrogateLinkOf("softplus") == SurrogateLink::Softplus);
}

void TestSurrogate::mapPointsFillTheCube() {
    MapSettings settings;
    const auto points = mapPoints(3, 25, settings);
    QCOMPARE(points.size(), std::size_t(25));
    for (std::size_t axis = 0; axis < 3; ++axis) {  // one in each of the 20 slices, whatever the axis
        std::set<int> slices;
        for (std::size_t i = 0; i < 20; ++i) slices.insert(int(points[i][axis] * 20));
        QCOMPARE(slices.size(), std::size_t(20));
    }
    for (std::size_t i = 0; i < 5; ++i) QCOMPARE(points[20 + i], std::vector<double>(3, double(i) / 4));
    QCOMPARE(mapPoints(3, 25, settings), points);
    settings.seed = 2;
    QVERIFY(mapPoints(3, 25, settings) != points);
}

// Two tasks whose losses are nearly quadratic in the coefficients: MAP's front, at a fraction of a grid's
// evaluations, covers what the grid's covers.
void TestSurrogate::mapFrontOfQuadratics() {
    const auto losses = [](const std::vector<double>& c) {
        const double a = std::pow(c[0] - 0.9, 2) + 0.3 * std::pow(c[1] - 0.2, 2) + 0.2 * c[0] * c[1];
        const double b = std::pow(c[1] - 0.8, 2) + 0.5 * std::pow(c[0] - 0.1, 2);
        return std::vector<double>{0.2 + a + 0.02 * std::sin(7 * c[0]), 1 - (0.3 + b)};
    };
    SearchContext context;
    int evaluations = 0;
    context.evaluate = [&](const std::vector<double>& c) { return ++evaluations, losses(c); };
    context.objectives = {{"loss/a", false, 1, SurrogateLink::Softplus}, {"score/b", true}};
    MapSettings settings;
    settings.verified = 3;
    settings.nsga.upper = 1;
    const MapOutcome outcome = searchMap(context, 2, settings);
    QCOMPARE(evaluations, 12 + 3 + 3);
    QVERIFY(outcome.rSquared.at(0) > 0.9 && outcome.rSquared.at(1) > 0.999);
    QCOMPARE(outcome.search.points.back().stage, std::string("front"));
    std::vector<Objectives> real, grid;
    for (const FrontPoint& point : outcome.front) {
        QVERIFY(point.values[1] > -1);  // as it is, not negated
        const auto values = losses(point.coefficients);
        real.push_back({values[0], -values[1]});
    }
    for (int i = 0; i <= 40; ++i)
        for (int j = 0; j <= 40; ++j) {
            const auto values = losses({i / 40.0, j / 40.0});
            grid.push_back({values[0], -values[1]});
        }
    const Objectives reference = {1.3, 0.5};
    QVERIFY(hypervolume(real, reference) > 0.95 * hypervolume(grid, reference));
    for (const std::size_t i : measuredFront(outcome.search.points, context.objectives))
        for (const SearchPoint& other : outcome.search.points)
            QVERIFY(!(other.values[0] < outcome.search.points[i].values[0] &&
                      other.values[1] > outcome.search.points[i].values[1]));
}

void TestSurrogate::mapHearsStops() {
    std::stop_source stop;
    SearchContext context;
    int evaluations = 0;
    context.evaluate = [&](const std::vector<double>&) {
        if (++evaluations == 5) stop.request_stop();
        return std::vector<double>{1};
    };
    context.objectives = {{"loss"}};
    context.stop = stop.get_token();
    const MapOutcome outcome = searchMap(context, 2, {});
    QVERIFY(outcome.search.stopped && outcome.search.points.size() == 5 && outcome.surrogates.empty());
}

QTEST_GUILESS_MAIN(TestSurrogate)
#include "tst_surrogate.moc"
