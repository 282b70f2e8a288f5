// Agreement of annotators: textbook values, the definition by pairs on random tables, what is not defined,
// and the bootstrap.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/analysis/agreement.h"
#include "core/util/error.h"
#include "core/util/random.h"

using namespace retort;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

bool near(double value, double expected, double tolerance = 5e-7) {
    return std::abs(value - expected) <= tolerance;
}

/// Fleiss 1971 as textbooks have it: 10 items, 5 categories, 14 raters.
const std::vector<std::vector<std::int64_t>> textbookFleiss = {
    {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
    {7, 7, 0, 0, 0},  {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}};

/// The three coders and fifteen units of the textbook; NaN: not rated.
RatingTable textbookAlpha() {
    const std::vector<double> coders[3] = {
        {none, none, none, none, none, 3, 4, 1, 2, 1, 1, 3, 3, none, 3},
        {1, none, 2, 1, 3, 3, 4, 3, none, none, none, none, none, none, none},
        {none, none, 2, 1, 3, 4, 4, none, 2, 1, 1, 3, 3, none, 4}};
    RatingTable units(15);
    for (std::size_t unit = 0; unit < 15; ++unit)
        for (const auto& coder : coders) units[unit].push_back(coder[unit]);
    return units;
}

const RatingTable smallSet = {{1, 1, 1}, {1, 0},    {0, 0, 1}, {-1, -1, -1}, {1, 1},
                              {0, -1},   {1, 1, 0}, {-1, -1},  {1, 0, 1},    {0, 0}};

/// The definition: observed over expected difference of pairs, and the ordinal difference by its sum.
double alphaByPairs(const RatingTable& ratings, RatingScale scale) {
    std::vector<std::vector<double>> items;
    std::vector<double> all;
    for (const auto& row : ratings) {
        std::vector<double> item;
        for (const double value : row)
            if (!std::isnan(value)) item.push_back(value);
        if (item.size() < 2) continue;
        all.insert(all.end(), item.begin(), item.end());
        items.push_back(item);
    }
    const auto difference = [&](double a, double b) {
        if (a == b) return 0.0;
        if (scale == RatingScale::Nominal) return 1.0;
        if (scale == RatingScale::Interval) return (a - b) * (a - b);
        double between = 0;
        for (const double value : all) {
            const double low = std::min(a, b), high = std::max(a, b);
            if (value >= low && value <= high) between += value == low || value == high ? 0.5 : 1;
        }
        return between * between;
    };
    double observed = 0, expected = 0;
    for (const auto& item : items)
        for (std::size_t i = 0; i < item.size(); ++i)
            for (std::size_t j = 0; j < item.size(); ++j)
                if (i != j) observed += difference(item[i], item[j]) / double(item.size() - 1);
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < all.size(); ++j)
            if (i != j) expected += difference(all[i], all[j]);
    return 1 - observed / double(all.size()) / (expected / (double(all.size()) * double(all.size() - 1)));
}

}  // namespace

