// The power law through measured distances, and the alarm for a student that learns its teacher's faults.
#include <QtTest>
#include <cmath>

#include "core/analysis/power_law.h"

using namespace retort;

namespace {

using Points = std::vector<std::pair<double, double>>;

/// y = 3 · x^-0.5 with a ripple of ±2 %.
Points course(int count) {
    Points points;
    for (int i = 1; i <= count; ++i)
        points.emplace_back(100.0 * i, 3 * std::pow(100.0 * i, -0.5) * (i % 2 ? 1.02 : 0.98));
    return points;
}

}  // namespace

class TestPowerLaw : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void fits();
    void tooLittleIsNoFit();
    void fallingDistancesRaiseNoAlarm();
    void aTurnRaisesTheAlarm();
    void aTurnThatStaysUnderTheLowestIsNone();
};

void TestPowerLaw::fits() {
    Points points;
    for (const double x : {1.0, 2.0, 5.0, 20.0}) points.emplace_back(x, 7 * std::pow(x, -0.3));
    points.emplace_back(0, 5);             // left out
    points.emplace_back(3, std::nan(""));  // left out
    const auto law = fitPowerLaw(points);
    QVERIFY(law);
    QVERIFY(std::abs(law->exponent + 0.3) < 1e-12 && std::abs(law->logFactor - std::log(7)) < 1e-12);
    QVERIFY(law->deviation < 1e-7);
    // Against the closed form of two regressions by hand: slope = cov(log x, log y) / var(log x).
    const auto rippled = fitPowerLaw(course(6));
    QVERIFY(rippled && std::abs(rippled->exponent + 0.5) < 0.05 && rippled->deviation > 0.01);
}

void TestPowerLaw::tooLittleIsNoFit() {
    QVERIFY(!fitPowerLaw({}));
    QVERIFY(!fitPowerLaw({{1, 1}, {2, 2}, {3, 3}}));
    QVERIFY(!fitPowerLaw({{2, 1}, {2, 2}, {2, 3}, {2, 4}}));
    QVERIFY(!teacherHacking({{1, 1}, {2, 1}, {3, 1}, {4, 9}}));
}

void TestPowerLaw::fallingDistancesRaiseNoAlarm() {
    for (int count = 1; count <= 30; ++count) QVERIFY(!teacherHacking(course(count)));
}

void TestPowerLaw::aTurnRaisesTheAlarm() {
    Points points = course(10);
    points.emplace_back(1100, points.back().second * 1.1);
    const auto alarm = teacherHacking(points);
    QVERIFY(alarm);
    QVERIFY2(alarm->find("lowest was 0.0930 at step 1000") != std::string::npos ||
                 alarm->find("at step 1000") != std::string::npos,
             alarm->c_str());
}

// Above the law, but lower than ever: slower learning, not a turn.
void TestPowerLaw::aTurnThatStaysUnderTheLowestIsNone() {
    Points points;
    for (int i = 1; i <= 8; ++i) points.emplace_back(i, std::pow(i, -2.0));
    points.emplace_back(16, std::pow(8, -2.0) * 0.99);
    QVERIFY(!teacherHacking(points));
}

QTEST_GUILESS_MAIN(TestPowerLaw)
#include "tst_power_law.moc"
