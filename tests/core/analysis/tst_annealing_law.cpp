// The annealing law: its recursion against the double sum, and what it is for: fitted on constant and cosine
// schedules it predicts others.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/annealing_law.h"
#include "core/config/schedule.h"
#include "core/util/random.h"

using namespace retort;

namespace {

constexpr AnnealingLaw truth = {0.35, 0.12, 0.45, 0.15, 0.99};

Schedule scheduleOf(const std::string& type, std::int64_t steps = 2000, double rate = 1e-2) {
    TrainingSettings training;
    training.lr_scheduler_type = type;
    training.max_steps = steps;
    training.learning_rate = rate;
    training.warmup_steps = 100;
    training.min_lr_ratio = 0.1;
    Schedule schedule;
    schedule.warmup = training.warmup_steps;
    for (std::int64_t step = 1; step <= steps; ++step)
        schedule.rates.push_back(scheduledLearningRate(training, step));
    return schedule;
}

LossCurve curveOf(Schedule schedule, double noise = 0, std::uint64_t seed = 1) {
    Random random(seed);
    LossCurve curve;
    const std::vector<double> losses = predictLoss(truth, schedule);
    for (std::size_t i = 0; i < losses.size(); ++i)
        curve.losses.emplace_back(
            static_cast<std::int64_t>(i) + 1,
            std::isnan(losses[i]) ? 5.0 : losses[i] * std::exp(noise * random.normal()));
    curve.schedule = std::move(schedule);
    return curve;
}

/// Mean relative error behind the warm-up.
double errorOn(const AnnealingLaw& law, const Schedule& schedule) {
    const std::vector<double> predicted = predictLoss(law, schedule), real = predictLoss(truth, schedule);
    double sum = 0;
    int count = 0;
    for (std::size_t i = static_cast<std::size_t>(schedule.warmup); i < real.size(); ++i, ++count)
        sum += std::abs(predicted[i] / real[i] - 1);
    return sum / count;
}

}  // namespace

class TestAnnealingLaw : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void theSumsAreThePapers() {
        const Schedule schedule = scheduleOf("cosine", 300);
        const AnnealingLaw onlyS2 = {0, 0, 0.5, -1, 0.97};  // L = S2
        const auto losses = predictLoss(onlyS2, schedule);
        const std::size_t s = 299, first = static_cast<std::size_t>(schedule.warmup);
        double sum = 0;
        for (std::size_t i = first; i <= s; ++i)
            for (std::size_t k = first; k <= i; ++k)
                sum +=
                    (schedule.rates[k - 1] - schedule.rates[k]) * std::pow(0.97, static_cast<double>(i - k));
        QVERIFY(std::abs(losses[s] - sum) < 1e-9);
        QVERIFY(std::isnan(losses[50]));  // in the warm-up
    }

    void otherSchedulesArePredicted_data() {
        QTest::addColumn<double>("noise");
        QTest::addColumn<double>("most");
        QTest::newRow("exact") << 0.0 << 0.002;
        QTest::newRow("noisy batches") << 0.05 << 0.01;
    }
    void otherSchedulesArePredicted() {
        QFETCH(double, noise);
        QFETCH(double, most);
        const auto fit = fitAnnealingLaw(
            {curveOf(scheduleOf("constant"), noise, 1), curveOf(scheduleOf("cosine"), noise, 2)});
        QVERIFY(fit && fit->sawAnnealing);
        QVERIFY2(fit->error < most + noise, qPrintable(QString::number(fit->error)));
        for (const char* type : {"wsd", "linear"}) {
            const double error = errorOn(fit->law, scheduleOf(type));
            QVERIFY2(error < most, qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(type)).arg(error)));
        }
        const double longer = errorOn(fit->law, scheduleOf("wsd", 3000));
        QVERIFY2(longer < 2 * most, qPrintable(QString::number(longer)));
    }

    void theBestScheduleIsFound() {
        const auto fit = fitAnnealingLaw(
            {curveOf(scheduleOf("constant"), 0.03, 3), curveOf(scheduleOf("cosine"), 0.03, 4)});
        QVERIFY(fit);
        const auto last = [](const AnnealingLaw& law, const char* type) {
            return predictLoss(law, scheduleOf(type)).back();
        };
        const char* best = nullptr;
        for (const char* type : {"constant", "cosine", "linear", "wsd"})
            if (!best || last(fit->law, type) < last(fit->law, best)) best = type;
        int better = 0;
        for (const char* type : {"constant", "cosine", "linear", "wsd"})
            better += last(truth, type) < last(truth, best);
        QVERIFY(better <= 1);
    }

    void constantRatesTeachNoAnnealing() {
        const auto fit =
            fitAnnealingLaw({curveOf(scheduleOf("constant")), curveOf(scheduleOf("constant", 1500, 2e-2))});
        QVERIFY(fit && !fit->sawAnnealing);
        QCOMPARE(fit->law.c, 0.0);
        QVERIFY(errorOn(fit->law, scheduleOf("constant", 1800)) < 0.002);
    }

    void nothingCanBeSaidOfTooLittle() {
        QVERIFY(!fitAnnealingLaw({}));
        QVERIFY(!fitAnnealingLaw({LossCurve{}}));
        LossCurve few = curveOf(scheduleOf("cosine", 105));
        QVERIFY(!fitAnnealingLaw({few}));
        LossCurve broken = curveOf(scheduleOf("cosine"));
        for (auto& [step, loss] : broken.losses) loss = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!fitAnnealingLaw({broken}));
        broken.losses = {{-5, 1}, {0, 1}, {1'000'000'000, 1}};
        QVERIFY(!fitAnnealingLaw({broken}));
        QVERIFY(predictLoss(truth, {}).empty());
    }

    void whatIsNoPowerLawSaysSo() {
        LossCurve stages = curveOf(scheduleOf("cosine"));
        for (auto& [step, loss] : stages.losses) loss = step < 1000 ? 2.0 : 0.05;
        const auto fit = fitAnnealingLaw({stages});
        QVERIFY(!fit || fit->error > 0.1);
    }
};

QTEST_GUILESS_MAIN(TestAnnealingLaw)
#include "tst_annealing_law.moc"
