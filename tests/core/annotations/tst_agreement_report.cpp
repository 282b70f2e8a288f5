// Agreement of annotators over traces: the fixtures of traces.md d, spread over traces and steps, and what is
// not defined.
#include <QTest>
#include <cmath>

#include "core/annotations/agreement_report.h"

using namespace retort;
using Kind = AnnotationKind;

namespace {

constexpr BootstrapOptions noDraws{.draws = 0};

bool near(double value, double expected) {
    return std::abs(value - expected) < 5e-7;
}

Annotation rating(const std::string& who, int step, int value) {
    return {who, {Kind::StepRating, 4 * step, 4 * step + 4}, value, 0};
}
Annotation whole(const std::string& who, Kind kind, int value) {
    return {who, {kind, -1, -1}, value, 0};
}

/// Item i is step i % 3 of trace i / 3; annotators in columns, 9: not rated.
std::vector<JointlyAnnotated> spread(const std::vector<std::vector<int>>& items) {
    std::vector<JointlyAnnotated> traces((items.size() + 2) / 3);
    for (std::size_t i = 0; i < items.size(); ++i)
        for (std::size_t who = 0; who < items[i].size(); ++who)
            if (items[i][who] != 9)
                traces[i / 3].annotations.push_back(
                    rating(std::string(1, char('a' + who)), int(i % 3), items[i][who]));
    return traces;
}

const std::vector<std::vector<int>> smallSet = {{1, 1, 1},  {1, 0, 9}, {0, 0, 1},   {-1, -1, -1}, {1, 1, 9},
                                                {9, 0, -1}, {1, 1, 0}, {-1, 9, -1}, {1, 0, 1},    {0, 0, 9}};

}  // namespace

