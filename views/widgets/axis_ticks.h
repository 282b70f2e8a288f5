// Where the lines of an axis go and what stands at them.
#pragma once

#include <QString>
#include <vector>

namespace retort {

struct Tick {
    double position = 0;  ///< on the plotted scale: the value itself, or its log10 on a logarithmic axis
    QString label;
};

enum class AxisFormat { Number, Duration };

/// About `count` ticks at 1, 2 or 5 times a power of ten within [low, high]; none when the range is empty or
/// not finite. Labels have just the digits that tell neighbours apart.
std::vector<Tick> linearTicks(double low, double high, int count, AxisFormat format = AxisFormat::Number);

/// Ticks for a range given as log10 values: decades, with 2 and 5 between them where there is room.
std::vector<Tick> logTicks(double lowLog, double highLog, int count);

/// "0.0123", "12.3k", "1.2e-07": at most four significant digits, the same in every language but for the
/// separator.
QString numberText(double value);
/// "45 s", "3:20", "2:05:00"
QString durationText(double seconds);

}  // namespace retort
