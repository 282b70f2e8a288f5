// Series: buckets and pyramids against brute force, over random data with gaps, NaN, rewinds and clocks set
// back.
#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/store/series_ingest.h"
#include "core/store/store_file.h"
#include "core/util/random.h"
#include "tests/core/store/store_fixture.h"

using namespace retort;

namespace {

constexpr double start = 1.7e9;

double xOf(const SeriesPoint& point, XAxis axis, double zero) {
    return axis == XAxis::Step     ? double(point.step)
           : axis == XAxis::Tokens ? double(point.tokens)
                                   : point.t - zero;
}

// The definition, by reading every point.
std::vector<SeriesBucket> bruteForce(const std::vector<SeriesPoint>& points, XAxis axis, double zero,
                                     double low, double high, int count) {
    if (low > high) {
        low = std::numeric_limits<double>::infinity();
        high = -low;
        for (const auto& point : points) {
            low = std::min(low, xOf(point, axis, zero));
            high = std::max(high, xOf(point, axis, zero));
        }
    }
    std::vector<SeriesBucket> buckets(static_cast<std::size_t>(count));
    const double scale = high > low ? count / (high - low) : 0;
    for (const auto& point : points) {
        const double x = xOf(point, axis, zero);
        if (x < low || x > high) continue;
        SeriesBucket& b = buckets[std::size_t(std::min(count - 1, int((x - low) * scale)))];
        if (!std::isfinite(point.value)) {
            if (b.count + b.nonFinite++ == 0) b.firstX = b.lastX = b.minX = b.maxX = x;
            continue;
        }
        if (b.count++ == 0) {
            b.firstX = b.minX = b.maxX = x;
            b.firstValue = b.minValue = b.maxValue = point.value;
        }
        if (point.value < b.minValue) b.minX = x, b.minValue = point.value;
        if (point.value > b.maxValue) b.maxX = x, b.maxValue = point.value;
        b.lastX = x;
        b.lastValue = point.value;
    }
    std::erase_if(buckets, [](const SeriesBucket& b) { return b.count + b.nonFinite == 0; });
    for (SeriesBucket& b : buckets)
        if (b.count == 0)
            b.firstValue = b.lastValue = b.minValue = b.maxValue = std::numeric_limits<double>::quiet_NaN();
    return buckets;
}

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

bool same(const SeriesBucket& a, const SeriesBucket& b) {
    return a.count == b.count && a.nonFinite == b.nonFinite && same(a.firstX, b.firstX) &&
           same(a.lastX, b.lastX) && same(a.minX, b.minX) && same(a.maxX, b.maxX) &&
           same(a.firstValue, b.firstValue) && same(a.lastValue, b.lastValue) &&
           same(a.minValue, b.minValue) && same(a.maxValue, b.maxValue);
}

bool same(const SeriesPoint& a, const SeriesPoint& b) {
    return a.step == b.step && a.tokens == b.tokens && a.t == b.t && same(a.value, b.value) &&
           a.superseded == b.superseded && a.attempt == b.attempt;
}

struct Shape {
    bool unorderedSteps = false, clockSetBack = false, nonFinite = false;
};

// What a trainer may log, with steps that jump and a value that is rarely special.
struct Trainer {
    Random random;
    Shape shape;
    SeriesPoint now{0, 0, start, 0, false, 1};

    SeriesPoint next() {
        now.step += random.integer(0, 3);
        now.tokens += random.integer(0, 5000);
        now.t += random.uniform();
        if (shape.unorderedSteps && random.uniform() < 0.02) now.step -= 20;
        if (shape.clockSetBack && random.uniform() < 0.01) now.t -= 30;
        now.value = random.normal();
        const double luck = random.uniform();
        if (luck < 0.01) now.value *= 1000;
        if (shape.nonFinite && luck > 0.9)
            now.value = luck > 0.95 ? std::numeric_limits<double>::quiet_NaN()
                                    : std::copysign(std::numeric_limits<double>::infinity(), now.value);
        return now;
    }
};

}  // namespace

