// The barrier between two checkpoints against losses whose barrier is known, and the plane through three.
#include <QtTest>
#include <cmath>
#include <limits>
#include <set>

#include "core/analysis/checkpoint_plane.h"
#include "core/analysis/interpolation.h"
#include "core/util/error.h"

using namespace retort;

namespace {

template <class Loss>
std::vector<LossAt> line(Loss loss, int points) {
    std::vector<LossAt> all;
    for (int i = 0; i < points; ++i)
        all.push_back({double(i) / (points - 1), loss(double(i) / (points - 1))});
    return all;
}

TensorDifference tensor(double normA, double normB, double cosine) {
    TensorDifference difference;
    difference.taskVectors = TaskVectorDifference{normA, normB, cosine, 0, 0};
    return difference;
}

}  // namespace

class TestInterpolation : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    // loss = l0 + (l1 − l0)·t + 4·h·t·(1 − t): the line, and a parabola of height h above it.
    void barrierOfAParabola() {
        for (const double h : {0.25, 1.0, 7.5}) {
            const auto points = line([&](double t) { return 2 - 1.5 * t + 4 * h * t * (1 - t); }, 21);
            const auto barrier = lossBarrier(points);
            QVERIFY(barrier);
            QVERIFY(std::abs(barrier->height - h) < 1e-12);
            QCOMPARE(barrier->at, 0.5);
        }
        // Off the middle: t²·(1 − t) is highest at 2/3, 4/27 above a line of zeros.
        const auto skewed = lossBarrier(line([](double t) { return t * t * (1 - t); }, 301));
        QVERIFY(std::abs(skewed->height - 4.0 / 27) < 1e-12 && std::abs(skewed->at - 2.0 / 3) < 1e-12);
    }

    // Two points of one quadratic bowl: no barrier, wherever they are.
    void aConvexLossHasNone() {
        for (const double to : {-2.0, 0.1, 3.0}) {
            const auto bowl = [&](double t) {
                const double x = 1 + (to - 1) * t, y = -0.5 * t;
                return 0.1 + 3 * x * x + 0.5 * x * y + y * y;
            };
            const auto barrier = lossBarrier(line(bowl, 41));
            QVERIFY(barrier && barrier->height == 0 && barrier->at == 0);
        }
        // A line exactly: neither rounding nor equality makes a barrier worth the name.
        QVERIFY(lossBarrier(line([](double t) { return 0.3 + 0.7 * t; }, 21))->height == 0);
        QVERIFY(lossBarrier(line([](double t) { return 0.1 + 0.2 * t + 1e-6 * t * (1 - t); }, 21))->height >
                0);
    }

    void chordAndOrder() {
        const std::vector<LossAt> points = {{1, 4}, {0.5, 9}, {0, 2}, {1.5, 100}, {-1, 100}};
        QCOMPARE(*lossOnChord(points, 0.25), 2.5);
        QCOMPARE(*lossOnChord(points, 1), 4.0);
        QCOMPARE(lossBarrier(points)->height, 6.0);  // what lies beyond the ends is no barrier
        QCOMPARE(lossBarrier(points)->at, 0.5);
    }

    void whatIsMissingOrNotFinite() {
        const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
        QVERIFY(!lossBarrier({}));
        QVERIFY(!lossBarrier(std::vector<LossAt>{{0, 1}, {0.5, 2}}));
        QVERIFY(!lossBarrier(std::vector<LossAt>{{0, nan}, {0.5, 2}, {1, 1}}));
        QVERIFY(!lossBarrier(std::vector<LossAt>{{0, 1}, {0.5, 2}, {1, infinity}}));
        QCOMPARE(lossBarrier(std::vector<LossAt>{{0, 1}, {0.25, nan}, {0.5, 2}, {1, 1}})->height, 1.0);
        const auto blown = lossBarrier(std::vector<LossAt>{{0, 1}, {0.5, infinity}, {1, 1}});
        QVERIFY(std::isinf(blown->height) && blown->at == 0.5);
    }

    void coarseFirst() {
        using Order = std::vector<std::size_t>;
        QCOMPARE(bisectionOrder(0), Order());
        QCOMPARE(bisectionOrder(1), Order({0}));
        QCOMPARE(bisectionOrder(2), Order({0, 1}));
        QCOMPARE(bisectionOrder(5), Order({0, 4, 2, 1, 3}));
        const Order eleven = bisectionOrder(11);
        QCOMPARE(Order(eleven.begin(), eleven.begin() + 5), Order({0, 10, 5, 2, 7}));
        for (const std::size_t count : {3u, 11u, 21u, 41u}) {
            const Order order = bisectionOrder(count);
            const std::set<std::size_t> all(order.begin(), order.end());
            QCOMPARE(order.size(), count);
            QVERIFY(all.size() == count && *all.rbegin() == count - 1);
        }
    }

    // θ1 = 0, θ2 = (3, 0), θ3 = (1, 2) in a plane that is turned in a space of two tensors.
    void planeInItsGeometry() {
        const CheckpointPlane plane(PlaneGram{9, 5, 3});
        QCOMPARE(plane.corners()[1].x, 3.0);
        QCOMPARE(plane.corners()[2].x, 1.0);
        QCOMPARE(plane.corners()[2].y, 2.0);
        QVERIFY(std::abs(plane.angle() - 63.43494882292201) < 1e-9);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto weights = plane.weights(plane.corners()[i]);
            for (std::size_t k = 0; k < 3; ++k) QVERIFY(std::abs(weights[k] - (i == k)) < 1e-12);
        }
        // The place is the sum of the corners with these weights, and they sum to 1, outside of the triangle
        // too.
        const auto weights = plane.weights({-0.7, 3.1});
        double x = 0, y = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            x += weights[k] * plane.corners()[k].x;
            y += weights[k] * plane.corners()[k].y;
        }
        QVERIFY(std::abs(x + 0.7) < 1e-12 && std::abs(y - 3.1) < 1e-12);
        QVERIFY(std::abs(weights[0] + weights[1] + weights[2] - 1) < 1e-12);
        // An obtuse angle lies on the other side.
        QVERIFY(CheckpointPlane(PlaneGram{9, 5, -3}).corners()[2].x == -1);
    }

    void gramOfTaskVectors() {
        CheckpointDifference difference;
        difference.tensors = {tensor(3, 1, 0.5), tensor(4, 2, -1), tensor(0, 5, std::nan("")),
                              TensorDifference()};
        const PlaneGram gram = gramOf(difference);
        QCOMPARE(gram.uu, 25.0);
        QCOMPARE(gram.vv, 30.0);
        QCOMPARE(gram.uv, 1.5 - 8);
        QCOMPARE(gramOf({}).uu, 0.0);
    }

    void noPlane_data() {
        QTest::addColumn<double>("uu");
        QTest::addColumn<double>("vv");
        QTest::addColumn<double>("uv");
        QTest::newRow("on one line") << 4.0 << 9.0 << 6.0;
        QTest::newRow("on one line, either side") << 4.0 << 9.0 << -6.0;
        QTest::newRow("the first two the same") << 0.0 << 9.0 << 0.0;
        QTest::newRow("first and third the same") << 9.0 << 0.0 << 0.0;
        QTest::newRow("second and third the same") << 9.0 << 9.0 << 9.0;
        QTest::newRow("no number") << std::nan("") << 9.0 << 0.0;
        QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << 9.0 << 0.0;
    }
    void noPlane() {
        QFETCH(double, uu);
        QFETCH(double, vv);
        QFETCH(double, uv);
        QVERIFY_EXCEPTION_THROWN(CheckpointPlane(PlaneGram{uu, vv, uv}), Error);
    }

    void grid() {
        const CheckpointPlane plane(PlaneGram{4, 5, -2});  // θ2 at (2, 0), θ3 at (−1, 2)
        const PlaneGrid grid = gridAround(plane, 0.25, 5);
        QCOMPARE(grid.left, -1.75);
        QCOMPARE(grid.right, 2.75);
        QCOMPARE(grid.bottom, -0.5);
        QCOMPARE(grid.top, 2.5);
        QCOMPARE(grid.place(0, 0).x, -1.75);
        QCOMPARE(grid.place(4, 2).x, 2.75);
        QCOMPARE(grid.place(4, 2).y, 1.0);
        QCOMPARE(grid.nearest({2.7, 1.2}), std::size_t(2 * 5 + 4));
        QCOMPARE(grid.nearest({-100, -100}), std::size_t(0));
    }

    void refinement() {
        const auto order = coarseToFine(17);
        QCOMPARE(order.size(), std::size_t(289));
        QCOMPARE(std::set<std::size_t>(order.begin(), order.end()).size(), order.size());
        QCOMPARE(order[1], std::size_t(4));
        QCOMPARE(order[24], std::size_t(288));
        for (std::size_t i = 0; i < 81; ++i) QVERIFY(order[i] % 17 % 2 == 0 && order[i] / 17 % 2 == 0);
        for (const std::size_t side : {0u, 1u, 3u, 4u, 6u, 7u, 13u})
            QVERIFY_EXCEPTION_THROWN(coarseToFine(side), Error);
    }

    // While it is refined, every point is stood in for by the nearest one of the finest grid that has one
    // there.
    void standInsCoverThePlane() {
        const std::size_t side = 9;
        std::vector<bool> measured(side * side, false);
        QCOMPARE(standIns(side, measured)[40], side * side);
        const auto order = coarseToFine(side);
        for (std::size_t i = 0; i < order.size(); ++i) {
            measured[order[i]] = true;
            const auto shown = standIns(side, measured);
            for (std::size_t at = 0; at < shown.size(); ++at) {
                if (measured[at]) QCOMPARE(shown[at], at);
                if (i < 24) continue;
                QVERIFY(measured[shown[at]]);
                const auto apart = [&](std::size_t a, std::size_t b) {
                    return std::max(std::abs(int(a % side) - int(b % side)),
                                    std::abs(int(a / side) - int(b / side)));
                };
                QVERIFY(apart(shown[at], at) <= 1);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestInterpolation)
#include "tst_interpolation.moc"
