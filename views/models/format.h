// How numbers, times and states are written everywhere in the window.
#pragma once

#include <QColor>
#include <QString>
#include <optional>
#include <string>
#include <string_view>

#include "core/store/rows.h"

namespace retort {

inline QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Four significant digits, without an exponent where that stays readable; "NaN" and "∞" as such.
QString formatNumber(double value);
/// "1.5 GB": in powers of 1024.
QString formatBytes(std::int64_t bytes);
/// "12 s", "3 min 20 s", "2 h 05 min", "3 d 4 h".
QString formatDuration(double seconds);
/// "14:03:21" today, with the date otherwise.
QString formatTime(double unixSeconds);

/// Seconds from the last attempt's start to its end, or to `now` while it runs.
std::optional<double> runDuration(const RunRow& run, double now);
bool isActive(const RunRow& run);  ///< "created" (it waits or is being started), "running" or "paused"

/// A sign that tells states apart without colour.
QString stateGlyph(const std::string& state);

/// `amount` of `over` on `base`, both opaque: fills that fit light and dark alike.
QColor blend(const QColor& base, const QColor& over, double amount);

}  // namespace retort