class TestAgreementReport : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void cohen() {
        const int a[] = {1, 1, 0, -1, 1, 0, 1, -1, 1, 0}, b[] = {1, 0, 0, -1, 1, 1, 1, -1, 0, 0};
        std::vector<std::vector<int>> items;
        for (int i = 0; i < 10; ++i) items.push_back({a[i], b[i]});
        const AgreementReport report = agreementReport(spread(items), noDraws);
        QCOMPARE(report.pairs.size(), 1u);
        const PairAgreement& pair = report.pairs[0];
        QVERIFY(pair.first == "a" && pair.second == "b" && report.steps == 10 && report.traces == 4);
        QVERIFY(near(pair.raw.value, 0.7) && near(report.raw.value, 0.7));
        QVERIFY(near(pair.kappa.value, 0.53125) && near(pair.weighted.value, 0.7457627));
        QVERIFY(std::isnan(pair.kappa.interval.low));
    }

    void severalAnnotators() {
        const AgreementReport report = agreementReport(spread(smallSet), noDraws);
        QCOMPARE(report.annotators, (std::vector<std::string>{"a", "b", "c"}));
        QVERIFY(near(report.nominal.value, 0.405941) || std::abs(report.nominal.value - 0.405941) < 1e-6);
        QVERIFY(std::abs(report.ordinal.value - 0.651835) < 1e-6);
        QCOMPARE(report.pairs.size(), 3u);
        QCOMPARE(report.steps, 10);
        // Fleiss counts what all three rated: items 0, 2, 3, 6 and 8.
        const Agreement fleiss = fleissKappa({{0, 0, 3}, {0, 2, 1}, {3, 0, 0}, {0, 1, 2}, {0, 1, 2}});
        QVERIFY(report.fleiss.items == 5 && near(report.fleiss.value, fleiss.value));
    }

    void intervals() {
        const AgreementReport report = agreementReport(spread(smallSet), {.draws = 400, .seed = 3});
        for (const Agreement& each : {report.raw, report.fleiss, report.nominal, report.ordinal})
            QVERIFY(each.interval.low <= each.value && each.value <= each.interval.high &&
                    each.interval.low < each.interval.high);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(
            std::isnan(agreementReport(spread(smallSet), {.draws = 400}, stop.get_token()).raw.interval.low));
    }

    // The same byte ranges are the same step; others are not.
    void alignedByBytes() {
        std::vector<JointlyAnnotated> traces(1);
        traces[0].annotations = {
            rating("a", 0, 1), rating("a", 1, -1), rating("b", 0, 1), {"b", {Kind::StepRating, 4, 9}, 1, 0}};
        const AgreementReport report = agreementReport(traces, noDraws);
        QCOMPARE(report.steps, 1);
        QCOMPARE(report.pairs[0].raw.items, 1);
    }

    void firstErrors() {
        std::vector<JointlyAnnotated> traces(5);
        // By ratings, both at step 2.
        traces[0].annotations = {rating("a", 0, 1), rating("a", 2, -1), rating("b", 0, 1), rating("b", 1, 0),
                                 rating("b", 2, -1)};
        // By the mark, two steps apart; the steps are told.
        traces[1].annotations = {whole("a", Kind::FirstError, 0), whole("b", Kind::FirstError, 8)};
        traces[1].stepBegins = {0, 4, 8, 12};
        // One sees none.
        traces[2].annotations = {whole("a", Kind::FirstError, -1), whole("b", Kind::FirstError, 4)};
        // Both see none.
        traces[3].annotations = {whole("a", Kind::FirstError, -1), rating("b", 0, 1)};
        // Only one said anything of it.
        traces[4].annotations = {whole("a", Kind::FirstError, 0), whole("b", Kind::Correctness, 3)};
        const AgreementReport report = agreementReport(traces, noDraws);
        const FirstErrorAgreement& errors = report.pairs.at(0).firstError;
        QCOMPARE(errors.items, 4);
        QCOMPARE(errors.exact, 0.5);
        QCOMPARE(errors.meanDistance, 1.0);
        QVERIFY(near(errors.errorKappa, 0.5));  // po 3/4, pe 1/2
        QCOMPARE(report.errorOrNone.items, 4);
    }

    void scores() {
        std::vector<JointlyAnnotated> traces(4);
        const int correct[] = {0, 2, 4, 6}, helpful[] = {1, 2, 3, 4};
        for (std::size_t i = 0; i < 4; ++i) {
            for (const char* who : {"a", "b"}) {
                traces[i].annotations.push_back(whole(who, Kind::Correctness, correct[i]));
                traces[i].annotations.push_back(whole(who, Kind::Helpfulness, helpful[i] + (who[0] == 'b')));
            }
        }
        traces[0].annotations.push_back(whole("c", Kind::Correctness, 6));
        const AgreementReport report = agreementReport(traces, noDraws);
        QVERIFY(near(report.correctness.weighted.value, 1));
        QVERIFY(report.correctness.first == "a" && report.correctness.second == "b");
        QVERIFY(report.correctness.ordinal.value < 1);
        // Always one apart: 1 - sum of squares 4 over what chance gives, 4 items of 1..4 against 2..5: 3.5
        // each.
        QVERIFY(near(report.helpfulness.weighted.value, 1 - 4 / (4 * 3.5)));
        QCOMPARE(report.scoredTwice, 8);
        // Twice the line (0, 2, 4, 6), once shifted by one in y: by hand 20 / sqrt(40 * 12).
        QVERIFY(near(report.correctnessHelpfulness, 20 / std::sqrt(40.0 * 12)));
    }

    void notDefined() {
        const AgreementReport nothing = agreementReport({}, noDraws);
        QVERIFY(nothing.annotators.empty() && nothing.pairs.empty() && nothing.traces == 0);
        for (const double value : {nothing.raw.value, nothing.fleiss.value, nothing.nominal.value,
                                   nothing.ordinal.value, nothing.correctness.ordinal.value,
                                   nothing.correctness.weighted.value, nothing.correctnessHelpfulness})
            QVERIFY(std::isnan(value));
        // All of one category: chance alone gives full agreement.
        const AgreementReport same = agreementReport(spread({{1, 1}, {1, 1}, {1, 1}}), noDraws);
        QVERIFY(same.raw.value == 1 && std::isnan(same.pairs[0].kappa.value) &&
                std::isnan(same.nominal.value) && std::isnan(same.fleiss.value));
        const AgreementReport alone = agreementReport(spread({{1}, {0}}), noDraws);
        QVERIFY(alone.pairs.empty() && std::isnan(alone.raw.value) && alone.steps == 0);
    }
};

QTEST_APPLESS_MAIN(TestAgreementReport)
#include "tst_agreement_report.moc"
