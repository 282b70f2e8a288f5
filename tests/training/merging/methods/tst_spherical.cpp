// Methods on the sphere against their definitions written out in double, and their end points.
#include <QTest>

#include "merge_case.h"
#include "training/merging/methods/combination.h"

using namespace retort;

namespace {

double norm(const Values& v) {
    double squares = 0;
    for (const float x : v) squares += double(x) * x;
    return std::sqrt(squares);
}

double product(const Values& a, const Values& b) {
    double total = 0;
    for (std::size_t i = 0; i < a.size(); ++i) total += double(a[i]) * b[i];
    return total;
}

/// The definition, whatever the angle.
Values slerped(const Values& a, const Values& b, double t) {
    const double angle = std::acos(product(a, b) / norm(a) / norm(b));
    Values result(a.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        result[i] = float((std::sin((1 - t) * angle) * a[i] + std::sin(t * angle) * b[i]) / std::sin(angle));
    return result;
}

MergeCase pair(const Values& a, const Values& b, double wa, double wb) {
    return {{{a, {{"weight", wa}}}, {b, {{"weight", wb}}}}};
}

}  // namespace

class TestSpherical : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void slerpHasItsEndsAndNorm() {
        const Values base = randomValues(3000, 1), other = randomValues(3000, 2);
        const auto at = [&](double t) { return merged("slerp", {{{other, {}}}, base, {{"t", t}}}); };
        QCOMPARE(at(0), base);
        QCOMPARE(at(1), other);
        QVERIFY(largestDifference(at(0.3), slerped(base, other, 0.3)) < 1e-6);
        // Between vectors of one length all have that length.
        Values equal = other;
        for (float& x : equal) x *= float(norm(base) / norm(other));
        const Values middle = merged("slerp", {{{equal, {}}}, base, {{"t", 0.5}}});
        QVERIFY(std::fabs(norm(middle) / norm(base) - 1) < 1e-6);
        QVERIFY(norm(sum(base, equal)) / 2 < 0.8 * norm(base));
    }

    void slerpOfParallelVectorsIsStraight() {
        const Values base = {1, 2, 3}, twice = {2, 4, 6}, opposite = {-1, -2, -3}, none = {0, 0, 0};
        QCOMPARE(merged("slerp", {{{twice, {}}}, base, {{"t", 0.5}}}), (Values{1.5f, 3, 4.5f}));
        QCOMPARE(merged("slerp", {{{opposite, {}}}, base, {{"t", 0.25}}}), (Values{0.5f, 1, 1.5f}));
        // A vector of no length is at a right angle to everything.
        const Values found = merged("slerp", {{{none, {}}}, base, {{"t", 0.5}}});
        QVERIFY(largestDifference(found, {std::sqrt(0.5f), std::sqrt(2.0f), 3 * std::sqrt(0.5f)}) < 1e-6);
    }

    void nuslerpTakesTFromWeights() {
        const Values a = randomValues(600, 3), b = randomValues(600, 4);
        QVERIFY(largestDifference(merged("nuslerp", pair(a, b, 3, 1)), slerped(a, b, 0.25)) < 1e-6);
        QVERIFY(largestDifference(merged("nuslerp", pair(a, b, 1, -1)), slerped(a, b, 0.5)) < 1e-6);
        MergeCase withBase = pair(a, b, 1, 1);
        withBase.base = randomValues(600, 5);
        const Values expected =
            sum(withBase.base, slerped(sum(a, withBase.base, -1), sum(b, withBase.base, -1), 0.5));
        QVERIFY(largestDifference(merged("nuslerp", withBase), expected) < 2e-6);
    }

    void nuslerpGoesAlongRowsOrColumns() {
        const std::size_t rows = 7, columns = 5;
        const Values a = randomValues(rows * columns, 6), b = randomValues(rows * columns, 7);
        MergeCase one = pair(a, b, 1, 2);
        one.shape = {std::int64_t(rows), std::int64_t(columns)};
        one.parameters = {{"nuslerp_flatten", 0}};
        Values byRow, byColumn(a.size());
        for (std::size_t r = 0; r < rows; ++r) {
            const auto row = [&](const Values& v) {
                return Values(v.begin() + long(r * columns), v.begin() + long((r + 1) * columns));
            };
            const Values mixed = slerped(row(a), row(b), 2.0 / 3);
            byRow.insert(byRow.end(), mixed.begin(), mixed.end());
        }
        QVERIFY(largestDifference(merged("nuslerp", one), byRow) < 1e-6);
        for (std::size_t c = 0; c < columns; ++c) {
            const auto column = [&](const Values& v) {
                Values found;
                for (std::size_t r = 0; r < rows; ++r) found.push_back(v[r * columns + c]);
                return found;
            };
            const Values mixed = slerped(column(a), column(b), 2.0 / 3);
            for (std::size_t r = 0; r < rows; ++r) byColumn[r * columns + c] = mixed[r];
        }
        one.parameters["nuslerp_row_wise"] = 1;
        QVERIFY(largestDifference(merged("nuslerp", one), byColumn) < 1e-6);
    }

