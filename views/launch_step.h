// What a run waits for while its launch on a machine brings what is missing there.
#pragma once

#include <vector>

#include "core/store/rows.h"
#include "views/lab.h"

namespace retort {

/// "bringing retort-cli: 43 % of 95.0 MB"; empty: this window is not launching it.
QString launchStep(const Lab& lab, const std::string& backend, const std::string& runDirectory);
/// The same as the activity of rows that have not begun.
void noteLaunchSteps(const Lab& lab, std::vector<RunRow>& rows);

}  // namespace retort
