// How many files this process may have open.
#pragma once

namespace retort {

/// As many as the system lets it, for whoever has files of thousands of runs open at once; the usual limit is
/// 1024. Processes started later inherit it.
void raiseFileLimit();

}  // namespace retort
