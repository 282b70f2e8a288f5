// How a run's state and date are told. Most trackers' files do not say how a run of theirs ended: that is no alarm,
// unlike a trainer of ours that is lost.
#pragma once

#include <QColor>
#include <QString>

#include "core/store/rows.h"

namespace retort {

/// Of another program, silent, and nobody knows how it ended.
bool endedUnsaid(const RunRow& run);
QString runStateText(const RunRow& run);
QColor runStateColor(const RunRow& run);
/// When it was made, s since 1970; of another program's when its training began, not when it was adopted.
double runDate(const RunRow& run);

}  // namespace retort
