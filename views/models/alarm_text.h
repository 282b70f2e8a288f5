// Alarms in the window's language. Core and the trainers write English texts into the run log (there is no Qt
// where they run); what core's rules say is known here by rule and translated with its numbers, anything else
// is shown as it is.
#pragma once

#include <QString>
#include <string>

#include "core/store/rows.h"

namespace retort {

QString alarmText(const AlarmRow& alarm);
/// "Error", "Warning", "Note".
QString severityText(const std::string& severity);

}  // namespace retort