    void multislerpIsTheMeanDirectionWithTheMeanLength() {
        const std::vector<Values> vectors = {randomValues(900, 8), randomValues(900, 9, 2),
                                             randomValues(900, 10)};
        const double weights[] = {0.5, 0.3, 0.2};
        MergeCase one;
        Values direction(900);
        double length = 0;
        for (std::size_t m = 0; m < 3; ++m) {
            one.models.push_back({vectors[m], {{"weight", 10 * weights[m]}}});
            for (std::size_t i = 0; i < 900; ++i)
                direction[i] += float(weights[m] * vectors[m][i] / norm(vectors[m]));
            length += weights[m] * norm(vectors[m]);
        }
        const double scale = length / norm(direction);
        for (float& x : direction) x = float(scale * x);
        QVERIFY(largestDifference(merged("multislerp", one), direction) < 1e-6);
        one.models.resize(1);
        QCOMPARE(merged("multislerp", one), vectors[0]);
    }

    void multislerpOfOppositesIsStraightOrRefused() {
        const Values a = {1, 2}, b = {-1, -2};
        QCOMPARE(merged("multislerp", pair(a, b, 1, 1)), (Values{0, 0}));
        MergeCase four{
            {{a, {{"weight", 1}}}, {b, {{"weight", 1}}}, {a, {{"weight", 1}}}, {b, {{"weight", 1}}}}};
        QVERIFY(refusal("multislerp", four).find("cancel") != std::string::npos);
        QVERIFY(refusal("multislerp", pair(a, b, 1, -1)).find("sum to zero") != std::string::npos);
    }

    void karcherOfTwoIsTheMiddle() {
        const Values a = randomValues(500, 11), b = randomValues(500, 12);
        Values unit = b;
        for (float& x : unit) x *= float(norm(a) / norm(b));
        const MergeCase one{{{a, {}}, {unit, {}}}};
        QVERIFY(largestDifference(merged("karcher", one), slerped(a, unit, 0.5)) < 1e-5);
    }

    void karcherHasNoGradientLeft() {
        // At the centre of mass the logarithms of the directions cancel.
        const std::vector<Values> vectors = {randomValues(400, 13), randomValues(400, 14),
                                             sum(randomValues(400, 15), Values(400, 1.0f))};
        MergeCase one;
        for (const Values& v : vectors) one.models.push_back({v, {}});
        one.parameters = {{"max_iter", 50}, {"tol", 1e-9}};
        const Values centre = merged("karcher", one);
        Values gradient(400);
        double length = 0;
        for (const Values& v : vectors) {
            const double cosine = product(centre, v) / norm(centre) / norm(v), angle = std::acos(cosine);
            for (std::size_t i = 0; i < 400; ++i)
                gradient[i] +=
                    float(angle / std::sin(angle) * (v[i] / norm(v) - cosine * centre[i] / norm(centre)));
            length += norm(v) / 3;
        }
        QVERIFY(norm(gradient) < 1e-5);
        QVERIFY(std::fabs(norm(centre) / length - 1) < 1e-6);
    }

    void karcherLeavesOutWhatHasNoLength() {
        const MergeCase zeros{{{{0, 0}, {}}, {{0, 0}, {}}}};
        QCOMPARE(merged("karcher", zeros), (Values{0, 0}));
        const MergeCase one{{{{0, 0}, {}}, {{3, 4}, {}}}};
        QVERIFY(largestDifference(merged("karcher", one), {1.5f, 2}) < 1e-6);
    }

    void gramMatrixInPieces() {
        const Values a = randomValues(5000, 16), b = randomValues(5000, 17), base = randomValues(5000, 18);
        const GramMatrix gram =
            gramMatrix({{a.data(), base.data(), 5000}, {b.data(), base.data(), 5000}}, 3, 4999);
        double expected = 0;
        for (std::size_t i = 3; i < 4999; ++i) expected += double(a[i] - base[i]) * double(b[i] - base[i]);
        QVERIFY(std::fabs(gram.at(0, 1) - expected) < 1e-9);
        QCOMPARE(gram.at(0, 1), gram.at(1, 0));
    }
};

QTEST_APPLESS_MAIN(TestSpherical)
#include "tst_spherical.moc"
