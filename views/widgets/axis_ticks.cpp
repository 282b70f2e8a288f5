#include "views/widgets/axis_ticks.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace retort {

namespace {

/// The smallest of 1, 2, 5 × 10^k that is at least `rough`.
double niceStep(double rough) {
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (rough <= factor * power * (1 + 1e-9)) return factor * power;
    return 10 * power;
}

double niceDuration(double rough) {
    static constexpr std::array<double, 13> steps = {1,   2,   5,   10,   15,   30,  60,
                                                     120, 300, 600, 1800, 3600, 7200};
    for (const double step : steps)
        if (rough <= step) return rough < 1 ? niceStep(rough) : step;
    return niceStep(rough / 3600) * 3600;
}

/// "2.5e-5": as wide as a label may be, with the digits that tell ticks apart.
QString shortScientific(double value, double step) {
    const int digits =
        std::clamp(static_cast<int>(std::floor(std::log10(std::abs(value) / step) + 1e-9)), 0, 3);
    QString text = QLocale().toString(value, 'e', digits).toLower();
    return text.replace(QLatin1String("e-0"), QLatin1String("e-"));
}

/// A value on an axis with the given distance between ticks.
QString tickText(double value, double step) {
    const double size = std::abs(value);
    const QLocale locale;
    if (value == 0) return QStringLiteral("0");
    if (size < 1e-2 && step < 1e-4) return shortScientific(value, step);
    if (size >= 1e12) return locale.toString(value, 'g', 3);
    struct Unit {
        double scale;
        const char* suffix;
    };
    static constexpr Unit units[] = {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}};
    for (const Unit& unit : units) {
        if (size < unit.scale * (unit.scale == 1e3 ? 10 : 1)) continue;
        const int decimals =
            std::clamp(static_cast<int>(-std::floor(std::log10(step / unit.scale) + 1e-9)), 0, 3);
        return locale.toString(value / unit.scale, 'f', decimals) + QLatin1String(unit.suffix);
    }
    const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 8);
    return locale.toString(value, 'f', decimals);
}

bool isRange(double low, double high) {
    return std::isfinite(low) && std::isfinite(high) && low < high;
}

}  // namespace

std::vector<Tick> linearTicks(double low, double high, int count, AxisFormat format) {
    std::vector<Tick> ticks;
    if (!isRange(low, high) || count < 1) return ticks;
    const double rough = (high - low) / count;
    const double step = format == AxisFormat::Duration ? niceDuration(rough) : niceStep(rough);
    if (!(step > 0) || std::abs(low) / step > 1e15) return ticks;
    for (double i = std::ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) {
        const double value = i * step;
        ticks.push_back(
            {value, format == AxisFormat::Duration ? durationText(value) : tickText(value, step)});
    }
    return ticks;
}

std::vector<Tick> logTicks(double lowLog, double highLog, int count) {
    std::vector<Tick> ticks;
    if (!isRange(lowLog, highLog) || count < 1) return ticks;
    const double decades = highLog - lowLog;
    if (decades < 1) {  // within one decade, plain values read better
        for (Tick& tick : linearTicks(std::pow(10, lowLog), std::pow(10, highLog), count))
            if (tick.position > 0) ticks.push_back({std::log10(tick.position), std::move(tick.label)});
        return ticks;
    }
    const int every = std::max(1, static_cast<int>(std::ceil(decades / count)));
    const bool between = decades * 3 <= count;
    for (int k = static_cast<int>(std::floor(lowLog)); k <= highLog; ++k) {
        if (k % every) continue;
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double at = k + std::log10(factor);
            if ((factor == 1 || between) && at >= lowLog - 1e-9 && at <= highLog + 1e-9)
                ticks.push_back({at, numberText(factor * std::pow(10, k))});
        }
    }
    return ticks;
}

QString numberText(double value) {
    if (std::isnan(value)) return QStringLiteral("NaN");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    const double size = std::abs(value);
    const QLocale locale;
    if (value == 0) return QStringLiteral("0");
    if (size >= 1e12 || size < 1e-4) return locale.toString(value, 'g', 3);
    if (size >= 1e9) return locale.toString(value / 1e9, 'g', 4) + QLatin1Char('G');
    if (size >= 1e6) return locale.toString(value / 1e6, 'g', 4) + QLatin1Char('M');
    if (size >= 1e4) return locale.toString(value / 1e3, 'g', 4) + QLatin1Char('k');
    if (value == std::floor(value)) return locale.toString(value, 'f', 0);
    return locale.toString(value, 'g', 4);
}

QString durationText(double seconds) {
    const double size = std::abs(seconds);
    if (size < 60)
        return QCoreApplication::translate("retort::Duration", "%1 s")
            .arg(QLocale().toString(seconds, 'g', 3));
    const auto whole = static_cast<qint64>(std::llround(seconds));
    const QLatin1Char zero('0');
    if (size < 3600) return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, zero);
    return QStringLiteral("%1:%2:%3")
        .arg(whole / 3600)
        .arg(whole / 60 % 60, 2, 10, zero)
        .arg(whole % 60, 2, 10, zero);
}

}  // namespace retort
