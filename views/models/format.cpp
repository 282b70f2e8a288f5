#include "views/models/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <cmath>

namespace retort {

namespace {
struct Format {
    Q_DECLARE_TR_FUNCTIONS(Format)
};
}  // namespace

QString formatNumber(double value) {
    if (std::isnan(value)) return QStringLiteral("NaN");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    if (value == 0) return QStringLiteral("0");
    const double magnitude = std::abs(value);
    const QLocale locale;
    if (magnitude >= 1e6 || magnitude < 1e-3) return locale.toString(value, 'e', 2).toLower();
    if (value == std::floor(value)) return locale.toString(value, 'f', 0);
    const int before = static_cast<int>(std::floor(std::log10(magnitude))) + 1;
    return locale.toString(value, 'f', std::max(0, 4 - std::max(before, 0)));
}

QString formatBytes(std::int64_t bytes) {
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat);
}

QString formatDuration(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("–");
    const auto total = static_cast<qint64>(seconds);
    const auto twoDigits = [](qint64 n) { return QString::number(n).rightJustified(2, QLatin1Char('0')); };
    if (total < 60) return Format::tr("%1 s").arg(total);
    if (total < 3600) return Format::tr("%1 min %2 s").arg(total / 60).arg(twoDigits(total % 60));
    if (total < 86400) return Format::tr("%1 h %2 min").arg(total / 3600).arg(twoDigits(total / 60 % 60));
    return Format::tr("%1 d %2 h").arg(total / 86400).arg(total / 3600 % 24);
}

QString formatTime(double unixSeconds) {
    const auto time = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(unixSeconds * 1000));
    if (time.date() == QDate::currentDate()) return time.toString(QStringLiteral("HH:mm:ss"));
    return time.toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

bool isActive(const RunRow& run) {
    return run.state == "created" || run.state == "running" || run.state == "paused";
}

std::optional<double> runDuration(const RunRow& run, double now) {
    if (!run.started) return std::nullopt;
    if (run.ended && *run.ended >= *run.started) return *run.ended - *run.started;
    if (run.state == "running" || run.state == "paused") return std::max(0.0, now - *run.started);
    return std::nullopt;
}

QString stateGlyph(const std::string& state) {
    if (state == "running") return QStringLiteral("▶");
    if (state == "paused") return QStringLiteral("‖");
    if (state == "finished") return QStringLiteral("✓");
    if (state == "stopped") return QStringLiteral("■");
    if (state == "failed") return QStringLiteral("✗");
    if (state == "lost") return QStringLiteral("?");
    return QStringLiteral("○");
}

QColor blend(const QColor& base, const QColor& over, double amount) {
    const auto mix = [amount](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * amount)); };
    return QColor(mix(base.red(), over.red()), mix(base.green(), over.green()),
                  mix(base.blue(), over.blue()));
}

}  // namespace retort
