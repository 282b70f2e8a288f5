// The program's own log (not a run's): warnings and errors with their details, for the person who looks for
// the cause.
#pragma once

#include <string>

namespace retort {

/// From now on spdlog's default logger writes to `userDataFolder()/logs/<program>.log` (three files of 1 MB
/// in turn), warnings and errors flushed at once. A folder that cannot be written leaves standard error:
/// logging never stops a program.
void startLogging(const std::string& program);

}  // namespace retort
