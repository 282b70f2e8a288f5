// CMA-ES against pycma's budgets, what it must not depend on, and its state.
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/util/error.h"
#include "training/merging/search/cma_es.h"
#include "training/merging/search/dense.h"

using namespace retort;

namespace {

using Function = std::function<double(const std::vector<double>&)>;

double sphere(const std::vector<double>& x) {
    double sum = 0;
    for (const double v : x) sum += v * v;
    return sum;
}

double ellipsoid(const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        sum += std::pow(10, 6 * double(i) / double(x.size() - 1)) * x[i] * x[i];
    return sum;
}

double rosenbrock(const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i)
        sum += 100 * std::pow(x[i] * x[i] - x[i + 1], 2) + std::pow(x[i] - 1, 2);
    return sum;
}

void generation(CmaEs& search, const Function& f) {
    std::vector<double> values;
    for (const auto& x : search.ask()) values.push_back(f(x));
    search.tell(values);
}

/// Evaluations until 1e-9; the budget when it is not reached.
std::int64_t evaluationsTo(const Function& f, CmaEsSettings settings, std::int64_t budget) {
    CmaEs search(std::move(settings));
    while (search.bestValue() > 1e-9 && search.evaluations() < budget) generation(search, f);
    return search.bestValue() > 1e-9 ? budget : search.evaluations();
}

std::string errorOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

}  // namespace

class TestCmaEs : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void eigenvaluesByHand();
    void asFewEvaluationsAsPycma_data();
    void asFewEvaluationsAsPycma();
    void populationByDimension();
    void scaleAndShiftOfValuesDoNotMatter();
    void translationMovesEverything();
    void rotationOnlyCostsTheSeparableOne();
    void boundsHold();
    void aWorseThanUselessPointIsSurvived();
    void itEnds();
    void sameSeedSamePoints();
    void stateGoesOn_data();
    void stateGoesOn();
    void badInput_data();
    void badInput();
};

void TestCmaEs::eigenvaluesByHand() {
    const SymmetricEigen eigen = symmetricEigen({2, 1, 1, 2}, 2);
    QVERIFY(std::abs(eigen.values[0] - 1) < 1e-12 && std::abs(eigen.values[1] - 3) < 1e-12);
    // The second column: (1, 1) / √2, up to its sign.
    QVERIFY(std::abs(eigen.vectors[1] - eigen.vectors[3]) < 1e-12);
    QVERIFY(std::abs(std::abs(eigen.vectors[1]) - std::sqrt(0.5)) < 1e-12);
    QVERIFY_EXCEPTION_THROWN(symmetricEigen({1, 0, 0, NAN}, 2), Error);
    QVERIFY_EXCEPTION_THROWN(leastSquares({1, 1, 1, 1, 1, 1}, {1, 2, 3}, 2), Error);
}

// Medians of nine seeds of pycma 4.5.0 (CMAEvolutionStrategy, its defaults, ftarget 1e-9), by the same
// program of functions, starts and step sizes.
void TestCmaEs::asFewEvaluationsAsPycma_data() {
    QTest::addColumn<int>("function");
    QTest::addColumn<int>("n");
    QTest::addColumn<double>("start");
    QTest::addColumn<bool>("separable");
    QTest::addColumn<int>("pycma");
    QTest::newRow("sphere, 5") << 0 << 5 << 1.0 << false << 680;
    QTest::newRow("sphere, 10") << 0 << 10 << 1.0 << false << 1550;
    QTest::newRow("ellipsoid, 5") << 1 << 5 << 1.0 << false << 1504;
    QTest::newRow("ellipsoid, 10") << 1 << 10 << 1.0 << false << 4120;
    QTest::newRow("Rosenbrock, 5") << 2 << 5 << 0.0 << false << 1712;
    QTest::newRow("Rosenbrock, 10") << 2 << 10 << 0.0 << false << 5040;
    QTest::newRow("sphere, separable, 5") << 0 << 5 << 1.0 << true << 632;
    QTest::newRow("sphere, separable, 10") << 0 << 10 << 1.0 << true << 1310;
    QTest::newRow("ellipsoid, separable, 5") << 1 << 5 << 1.0 << true << 1104;
    QTest::newRow("ellipsoid, separable, 10") << 1 << 10 << 1.0 << true << 2280;
}

