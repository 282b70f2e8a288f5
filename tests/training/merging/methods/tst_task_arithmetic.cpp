// Task arithmetic and its family: hand-made vectors, brute force, and the statistics of what is random.
#include <QTest>
#include <algorithm>
#include <numeric>

#include "merge_case.h"
#include "training/merging/methods/sparse_delta.h"

using namespace retort;

namespace {

Values zeros(std::size_t count) {
    return Values(count, 0.0f);
}

MergeCase overZeroBase(std::vector<MergeCase::Model> models, Numbers parameters = {}) {
    const std::size_t size = models.front().values.size();
    return {std::move(models), zeros(size), std::move(parameters)};
}

std::size_t nonZero(const Values& values) {
    return std::size_t(std::count_if(values.begin(), values.end(), [](float x) { return x != 0; }));
}

double absoluteSum(const Values& values) {
    return std::accumulate(values.begin(), values.end(), 0.0,
                           [](double sum, float x) { return sum + std::fabs(double(x)); });
}

}  // namespace

class TestTaskArithmetic : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void addsNegatesAndScales() {
        const MergeCase add{
            {{{3, 4}, {{"weight", 1}}}, {{0, 8}, {{"weight", -0.5}}}}, {1, 2}, {{"lambda", 2}}};
        // (1, 2) + 2·((2, 2) − 0.5·(−1, 6))
        QCOMPARE(merged("task_arithmetic", add), (Values{6, 0}));
        const MergeCase normalized{
            {{{3, 4}, {{"weight", 1}}}, {{5, 8}, {{"weight", 3}}}}, {1, 2}, {{"normalize", 1}}};
        QCOMPARE(merged("task_arithmetic", normalized), (Values{4.5f, 7}));
        // mergekit's rule: weights that cancel are not divided by.
        const MergeCase cancelling{
            {{{3, 4}, {{"weight", 1}}}, {{0, 8}, {{"weight", -1}}}}, {1, 2}, {{"normalize", 1}}};
        QCOMPARE(merged("task_arithmetic", cancelling), (Values{4, -2}));
    }

    void tiesByHand() {
        // Trimmed to 3 of 5: (5, 4, −3, ·, ·), (−6, ·, −2, 4, ·), (·, 5, 2, −3, ·).
        const std::vector<MergeCase::Model> models = {
            {{5, 4, -3, 1, 0.5f}, {{"weight", 1}, {"density", 0.6}}},
            {{-6, 1, -2, 4, 0.5f}, {{"weight", 1}, {"density", 0.6}}},
            {{1, 5, 2, -3, 0.5f}, {{"weight", 1}, {"density", 0.6}}}};
        // Sums −1, 9, −3, 1, 0: kept −6; 4 and 5; −3 and −2; 4; nothing.
        QCOMPARE(merged("ties", overZeroBase(models)), (Values{-6, 4.5f, -2.5f, 4, 0}));
        QCOMPARE(merged("ties", overZeroBase(models, {{"normalize", 0}})), (Values{-6, 9, -5, 4, 0}));
        QCOMPARE(merged("ties", overZeroBase(models, {{"lambda", 0.5}})), (Values{-3, 2.25f, -1.25f, 2, 0}));
    }

    void tiesElectsPlusOnExactCancellation() {
        const std::vector<MergeCase::Model> models = {{{0.1f, -0.3f}, {{"weight", 1}}},
                                                      {{-0.1f, 0.3f}, {{"weight", 1}}}};
        QCOMPARE(merged("ties", overZeroBase(models)), (Values{0.1f, 0.3f}));
    }

    void tiesWeighsSigns() {
        const std::vector<MergeCase::Model> models = {{{1, 1}, {{"weight", 3}}}, {{-2, -4}, {{"weight", 1}}}};
        // Weighted 3, −2 → 3/3; 3, −4 → −4/1.
        QCOMPARE(merged("ties", overZeroBase(models)), (Values{1, -4}));
        const std::vector<MergeCase::Model> negative = {{{1, 1}, {{"weight", -1}}},
                                                        {{-2, 4}, {{"weight", 1}}}};
        // Weighted (−1, −1), (−2, 4): the first sums −3 over weights −1 + 1 = 0, which counts as 1.
        QCOMPARE(merged("ties", overZeroBase(negative)), (Values{-3, 4}));
    }

    void tiesKeepsOneEntryAtLeast() {
        const MergeCase tiny = overZeroBase({{{3, -7}, {{"weight", 1}, {"density", 0.01}}}});
        QCOMPARE(merged("ties", tiny), (Values{0, -7}));
        const MergeCase none = overZeroBase({{{3, -7}, {{"weight", 1}, {"density", 0}}}});
        QCOMPARE(merged("ties", none), (Values{0, 0}));
        const MergeCase one = overZeroBase({{{3}, {{"weight", 1}, {"density", 0.3}}}});
        QCOMPARE(merged("ties", one), (Values{3}));
    }

    void tiesOfManyElementsIsTiesByBruteForce() {
        const std::size_t size = 20'011;
        const Values base = randomValues(size, 1);
        std::vector<Values> deltas;
        std::vector<MergeCase::Model> models;
        for (unsigned m = 0; m < 3; ++m) {
            models.push_back(
                {sum(base, randomValues(size, 10 + m)), {{"weight", 0.5 + m}, {"density", 0.3}}});
            Values& delta = deltas.emplace_back(size);
            for (std::size_t i = 0; i < size; ++i) delta[i] = models[m].values[i] - base[i];
            Values sorted = delta;
            std::sort(sorted.begin(), sorted.end(),
                      [](float a, float b) { return std::fabs(a) > std::fabs(b); });
            const float threshold = std::fabs(sorted[std::size_t(0.3 * size) - 1]);
            for (float& x : delta) x = std::fabs(x) >= threshold ? x : 0;
        }
        const Values found = merged("ties", {models, base});
        Values expected(size);
        for (std::size_t i = 0; i < size; ++i) {
            double total = 0, kept = 0, weights = 0;
            for (std::size_t m = 0; m < 3; ++m) total += (0.5 + double(m)) * deltas[m][i];
            for (std::size_t m = 0; m < 3; ++m) {
                if (double(deltas[m][i]) * (total >= 0 ? 1 : -1) <= 0) continue;
                kept += (0.5 + double(m)) * deltas[m][i];
                weights += 0.5 + double(m);
            }
            expected[i] = float(base[i] + (weights > 0 ? kept / weights : 0));
        }
        QVERIFY(largestDifference(found, expected) < 1e-6);
    }

    void rescalesToTheL1Norm() {
        const MergeCase l1 =
            overZeroBase({{{4, -3, 2, 1}, {{"weight", 1}, {"density", 0.5}}}}, {{"rescale", 1}});
        QVERIFY(largestDifference(merged("ties", l1), {40.0f / 7, -30.0f / 7, 0, 0}) < 1e-6);
        const MergeCase inverse =
            overZeroBase({{{4, -3, 2, 1}, {{"weight", 1}, {"density", 0.5}}}}, {{"rescale", 2}});
        QCOMPARE(merged("ties", inverse), (Values{8, -6, 0, 0}));
        QCOMPARE(rescaleNumber("inverse_p"), std::optional<double>(2));
        QCOMPARE(rescaleNumber("l2"), std::nullopt);
    }

    void breadcrumbsDropsBothEnds() {
        Values values(200);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = float((i * 37) % 200 + 1);
        const MergeCase one = overZeroBase({{values, {{"weight", 1}, {"density", 0.5}, {"gamma", 0.1}}}});
        const Values found = merged("breadcrumbs", one);
        // Of 1 … 200 the 20 largest go, then the 80 smallest.
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(found[i], values[i] > 80 && values[i] <= 180 ? values[i] : 0);
        // γ gives way to the density, and tensors too small for γ keep their largest.
        const MergeCase dense = overZeroBase({{values, {{"weight", 1}, {"density", 0.95}, {"gamma", 0.1}}}});
        QCOMPARE(nonZero(merged("breadcrumbs", dense)), std::size_t(190));
        const MergeCase small = overZeroBase({{{1, 2, 3, 4}, {{"weight", 1}, {"density", 0.5}}}});
        QCOMPARE(merged("breadcrumbs_ties", small), (Values{0, 0, 3, 4}));
        const MergeCase whole = overZeroBase({{{1, 2, 3, 4}, {{"weight", 1}, {"gamma", 0.5}}}});
        QCOMPARE(merged("breadcrumbs", whole), (Values{1, 2, 3, 4}));
    }

    void dareKeepsItsDensityAndExpectation_data() {
        QTest::addColumn<QString>("method");
        for (const char* method : {"dare_linear", "dare_ties", "della_linear", "della"})
            QTest::newRow(method) << method;
    }
    void dareKeepsItsDensityAndExpectation() {
        QFETCH(QString, method);
        const std::string name = method.toStdString();
        const std::size_t size = 40'000;
        const Values values = randomValues(size, 5);
        const auto withRescale = [&](double rescale) {
            MergeCase one =
                overZeroBase({{values, {{"weight", 1}, {"density", 0.4}}}}, {{"rescale", rescale}});
            one.shape = {40, 1000};
            return merged(name, one);
        };
        const Values plain = withRescale(0);
        QVERIFY(std::fabs(double(nonZero(plain)) - 0.4 * size) < 5 * std::sqrt(0.4 * 0.6 * size));
        for (std::size_t i = 0; i < size; ++i) QVERIFY(plain[i] == 0 || plain[i] == values[i]);
        QVERIFY(std::fabs(absoluteSum(withRescale(1)) / absoluteSum(values) - 1) < 1e-5);
        // By 1/p the expected value of each entry stays.
        const Values inverse = withRescale(2);
        QVERIFY(std::fabs(absoluteSum(inverse) / absoluteSum(values) - 1) < 0.05);
        QCOMPARE(withRescale(0), plain);
    }

    void dellaKeepsLargeEntriesMoreOften() {
        const std::size_t rows = 500, columns = 100;
        Values values(rows * columns);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = float((i * 31) % columns + 1) * (i % 2 ? 1 : -1);
        MergeCase one =
            overZeroBase({{values, {{"weight", 1}, {"density", 0.5}, {"epsilon", 0.4}}}}, {{"rescale", 0}});
        one.shape = {std::int64_t(rows), std::int64_t(columns)};
        const Values found = merged("della_linear", one);
        std::vector<int> kept(columns + 1);
        for (const float x : found) ++kept[std::size_t(std::fabs(x))];
        // Rank r of 1 … 100 is kept with probability 0.1 + 0.8·(r − 1)/99.
        for (const std::size_t rank : {1u, 25u, 50u, 75u, 100u}) {
            const double p = 0.1 + 0.8 * (double(rank) - 1) / 99;
            QVERIFY(std::fabs(kept[rank] / double(rows) - p) < 5 * std::sqrt(p * (1 - p) / rows));
        }
    }

    void wholeVectorsAreKeptAtDensityOne() {
        for (const char* method : {"ties", "dare_linear", "dare_ties", "breadcrumbs", "breadcrumbs_ties",
                                   "della", "della_linear"}) {
            const MergeCase one = overZeroBase({{{1, -2, 3}, {{"weight", 1}, {"density", 1}}}});
            QCOMPARE(merged(method, one), (Values{1, -2, 3}));
        }
    }

    void refusesWhatIsOutOfRange_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<double>("value");
        QTest::newRow("density above one") << "ties"
                                           << "density" << 1.5;
        QTest::newRow("density below zero") << "dare_ties"
                                            << "density" << -0.1;
        QTest::newRow("density not a number") << "dare_linear"
                                              << "density" << std::nan("");
        QTest::newRow("gamma above one") << "breadcrumbs"
                                         << "gamma" << 2.0;
        QTest::newRow("epsilon too large for the density") << "della"
                                                           << "epsilon" << 0.5;
        QTest::newRow("weight infinite") << "task_arithmetic"
                                         << "weight" << double(INFINITY);
    }
    void refusesWhatIsOutOfRange() {
        QFETCH(QString, method);
        QFETCH(QString, parameter);
        QFETCH(double, value);
        MergeCase one = overZeroBase({{{1, 2, 3, 4}, {{"weight", 1}, {"density", 0.5}}}});
        QCOMPARE(refusal(method.toStdString(), one), std::string());
        one.models[0].parameters[parameter.toStdString()] = value;
        const std::string message = refusal(method.toStdString(), one);
        QVERIFY2(message.starts_with(one.name), message.c_str());
        QVERIFY2(message.find(parameter.toStdString()) != std::string::npos, message.c_str());
    }

    void nanStaysVisible() {
        const float nan = std::nanf("");
        const std::vector<MergeCase::Model> models = {{{nan, 1}, {{"weight", 1}}}, {{1, 1}, {{"weight", 1}}}};
        for (const char* method : {"task_arithmetic", "ties"}) {
            const Values found = merged(method, overZeroBase(models));
            QVERIFY(std::isnan(found[0]));
            QVERIFY(!std::isnan(found[1]));
        }
    }
};

QTEST_APPLESS_MAIN(TestTaskArithmetic)
#include "tst_task_arithmetic.moc"
