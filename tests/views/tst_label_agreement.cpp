// Agreement from what annotators said, against the values that traces.md (d) has of the same ratings.
#include <QTest>
#include <cmath>

#include "views/annotation/label_agreement.h"

using namespace retort;

namespace {

Annotation rating(const std::string& who, int step, int value) {
    return {who, {AnnotationKind::StepRating, 10 * step, 10 * step + 9}, value, 0};
}
Annotation firstError(const std::string& who, std::int64_t byte) {
    return {who, {AnnotationKind::FirstError, -1, -1}, byte, 0};
}

bool near(double a, double b) {
    return std::abs(a - b) < 1e-6;
}

}  // namespace

class TestLabelAgreement : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void twoAnnotators() {
        const int a[] = {1, 1, 0, -1, 1, 0, 1, -1, 1, 0}, b[] = {1, 0, 0, -1, 1, 1, 1, -1, 0, 0};
        std::vector<StoreReader::AnnotatedTrace> traces;
        for (int i = 0; i < 10; ++i)  // five steps a trace
            if (i % 5 == 0) traces.push_back({i / 5 + 1, {}});
        for (int i = 0; i < 10; ++i) {
            auto& said = traces[static_cast<std::size_t>(i / 5)].annotations;
            said.push_back(rating("ann", i % 5, a[i]));
            said.push_back(rating("ben", i % 5, b[i]));
        }
        const LabelAgreement result = labelAgreement(traces, 200);
        QCOMPARE(result.steps, std::int64_t(10));
        QCOMPARE(result.pairs.size(), std::size_t(1));
        QVERIFY(near(result.pairs[0].kappa.value, 0.53125));
        QVERIFY(near(result.pairs[0].weighted.value, 0.745763) ||
                std::abs(result.pairs[0].weighted.value - 0.745763) < 1e-5);
        QVERIFY(near(result.pairs[0].raw.value, 0.7));
        QVERIFY(result.pairs[0].kappa.interval.low < 0.53125 &&
                result.pairs[0].kappa.interval.high > 0.53125);
        QVERIFY(std::isnan(result.pairs[0].firstError.exact));  // nobody marked one: not defined
        QCOMPARE(result.differences.size(), std::size_t(3));
    }

    void manyWithGaps() {
        const std::vector<std::vector<int>> sets = {{1, 1, 1}, {1, 0},    {0, 0, 1}, {-1, -1, -1}, {1, 1},
                                                    {0, -1},   {1, 1, 0}, {-1, -1},  {1, 0, 1},    {0, 0}};
        std::vector<StoreReader::AnnotatedTrace> traces;
        for (std::size_t i = 0; i < sets.size(); ++i) {
            traces.push_back({RowId(i + 1), {}});
            for (std::size_t k = 0; k < sets[i].size(); ++k)
                traces.back().annotations.push_back(rating(std::string(1, char('a' + k)), 0, sets[i][k]));
        }
        const LabelAgreement result = labelAgreement(traces, 100);
        QVERIFY(std::abs(result.nominal.value - 0.405941) < 1e-5);
        QVERIFY(std::abs(result.ordinal.value - 0.651835) < 1e-5);
        QVERIFY(std::abs(result.interval.value - 0.7) < 1e-5);
        QCOMPARE(result.pairs.size(), std::size_t(3));
        QCOMPARE(result.fleissRaters,
                 std::int64_t(2));  // five steps with two raters, five with three: the fewer
    }

    void firstErrors() {
        std::vector<StoreReader::AnnotatedTrace> traces;
        const auto add = [&](std::int64_t a, std::int64_t b) {
            traces.push_back({RowId(traces.size() + 1), {firstError("a", a), firstError("b", b)}});
            for (int step = 0; step < 4; ++step) traces.back().annotations.push_back(rating("a", step, 1));
        };
        add(-1, -1);
        add(10, 10);
        add(10, 30);  // two steps apart
        add(20, -1);
        const LabelAgreement result = labelAgreement(traces, 0);
        QCOMPARE(result.pairs[0].firstError.items, std::int64_t(4));
        QVERIFY(near(result.pairs[0].firstError.exact, 0.5));
        QVERIFY(near(result.pairs[0].firstError.meanDistance, 1.0));
        QCOMPARE(result.differences.size(), std::size_t(2));
        QCOMPARE(result.differences[1].said.at("b"), std::string("none"));
    }

    void nothingIsNotAgreement() {
        const LabelAgreement none = labelAgreement({}, 10);
        QVERIFY(std::isnan(none.raw.value) && std::isnan(none.fleiss.value) &&
                std::isnan(none.nominal.value));
        QVERIFY(none.pairs.empty());
        const LabelAgreement one = labelAgreement({{1, {rating("a", 0, 1), rating("b", 0, 1)}}}, 10);
        QVERIFY(std::isnan(one.nominal.value));  // one category: chance alone gives full agreement
    }
};

QTEST_GUILESS_MAIN(TestLabelAgreement)
#include "tst_label_agreement.moc"