class TestAgreement : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void cohen() {
        const std::vector<double> a = {1, 1, 0, -1, 1, 0, 1, -1, 1, 0}, b = {1, 0, 0, -1, 1, 1, 1, -1, 0, 0};
        QVERIFY(near(cohenKappa(a, b).value, 0.53125));
        QVERIFY(near(cohenKappa(a, b, KappaWeights::Quadratic).value, 0.745763));
        // Linear by hand: 3 of 10 apart by one; expected Σ p_a p_b |a - b| over (-1: .2/.2, 0: .3/.4, 1:
        // .5/.4).
        const double expected = .2 * .4 + .2 * .4 * 2 + .3 * .2 + .3 * .4 + .5 * .2 * 2 + .5 * .4;
        QVERIFY(near(cohenKappa(a, b, KappaWeights::Linear).value, 1 - .3 / expected, 1e-12));
        QCOMPARE(cohenKappa(a, b).items, 10);
        QVERIFY(near(rawAgreement([&] {
                         RatingTable table;
                         for (std::size_t i = 0; i < a.size(); ++i) table.push_back({a[i], b[i]});
                         return table;
                     }())
                         .value,
                     0.7, 1e-12));
        // What one did not rate is left out; the order of the annotators does not matter.
        std::vector<double> longer = a, shorter = b;
        longer.push_back(1), shorter.push_back(none);
        QCOMPARE(cohenKappa(longer, shorter).value, cohenKappa(a, b).value);
        QVERIFY(near(cohenKappa(b, a).value, 0.53125));
        QVERIFY(near(cohenKappa(a, a, KappaWeights::Linear).value, 1, 1e-12));
        QVERIFY_EXCEPTION_THROWN(cohenKappa(a, std::vector<double>{1}), Error);
    }

    void fleiss() {
        QVERIFY(near(fleissKappa(textbookFleiss).value, 0.2099307, 5e-8));
        QVERIFY_EXCEPTION_THROWN(fleissKappa({{2, 0}, {1, 0}}), Error);
        QVERIFY_EXCEPTION_THROWN(fleissKappa({{1, 0}}), Error);
        QVERIFY_EXCEPTION_THROWN(fleissKappa({{3, -1}}), Error);
        // Two raters who agree on everything, of two categories.
        QVERIFY(near(fleissKappa({{2, 0}, {0, 2}}).value, 1, 1e-12));
    }

    void krippendorff() {
        QVERIFY(near(krippendorffAlpha(textbookAlpha(), RatingScale::Nominal).value, 0.691358));
        QVERIFY(near(krippendorffAlpha(textbookAlpha(), RatingScale::Interval).value, 0.810845));
        QVERIFY(near(krippendorffAlpha(smallSet, RatingScale::Nominal).value, 0.405941));
        QVERIFY(near(krippendorffAlpha(smallSet, RatingScale::Ordinal).value, 0.651835));
        QVERIFY(near(krippendorffAlpha(smallSet, RatingScale::Interval).value, 0.7, 1e-12));
        QCOMPARE(krippendorffAlpha(textbookAlpha(), RatingScale::Nominal).items, 12);
    }

    void krippendorffByPairs() {
        Random random(7);
        for (int trial = 0; trial < 60; ++trial) {
            RatingTable table(std::size_t(random.integer(2, 12)));
            for (auto& item : table)
                for (int rater = 0; rater < 4; ++rater)
                    item.push_back(random.uniform() < 0.3 ? none : double(random.integer(-3, 3)));
            for (const RatingScale scale :
                 {RatingScale::Nominal, RatingScale::Ordinal, RatingScale::Interval}) {
                const double value = krippendorffAlpha(table, scale).value,
                             pairs = alphaByPairs(table, scale);
                QVERIFY(std::isnan(value) ? !std::isfinite(pairs) : near(value, pairs, 1e-9));
            }
        }
        // Large values far from zero lose nothing.
        RatingTable far = smallSet;
        for (auto& item : far)
            for (double& value : item) value += 1e8;
        QVERIFY(near(krippendorffAlpha(far, RatingScale::Interval).value, 0.7, 1e-9));
    }

    void notDefined() {
        const std::vector<double> ones = {1, 1, 1}, missing = {none, none, none};
        QVERIFY(std::isnan(cohenKappa(ones, ones).value));
        QVERIFY(std::isnan(cohenKappa(ones, missing).value));
        QVERIFY(std::isnan(cohenKappa({}, {}).value));
        QVERIFY(std::isnan(fleissKappa({{3, 0}, {3, 0}}).value));
        QVERIFY(std::isnan(fleissKappa({}).value));
        for (const RatingScale scale : {RatingScale::Nominal, RatingScale::Ordinal, RatingScale::Interval}) {
            QVERIFY(std::isnan(krippendorffAlpha({}, scale).value));
            QVERIFY(std::isnan(krippendorffAlpha({{1}, {2}, {0}}, scale).value));  // one annotator
            QVERIFY(std::isnan(krippendorffAlpha({{1, 1}, {1, 1}}, scale).value));
            QVERIFY(std::isnan(krippendorffAlpha({{none, none}, {none, 1}}, scale).value));
        }
        QVERIFY(std::isnan(rawAgreement({{1}, {none, 1}}).value));
        QCOMPARE(rawAgreement({{1, 1}, {1, 1}}).value, 1.0);
        const Agreement empty = krippendorffAlpha({}, RatingScale::Nominal, {.draws = 50});
        QVERIFY(std::isnan(empty.interval.low) && std::isnan(empty.interval.high));
    }

    void bootstrap() {
        const BootstrapOptions options{.draws = 1000, .seed = 3};
        const Agreement one = krippendorffAlpha(smallSet, RatingScale::Ordinal, options);
        QVERIFY(one.interval.low < one.value && one.value < one.interval.high);
        QVERIFY(one.interval.low > -1 && one.interval.high <= 1);
        // A function of the seed, whatever the threads.
        const Agreement two =
            krippendorffAlpha(smallSet, RatingScale::Ordinal, {.draws = 1000, .seed = 3, .threads = 3});
        QCOMPARE(two.interval.low, one.interval.low);
        QCOMPARE(two.interval.high, one.interval.high);
        // Two items that agree, of different categories: half of the resamples hold one category only.
        const Agreement thin = krippendorffAlpha({{1, 1}, {0, 0}}, RatingScale::Nominal, options);
        QCOMPARE(thin.interval.low, 1.0);
        QVERIFY(thin.undefinedDraws > 400 && thin.undefinedDraws < 600);
        std::stop_source stopped;
        stopped.request_stop();
        QVERIFY(std::isnan(fleissKappa(textbookFleiss, options, stopped.get_token()).interval.low));
    }

    // The interval of a statistic with a known sampling spread: raw agreement of n items is a share.
    void bootstrapSpread() {
        RatingTable table;
        for (int i = 0; i < 400; ++i) table.push_back({1, i < 300 ? 1.0 : 0.0});
        const Agreement raw = rawAgreement(table, {.draws = 4000, .seed = 1});
        const double error = std::sqrt(0.75 * 0.25 / 400);
        QVERIFY(near(raw.interval.low, 0.75 - 1.96 * error, 0.006));
        QVERIFY(near(raw.interval.high, 0.75 + 1.96 * error, 0.006));
    }

    void firstErrors() {
        const std::vector<std::int64_t> a = {-1, 2, 3, -1, 0}, b = {-1, 2, 5, 1, -1};
        const FirstErrorAgreement result = firstErrorAgreement(a, b);
        QCOMPARE(result.items, 5);
        QCOMPARE(result.exact, 0.4);
        QCOMPARE(result.meanDistance, 1.0);
        // po 3/5; both say error in 3 of 5: pe = .36 + .16.
        QVERIFY(near(result.errorKappa, (0.6 - 0.52) / 0.48, 1e-12));
        QVERIFY(std::isnan(firstErrorAgreement({}, {}).exact));
        QVERIFY(std::isnan(
            firstErrorAgreement(std::vector<std::int64_t>{-1}, std::vector<std::int64_t>{2}).meanDistance));
    }
};

QTEST_GUILESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
