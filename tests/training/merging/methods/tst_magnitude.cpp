// Selection of the k largest magnitudes against a stable sort: ties, zeros, NaN, few different values, all
// sizes.
#include <QTest>
#include <algorithm>
#include <limits>
#include <numeric>

#include "merge_case.h"
#include "training/merging/methods/key_ranks.h"
#include "training/merging/methods/magnitude.h"
#include "training/merging/methods/random_mask.h"

using namespace retort;

namespace {

/// Positions in ascending stable order of |values − base|.
std::vector<std::size_t> sortedPositions(const Values& delta) {
    std::vector<std::size_t> order(delta.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return magnitudeBits(delta[a]) < magnitudeBits(delta[b]);
    });
    return order;
}

/// As torch.sort(descending, stable): larger first, equals in their order.
std::vector<bool> largestBySort(const Values& delta, std::size_t count) {
    std::vector<std::size_t> order(delta.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return magnitudeBits(delta[a]) > magnitudeBits(delta[b]);
    });
    std::vector<bool> kept(delta.size());
    for (std::size_t i = 0; i < count; ++i) kept[order[i]] = true;
    return kept;
}

Values rounded(Values values) {
    for (float& x : values) x = std::round(x * 4) / 4;
    return values;
}

Values sparse(Values values, std::size_t every) {
    for (std::size_t i = 0; i < values.size(); ++i)
        if (i % every) values[i] = 0;
    return values;
}

Values heavyTailed(Values values) {
    for (float& x : values) x = x * x * x * x * x;
    return values;
}

}  // namespace

