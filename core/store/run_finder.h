// The runs of a store, for configurations that name them.
#pragma once

#include "core/config/launch.h"
#include "core/store/store.h"

namespace retort {

/// `reader` outlives it.
FindRun finderIn(StoreReader& reader);

}  // namespace retort
