// Brings the store to the end of a run's log, and says how the run ended where the log does not.
#pragma once

#include <string>

#include "core/store/store.h"

namespace retort {

/// Blocks until the log is read. `error` is what Backend::ended() told; a run that still counts as going is
/// "failed" with it, or "lost". Throws Error for an unknown run.
void settleRun(StoreWriter& store, StoreReader& reader, RowId run, const std::string& error);

}  // namespace retort