class TestMagnitude : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void largest_data() {
        QTest::addColumn<Values>("values");
        const float nan = std::numeric_limits<float>::quiet_NaN(),
                    inf = std::numeric_limits<float>::infinity();
        QTest::newRow("one element") << Values{-3};
        QTest::newRow("two equal") << Values{1, -1};
        QTest::newRow("all zero") << Values(50, 0.0f);
        QTest::newRow("NaN and infinity") << Values{1, nan, -inf, 0, -0.0f, 2, inf, -nan};
        QTest::newRow("small") << randomValues(777, 1);
        QTest::newRow("small, ties") << rounded(randomValues(1000, 2));
        QTest::newRow("sampled") << randomValues(100'003, 3);
        QTest::newRow("sampled, ties") << rounded(randomValues(100'003, 4));
        QTest::newRow("sampled, sparse") << sparse(randomValues(60'000, 5), 50);
        QTest::newRow("sampled, all equal") << Values(30'000, -2.5f);
        QTest::newRow("sampled, heavy tails") << heavyTailed(randomValues(70'001, 6));
        Values ascending(40'000);
        std::iota(ascending.begin(), ascending.end(), 0.0f);
        QTest::newRow("sampled, ascending") << ascending;
        Values few = sparse(rounded(randomValues(20'000, 7)), 3);
        few[11'111] = nan;
        QTest::newRow("sampled, NaN among ties") << few;
    }
    void largest() {
        QFETCH(Values, values);
        const std::size_t size = values.size();
        std::vector<std::size_t> counts = {0,        1,   size / 1000, size / 5, size / 2, size - size / 7,
                                           size - 1, size};
        for (const std::size_t count : counts) {
            const MagnitudeBand band = largestOf({{values.data(), nullptr, size}}, {count}).front();
            const std::vector<bool> expected = largestBySort(values, count);
            for (std::size_t i = 0; i < size; ++i)
                if (band.holds(i, values[i]) != expected[i])
                    QFAIL(qPrintable(QString("count %1, element %2").arg(count).arg(i)));
        }
    }

    void ranks_data() { largest_data(); }
    void ranks() {
        QFETCH(Values, values);
        const std::size_t size = values.size();
        const std::vector<std::size_t> order = sortedPositions(values);
        for (const auto& [first, last] :
             std::vector<std::pair<std::size_t, std::size_t>>{{0, size},
                                                              {size / 10, size - size / 10},
                                                              {size / 3, size / 2},
                                                              {0, size / 2},
                                                              {size / 2, size},
                                                              {size / 2, size / 2}}) {
            const MagnitudeBand band = ranksBetween({values.data(), nullptr, size}, first, last);
            for (std::size_t rank = 0; rank < size; ++rank) {
                const bool expected = rank >= first && rank < last;
                if (band.holds(order[rank], values[order[rank]]) != expected)
                    QFAIL(qPrintable(QString("ranks %1 to %2, rank %3").arg(first).arg(last).arg(rank)));
            }
        }
    }

    void readsBandsOfDifferences() {
        const Values base = randomValues(30'000, 8), model = sum(base, rounded(randomValues(30'000, 9)));
        Values delta(base.size());
        for (std::size_t i = 0; i < base.size(); ++i) delta[i] = model[i] - base[i];
        const Delta view{model.data(), base.data(), base.size()};
        const MagnitudeBand band = ranksBetween(view, 4321, 25'000);
        Values read(base.size());
        forChunks(base.size(), [&](std::size_t first, std::size_t count) {
            readBand(view, band, first, count, read.data() + first);
        });
        for (std::size_t i = 0; i < base.size(); ++i)
            QCOMPARE(read[i], band.holds(i, delta[i]) ? delta[i] : 0.0f);
        QCOMPARE(std::count_if(read.begin(), read.end(), [](float x) { return x != 0; }), 25'000 - 4321);
    }

    void countsOverWholeModels() {
        const Values a = heavyTailed(randomValues(5000, 10)), b = rounded(randomValues(3000, 11));
        KeyRanks ranks([](std::size_t total) {
            return std::vector<std::size_t>{0, total / 3, total / 2, total - 1};
        });
        do
            for (const Values* part : {&a, &b}) {
                KeyRanks::Counts counts(ranks);
                for (const float x : *part) counts.add(orderedKey(x));
                ranks.addCounts(counts);
            }
        while (ranks.endPass());
        Values all = a;
        all.insert(all.end(), b.begin(), b.end());
        std::sort(all.begin(), all.end());
        QCOMPARE(ranks.total(), all.size());
        for (const auto& [wanted, rank] : std::vector<std::pair<std::size_t, std::size_t>>{
                 {0, 0}, {1, all.size() / 3}, {2, all.size() / 2}, {3, all.size() - 1}})
            QCOMPARE(keyValue(ranks.key(wanted)), all[rank]);
    }

    void masksDependOnNamesAlone() {
        const Values values(50'000, 1.0f);
        MergeCase one{{{values, {}}, {values, {}}}, values};
        const TensorMerge tensor = one.tensor();
        const auto share = [&](const MaskBits& mask) {
            std::size_t count = 0;
            for (std::size_t i = 0; i < values.size(); ++i) count += mask.at(i);
            return double(count) / double(values.size());
        };
        const auto differing = [&](const MaskBits& a, const MaskBits& b) {
            std::size_t count = 0;
            for (std::size_t i = 0; i < values.size(); ++i) count += a.at(i) != b.at(i);
            return double(count) / double(values.size());
        };
        const MaskBits mask = bernoulliMask(tensor, tensor.models[0], values.size(), 0.3);
        QVERIFY(std::fabs(share(mask) - 0.3) < 5 * std::sqrt(0.3 * 0.7 / 50'000));
        QCOMPARE(differing(mask, bernoulliMask(tensor, tensor.models[0], values.size(), 0.3)), 0.0);
        // Independent draws differ in 2·0.3·0.7 of the elements.
        QVERIFY(std::fabs(differing(mask, bernoulliMask(tensor, tensor.models[1], values.size(), 0.3)) -
                          0.42) < 0.02);
        one.name = "another";
        QVERIFY(std::fabs(differing(mask, bernoulliMask(one.tensor(), tensor.models[0], values.size(), 0.3)) -
                          0.42) < 0.02);
        one.name = tensor.name;
        one.seed = 1;
        QVERIFY(std::fabs(differing(mask, bernoulliMask(one.tensor(), tensor.models[0], values.size(), 0.3)) -
                          0.42) < 0.02);
    }
};

QTEST_APPLESS_MAIN(TestMagnitude)
#include "tst_magnitude.moc"