void TestCmaEs::asFewEvaluationsAsPycma() {
    QFETCH(int, function);
    QFETCH(int, n);
    QFETCH(double, start);
    QFETCH(bool, separable);
    QFETCH(int, pycma);
    const Function functions[] = {sphere, ellipsoid, rosenbrock};
    std::vector<std::int64_t> needed;
    for (std::uint64_t seed = 1; seed <= 9; ++seed) {
        CmaEsSettings settings;
        settings.mean.assign(std::size_t(n), start);
        settings.sigma = 0.3;
        settings.separable = separable;
        settings.seed = seed;
        needed.push_back(evaluationsTo(functions[function], settings, 40000));
    }
    std::sort(needed.begin(), needed.end());
    const double ratio = double(needed[4]) / double(pycma);
    QVERIFY2(ratio < 1.25 && ratio > 0.7, qPrintable(QStringLiteral("%1 evaluations").arg(needed[4])));
}

void TestCmaEs::populationByDimension() {
    const auto population = [](std::size_t n) {
        CmaEsSettings settings;
        settings.mean.assign(n, 0);
        return CmaEs(settings).populationSize();
    };
    QCOMPARE(population(1), std::size_t(4));
    QCOMPARE(population(5), std::size_t(8));
    QCOMPARE(population(10), std::size_t(10));
    QCOMPARE(population(100), std::size_t(17));
}

void TestCmaEs::scaleAndShiftOfValuesDoNotMatter() {
    CmaEsSettings settings;
    settings.mean.assign(4, 0.4);
    settings.lower.assign(4, 0.0);
    settings.upper.assign(4, 0.5);
    CmaEs a(settings), b(settings);
    const auto f = [](const std::vector<double>& x) { return rosenbrock(x); };
    const auto g = [](const std::vector<double>& x) { return 1024 * rosenbrock(x); };
    for (int i = 0; i < 30; ++i) {
        generation(a, f);
        generation(b, g);
    }
    QCOMPARE(a.mean(), b.mean());
    QCOMPARE(a.sigma(), b.sigma());
}

void TestCmaEs::translationMovesEverything() {
    CmaEsSettings settings;
    settings.mean.assign(3, 0.25);
    CmaEs a(settings);
    for (double& value : settings.mean) value += 8;
    CmaEs b(settings);
    const auto moved = [](std::vector<double> x) {
        for (double& value : x) value -= 8;
        return ellipsoid(x);
    };
    for (int i = 0; i < 20; ++i) {
        generation(a, ellipsoid);
        generation(b, moved);
    }
    for (std::size_t i = 0; i < 3; ++i) QVERIFY(std::abs(a.mean()[i] + 8 - b.mean()[i]) < 1e-6);
}

// Full covariance finds the axes of a rotated ellipsoid; variances alone cannot.
void TestCmaEs::rotationOnlyCostsTheSeparableOne() {
    const auto rotated = [](const std::vector<double>& x) {
        std::vector<double> y = x;
        for (std::size_t i = 0; i + 1 < y.size(); ++i) {  // a chain of rotations by 45°
            const double a = y[i], b = y[i + 1];
            y[i] = (a + b) * std::sqrt(0.5);
            y[i + 1] = (b - a) * std::sqrt(0.5);
        }
        return ellipsoid(y);
    };
    CmaEsSettings settings;
    settings.mean.assign(5, 1);
    settings.sigma = 0.3;
    const std::int64_t straight = evaluationsTo(ellipsoid, settings, 20000);
    const std::int64_t turned = evaluationsTo(rotated, settings, 20000);
    QVERIFY(double(turned) < 1.4 * double(straight));
    settings.separable = true;
    QVERIFY(evaluationsTo(ellipsoid, settings, 20000) < straight);
    QCOMPARE(evaluationsTo(rotated, settings, 20000), std::int64_t(20000));
}

// The optimum of the box is in its corner (1, 0, 0, …): one coordinate at a bound, the function falls beyond
// it.
void TestCmaEs::boundsHold() {
    CmaEsSettings settings;
    settings.mean.assign(6, 0.5);
    settings.lower.assign(6, 0);
    settings.upper.assign(6, 1);
    CmaEs search(settings);
    const auto f = [](const std::vector<double>& x) {
        double sum = -5 * x[0];
        for (std::size_t i = 1; i < x.size(); ++i) sum += std::abs(x[i] - (i % 2 ? 0 : 0.3));
        return sum;
    };
    for (int i = 0; i < 150; ++i) {
        for (const auto& x : search.ask())
            for (const double value : x) QVERIFY(value >= 0 && value <= 1);
        generation(search, f);
    }
    const std::vector<double> best = {1, 0, 0.3, 0, 0.3, 0};
    for (std::size_t i = 0; i < 6; ++i) QVERIFY(std::abs(search.bestPoint()[i] - best[i]) < 0.01);
    // The distribution stays by the box instead of drifting off behind the bound.
    QVERIFY(search.mean()[0] > 0.7 && search.mean()[0] < 1.5);
}