class TestSeries : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void bucketsAreExact_data() {
        QTest::addColumn<int>("points");
        QTest::addColumn<int>("shape");
        for (const int points : {1, 2, 15, 16, 17, 255, 256, 257, 4095, 4097, 20000})
            for (const int shape : {0, 1, 2, 4, 7})
                QTest::addRow("%d points, shape %d", points, shape) << points << shape;
    }
    void bucketsAreExact() {
        QFETCH(int, points);
        QFETCH(int, shape);
        const StoreFolder folder;
        auto database = openStoreForWriting(folder.file());
        database->execute("INSERT INTO runs (uuid, name, created, first_start) VALUES ('u', 'r', 0, 1.7e9)");
        SeriesIngest ingest(*database);
        Trainer trainer{Random(std::uint64_t(points) * 8 + std::uint64_t(shape)),
                        {(shape & 1) != 0, (shape & 2) != 0, (shape & 4) != 0}};
        std::vector<SeriesPoint> all;
        const auto write = [&](int count) {
            std::vector<SeriesPoint> more;
            for (int i = 0; i < count; ++i) more.push_back(trainer.next());
            ingest.add(1, "x", more);
            ingest.flush();
            all.insert(all.end(), more.begin(), more.end());
        };
        const auto rewind = [&](std::int64_t step) {
            ingest.supersede(1, step);
            for (auto& point : all) point.superseded = point.superseded || point.step > step;
            trainer.now.step = step;
            ++trainer.now.attempt;
        };
        // In uneven pieces; with rewinds between them, deep and shallow; and with everything forgotten in
        // between.
        for (int left = points; left > 0;) {
            const int piece = int(trainer.random.integer(1, left));
            write(piece);
            left -= piece;
            if (trainer.random.uniform() < 0.4) ingest.forget();
            if (left > 0 && trainer.random.uniform() < 0.5)
                rewind(trainer.now.step - trainer.random.integer(0, trainer.now.step + 1));
        }

        StoreReader reader(folder.file());
        const RowId series = seriesId(reader, 1, "x");
        std::vector<SeriesPoint> live;
        for (const auto& point : all)
            if (!point.superseded) live.push_back(point);
        const auto stored = reader.points(series, true);
        QCOMPARE(stored.size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            QVERIFY2(same(stored[i], all[i]), std::to_string(i).c_str());
        QCOMPARE(reader.points(series).size(), live.size());
        const SeriesRow row = reader.series(1)[0];
        QCOMPARE(row.count, std::int64_t(live.size()));
        if (live.empty()) return;
        QCOMPARE(row.firstStep, live.front().step);
        QCOMPARE(row.lastStep, live.back().step);
        QVERIFY(same(row.lastValue, live.back().value));

        for (const XAxis axis : {XAxis::Step, XAxis::Tokens, XAxis::Seconds}) {
            for (int i = 0; i < 12; ++i) {
                const double end = xOf(live.back(), axis, start);
                double low = 1, high = 0;  // all
                if (i > 0)
                    low = trainer.random.uniform() * end, high = low + trainer.random.uniform() * (end - low);
                if (i == 1) high = low;
                if (i == 2) low = -1e6, high = 1e12;
                const int count = int(std::array{1, 7, 100, 2000}[std::size_t(i) % 4]);
                const auto expected = bruteForce(live, axis, start, low, high, count);
                const auto got = reader.buckets(series, axis, low, high, count);
                QCOMPARE(got.size(), expected.size());
                for (std::size_t k = 0; k < got.size(); ++k)
                    QVERIFY2(same(got[k], expected[k]),
                             qPrintable(QString("axis %1 query %2 bucket %3").arg(int(axis)).arg(i).arg(k)));
            }
        }
        for (int i = 0; i < 10; ++i) {
            const std::int64_t have = trainer.random.integer(0, std::int64_t(live.size()) + 2);
            const auto rest = reader.pointsFrom(series, have);
            const std::size_t first = std::min(std::size_t(have), live.size());
            QCOMPARE(rest.size(), live.size() - first);
            for (std::size_t k = 0; k < rest.size(); ++k) QVERIFY(same(rest[k], live[first + k]));
        }
        const StoreCheckReport report = reader.check();
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems[0].c_str());
    }

    void oddQueries() {
        const StoreFolder folder;
        auto database = openStoreForWriting(folder.file());
        database->execute("INSERT INTO runs (uuid, name, created) VALUES ('u', 'r', 0)");
        SeriesIngest ingest(*database);
        ingest.add(1, "x", {{1, 1, 1, 5, false, 1}, {1, 1, 1, 6, false, 1}});
        ingest.flush();
        StoreReader reader(folder.file());
        const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
        QVERIFY(reader.buckets(77, XAxis::Step, 1, 0, 10).empty());
        QVERIFY(reader.buckets(1, XAxis::Step, 1, 0, 0).empty());
        QVERIFY(reader.buckets(1, XAxis::Step, 1, 0, -5).empty());
        QVERIFY(reader.buckets(1, XAxis::Step, nan, 5, 10).empty());
        QVERIFY(reader.buckets(1, XAxis::Step, 10, 20, 10).empty());
        QCOMPARE(reader.buckets(1, XAxis::Step, -infinity, infinity, 10).size(), 1u);
        QCOMPARE(reader.buckets(1, XAxis::Step, 1, 0, 10).at(0).count, 2);
        QVERIFY(reader.pointsFrom(77, 0).empty());
        QCOMPARE(reader.pointsFrom(1, -5).size(), 2u);
    }

    // A stored summary that is wrong must be found by check().
    void checkFindsAWrongSummary() {
        const StoreFolder folder;
        auto database = openStoreForWriting(folder.file());
        database->execute("INSERT INTO runs (uuid, name, created) VALUES ('u', 'r', 0)");
        SeriesIngest ingest(*database);
        std::vector<SeriesPoint> points;
        for (int i = 0; i < 1000; ++i) points.push_back({i, i, double(i), std::sin(i), false, 1});
        ingest.add(1, "x", points);
        ingest.flush();
        QVERIFY(StoreReader(folder.file()).check().problems.empty());
        database->execute("UPDATE summaries SET max_value = 9 WHERE level = 2 AND idx = 1");
        const auto report = StoreReader(folder.file()).check();
        QCOMPARE(report.problems.size(), 1u);
        QVERIFY(contains(report.problems[0], "summaries do not agree"));
    }
};

QTEST_APPLESS_MAIN(TestSeries)
#include "tst_series.moc"