void TestCmaEs::aWorseThanUselessPointIsSurvived() {
    CmaEsSettings settings;
    settings.mean.assign(3, 1);
    CmaEs search(settings);
    const auto half = [](const std::vector<double>& x) { return x[0] < 0.2 ? NAN : sphere(x); };
    for (int i = 0; i < 60; ++i) generation(search, half);
    QVERIFY(search.bestPoint()[0] >= 0.2 && search.bestValue() < 0.041);
    CmaEs none(settings);
    for (int i = 0; i < 5; ++i) generation(none, [](const auto&) { return NAN; });
    QVERIFY(std::isinf(none.bestValue()) && none.bestPoint().empty() && std::isfinite(none.mean()[0]));
}

void TestCmaEs::itEnds() {
    CmaEsSettings settings;
    settings.mean.assign(3, 1);
    settings.tolX = 1e-6;
    CmaEs narrow(settings);
    while (narrow.stopReason().empty() && narrow.generation() < 2000) generation(narrow, sphere);
    QCOMPARE(narrow.stopReason(), std::string("tolx"));
    CmaEs flat(settings);
    while (flat.stopReason().empty() && flat.generation() < 2000)
        generation(flat, [](const auto&) { return 1.0; });
    QCOMPARE(flat.stopReason(), std::string("tolfun"));
}

void TestCmaEs::sameSeedSamePoints() {
    CmaEsSettings settings;
    settings.mean.assign(4, 0);
    CmaEs a(settings), b(settings);
    generation(a, sphere);
    generation(b, sphere);
    QCOMPARE(a.ask(), b.ask());
    QCOMPARE(a.ask(), a.ask());
    settings.seed = 2;
    CmaEs c(settings);
    generation(c, sphere);
    QVERIFY(a.ask() != c.ask());
}

void TestCmaEs::stateGoesOn_data() {
    QTest::addColumn<bool>("separable");
    QTest::newRow("full") << false;
    QTest::newRow("separable") << true;
}

void TestCmaEs::stateGoesOn() {
    QFETCH(bool, separable);
    CmaEsSettings settings;
    settings.mean.assign(5, 0.5);
    settings.separable = separable;
    settings.lower.assign(5, -1);
    CmaEs whole(settings);
    for (int i = 0; i < 25; ++i) generation(whole, rosenbrock);
    CmaEs resumed = CmaEs::fromState(Json::parse(whole.state().dump()));
    for (int i = 0; i < 25; ++i) {
        generation(whole, rosenbrock);
        generation(resumed, rosenbrock);
    }
    QCOMPARE(resumed.mean(), whole.mean());
    QCOMPARE(resumed.state().dump(), whole.state().dump());
    // Before the first finite value, too.
    CmaEs blind(settings);
    generation(blind, [](const auto&) { return NAN; });
    QVERIFY(std::isinf(CmaEs::fromState(Json::parse(blind.state().dump())).bestValue()));
}

void TestCmaEs::badInput_data() {
    QTest::addColumn<QString>("change");
    for (const char* change :
         {"no dimensions", "no sigma", "few points", "bounds of another length", "no room", "no start"})
        QTest::newRow(change) << change;
}

void TestCmaEs::badInput() {
    QFETCH(QString, change);
    CmaEsSettings settings;
    settings.mean.assign(2, 0);
    QVERIFY(errorOf([&] { CmaEs search(settings); }).empty());
    if (change == "no dimensions") settings.mean.clear();
    if (change == "no sigma") settings.sigma = NAN;
    if (change == "few points") settings.populationSize = 3;
    if (change == "bounds of another length") settings.lower = {0};
    if (change == "no room") settings.lower = {0, 1}, settings.upper = {1, 1};
    if (change == "no start") settings.mean[1] = NAN;
    QVERIFY(!errorOf([&] { CmaEs search(settings); }).empty());
    settings = {};
    settings.mean.assign(2, 0);
    CmaEs search(settings);
    search.ask();
    QVERIFY(!errorOf([&] { search.tell({1, 2}); }).empty());
    Json state = search.state();
    state["covariance"] = {1};
    QVERIFY(!errorOf([&] { CmaEs::fromState(state); }).empty());
    QVERIFY(!errorOf([&] { CmaEs::fromState(Json::array()); }).empty());
}

QTEST_GUILESS_MAIN(TestCmaEs)
#include "tst_cma_es.moc"
